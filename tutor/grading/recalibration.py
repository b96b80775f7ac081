"""Owns what the learner's own decisions teach the local engine: two numbers that move its probabilities, and no more.

Ranking carries over from one subject to another, thresholds do not. A slope and a shift on the log-odds are all that so
few labels can carry, and a prior holds them near "as it was".

Learners contest what they think is wrong and pass over what is right, so contested points alone would teach the engine
that it is always wrong. Every decided point of a grade that the learner rated without contesting it is therefore a
label as well: its target is the probability it was shown with, which holds the engine where it is exactly where its
grades are accepted, and cannot make it surer than it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tutor.grading.weights import COVERED_AT, MISSING_AT

ACTIVE_FROM = 20
"""Points the learner judged; with fewer nothing is changed."""
RIDGE_SLOPE = 4.0
RIDGE_SHIFT = 0.5
"""How many labels' worth the prior is, on each number: `scripts/eval_recalibration.py` compares others."""
SLOPES = (0.4, 2.5)
"""A slope below would call everything unsure, one above would leave nothing unsure; neither turns the order around."""
SURE = 0.95
"""What the engine says of a point it has no doubt about."""
LEAST = 0.01
"""Probabilities are kept this far from 0 and 1, so that no single label outweighs the others."""
STEPS = 60


@dataclass(frozen=True, slots=True)
class Label:
    """One key point of one graded answer, with what became of the engine's probability."""

    probability: float
    """The engine's own, 0..1, before any recalibration."""
    target: float
    """1 when the learner had the point, 0 when they missed it, what they were shown when they passed over it."""
    judged: bool
    """True when the learner said so themself."""


@dataclass(frozen=True, slots=True)
class Recalibration:
    """Log-odds times a slope plus a shift."""

    slope: float = 1.0
    shift: float = 0.0
    labels: int = 0
    """Points the learner judged that it rests on; 0 when nothing is changed."""

    def __call__(self, probability: float) -> float:
        """The probability as the learner's decisions leave it, 0..1; rises whenever the given one does."""
        if not self.labels:
            return probability
        return _logistic(self.slope * _log_odds(probability) + self.shift)

    def receipt(self) -> dict[str, str]:
        """What a receipt says of it; empty when nothing is changed."""
        if not self.labels:
            return {}
        return {
            "recalibrated": f"from {self.labels} of your decisions",
            "slope": f"{self.slope:.4f}",
            "shift": f"{self.shift:+.4f}",
        }


IDENTITY = Recalibration()


def recalibrate(labels: Sequence[Label]) -> Recalibration:
    """The slope and shift that fit the labels best, held by the prior and within `bounded`.

    Nothing changes before the learner has judged `ACTIVE_FROM` points. Pure; about 0.2 ms for a hundred labels.
    """
    judged = sum(label.judged for label in labels)
    if judged < ACTIVE_FROM:
        return IDENTITY
    odds = [_log_odds(label.probability) for label in labels]
    slope, shift = 1.0, 0.0
    for _ in range(STEPS):
        step = _newton_step(odds, labels, slope, shift)
        slope, shift = slope + step[0], shift + step[1]
        if max(map(abs, step)) < 1e-6:
            break
    return Recalibration(*bounded(slope, shift), judged)


def from_receipt(options: Mapping[str, str]) -> Recalibration:
    """The recalibration that a grade was made with, as `Recalibration.receipt` wrote it."""
    if "slope" not in options or "shift" not in options:
        return IDENTITY
    return Recalibration(float(options["slope"]), float(options["shift"]), labels=ACTIVE_FROM)


def bounded(slope: float, shift: float) -> tuple[float, float]:
    """Within these bounds a point the engine calls missing may become unsure and never covered.

    Leniency is what one's own labels can buy, so it is held tighter than strictness: a point called covered may become
    missing, but not one the engine is `SURE` of.
    """
    slope = min(max(slope, SLOPES[0]), SLOPES[1])
    kindest = _log_odds(COVERED_AT) - 1e-6 - slope * _log_odds(MISSING_AT)
    strictest = _log_odds(MISSING_AT) + 1e-6 - slope * _log_odds(SURE)
    return slope, min(max(shift, strictest), kindest)


def _newton_step(odds: Sequence[float], labels: Sequence[Label], slope: float, shift: float) -> tuple[float, float]:
    """One damped step of Newton's method on the cross-entropy with the ridge; the loss is convex."""
    g0, g1 = RIDGE_SLOPE * (slope - 1.0), RIDGE_SHIFT * shift
    h00, h01, h11 = RIDGE_SLOPE, 0.0, RIDGE_SHIFT
    for x, label in zip(odds, labels, strict=True):
        p = _logistic(slope * x + shift)
        error, curve = p - label.target, p * (1 - p)
        g0, g1 = g0 + error * x, g1 + error
        h00, h01, h11 = h00 + curve * x * x, h01 + curve * x, h11 + curve
    determinant = h00 * h11 - h01 * h01
    step = (h01 * g1 - h11 * g0) / determinant, (h01 * g0 - h00 * g1) / determinant
    longest = max(1.0, *map(abs, step))
    return step[0] / longest, step[1] / longest


def _log_odds(probability: float) -> float:
    p = min(max(probability, LEAST), 1 - LEAST)
    return math.log(p / (1 - p))


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))
