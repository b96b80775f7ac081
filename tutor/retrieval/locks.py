"""Owns that one process at a time writes a cache file."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # not a POSIX system: generations are still written whole, only the work may be done twice
    fcntl = None  # type: ignore[assignment]

_PAUSE = 0.02
"""Seconds between two tries for a lock."""


@contextlib.contextmanager
def writing(path: Path, *, patience: float = 0.0) -> Iterator[bool]:
    """Hold the lock file for the block: True when it was won within `patience` seconds, False when another has it.

    The system lets go of the lock when its owner ends, however it ends, so a lock is never stale; the file that
    remains says which process had it last. Two threads of one process exclude each other too. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        won = _acquire(handle, patience)
        if won:
            os.ftruncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
        yield won
    finally:
        os.close(handle)


def owner(path: Path) -> str:
    """The process that holds the lock or held it last, as `process 123`; words for nobody known otherwise."""
    try:
        number = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        number = ""
    return f"process {number}" if number.isdigit() else "another process"


def _acquire(handle: int, patience: float) -> bool:
    if fcntl is None:
        return True
    for tries_left in range(round(patience / _PAUSE), -1, -1):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(_PAUSE if tries_left else 0)
    return False
