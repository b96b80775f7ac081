"""Owns the coefficients of the local grader: what each similarity is worth, and when a point counts as covered."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tutor.grading.features import NAMES

COVERED_AT = 0.7
MISSING_AT = 0.3
"""Between the two the engine abstains."""
PHRASING_DISCOUNT = 0.35
"""What the raw score loses, times the natural logarithm of the number of phrasings of a point."""
_FILE = Path(__file__).with_name("local_weights.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic over the similarities, calibrated on single points."""

    version: str
    coefficients: tuple[float, ...]
    """One for each of `features.NAMES`, none negative."""
    intercept: float
    discount: float

    def probability(self, features: Sequence[float], phrasings: int = 1) -> float:
        """How probably the answer says the point, 0..1, by one of so many phrasings.

        The best of many comes near by chance more easily than a single one, so each doubling of their number raises
        what is asked of it.
        """
        total = self.intercept + sum(c * float(f) for c, f in zip(self.coefficients, features, strict=True))
        total -= self.discount * math.log(max(1, phrasings))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Read `local_weights.json`, which `scripts/fit_grading.py` writes; it says which data made them."""
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    named = data["coefficients"]
    slope, shift = data["calibration"]["slope"], data["calibration"]["shift"]
    return Weights(
        version=data["version"],
        coefficients=tuple(slope * float(named[name]) for name in NAMES),
        intercept=slope * float(data["intercept"]) + shift,
        discount=slope * PHRASING_DISCOUNT,
    )
