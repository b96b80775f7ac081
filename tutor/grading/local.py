"""Owns grading without a language model: each key point against the clauses of an answer, with its evidence."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from tutor.domain.answer import Citation
from tutor.domain.content import KeyPoint, digest
from tutor.domain.grade import Grade, MisconceptionFound, Outcome, PointGrade, PointStatus, Receipt
from tutor.grading import feedback as words_for
from tutor.grading.citing import cite_all
from tutor.grading.claims import Claim, Contrary, read_claims, read_said
from tutor.grading.contradiction import answered_the_other_way, contraries
from tutor.grading.evidence import MAX_SENTENCES, answer_spans, read_answer
from tutor.grading.features import Question, Reader, Reading, read, read_question
from tutor.grading.judging import Case, Judged, judge_all
from tutor.grading.languages import foreign_language
from tutor.grading.misconceptions import Belief, found_in, read_beliefs
from tutor.grading.recalibration import IDENTITY, Recalibration
from tutor.grading.sides import Sides, sides_of
from tutor.grading.task import GradingTask
from tutor.grading.weights import COVERED_AT, MISSING_AT, load_weights

if TYPE_CHECKING:
    from tutor.llm.cancel import Cancel

KEPT = 256
"""References whose reading is kept; about 0.5 MB each at five points."""
COVERED_CREDIT = 0.9
"""What a point earns that is just surely covered; it rises to 1 with the probability."""


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """What does not depend on the answer, read once."""

    question: Question
    phrasings: Mapping[str, Sequence[Reading]]
    claims: tuple[Claim, ...]
    beliefs: tuple[Belief, ...]
    sides: Sides | None
    stems: frozenset[str]
    cites: Mapping[str, Citation | None]


class LocalEngine:
    """Grades by similarity and by a separate look for contradictions. It abstains where it cannot tell."""

    name = "local"

    def __init__(
        self,
        encoder: Reader,
        clock: Callable[[], datetime],
        recalibration: Callable[[], Recalibration] = lambda: IDENTITY,
    ) -> None:
        """`clock` gives the time in UTC, for receipts; `recalibration` what the learner's decisions have taught so far.

        Both are asked at each grade.
        """
        self._encoder = encoder
        self._clock = clock
        self._recalibration = recalibration
        self._weights = load_weights()
        self._kept: OrderedDict[str, Reference] = OrderedDict()
        self._lock = Lock()

    def grade(self, task: GradingTask, *, cancel: Cancel | None = None) -> Grade:
        """One status for each point, with evidence that is a substring of the answer. Thread-safe, deterministic."""
        began = self._clock()
        if not task.points:
            return Grade(Outcome.NOT_GRADED, self.name, reason="This question has no key points to grade against.")
        language = foreign_language(task.answer)
        if language:
            return _unread(task, language)
        reference = self._reference(task)
        answer = read_answer(
            task.answer,
            self._encoder,
            reference.question,
            reference.stems,
            reference.sides.spans if reference.sides else None,
        )
        said = read_said(answer, reference.sides, self._encoder)
        against = contraries(reference.claims, said)
        against |= answered_the_other_way(task.points, task.reference, task.answer)
        learned = self._recalibration()
        case = Case(reference.question, reference.phrasings, reference.claims, answer, said, against)
        judged = judge_all(task.points, case, self._weights, learned=learned)
        plain = {point: contrary for point, contrary in against.items() if contrary.plain}
        points = tuple(
            _point(task, p, j, plain.get(p.id), reference.cites[p.id]) for p, j in zip(task.points, judged, strict=True)
        )
        wrong = found_in(reference.beliefs, reference.claims, said)
        return self._assemble(task, points, wrong, began, learned.receipt())

    def _assemble(
        self,
        task: GradingTask,
        points: tuple[PointGrade, ...],
        wrong: tuple[MisconceptionFound, ...],
        began: datetime,
        options: Mapping[str, str],
    ) -> Grade:
        long = len(answer_spans(task.answer)) >= MAX_SENTENCES
        notes = ["That is a long answer; I read the parts that come nearest the question."] if long else []
        sure = [1.0 if p.status is PointStatus.CONTRADICTED else max(p.credit, 1 - p.credit) for p in points]
        seconds = (self._clock() - began).total_seconds()
        receipt = Receipt(self.name, self._weights.version, task.revision, began, max(0.0, seconds), options)
        return Grade(
            Outcome.GRADED,
            self.name,
            points=points,
            misconceptions=wrong,
            feedback=words_for.feedback(points, wrong, notes=notes),
            confidence=round(sum(sure) / len(sure), 3),
            receipt=receipt,
        )

    def _reference(self, task: GradingTask) -> Reference:
        others = (*(m.text for m in task.misconceptions), *task.contrast, *(p.id for p in task.passages))
        key = digest(task.revision, *others)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = self._read_reference(task)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made

    def _read_reference(self, task: GradingTask) -> Reference:
        question = read_question(task.question, self._encoder)
        sides = sides_of(task.question, task.contrast, [point.text for point in task.points])
        flat = [(point.id, phrasing) for point in task.points for phrasing in point.phrasings]
        readings = read([text for _, text in flat], self._encoder, question, sides.spans if sides else None)
        phrasings: dict[str, list[Reading]] = {}
        for (point_id, _), reading in zip(flat, readings, strict=True):
            phrasings.setdefault(point_id, []).append(reading)
        claims = read_claims(task.points, task.reference, sides, self._encoder)
        beliefs = read_beliefs(task.misconceptions, sides, self._encoder)
        stems = frozenset(s for readings in phrasings.values() for r in readings for s in r.stems)
        cites = cite_all(task.points, task.passages, self._encoder)
        named = {point.id: cited for point, cited in zip(task.points, cites, strict=True)}
        return Reference(question, phrasings, claims, beliefs, sides, stems, named)


def _point(
    task: GradingTask, point: KeyPoint, judged: Judged, contrary: Contrary | None, cited: Citation | None
) -> PointGrade:
    if contrary is None and judged.turned is not None:
        contrary = Contrary("denied", judged.turned.start, judged.turned.end, judged.turned.text, 0.0)
    if contrary is not None:
        said = task.answer[contrary.start : contrary.end]
        note = words_for.contrary_note(contrary.kind, said, point.text)
        return PointGrade(point.id, point.text, PointStatus.CONTRADICTED, 0.0, point.essential, said, cited, note)
    status, credit, note = verdict_on(point, judged.probability)
    evidence = ""
    if judged.found is not None and status is not PointStatus.MISSING:
        evidence = task.answer[judged.found.unit.start : judged.found.unit.end]
    return PointGrade(point.id, point.text, status, credit, point.essential, evidence, cited, note, judged.raw)


def verdict_on(point: KeyPoint, probability: float) -> tuple[PointStatus, float, str]:
    """Status, credit and note from the calibrated probability; between the two bounds the engine abstains."""
    if probability >= COVERED_AT:
        share = (probability - COVERED_AT) / (1 - COVERED_AT)
        return PointStatus.COVERED, COVERED_CREDIT + (1 - COVERED_CREDIT) * share, ""
    if probability <= MISSING_AT:
        return PointStatus.MISSING, missing_credit(probability), words_for.missing_note(point.text)
    return PointStatus.UNSURE, probability, words_for.unsure_note(point.text)


def missing_credit(probability: float) -> float:
    """What is left of a point that is not there: near nothing, so that noise earns nothing."""
    return probability if math.isfinite(probability) and probability > 0.15 else 0.0


def _unread(task: GradingTask, language: str) -> Grade:
    where = "in another script" if language == "another script" else f"in {language}"
    note = "The local engine reads English only."
    points = tuple(PointGrade(p.id, p.text, PointStatus.UNSURE, 0.0, p.essential, note=note) for p in task.points)
    reason = f"The answer seems to be {where}. {note} Answer in English, or grade with Ollama."
    return Grade(Outcome.NOT_GRADED, "local", reason=reason, points=points)
