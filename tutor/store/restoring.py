"""Owns putting another database in the place of the learner's: checked before, and what stood there is kept."""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tutor.store.backups import copy_database, sync
from tutor.store.contents import Contents, look_into, read_only
from tutor.store.failures import explained
from tutor.store.home import Home
from tutor.store.locks import alone, unused

ATTENDANTS = ("-wal", "-shm")
"""What SQLite keeps beside a database while it is open, and after a crash."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restoration did."""

    contents: Contents
    """What the learner has now."""
    kept: Path | None
    """The folder with the replaced database; None when there was none."""


def restore(home: Home, source: Path, now: datetime) -> Restored:
    """Replace the learner's database by a copy of `source`.

    Raises StoreError when the source cannot be trusted, when a tutor has the database open, or when the disk refuses;
    then what stood there still stands.
    """
    look_into(source)
    home.prepare()
    ready = home.path / "progress-restoring.db"
    with explained(home), alone(home), unused(home):
        try:
            with closing(read_only(source)) as connection:
                copy_database(connection, ready)
            contents = look_into(ready)
            kept = _set_aside(home, now)
            for ending in ATTENDANTS:
                _beside(home.database, ending).unlink(missing_ok=True)
            ready.replace(home.database)
            sync(home.path)
        finally:
            ready.unlink(missing_ok=True)
    return Restored(contents, kept)


def copy_as_it_stands(database: Path, folder: Path) -> None:
    """Copy a database, sound or not, with what SQLite keeps beside it, into a new folder (0700). Raises OSError."""
    folder.mkdir(mode=0o700)
    for name in (database, *(_beside(database, ending) for ending in ATTENDANTS)):
        if name.exists():
            shutil.copy2(name, folder / name.name)
            sync(folder / name.name)
    sync(folder)


def _set_aside(home: Home, now: datetime) -> Path | None:
    if not home.database.exists():
        return None
    # A sound database takes in its log first, so that a crash after this point finds it whole under its name.
    with suppress(sqlite3.Error), closing(sqlite3.connect(home.database)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    folder = home.backups / f"replaced-{now:%Y%m%dT%H%M%S}-{os.getpid()}"
    copy_as_it_stands(home.database, folder)
    return folder


def _beside(database: Path, ending: str) -> Path:
    return database.with_name(database.name + ending)
