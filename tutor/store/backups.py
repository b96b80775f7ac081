"""Owns the copies of the learner's database: whole, self-contained, readable by the learner alone."""

import os
import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

from tutor.store.home import Home

DAILY_KEPT = 10
"""Daily copies beyond the newest ten are deleted; copies made before a migration are kept."""


def daily_backup_missing(home: Home, day: date) -> bool:
    """Whether no copy has been made on this day."""
    return not _daily(home, day).exists()


def backup_daily(home: Home, connection: sqlite3.Connection, day: date) -> Path:
    """Copy the database as this day's copy and delete the oldest daily ones. Raises sqlite3.Error, OSError."""
    target = _copy(connection, _daily(home, day))
    for old in sorted(home.backups.glob("progress-*-daily.db"))[:-DAILY_KEPT]:
        old.unlink()
    return target


def backup_before(home: Home, connection: sqlite3.Connection, migration: str, now: datetime) -> Path:
    """Copy the database as it stands before a migration. Raises sqlite3.Error, OSError."""
    return _copy(connection, home.backups / f"progress-{now:%Y%m%dT%H%M%S}-before-{migration}.db")


def _daily(home: Home, day: date) -> Path:
    return home.backups / f"progress-{day:%Y%m%d}-daily.db"


def _copy(connection: sqlite3.Connection, target: Path) -> Path:
    """Write beside and rename, so that a file under its final name is always a whole database."""
    partial = target.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(sqlite3.connect(partial, isolation_level=None)) as copy:
            connection.backup(copy)
            # Out of WAL mode, so that the copy is one file and can be opened from a read-only place.
            copy.execute("PRAGMA journal_mode = DELETE").fetchone()
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target
