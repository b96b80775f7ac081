"""Owns what a grade tells the learner to do: how an interviewer would read it, what to say instead, what to study next.

Everything here quotes the point, the question or the chapter; nothing is invented.
"""

from collections.abc import Iterable

from tutor.domain.content import KeyQuestion
from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus, Verdict
from tutor.domain.text import normalise, sentences

READINGS = {
    Verdict.STRONG: "An interviewer would be convinced and move on.",
    Verdict.GOOD: "An interviewer would be content with this.",
    Verdict.PARTIAL: "An interviewer would dig for the rest.",
    Verdict.WEAK: "An interviewer would not be convinced yet.",
    Verdict.WRONG: "An interviewer would object to this.",
    Verdict.UNSURE: "",
}
"""Each verdict as it would go in an interview."""

_ORDER = (
    PointStatus.CONTRADICTED,
    PointStatus.MISSING,
    PointStatus.PARTIAL,
    PointStatus.UNSURE,
)
"""What is worth studying first: what one has wrong, then what one has not."""

QUOTED = 80
"""Characters of a quote that are compared; engines cut long ones short."""
REPEATED = 0.4
"""A sentence repeats a text when so much of it is that text."""


def counted_range(grade: Grade) -> str:
    """How many points the answer holds, as a range while any is open: `3–4 of 5 points`."""
    sure, most = grade.covered
    held = f"{sure}" if sure == most else f"{sure}–{most}"
    return f"{held} of {len(grade.points)} point{'s' if len(grade.points) != 1 else ''}"


def compares(grade: Grade | None) -> bool:
    """True when the learner should lay both sides beside each other: nobody has given a verdict."""
    if grade is None:
        return True
    return bool(grade.points) and grade.outcome is not Outcome.NOT_GRADED and grade.verdict is Verdict.UNSURE


def study_next(points: Iterable[PointGrade]) -> PointGrade | None:
    """The one point most worth studying, with its passage: what the answer has wrong, essentials before the rest."""
    left = [point for point in points if point.status in _ORDER and point.cite is not None]
    return min(left, key=lambda p: (not p.essential, _ORDER.index(p.status)), default=None)


def own_note(point: PointGrade) -> str:
    """The engine's note on a point without the sentences that repeat the point or the learner's words.

    Of a missing point nothing is left of such a note: what else it says is that the point is missing.
    """
    beside = [normalise(text).rstrip(".")[:QUOTED] for text in (point.text, point.evidence) if text]
    every = sentences(point.note)
    kept = [s for s in every if not any(_repeats(normalise(s), each) for each in beside)]
    if point.status is PointStatus.MISSING and len(kept) < len(every):
        return ""
    return " ".join(" ".join(kept).split())


def _repeats(sentence: str, text: str) -> bool:
    return text in sentence and len(text) >= REPEATED * min(len(sentence), QUOTED)


def say_instead(point: PointGrade, question: KeyQuestion | None) -> str:
    """One sentence the learner could have said: the author's other wording, else the point itself; empty when covered.

    Of a contradicted point it is the point itself, because that is the sentence to set right.
    """
    if point.status is PointStatus.COVERED:
        return ""
    authored = next((p for p in question.points if p.id == point.id), None) if question else None
    if point.status is PointStatus.CONTRADICTED or authored is None or not authored.also:
        return point.text
    return authored.also[0]
