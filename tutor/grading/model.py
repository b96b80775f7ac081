"""Owns grading by a language model: it says what it found in the answer, code decides what that is worth."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tutor.domain.errors import EncoderMissing, ModelError, ModelRefused
from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus, Receipt
from tutor.grading import feedback as words_for
from tutor.grading.citing import cite_all
from tutor.grading.crosscheck import crosschecked
from tutor.grading.deciding import DECISION_VERSION, decide
from tutor.grading.engine import GradingEngine
from tutor.grading.prompt import PROMPT_VERSION
from tutor.grading.reading import Reading, read_answer
from tutor.grading.second_opinion import second_opinion
from tutor.grading.task import GradingTask
from tutor.grading.verify import grounded_feedback
from tutor.llm.cancel import Cancel
from tutor.llm.client import OllamaClient
from tutor.llm.failures import RequestUnknown
from tutor.llm.kept import KeptReplies
from tutor.llm.models import can_chat, can_decide
from tutor.llm.session import Session

if TYPE_CHECKING:
    from tutor.grading.features import Reader

BOUNDARIES = (0.35, 0.6, 0.8)
"""Scores at which the verdict changes (`domain.grade.verdict_of`)."""
NEAR = 0.1
"""This close to one of them, the points are asked about a second time."""
TRUST_UNCHECKED, TRUST_ONCE, TRUST_TWICE = 0.6, 0.8, 0.9
"""Confidence in statuses that only the model stands behind, that were stated once, and stated the same way in two
orders. Set by hand, not calibrated."""

DISAGREED = "Asked twice, the language model did not say the same; compare yourself."


class ModelEngine:
    """Grades with the model that an Ollama server offers. Every failure of it is a grade that was not made."""

    def __init__(
        self,
        client: OllamaClient,
        clock: Callable[[], datetime],
        encoder: "Reader | None" = None,
        *,
        local: Callable[[], GradingEngine] | None = None,
        keep: KeptReplies | None = None,
    ) -> None:
        """`clock` gives the time in UTC, for receipts. Without an encoder, no passage is cited.

        `local` is the engine that every quote is checked by and that gives the second opinion; it may raise
        EncoderMissing. `keep` holds replies that need not be asked for again.
        """
        self._client = client
        self._clock = clock
        self._encoder = encoder
        self._local = local
        self._keep = keep

    @property
    def name(self) -> str:
        """`ollama:MODEL`, or `ollama` while the server's first model is to be taken."""
        return f"ollama:{self._client.wanted_model}".rstrip(":")

    def grade(self, task: GradingTask, *, cancel: Cancel | None = None) -> Grade:
        """One status for each point, borne out by the learner's own words.

        When the verdict is near a boundary, or anything in the first reading needs a second look, everything is asked
        again in the reverse order; where the two disagree the point is unsure. All of it has one deadline. Never raises
        ModelError.
        """
        if not task.points:
            return Grade(Outcome.NOT_GRADED, self.name, reason="This question has no key points to grade against.")
        try:
            session = self._client.session(cancel, deciding=True)
            local = self._local_engine()
            view = local.grade(task) if local else None
            if can_decide(session.model) and (reading := _decided(task, session, view)):
                return self._grade(task, session, DECISION_VERSION, [reading], view=view, local=local)
            readings = [read_answer(task, session, self._keep, backwards=False)]
            if _needs_second_look(task, readings[0], view):
                readings.append(read_answer(task, session, self._keep, backwards=True))
        except ModelError as error:
            return Grade(Outcome.NOT_GRADED, self.name, reason=str(error))
        return self._grade(task, session, PROMPT_VERSION, readings, view=view, local=local)

    def _local_engine(self) -> GradingEngine | None:
        try:
            return self._local() if self._local else None
        except EncoderMissing:
            return None

    def _grade(
        self,
        task: GradingTask,
        session: Session,
        version: str,
        readings: list[Reading],
        *,
        view: Grade | None,
        local: GradingEngine | None,
    ) -> Grade:
        checked = [crosschecked(task, [r.points[p.id] for p in task.points], view, local) for r in readings]
        points = tuple(_agreed(first, again) for first, again in zip(checked[0], checked[-1], strict=True))
        wrong = tuple(found for text, found in readings[0].claims.items() if text in readings[-1].claims)
        certain = sum(point.status is not PointStatus.UNSURE for point in points) / len(points)
        unchecked = view is None or view.outcome is not Outcome.GRADED
        trust = TRUST_UNCHECKED if unchecked else TRUST_TWICE if len(readings) > 1 else TRUST_ONCE
        grade = Grade(
            outcome=Outcome.GRADED,
            engine=f"ollama:{session.model.name}",
            points=self._cited(task, points),
            misconceptions=wrong,
            feedback=_own_words(task, readings, certain, local) or words_for.feedback(points, wrong),
            confidence=round(certain * trust, 3),
            receipt=self._receipt(task, session, version, readings),
        )
        return replace(grade, second_opinion=second_opinion(grade, view))

    def _receipt(self, task: GradingTask, session: Session, version: str, readings: list[Reading]) -> Receipt:
        options = dict(self._client.json_options) | {"digest": session.model.digest[:12]}
        for name in dict.fromkeys(name for reading in readings for name in reading.counts):
            values = [reading.counts.get(name, 0) for reading in readings]
            options[name] = str(max(values) if name.startswith("prompt") else sum(values))
        seconds = round(sum(reading.seconds for reading in readings), 3)
        engine = f"ollama:{session.model.name}"
        return Receipt(engine, version, task.revision, self._clock(), seconds, options)

    def _cited(self, task: GradingTask, points: tuple[PointGrade, ...]) -> tuple[PointGrade, ...]:
        if self._encoder is None:
            return points
        cites = cite_all(task.points, task.passages, self._encoder)
        return tuple(replace(point, cite=cited) for point, cited in zip(points, cites, strict=True))


