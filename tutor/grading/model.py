"""Owns grading by a language model: it says what it found in the answer, code decides what that is worth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tutor.domain.content import KeyPoint, Misconception
from tutor.domain.errors import ModelError
from tutor.domain.grade import Grade, MisconceptionFound, Outcome, PointGrade, PointStatus, Receipt
from tutor.grading import feedback as words_for
from tutor.grading.citing import cite_all
from tutor.grading.prompt import PROMPT_VERSION, Batch, batches, messages_of, schema_of
from tutor.grading.task import GradingTask
from tutor.grading.verify import grounded_feedback, overused, quoted, speaks_of
from tutor.llm.cancel import Cancel
from tutor.llm.client import OllamaClient

if TYPE_CHECKING:
    from tutor.grading.features import Reader

BOUNDARIES = (0.35, 0.6, 0.8)
"""Scores at which the verdict changes (`domain.grade.verdict_of`)."""
NEAR = 0.1
"""This close to one of them, the points are asked about a second time."""
TRUST_ONCE, TRUST_TWICE = 0.8, 0.9
"""Confidence in statuses stated once, and stated the same way in two orders. Set by hand, not calibrated."""

NOT_A_QUOTE = "What the language model quoted does not stand in your answer like that, so its verdict does not count."
NOT_ABOUT_IT = "The words that the language model quoted do not speak of this point, so its verdict does not count."
SHARED = "The language model quoted the same words for too many points, so its verdict does not count."
DISAGREED = "Asked twice, the language model did not say the same; compare yourself."


@dataclass
class _Reading:
    """What one pass over all the checks gave."""

    points: dict[str, PointGrade] = field(default_factory=dict)
    claims: dict[str, MisconceptionFound] = field(default_factory=dict)
    feedback: str = ""
    model: str = ""
    seconds: float = 0.0
    calls: int = 0
    retries: int = 0


class ModelEngine:
    """Grades with the model that an Ollama server offers. Every failure of it is a grade that was not made."""

    def __init__(self, client: OllamaClient, clock: Callable[[], datetime], encoder: "Reader | None" = None) -> None:
        """`clock` gives the time in UTC, for receipts. Without an encoder, no passage is cited."""
        self._client = client
        self._clock = clock
        self._encoder = encoder

    @property
    def name(self) -> str:
        """`ollama:MODEL`, or `ollama` while the server's first model is to be taken."""
        return f"ollama:{self._client.wanted_model}".rstrip(":")

    def grade(self, task: GradingTask, *, cancel: Cancel | None = None) -> Grade:
        """One status for each point, borne out by the learner's own words.

        When the verdict is near a boundary, or anything in the first reading needs a second look, everything is asked
        again in the reverse order; where the two disagree the point is unsure. Never raises ModelError.
        """
        if not task.points:
            return Grade(Outcome.NOT_GRADED, self.name, reason="This question has no key points to grade against.")
        try:
            first = self._read(task, cancel, backwards=False)
            if not _needs_second_look(task, first):
                return self._grade(task, first, None)
            return self._grade(task, first, self._read(task, cancel, backwards=True))
        except ModelError as error:
            return Grade(Outcome.NOT_GRADED, self.name, reason=str(error))

    def _read(self, task: GradingTask, cancel: Cancel | None, *, backwards: bool) -> _Reading:
        reading = _Reading()
        for batch in batches(task, backwards=backwards):
            reply = self._client.chat_json(
                messages_of(task, batch), schema_of(batch), max_tokens=batch.max_tokens, cancel=cancel
            )
            _take_in(reading, task, batch, reply.data)
            reading.model = reply.model
            reading.seconds += reply.seconds
            reading.retries += reply.retries
            reading.calls += 1
        used = overused([point.evidence for point in reading.points.values()])
        for point in [point for point in reading.points.values() if point.evidence in used]:
            reading.points[point.id] = replace(point, status=PointStatus.UNSURE, credit=0.0, evidence="", note=SHARED)
        return reading

    def _grade(self, task: GradingTask, first: _Reading, second: _Reading | None) -> Grade:
        again = second or first
        points = tuple(_agreed(first.points[point.id], again.points[point.id]) for point in task.points)
        wrong = tuple(found for text, found in first.claims.items() if text in again.claims)
        certain = sum(point.status is not PointStatus.UNSURE for point in points) / len(points)
        untouched = second is None and first.calls == 1 and certain == 1.0
        own_words = grounded_feedback(first.feedback, task) if untouched else ""
        receipt = Receipt(
            engine=f"ollama:{first.model}",
            version=PROMPT_VERSION,
            content=task.revision,
            at=self._clock(),
            seconds=round(first.seconds + (second.seconds if second else 0.0), 3),
            options=self._client.json_options
            | {
                "calls": str(first.calls + (second.calls if second else 0)),
                "retries": str(first.retries + (second.retries if second else 0)),
            },
        )
        return Grade(
            outcome=Outcome.GRADED,
            engine=receipt.engine,
            points=self._cited(task, points),
            misconceptions=wrong,
            feedback=own_words or words_for.feedback(points, wrong),
            confidence=round(certain * (TRUST_TWICE if second else TRUST_ONCE), 3),
            receipt=receipt,
        )

    def _cited(self, task: GradingTask, points: tuple[PointGrade, ...]) -> tuple[PointGrade, ...]:
        if self._encoder is None:
            return points
        cites = cite_all(task.points, task.passages, self._encoder)
        return tuple(replace(point, cite=cited) for point, cited in zip(points, cites, strict=True))


