"""Owns the noun of jumping: a place on the screen that a letter can lead to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.geometry import Offset


@dataclass(frozen=True, slots=True)
class Target:
    """Something to jump to."""

    at: Offset
    """Its first cell on the screen."""
    go: Callable[[], object]
    """Goes there."""
