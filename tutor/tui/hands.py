"""Owns the patience with hasty hands: keys typed for what was shown before do nothing to what is shown now.

Letters are commands on a graded page. Somebody who types on while the answer is being graded would rate, skip or
overrule by accident; so a page takes its first key only after the hands have rested.
"""

from __future__ import annotations

import re

_COMMAND = re.compile(r"f\d+|ctrl\+.*|escape|page(up|down)")
"""Keys nobody types in a sentence."""

TYPING = 3.0
"""Somebody caught typing has to rest this many times longer: pauses between words are longer than between letters."""


class Hands:
    """Knows when the learner last typed into nothing."""

    def __init__(self) -> None:
        self._free_at = 0.0
        self._rested = True
        self._typed_at = float("-inf")

    def show(self, now: float, rest: float) -> None:
        """Something new is on the screen, `now` in seconds; `rest` seconds without a key make it listen."""
        self._rested = False
        self._free_at = max(now + rest, self._typed_at + TYPING * rest)

    def type(self, now: float) -> None:
        """A key was pressed where nothing listens."""
        self._typed_at = now

    def take(self, now: float, rest: float) -> bool:
        """Whether a key pressed now is meant for what is shown; one that is not makes it wait again."""
        if not self._rested and now < self._free_at:
            self._free_at = max(self._free_at, now + rest)
            return False
        self._rested = True
        return True


def is_command(key: str) -> bool:
    """True for a key that is never part of a text: F1, ctrl+s, Esc."""
    return _COMMAND.fullmatch(key) is not None
