"""Owns the follow-up question: what an interviewer asks next when an answer left something out, without giving it away.

A follow-up is authored, or made of words the learner has already seen: those of the question and their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tutor.domain.content import KeyQuestion
from tutor.domain.grade import Grade, PointGrade, PointStatus
from tutor.domain.text import normalise, sentences
from tutor.retrieval.words import content_stems

MOST = 2
"""Follow-ups to one question; the second only when an essential point is still missing."""

NEAR = 2
"""Content words, beyond the question's own, that an authored follow-up shares with a missing point to be about it."""

QUOTED_WORDS = 18
"""Words of the learner's own sentence that a follow-up quotes."""

_OPEN = {PointStatus.MISSING: 0, PointStatus.CONTRADICTED: 1, PointStatus.PARTIAL: 2, PointStatus.UNSURE: 3}
"""What may be asked again, the most worth it first."""

_PLAIN = (
    "Go one step further: what else belongs in a complete answer?",
    "Suppose that I am not convinced yet. What have you left out?",
    "Which part of this would you insist on, if I let you add only one thing?",
)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question to put next."""

    text: str
    probes: tuple[str, ...]
    """Ids of the key points that it gives another chance at."""


def follow_up(question: KeyQuestion, grade: Grade, *, before: Sequence[str] = ()) -> FollowUp | None:
    """What to ask after an answer; None when nothing is open. `before` are the follow-ups already put.

    The grade is the question's as it stands after all its answers. The first follow-up goes after any open point, a
    second one only after an essential one, and only when something was said that counted: who knows nothing is not
    pressed. Not graded answers get none: nobody knows what was left out.
    """
    if grade.score is None or len(before) >= (MOST if grade.score else 1):
        return None
    open_points = sorted(
        (point for point in grade.points if point.status in _OPEN),
        key=lambda point: (point.status is PointStatus.UNSURE, not point.essential, _OPEN[point.status]),
    )
    if before:
        open_points = [point for point in open_points if point.essential and point.status is not PointStatus.UNSURE]
    if not open_points or all(point.status is PointStatus.UNSURE for point in open_points):
        return None
    probes = tuple(point.id for point in open_points)
    authored = _authored(question, open_points, before)
    return FollowUp(authored or made_up(question, open_points[0], len(before)), probes)


def asked_as(question: KeyQuestion, text: str, probes: Sequence[str]) -> KeyQuestion:
    """The key question as its follow-up puts it: judged on the points that the follow-up is after, and on no other."""
    points = tuple(point for point in question.points if point.id in probes)
    return replace(question, text=f"{question.text} {text}", points=points or question.points)


def made_up(question: KeyQuestion, point: PointGrade, number: int) -> str:
    """A follow-up after one point when nobody authored a fitting one."""
    said = quoted(point.evidence)
    if said and point.status is PointStatus.CONTRADICTED:
        return f"You said “{said}” Are you sure? Walk me through it."
    if said and point.status in (PointStatus.PARTIAL, PointStatus.UNSURE):
        return f"You said “{said}” Make that precise: what exactly, and why?"
    side = _side(question, point)
    if side:
        return f"What about {side}? Say more about that side."
    return _PLAIN[number % len(_PLAIN)]


def quoted(evidence: str) -> str:
    """The learner's words in short, ending like a sentence; empty when there are none."""
    words = " ".join(sentences(evidence)[:1] or [evidence]).split()
    if not words:
        return ""
    if len(words) > QUOTED_WORDS:
        return " ".join(words[:QUOTED_WORDS]) + " …"
    joined = " ".join(words)
    return joined if joined[-1] in ".!?…" else joined + "."


def _authored(question: KeyQuestion, open_points: Sequence[PointGrade], before: Sequence[str]) -> str:
    """The unused authored follow-up nearest to an open point; empty when none is about one."""
    near = [
        (_shared(question, text, point), text)
        for point in open_points
        for text in question.follow_ups
        if text not in before
    ]
    best = max(near, default=(0, ""), key=lambda pair: pair[0])
    return best[1] if best[0] >= NEAR else ""


def _shared(question: KeyQuestion, text: str, point: PointGrade) -> int:
    """How many content words two texts share beyond those that the question has in any case."""
    common = set(content_stems(text)) & set(content_stems(point.text))
    return len(common - set(content_stems(question.text)))


def _side(question: KeyQuestion, point: PointGrade) -> str:
    """The one thing of a comparison that the point is about."""
    claim = normalise(point.text)
    named = [side for side in question.contrast if normalise(side) in claim]
    return named[0] if len(named) == 1 else ""
