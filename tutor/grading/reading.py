"""Owns one pass of a language model over the points of an answer: what it said, held against the learner's words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tutor.domain.content import KeyPoint, Misconception
from tutor.domain.grade import MisconceptionFound, PointGrade, PointStatus
from tutor.grading import feedback as words_for
from tutor.grading.guards import is_soup
from tutor.grading.planning import planned
from tutor.grading.prompt import Batch, schema_of
from tutor.grading.task import GradingTask
from tutor.grading.verify import only_asks, quoted, sentences_around, speaks_of
from tutor.llm.kept import KeptReplies
from tutor.llm.session import Session

NOT_A_QUOTE = "What the language model quoted does not stand in your answer like that, so its verdict does not count."
NOT_ABOUT_IT = "The words that the language model quoted do not speak of this point, so its verdict does not count."


@dataclass
class Reading:
    """What one pass over all the checks gave."""

    points: dict[str, PointGrade] = field(default_factory=dict)
    claims: dict[str, MisconceptionFound] = field(default_factory=dict)
    feedback: str = ""
    seconds: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)
    """For the receipt: calls, retries, kept replies, tokens of the longest prompt as counted and as estimated."""

    def count(self, name: str, value: int, join: Callable[[int, int], int] = int.__add__) -> None:
        """Add to one of the counts."""
        self.counts[name] = join(self.counts.get(name, 0), value)


def read_answer(task: GradingTask, session: Session, keep: KeptReplies | None, *, backwards: bool) -> Reading:
    """Ask about every point and misconception once. Raises ModelError."""
    reading = Reading()
    for call in planned(task, session.room, backwards=backwards):
        reply = session.chat_json(call.messages, schema_of(call.batch), max_tokens=call.batch.max_tokens, keep=keep)
        _take_in(reading, task, call.batch, reply.data)
        reading.seconds += reply.seconds
        reading.count("calls", 1)
        reading.count("retries", reply.retries)
        reading.count("kept", int(reply.kept))
        reading.count("prompt_tokens", reply.prompt_tokens, max)
        reading.count("prompt_tokens_estimated", call.tokens, max)
    return reading


def _take_in(reading: Reading, task: GradingTask, batch: Batch, data: Mapping[str, Any]) -> None:
    for key, point in batch.keys.items():
        reading.points[point.id] = _judged(task, point, data["checks"][key])
    for key, claim in batch.claim_keys.items():
        found = _claimed(task, claim, data["claims"][key])
        if found:
            reading.claims[claim.text] = found
    reading.feedback = data["feedback"]


def blank(point: KeyPoint) -> PointGrade:
    """The point, with nothing found for it."""
    note = words_for.missing_note(point.text)
    return PointGrade(point.id, point.text, PointStatus.MISSING, 0.0, point.essential, note=note)


def _judged(task: GradingTask, point: KeyPoint, check: Mapping[str, str]) -> PointGrade:
    """A point's status, demoted to unsure without credit where the quote does not bear the verdict out."""
    if check["verdict"] == "no":
        return blank(point)
    unsure = replace(blank(point), status=PointStatus.UNSURE)
    evidence = quoted(task.answer, check["evidence"])
    if not evidence:
        return replace(unsure, note=NOT_A_QUOTE)
    nothing = is_soup(sentences_around(task.answer, evidence)) or only_asks(evidence, task.question, *point.phrasings)
    if nothing or not speaks_of(evidence, *point.phrasings, task.reference):
        return replace(unsure, note=NOT_ABOUT_IT)
    if check["verdict"] == "opposite":
        note = words_for.contrary_note("denied", evidence, point.text)
        return replace(unsure, status=PointStatus.CONTRADICTED, evidence=evidence, note=note)
    return replace(unsure, status=PointStatus.COVERED, credit=1.0, evidence=evidence, note="")


def _claimed(task: GradingTask, claim: Misconception, check: Mapping[str, str]) -> MisconceptionFound | None:
    """A misconception that the answer states; one without the learner's own words for it is let go."""
    evidence = quoted(task.answer, check["evidence"]) if check["verdict"] == "yes" else ""
    if not evidence or not speaks_of(evidence, claim.text):
        return None
    return MisconceptionFound(claim.text, evidence, claim.correction)
