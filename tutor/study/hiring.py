"""Owns the hiring verdict of an interview: what it follows from, and when nothing honest can be said.

The scale is the four levels that hiring committees use. The thresholds are those of a single answer
(`domain.grade.verdict_of`), read over the round: the same bar for one answer and for five.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from tutor.domain.grade import Grade, PointStatus, Verdict

STRONG, HIRE, NO_HIRE = 0.8, 0.6, 0.35
"""Mean score from which an interview is a strong hire, a hire, no hire; below the last, a strong no hire."""

ESSENTIALS = 0.75
"""Share of the essential points that a hire must have made."""

LEAST = 2
"""Judged questions without which there is no verdict."""


class Hire(StrEnum):
    """A verdict, best first."""

    STRONG_HIRE = "strong hire"
    HIRE = "hire"
    NO_HIRE = "no hire"
    STRONG_NO_HIRE = "strong no hire"


RULE = (
    "Strong hire: a mean score of 80 % and every essential point made. Hire: 60 %, and three of four essential points. "
    "No hire: 35 %. Below that, strong no hire. A point counts half when it took a follow-up; a question passed on "
    "counts 0; one contradiction or mix-up left standing rules out a strong hire, two rule out a hire. There is no "
    "verdict without a reading of at least two questions and of half of all answers."
)
"""The rule in words, for the scorecard."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a round comes to."""

    verdict: Hire | None
    """None when too little could be judged."""
    score: float | None
    """Mean of the judged questions, 0..1; None without any."""
    judged: int
    asked: int
    essentials: tuple[int, int]
    """Essential points made, and how many there were in the judged questions."""
    standing: int
    """Contradictions and mix-ups that were not put right."""
    why: str
    """One sentence: what the verdict follows from."""


def score_of(grade: Grade | None, *, passed: bool) -> float | None:
    """What one question counts: 0 when it was passed on, nothing when no engine could tell."""
    if passed:
        return 0.0
    return None if grade is None or grade.verdict is Verdict.UNSURE else grade.score


def finding(questions: Sequence[tuple[Grade | None, bool, int]]) -> Finding:
    """The verdict over the questions of a round: each its grade over everything said, passed or not, essentials asked.

    Questions that were not reached are not among them.
    """
    scores = [score_of(grade, passed=passed) for grade, passed, _ in questions]
    judged = [score for score in scores if score is not None]
    essentials, made, standing = 0, 0, 0
    for (grade, passed, asked), score in zip(questions, scores, strict=True):
        if score is None:
            continue
        essentials += asked
        if grade is not None and not passed:
            # Nobody can tell about an unsure point, so it is neither made nor missed.
            essentials -= sum(point.essential and point.status is PointStatus.UNSURE for point in grade.points)
            made += sum(point.essential and point.status is PointStatus.COVERED for point in grade.points)
            standing += sum(point.status is PointStatus.CONTRADICTED for point in grade.points)
            standing += len(grade.misconceptions)
    mean = fmean(judged) if judged else None
    share = made / essentials if essentials else 1.0
    verdict = None
    if mean is not None and len(judged) >= LEAST and 2 * len(judged) >= len(questions):
        verdict = _verdict(mean, share, standing)
    why = _why(mean, (made, essentials), standing, len(judged), len(questions))
    return Finding(verdict, mean, len(judged), len(questions), (made, essentials), standing, why)


def _verdict(score: float, essentials: float, standing: int) -> Hire:
    if score >= STRONG and essentials == 1.0 and not standing:
        return Hire.STRONG_HIRE
    if score >= HIRE and essentials >= ESSENTIALS and standing < 2:
        return Hire.HIRE
    return Hire.NO_HIRE if score >= NO_HIRE else Hire.STRONG_NO_HIRE


def _why(score: float | None, essentials: tuple[int, int], standing: int, judged: int, asked: int) -> str:
    if score is None:
        return "None of the answers could be judged." if asked else "No question was answered."
    made, all_essentials = essentials
    parts = [f"{score:.0%} of what was asked", f"{made} of {all_essentials} essential points"]
    if standing:
        parts.append(f"{standing} {'contradiction' if standing == 1 else 'contradictions'} left standing")
    told = f", from {judged} of {asked} answers that could be judged" if judged < asked else ""
    return "; ".join(parts) + told + "."
