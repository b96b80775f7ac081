"""Owns what the self-test finds of an engine, and the bar below which its grades are advisory.

An answer *passes* when it is read as strong or good, and *fails* when it is read as partial, weak or wrong; an unsure
verdict and an answer that was not graded are neither. A point is *decided* when its status is not unsure.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus, Verdict
from tutor.grading.selftest.items import FULL, KINDS, TRAPS, Item

MOST_FALSE_PASSES = 0.03
"""Share of answers that are wrong, exchanged, denied, beside the question or no answer at all, and pass.

One is always allowed: of thirty answers, one more than none says little.
"""
MOST_FALSE_FAILS = 0.15
"""Share of full answers that fail."""
LEAST_PASSED = 0.6
"""Share of full answers that pass: an engine that is unsure of everything helps nobody."""
LEAST_AGREEMENT = 0.8
"""Share of decided points where credit is given or withheld as the label says."""
BINS = 10

PASSED = frozenset({Verdict.STRONG, Verdict.GOOD})
FAILED = frozenset({Verdict.PARTIAL, Verdict.WEAK, Verdict.WRONG})
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """0..1; 0 of none."""
        return self.hits / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer of the test with the grade it got."""

    item: Item
    grade: Grade
    seconds: float

    @property
    def decided(self) -> list[tuple[PointStatus, PointGrade]]:
        """Label and grade of the points that the engine decided."""
        if self.grade.outcome is not Outcome.GRADED:
            return []
        pairs = [(self.item.labels[point.id], point) for point in self.grade.points]
        return [(label, point) for label, point in pairs if point.status is not PointStatus.UNSURE]


@dataclass(frozen=True, slots=True)
class KindReport:
    """How the answers of one kind were read."""

    kind: str
    passed: Share
    failed: Share
    unsure: Share
    """Unsure verdicts, and answers that were not graded."""
    agreement: Share
    """Of the decided points, those credited or not as labelled."""


@dataclass(frozen=True, slots=True)
class SelfTestReport:
    """How well one engine judges the labelled answers."""

    engine: str
    """`local`, or `ollama:MODEL`."""
    version: str
    """Of the coefficients or the prompt, as receipts have it."""
    at: datetime
    """UTC."""
    set_version: str
    """Of the labelled answers."""
    quick: bool
    """True when only a part of them was asked."""
    answers: int
    agreement: Share
    """Of the decided points, those credited or not as labelled."""
    false_passes: Share
    """Of the answers that no grader may pass."""
    passed: Share
    """Of the full answers, in the reference's words or others."""
    false_fails: Share
    """Of the same."""
    wrong_credited: Share
    """Of the points that an answer gets wrong, those called covered."""
    contradictions: Share
    """Of the points that an answer gets wrong, those called contradicted."""
    false_alarms: Share
    """Of the points that a full answer states, those called contradicted."""
    unsure: Share
    """Of all points, those unsure or not graded."""
    calibration: float
    """Expected calibration error of the points' credit in ten bins, 0..1."""
    seconds: float
    """Median of a grade."""
    slowest: float
    """Seconds; nine grades in ten take less."""
    kinds: tuple[KindReport, ...]

    @property
    def shortfalls(self) -> tuple[str, ...]:
        """What is below the bar, a clause each; empty for an engine that meets it."""
        allowed = max(1, math.floor(MOST_FALSE_PASSES * self.false_passes.of))
        found = [
            (self.false_passes.hits > allowed, f"passed {_of(self.false_passes)} answers that should not pass"),
            (self.false_fails.value > MOST_FALSE_FAILS, f"failed {_of(self.false_fails)} full answers"),
            (self.passed.value < LEAST_PASSED, f"passed only {_of(self.passed)} full answers"),
            (self.agreement.value < LEAST_AGREEMENT, f"judged {self.agreement.value:.0%} of points as labelled"),
        ]
        return tuple(words for short, words in found if short)

    @property
    def meets_bar(self) -> bool:
        """False makes the engine's grades advisory."""
        return not self.shortfalls

    @property
    def advisory(self) -> str:
        """One sentence for a grade by this engine; empty when it meets the bar."""
        if self.meets_bar:
            return ""
        return f"Take this grade as advice: in its self-test this engine {' and '.join(self.shortfalls)}."


