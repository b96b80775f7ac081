"""Owns what is written down when something breaks: where in the code, never values, never what the learner wrote."""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

from tutor.domain.text import visible

LOG = "crash.log"


def write_down(error: BaseException, logs: Path) -> str:
    """Add the error to the log, which only its owner can read. Gives the sentence that says where it is, or why not."""
    path = logs / LOG
    try:
        logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(described(error))
    except OSError as trouble:
        return f"It could not be logged ({trouble.strerror})."
    return visible(f"What happened is in {path}")


def described(error: BaseException) -> str:
    """The error and those behind it, each by its kind and the lines of code it came through.

    Messages are left out, because they may quote an answer; the operating system's are fixed words and stay.
    """
    parts = [f"{datetime.now(UTC).isoformat(timespec='seconds')}\n"]
    seen: BaseException | None = error
    while seen is not None:
        kind = f"{type(seen).__module__}.{type(seen).__qualname__}"
        words = f" ({seen.strerror})" if isinstance(seen, OSError) and seen.strerror else ""
        parts += [*traceback.format_tb(seen.__traceback__), f"{kind}{words}\n\n"]
        seen = seen.__cause__ or seen.__context__
    return "".join(parts)
