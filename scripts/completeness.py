"""Owns how much of a reference answer an answer holds: the share of its key points that the local engine credits."""

import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tutor.domain.content import KeyQuestion, Library
from tutor.grading.local import LocalEngine
from tutor.grading.task import task_for
from tutor.retrieval.encoder import Encoder

_NUMBER = re.compile(r"\s*\[\d+\]")


class Completeness:
    """Grades answers by the key questions of a library."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self._engine = LocalEngine(encoder, lambda: datetime.now(UTC))
        self._questions = {one.id: one for chapter in library.chapters() for one in chapter.questions}

    def of(self, answer: str, places: Iterable[str]) -> float | None:
        """The credit of an answer at the key question among these places that it answers best, 0..1; None without any.

        The places are as labels have them: headings, which are passed over, and `track/chapter#question`.
        """
        asked = [self._questions[place] for place in places if place in self._questions]
        return max((self._credit(question, answer) for question in asked), default=None)

    def _credit(self, question: KeyQuestion, answer: str) -> float:
        points = self._engine.grade(task_for(question, _NUMBER.sub("", answer))).points
        return sum(point.credit for point in points) / max(1, len(points))