def _decided(task: GradingTask, session: Session, view: Grade | None) -> Reading | None:
    """What a model that decides says; None where the server cannot ask it but it can chat. Raises ModelError."""
    try:
        return decide(task, session, view)
    except RequestUnknown:
        if can_chat(session.model):
            return None
        raise ModelRefused(
            f'"{session.model.name}" only decides between yes and no, and this Ollama is too old to ask it. Update '
            "Ollama, or choose a model that can chat."
        ) from None


def _needs_second_look(task: GradingTask, reading: Reading, view: Grade | None) -> bool:
    """True near a boundary of the verdict, for anything unsure, contradicted or misconceived, and for engines apart."""
    doubtful = (PointStatus.UNSURE, PointStatus.CONTRADICTED)
    if reading.claims or any(point.status in doubtful for point in reading.points.values()):
        return True
    grade = Grade(Outcome.GRADED, "", points=tuple(reading.points[point.id] for point in task.points))
    near = any(abs((grade.score or 0.0) - boundary) < NEAR for boundary in BOUNDARIES)
    return near or (view is not None and view.outcome is Outcome.GRADED and bool(second_opinion(grade, view)))


def _agreed(first: PointGrade, second: PointGrade) -> PointGrade:
    """The first reading where the second is of the same mind; else unsure, with the mean of what they would give."""
    if first.status is second.status:
        return first
    evidence = first.evidence or second.evidence
    credit = (first.credit + second.credit) / 2
    return replace(first, status=PointStatus.UNSURE, credit=credit, evidence=evidence, note=DISAGREED)


def _own_words(task: GradingTask, readings: list[Reading], certain: float, local: GradingEngine | None) -> str:
    """The model's own feedback, where one call said everything, nothing is in doubt, and code finds no fault with it.

    Read as an answer, it must not contradict the reference either.
    """
    if len(readings) > 1 or readings[0].counts.get("calls") != 1 or certain < 1.0:
        return ""
    words = grounded_feedback(readings[0].feedback, task)
    if not words or local is None:
        return words
    heard = local.grade(replace(task, answer=words))
    turned = any(point.status is PointStatus.CONTRADICTED for point in heard.points)
    return "" if turned or heard.misconceptions or heard.outcome is not Outcome.GRADED else words
