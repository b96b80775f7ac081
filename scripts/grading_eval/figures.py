"""Owns the figures by which a grader is compared with people, each with an interval.

Intervals are percentile bootstraps over answers (Efron 1979), seeded, 95 %.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import pearsonr
from sklearn.metrics import cohen_kappa_score, f1_score

from tutor.grading.selftest.report import calibration_error

from .collections import FULL_MARKS, HALF, Outcomes

DRAWS = 500
SEED = 7
COVERAGE = 0.7
LEVELS = 5
"""Steps that scores are rounded to for the weighted kappa; fewer where people used fewer."""
Figure = Callable[[Sequence[Outcomes]], float]


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval."""

    value: float
    low: float
    high: float


def estimate(figure: Figure, rows: Sequence[Outcomes]) -> Estimate:
    """The figure on these rows, and its 2.5 % and 97.5 % quantiles over `DRAWS` samples with replacement."""
    rng = np.random.default_rng(SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a draw in which one class is missing or all scores are alike
        draws = [figure([rows[i] for i in rng.integers(0, len(rows), len(rows))]) for _ in range(DRAWS)]
        low, high = np.nanquantile(draws, (0.025, 0.975))
        return Estimate(figure(rows), float(low), float(high))


def pearson(rows: Sequence[Outcomes]) -> float:
    """Correlation of the scores, over graded answers."""
    ours, theirs = _scores(rows)
    return float(pearsonr(ours, theirs).statistic)


def rmse(rows: Sequence[Outcomes]) -> float:
    """Root mean square difference of the scores, 0..1, over graded answers."""
    ours, theirs = _scores(rows)
    return float(np.sqrt(np.mean((ours - theirs) ** 2)))


def weighted_kappa(rows: Sequence[Outcomes]) -> float:
    """Quadratic weighted kappa of the scores rounded to as many levels as people used, at most five."""
    ours, theirs = _scores(rows)
    top = min(LEVELS, max(2, len(np.unique(theirs)))) - 1
    rounded = [np.rint(np.clip(scores, 0, 1) * top).astype(int) for scores in (ours, theirs)]
    return float(cohen_kappa_score(*rounded, weights="quadratic", labels=list(range(top + 1))))


def macro_f1_2(rows: Sequence[Outcomes]) -> float:
    """Macro-averaged F1 of correct and incorrect; a score of a half or more says correct, no grade says incorrect."""
    return float(f1_score([r.correct for r in rows], [_says_correct(r) for r in rows], average="macro"))


def macro_f1_3(rows: Sequence[Outcomes]) -> float:
    """Macro-averaged F1 of correct, incorrect and contradictory."""
    return float(f1_score([r.label3 for r in rows], [r.called3 for r in rows], average="macro", zero_division=0.0))


def calibration(rows: Sequence[Outcomes]) -> float:
    """Expected calibration error of the score in ten bins, over graded answers."""
    return calibration_error([(r.score, r.human) for r in rows if r.score is not None])


def selective_accuracy(rows: Sequence[Outcomes]) -> float:
    """Accuracy of correct or incorrect on the 70 % of answers whose scores are farthest from a half."""
    surest = sorted(rows, key=lambda r: -1.0 if r.score is None else abs(r.score - HALF), reverse=True)
    kept = surest[: max(1, round(COVERAGE * len(rows)))]
    return float(np.mean([r.correct == _says_correct(r) for r in kept]))


def false_passes(rows: Sequence[Outcomes]) -> float:
    """Of the answers that people gave nothing, the share read as strong or good."""
    return _share([r.passed for r in rows if r.human == 0.0])


def passes(rows: Sequence[Outcomes]) -> float:
    """Of the answers with full marks, the share read as strong or good."""
    return _share([r.passed for r in rows if r.human >= FULL_MARKS])


def stopped_at_full_marks(rows: Sequence[Outcomes]) -> float:
    """Of the answers with full marks, the share that a guard kept from the engine."""
    return _share([r.stopped for r in rows if r.human >= FULL_MARKS])


def alarms_at_full_marks(rows: Sequence[Outcomes]) -> float:
    """Of the answers with full marks, the share called contradictory."""
    return _share([r.contradicted for r in rows if r.human >= FULL_MARKS])


def abstention(rows: Sequence[Outcomes]) -> float:
    """The share of unsure verdicts and answers that were not graded."""
    return _share([r.abstained for r in rows])


FIGURES: dict[str, Figure] = {
    "Pearson r": pearson,
    "RMSE": rmse,
    "QWK": weighted_kappa,
    "2-way macro-F1": macro_f1_2,
    "3-way macro-F1": macro_f1_3,
    "ECE": calibration,
    "accuracy at 70 %": selective_accuracy,
    "false passes": false_passes,
    "passes, full marks": passes,
    "guard, full marks": stopped_at_full_marks,
    "alarm, full marks": alarms_at_full_marks,
    "abstained": abstention,
}


def figures_for(rows: Sequence[Outcomes]) -> dict[str, Estimate]:
    """Every figure that these rows can give."""
    named = {
        name: figure for name, figure in FIGURES.items() if figure is not macro_f1_3 or all(r.label3 for r in rows)
    }
    return {name: estimate(figure, rows) for name, figure in named.items()}


def _says_correct(row: Outcomes) -> bool:
    return row.score is not None and row.score >= HALF


def _scores(rows: Sequence[Outcomes]) -> tuple[np.ndarray, np.ndarray]:
    graded = [(r.score, r.human) for r in rows if r.score is not None]
    ours, theirs = np.array(graded, dtype=float).reshape(-1, 2).T
    return ours, theirs


def _share(held: Sequence[bool]) -> float:
    return sum(held) / len(held) if held else float("nan")
