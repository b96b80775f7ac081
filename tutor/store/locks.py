"""Owns who may have the database: one process at a time while it is opened, all while it is used, one to replace it.

The locks are the kernel's (`flock`), so a process that dies, however it dies, has let go of them.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tutor.domain.errors import StoreError
from tutor.store.home import Home

PATIENCE = 5.0
"""Seconds to wait for another process that opens the database; it takes milliseconds."""


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Let one process at a time create, migrate, copy and replace; SQLite's own lock cannot span these.

    Raises StoreError when another takes too long.
    """
    with open(_handle(home.path / "progress.lock"), "wb") as lock:
        for _ in range(int(PATIENCE / 0.05)):
            if _locked(lock.fileno(), fcntl.LOCK_EX):
                break
            time.sleep(0.05)
        else:
            raise StoreError(
                f"{home.database}: another tutor is still opening it. Wait until it has, or close it, and try again."
            )
        yield


def in_use(home: Home) -> int:
    """Say that this process has the database open, until the returned file handle is closed. Call it `alone`."""
    handle = _handle(_users(home))
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


@contextmanager
def unused(home: Home) -> Iterator[None]:
    """Hold the database while nobody has it open. Raises StoreError when somebody has."""
    handle = _handle(_users(home))
    try:
        if not _locked(handle, fcntl.LOCK_EX):
            raise StoreError(
                f"{home.database}: a tutor has it open. Close every tutor that uses {home.path} and try again; "
                "nothing was changed."
            )
        yield
    finally:
        os.close(handle)


def _users(home: Home) -> Path:
    return home.path / "progress.users"


def _handle(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)


def _locked(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
