"""Owns a clock that runs only while somebody is at it."""

from collections.abc import Callable
from datetime import datetime


class Stopwatch:
    """Counts seconds, from a count it may have had before."""

    def __init__(self, clock: Callable[[], datetime], spent: float = 0.0) -> None:
        self._clock = clock
        self._spent = spent
        self._since: datetime | None = None

    @property
    def runs(self) -> bool:
        """Whether it counts now."""
        return self._since is not None

    @property
    def seconds(self) -> float:
        """What it has counted; a clock that is set back takes nothing away."""
        running = (self._clock() - self._since).total_seconds() if self._since else 0.0
        return self._spent + max(0.0, running)

    def start(self) -> None:
        """Count from now on."""
        self._since = self._since or self._clock()

    def stop(self) -> None:
        """Keep what was counted, and count no more."""
        self._spent, self._since = self.seconds, None