def _take_in(reading: _Reading, task: GradingTask, batch: Batch, data: Mapping[str, Any]) -> None:
    for key, point in batch.keys.items():
        reading.points[point.id] = _judged(task, point, data["checks"][key])
    for key, claim in batch.claim_keys.items():
        found = _claimed(task, claim, data["claims"][key])
        if found:
            reading.claims[claim.text] = found
    reading.feedback = data["feedback"]


def _judged(task: GradingTask, point: KeyPoint, check: Mapping[str, str]) -> PointGrade:
    """A point's status, demoted to unsure without credit where the quote does not bear the verdict out."""
    blank = PointGrade(point.id, point.text, PointStatus.MISSING, 0.0, point.essential)
    if check["verdict"] == "no":
        return replace(blank, note=words_for.missing_note(point.text))
    evidence = quoted(task.answer, check["evidence"])
    if not evidence:
        return replace(blank, status=PointStatus.UNSURE, note=NOT_A_QUOTE)
    if not speaks_of(evidence, *point.phrasings, task.reference):
        return replace(blank, status=PointStatus.UNSURE, note=NOT_ABOUT_IT)
    if check["verdict"] == "opposite":
        note = words_for.contrary_note("denied", evidence, point.text)
        return replace(blank, status=PointStatus.CONTRADICTED, evidence=evidence, note=note)
    return replace(blank, status=PointStatus.COVERED, credit=1.0, evidence=evidence)


def _claimed(task: GradingTask, claim: Misconception, check: Mapping[str, str]) -> MisconceptionFound | None:
    """A misconception that the answer states; one without the learner's own words for it is let go."""
    evidence = quoted(task.answer, check["evidence"]) if check["verdict"] == "yes" else ""
    if not evidence or not speaks_of(evidence, claim.text):
        return None
    return MisconceptionFound(claim.text, evidence, claim.correction)


def _needs_second_look(task: GradingTask, reading: _Reading) -> bool:
    """True near a boundary of the verdict, and for anything that is unsure, contradicted or a stated misconception."""
    doubtful = (PointStatus.UNSURE, PointStatus.CONTRADICTED)
    if reading.claims or any(point.status in doubtful for point in reading.points.values()):
        return True
    score = Grade(Outcome.GRADED, "", points=tuple(reading.points[point.id] for point in task.points)).score
    return any(abs((score or 0.0) - boundary) < NEAR for boundary in BOUNDARIES)


def _agreed(first: PointGrade, second: PointGrade) -> PointGrade:
    """The first reading where the second is of the same mind; else unsure, with the mean of what they would give."""
    if first.status is second.status:
        return first
    evidence = first.evidence or second.evidence
    credit = (first.credit + second.credit) / 2
    return replace(first, status=PointStatus.UNSURE, credit=credit, evidence=evidence, note=DISAGREED)
