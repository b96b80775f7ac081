"""Owns the shape of the learner's row ids: UUIDv7, so that ids sort by the time they were made (RFC 9562, 5.7)."""

import uuid


def uuid7(milliseconds: int, entropy: bytes) -> str:
    """A UUIDv7 from a Unix time in milliseconds and 10 random bytes."""
    if len(entropy) != 10:
        raise ValueError("a UUIDv7 takes exactly 10 random bytes")
    number = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(entropy, "big")
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=number))
