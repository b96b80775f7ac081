"""Owns how text and time are written into rows."""

import re
from datetime import UTC, datetime

_SURROGATE = re.compile("[\ud800-\udfff]")


def text_from_moment(moment: datetime) -> str:
    """An aware moment in UTC, ISO 8601 with microseconds: always equally long, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment_from_text(text: str) -> datetime:
    """The moment, aware, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def storable(text: str) -> str:
    """The text with each half of a broken character as U+FFFD; SQLite keeps UTF-8, which cannot spell a half."""
    return _SURROGATE.sub("\ufffd", text)
