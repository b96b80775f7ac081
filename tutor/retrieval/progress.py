"""Owns how long work tells how far it has come."""

from collections.abc import Callable

Progress = Callable[[int, int, str], None]
"""Called with steps done, steps in all, and a few words on what is being done."""


def silent(done: int, total: int, label: str) -> None:
    """The listener for work that nobody watches."""
