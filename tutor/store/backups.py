"""Owns the copies of the learner's database: whole, self-contained, readable by the learner alone, kept by age."""

import os
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, count
from pathlib import Path

from tutor.store.home import Home

DAILY_KEPT = 10
"""The newest ten daily copies are kept; of older ones the newest of its week, then of its month."""
WEEKLY_KEPT = 8
MONTHLY_KEPT = 12

_DAILY = re.compile(r"progress-(\d{8})-daily\.db")


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy of the database."""

    path: Path
    made: datetime
    """When the file was written; aware, local time."""


def backups(home: Home) -> list[Backup]:
    """The copies there are, newest first; what cannot be looked at is left out."""
    found = []
    for path in home.backups.glob("progress-*.db"):
        try:
            written = path.stat().st_mtime
        except OSError:
            continue
        found.append(Backup(path, datetime.fromtimestamp(written).astimezone()))
    return sorted(found, key=lambda backup: (backup.made, backup.path.name), reverse=True)


def daily_backup_missing(home: Home, day: date) -> bool:
    """Whether no copy has been made on this day."""
    return not _daily(home, day).exists()


def backup_daily(home: Home, connection: sqlite3.Connection, day: date) -> Path:
    """Copy the database as this day's copy and delete daily ones by age. Raises sqlite3.Error, OSError."""
    target = copy_database(connection, _daily(home, day))
    named = {path: _DAILY.fullmatch(path.name) for path in home.backups.glob("progress-*-daily.db")}
    days = {date.fromisoformat(match[1]): path for path, match in named.items() if match}
    for old in days.keys() - kept_days(days):
        days[old].unlink()
    return target


def kept_days(days: Iterable[date]) -> set[date]:
    """Of these days, those whose copy is worth keeping: the newest, then one a week, then one a month."""
    newest = sorted(days, reverse=True)
    kept = set(newest[:DAILY_KEPT])
    for name, limit in (("%G-%V", WEEKLY_KEPT), ("%Y-%m", MONTHLY_KEPT)):
        last_of: dict[str, date] = {}
        for day in newest:
            last_of.setdefault(day.strftime(name), day)
        kept |= set(list(last_of.values())[:limit])
    return kept


def backup_before(home: Home, connection: sqlite3.Connection, migration: str, now: datetime) -> Path:
    """Copy the database as it stands before a migration. Raises sqlite3.Error, OSError."""
    return copy_database(connection, home.backups / f"progress-{now:%Y%m%dT%H%M%S}-before-{migration}.db")


def backup_asked_for(home: Home, now: datetime) -> Path:
    """Where a copy goes that the learner asks for without saying where; further ones in a second are numbered."""
    target = home.backups / f"progress-{now:%Y%m%dT%H%M%S}.db"
    numbered = (target.with_stem(f"{target.stem}-{number}") for number in count(2))
    return next(path for path in chain([target], numbered) if not path.exists())


def copy_database(connection: sqlite3.Connection, target: Path) -> Path:
    """Write beside and rename, so that a file under its final name is always a whole database.

    Raises sqlite3.Error, OSError; then nothing is left behind.
    """
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(sqlite3.connect(partial, isolation_level=None)) as copy:
            connection.backup(copy)
            # Out of WAL mode, so that the copy is one file and can be opened from a read-only place.
            copy.execute("PRAGMA journal_mode = DELETE").fetchone()
        sync(partial)
        partial.replace(target)
        sync(target.parent)
    finally:
        partial.unlink(missing_ok=True)
    return target


def sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _daily(home: Home, day: date) -> Path:
    return home.backups / f"progress-{day:%Y%m%d}-daily.db"
