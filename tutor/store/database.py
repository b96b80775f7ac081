"""Owns the open database: its file, its pragmas, the one way to read from it and the one way to write to it.

`sqlite_utils` costs about 0.3 s to import (it brings numpy where that is installed), so it is imported on opening.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.store.backups import backup_asked_for, backup_daily, backups, copy_database, daily_backup_missing
from tutor.store.days import day_of
from tutor.store.failures import damaged, explained
from tutor.store.home import Home
from tutor.store.locks import alone, in_use
from tutor.store.migrations import migrate, refuse_newer, version_of
from tutor.store.new_file import refuse_to_replace
from tutor.store.rows import Row
from tutor.store.transactions import transaction

if TYPE_CHECKING:
    from sqlite_utils import Database

BUSY_SECONDS = 5.0
"""How long a write waits for another process's write; ours take milliseconds."""

_PRAGMAS = (
    "foreign_keys = ON",
    "journal_mode = WAL",
    # FULL: a commit has reached the disk when it returns; fullfsync makes that true of macOS as well.
    "synchronous = FULL",
    "fullfsync = ON",
)


class ProgressDatabase:
    """`progress.db`, open in this process and thread."""

    def __init__(self, home: Home, db: "Database", notice: str, hold: int) -> None:
        self._home = home
        self._db = db
        self._hold = hold
        self.notice = notice
        """What went wrong on opening without stopping it, as a sentence; empty when nothing did."""

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The open connection, to read from. Raises StoreError."""
        with explained(self._home):
            yield self._db.conn

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query. Raises StoreError."""
        with explained(self._home):
            return list(self._db.query(sql, parameters))

    @contextmanager
    def writing(self) -> Iterator["Database"]:
        """One durable transaction; committed when the block ends. Raises StoreError and then nothing was written."""
        with explained(self._home), transaction(self._db):
            yield self._db

    def copy(self, target: Path | None, now: datetime) -> Path:
        """Write the database as it is to a new file, in the folder of copies unless named. Raises StoreError."""
        with explained(self._home), alone(self._home):
            path = target or backup_asked_for(self._home, now)
            refuse_to_replace(path, "a copy")
            return copy_database(self._db.conn, path)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
        if self._hold >= 0:
            os.close(self._hold)
            self._hold = -1


def open_database(home: Home, now: datetime) -> ProgressDatabase:
    """Open or make the learner's database, bring its schema up to date and copy it once a day.

    Raises StoreError when it is damaged, newer than the program, or cannot be read and written.
    """
    from sqlite_utils import Database

    home.prepare()
    with explained(home), alone(home):
        notice = _missing(home)
        with suppress(FileExistsError):
            os.close(os.open(home.database, os.O_CREAT | os.O_EXCL, 0o600))
        connection = sqlite3.connect(home.database, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            db = Database(connection, execute_plugins=False)
            refuse_newer(db, home)
            notice = notice or _keep_daily_copy(home, db, now)
            for pragma in _PRAGMAS:
                db.execute(f"PRAGMA {pragma}").fetchall()
            migrate(db, home, now)
        except BaseException:
            connection.close()
            raise
        home.database.chmod(0o600)
        return ProgressDatabase(home, db, notice, in_use(home))


def _missing(home: Home) -> str:
    """What to say of a database that is not there although copies of it are; it is made anew, empty."""
    if home.database.exists() or not backups(home):
        return ""
    return f'{home.database} was not there, but copies of it are. "tutor restore" lists them and puts one back.'


def _keep_daily_copy(home: Home, db: "Database", now: datetime) -> str:
    """Check and copy an existing database on the first opening of a day; a failed copy is a notice, not an end."""
    day = day_of(now)
    if not version_of(db) or not daily_backup_missing(home, day):
        return ""
    # A damaged database must not push the sound copies out.
    verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise damaged(home, str(verdict).splitlines()[-1])
    try:
        backup_daily(home, db.conn, day)
    except (sqlite3.Error, OSError) as error:
        return f"{home.backups}: today's copy of your progress could not be made ({error}). Check the disk's free room."
    return ""
