"""Owns what a grade is: verdicts point by point, and the score and verdict that follow from them in code.

No engine states a score. It states, for each key point, whether the answer holds it and with which words;
everything else is computed here, the same way for every engine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tutor.domain.answer import Citation

ESSENTIAL_WEIGHT = 2.0
"""An essential point counts as much as two others."""

UNSURE_LIMIT = 0.4
"""With more than this share of points unsure, no verdict is given."""

STRONG_AT, GOOD_AT, PARTIAL_AT = 0.8, 0.6, 0.35
"""Shares of the credit from which an answer is strong, good, partial."""

LIKELY_GOOD = 0.7
"""The same for a good answer whose essential points are likely but not all of them sure."""


class PointStatus(StrEnum):
    """What an engine says of one key point."""

    COVERED = "covered"
    PARTIAL = "partial"
    MISSING = "missing"
    CONTRADICTED = "contradicted"
    """Something in the answer may say the opposite; no credit, no penalty, both sentences shown."""
    UNSURE = "unsure"


class Outcome(StrEnum):
    """Whether there is a grade at all."""

    GRADED = "graded"
    NOT_GRADED = "not_graded"
    """No engine could; the reason is said and the schedule does not move."""
    SELF_GRADED = "self_graded"
    """The learner judged; an engine could not, or was not asked."""


class Verdict(StrEnum):
    """The hiring-style reading of a grade, best first."""

    STRONG = "strong"
    GOOD = "good"
    PARTIAL = "partial"
    WEAK = "weak"
    WRONG = "wrong"
    UNSURE = "unsure"
    """The engine cannot tell; the learner compares."""


@dataclass(frozen=True, slots=True)
class PointGrade:
    """One key point, judged."""

    id: str
    text: str
    status: PointStatus
    credit: float
    """The share of the point the answer earns, 0..1. An unsure point carries the engine's estimate."""
    essential: bool = False
    evidence: str = ""
    """The learner's own words, a substring of the answer up to blanks and case; empty when nothing was said."""
    cite: Citation | None = None
    """The passage of the chapter that states the point."""
    note: str = ""
    """One sentence: what to say instead, or why the engine is unsure."""
    probability: float | None = None
    """What the engine first thought of the point, 0..1, before anything was learned from the learner's own decisions;
    None where the status does not rest on a probability."""


@dataclass(frozen=True, slots=True)
class MisconceptionFound:
    """A known wrong idea that the answer seems to state."""

    text: str
    evidence: str
    correction: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who graded, with what, against what, when: enough to contest or repeat a grade."""

    engine: str
    """`local`, or `ollama:MODEL`."""
    version: str
    """Of the prompt or of the local engine's coefficients."""
    content: str
    """Revision of the key question graded against."""
    at: datetime
    """UTC."""
    seconds: float
    options: Mapping[str, str] = field(default_factory=dict)
    """Whatever else decided the outcome: temperature, seed, context size, retries."""


@dataclass(frozen=True, slots=True)
class Grade:
    """The outcome of judging one attempt. Score and verdict are derived, never stored or stated by an engine."""

    outcome: Outcome
    engine: str
    reason: str = ""
    """Why it was not graded, or why another engine than the wanted one graded; a sentence, or empty."""
    points: tuple[PointGrade, ...] = ()
    misconceptions: tuple[MisconceptionFound, ...] = ()
    feedback: str = ""
    """Two or three sentences to the learner."""
    confidence: float = 0.0
    """How far the engine trusts its own statuses, 0..1."""
    receipt: Receipt | None = None
    second_opinion: str = ""
    """One sentence: how far another engine's view of the answer is apart; empty where they agree or none was asked."""
    advisory: str = ""
    """One sentence when the engine fell short of the bar in its self-test; empty where it met it or was not tested."""

    @property
    def score(self) -> float | None:
        """Weighted mean credit of the points, 0..1; None unless there are graded points.

        A self-graded answer has a score once the learner has judged every point.
        """
        if self.outcome is Outcome.NOT_GRADED or not self.points:
            return None
        if self.outcome is Outcome.SELF_GRADED and any(p.status is PointStatus.UNSURE for p in self.points):
            return None
        weights = [ESSENTIAL_WEIGHT if point.essential else 1.0 for point in self.points]
        earned = sum(w * point.credit for w, point in zip(weights, self.points, strict=True))
        return earned / sum(weights)

    @property
    def verdict(self) -> Verdict:
        """The hiring-style reading. See `verdict_of`."""
        if self.score is None:
            return Verdict.UNSURE
        return verdict_of(self.points, self.score, misconceptions=len(self.misconceptions))

    @property
    def covered(self) -> tuple[int, int]:
        """How many points the answer holds: (surely, at most). Unsure points make the difference."""
        sure = sum(point.status is PointStatus.COVERED for point in self.points)
        unsure = sum(point.status in (PointStatus.UNSURE, PointStatus.PARTIAL) for point in self.points)
        return sure, sure + unsure


def verdict_of(points: tuple[PointGrade, ...], score: float, *, misconceptions: int) -> Verdict:
    """Strong: every essential point and 0.8 of the credit. Good: every essential point, most points and 0.6.

    An essential point that is unsure, but likelier said than not, leaves an answer with 0.7 of the credit good.
    Contradictions cap it: a contradicted essential point, or a stated misconception with less than half the credit, is
    at most weak; any other contradiction or misconception at most partial. Too many unsure points give no verdict.
    """
    contradicted = [p for p in points if p.status is PointStatus.CONTRADICTED]
    if contradicted or misconceptions:
        return _verdict_with_contradictions(contradicted, score, len(contradicted) + misconceptions)
    if sum(p.status is PointStatus.UNSURE for p in points) > UNSURE_LIMIT * len(points):
        return Verdict.UNSURE
    essentials_held = all(p.status is PointStatus.COVERED for p in points if p.essential)
    most_held = sum(p.status in (PointStatus.COVERED, PointStatus.PARTIAL) for p in points) > len(points) / 2
    if essentials_held and score >= STRONG_AT:
        return Verdict.STRONG
    if essentials_held and most_held and score >= GOOD_AT:
        return Verdict.GOOD
    if score >= LIKELY_GOOD and all(_likely(p) for p in points if p.essential):
        return Verdict.GOOD
    return Verdict.PARTIAL if score >= PARTIAL_AT else Verdict.WEAK


def _likely(point: PointGrade) -> bool:
    return point.status is PointStatus.COVERED or (point.status is PointStatus.UNSURE and point.credit >= 0.5)


def _verdict_with_contradictions(contradicted: list[PointGrade], score: float, found: int) -> Verdict:
    if found >= 2 and score < 0.15:
        return Verdict.WRONG
    if any(p.essential for p in contradicted) or score < 0.5:
        return Verdict.WEAK
    return Verdict.PARTIAL
