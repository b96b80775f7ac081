"""Owns the learner's wish to stop waiting, carried from the thread that has it to the thread that works."""

import threading


class Cancel:
    """A wish to stop. Safe to share between threads; once wished it stays."""

    __slots__ = ("_wished",)

    def __init__(self) -> None:
        self._wished = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop. It ends with `ModelInterrupted` within about a fifth of a second."""
        self._wished.set()

    @property
    def cancelled(self) -> bool:
        """True once somebody asked."""
        return self._wished.is_set()

    def wait(self, seconds: float) -> bool:
        """Rest until somebody asks, at most this long; true when somebody has."""
        return self._wished.wait(seconds)
