"""A clock that stands still until it is moved, and entropy that repeats itself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class FrozenClock:
    """Tells the same time until `forward` moves it."""

    def __init__(self, now: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> datetime:
        """Move by a timedelta's keywords; gives the new time."""
        self.now += timedelta(**amount)
        return self.now


def counting_entropy(start: int = 0) -> Callable[[int], bytes]:
    """Bytes that spell 1, 2, 3 and so on."""
    number = start

    def entropy(size: int) -> bytes:
        nonlocal number
        number += 1
        return (number << 40).to_bytes(size, "big")

    return entropy
