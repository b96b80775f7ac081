"""Owns how a write becomes lasting: one immediate transaction, committed whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


@contextmanager
def transaction(db: "Database") -> Iterator[None]:
    """Take the write lock at once, waiting for it; commit on leaving, roll back on any exception.

    A transaction that begins by reading fails without waiting when another process wrote in between, hence IMMEDIATE.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise
