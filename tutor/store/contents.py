"""Owns the look into a database file before it is trusted: whether it is sound, ours, and what it holds."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tutor.domain.errors import StoreError
from tutor.store.migrations import MIGRATIONS
from tutor.store.moments import moment_from_text


@dataclass(frozen=True, slots=True)
class Contents:
    """What a sound progress database holds."""

    schema: int
    """Migrations taken."""
    attempts: int
    grades: int
    reviews: int
    newest: datetime | None
    """When its last attempt or review was made, UTC; None when it has neither."""


_COUNTS = """
SELECT (SELECT count(*) FROM attempts), (SELECT count(*) FROM grades), (SELECT count(*) FROM live_reviews),
  max(coalesce((SELECT max(at) FROM attempts), ''), coalesce((SELECT max(at) FROM reviews), ''))
"""


def read_only(path: Path) -> sqlite3.Connection:
    """A database opened to look at, without making or changing anything. Raises sqlite3.Error."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1.0)


def look_into(path: Path) -> Contents:
    """Check every page, index and reference of a progress database and count what it holds; nothing is changed.

    Raises StoreError when the file is not there, damaged, empty, not ours, or newer than the program.
    """
    if not path.is_file():
        raise StoreError(f'{path}: there is no such file. "tutor restore" lists the copies there are.')
    try:
        with closing(read_only(path)) as connection:
            return _checked(path, connection)
    except sqlite3.Error as error:
        raise StoreError(
            f'{path}: damaged, or not a progress database ({error}). Choose another copy: "tutor restore" lists them.'
        ) from error


def _checked(path: Path, connection: sqlite3.Connection) -> Contents:
    (schema,) = connection.execute("PRAGMA user_version").fetchone()
    if not 0 < schema <= len(MIGRATIONS):
        reason = "it is empty" if not schema else f"a newer tutor wrote it (schema {schema}); update the tutor"
        raise StoreError(f"{path}: this is no copy to restore: {reason}.")
    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    if verdict != "ok" or orphan:
        detail = str(verdict).splitlines()[-1] if verdict != "ok" else f"a row of {orphan[0]} lost what it belongs to"
        raise sqlite3.DatabaseError(detail)
    attempts, grades, reviews, newest = connection.execute(_COUNTS).fetchone()
    return Contents(schema, attempts, grades, reviews, moment_from_text(newest) if newest else None)
