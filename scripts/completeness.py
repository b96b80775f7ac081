"""Owns how much of a reference answer an answer holds: the share of its key points that the local engine credits."""

from collections.abc import Iterable
from datetime import UTC, datetime

from tutor.domain.answer import Answer
from tutor.domain.content import KeyQuestion, Library
from tutor.grading.local import LocalEngine
from tutor.grading.task import task_for
from tutor.library.importers.asked import borne_out
from tutor.retrieval.encoder import Encoder


class Completeness:
    """Grades answers by the key questions of a library."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self._engine = LocalEngine(encoder, lambda: datetime.now(UTC))
        self._questions = {one.id: one for chapter in library.chapters() for one in chapter.questions}

    def of(self, answer: Answer, places: Iterable[str]) -> float | None:
        """The credit of an answer at the key question among these places that it answers best, 0..1; None without any.

        The places are as labels have them: headings, which are passed over, and `track/chapter#question`.
        """
        said = borne_out(answer)
        asked = [self._questions[place] for place in places if place in self._questions]
        return max((self._credit(question, said) for question in asked), default=None)

    def _credit(self, question: KeyQuestion, answer: str) -> float:
        points = self._engine.grade(task_for(question, answer)).points
        return sum(point.credit for point in points) / max(1, len(points))
