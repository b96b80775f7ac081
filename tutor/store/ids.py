"""Owns the making of row ids: UUIDv7, each greater than the one before, whatever the clock does."""

from collections.abc import Callable
from datetime import datetime

from tutor.domain.ids import uuid7

Clock = Callable[[], datetime]
"""Tells the time, aware, in UTC."""

Entropy = Callable[[int], bytes]
"""Gives so many random bytes."""

_LOW_BITS = 62
_RANDOM_BITS = 74
"""Bits of a UUIDv7 that are neither time nor version nor variant: 12 above the variant, 62 below (RFC 9562, 5.7)."""


class IdMaker:
    """Makes strictly increasing ids: within one millisecond, or while the clock runs backwards, it counts on."""

    def __init__(self, clock: Clock, entropy: Entropy) -> None:
        self._clock = clock
        self._entropy = entropy
        self._milliseconds = -1
        self._random = 0

    def __call__(self) -> str:
        """The next id."""
        now = int(self._clock().timestamp() * 1000)
        if now > self._milliseconds:
            self._milliseconds = now
            # One bit is kept clear so that counting on within the millisecond cannot overflow.
            self._random = int.from_bytes(self._entropy(10), "big") >> 80 - _RANDOM_BITS + 1
        else:
            self._random += 1
        high, low = divmod(self._random, 1 << _LOW_BITS)
        return uuid7(self._milliseconds, (high << 64 | low).to_bytes(10, "big"))