def report_of(
    judged: Sequence[Judged], *, engine: str, version: str, at: datetime, set_version: str, quick: bool
) -> SelfTestReport:
    """The report of what was judged."""
    full = [j for j in judged if j.item.kind in FULL]
    traps = [j for j in judged if j.item.kind in TRAPS]
    decided = [pair for j in judged for pair in j.decided]
    wrong = [point for label, point in _graded(judged) if label is PointStatus.CONTRADICTED]
    stated = [point for label, point in _graded(full) if label is PointStatus.COVERED]
    points = sum(len(j.item.labels) for j in judged)
    seconds = sorted(j.seconds for j in judged)
    return SelfTestReport(
        engine=engine,
        version=version,
        at=at,
        set_version=set_version,
        quick=quick,
        answers=len(judged),
        agreement=_agreement(decided),
        false_passes=_share(traps, _passes),
        passed=_share(full, _passes),
        false_fails=_share(full, _fails),
        wrong_credited=_share(wrong, lambda p: p.status is PointStatus.COVERED),
        contradictions=_share(wrong, lambda p: p.status is PointStatus.CONTRADICTED),
        false_alarms=_share(stated, lambda p: p.status is PointStatus.CONTRADICTED),
        unsure=Share(points - len(decided), points),
        calibration=calibration_error(_estimates(judged)),
        seconds=statistics.median(seconds) if seconds else 0.0,
        slowest=seconds[math.ceil(0.9 * len(seconds)) - 1] if seconds else 0.0,
        kinds=tuple(_kind(kind, [j for j in judged if j.item.kind == kind]) for kind in KINDS),
    )


def calibration_error(pairs: Sequence[tuple[float, float]]) -> float:
    """Expected calibration error (Naeini 2015) of (stated, true) pairs in 0..1, over `BINS` bins of equal width."""
    bins: dict[int, list[tuple[float, float]]] = {}
    for stated, true in pairs:
        bins.setdefault(min(BINS - 1, int(stated * BINS)), []).append((stated, true))
    gaps = [abs(sum(s for s, _ in held) - sum(t for _, t in held)) for held in bins.values()]
    return sum(gaps) / len(pairs) if pairs else 0.0


def _kind(kind: str, judged: Sequence[Judged]) -> KindReport:
    return KindReport(
        kind,
        passed=_share(judged, _passes),
        failed=_share(judged, _fails),
        unsure=_share(judged, lambda j: not _passes(j) and not _fails(j)),
        agreement=_agreement([pair for j in judged for pair in j.decided]),
    )


def _passes(judged: Judged) -> bool:
    return judged.grade.outcome is Outcome.GRADED and judged.grade.verdict in PASSED


def _fails(judged: Judged) -> bool:
    return judged.grade.outcome is Outcome.GRADED and judged.grade.verdict in FAILED


def _agreement(decided: Sequence[tuple[PointStatus, PointGrade]]) -> Share:
    """A half-said point may be called anything but contradicted; of the others, credit must be given or withheld."""
    return _share(decided, lambda pair: _agrees(*pair))


def _agrees(label: PointStatus, point: PointGrade) -> bool:
    if label is PointStatus.PARTIAL:
        return point.status is not PointStatus.CONTRADICTED
    credited = point.status in (PointStatus.COVERED, PointStatus.PARTIAL)
    return credited == (label is PointStatus.COVERED)


def _graded(judged: Iterable[Judged]) -> list[tuple[PointStatus, PointGrade]]:
    graded = [j for j in judged if j.grade.outcome is Outcome.GRADED]
    return [(j.item.labels[point.id], point) for j in graded for point in j.grade.points]


def _estimates(judged: Iterable[Judged]) -> list[tuple[float, float]]:
    truth = {PointStatus.COVERED: 1.0, PointStatus.PARTIAL: 0.5}
    kept = [(label, p) for label, p in _graded(judged) if p.status is not PointStatus.CONTRADICTED]
    return [(point.credit, truth.get(label, 0.0)) for label, point in kept]


def _share(things: Sequence[Thing], holds: Callable[[Thing], bool]) -> Share:
    return Share(sum(map(holds, things)), len(things))


def _of(share: Share) -> str:
    return f"{share.hits} of {share.of}"
