"""Owns the schema, as a diary: named steps, each in one transaction, appended and never edited once released.

A database's `user_version` is the number of steps it has taken; its table `migrations` says which, and when. Times
are text, ISO 8601 in UTC with microseconds, so that their order is the order of the text.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from tutor.store.backups import backup_before
from tutor.store.failures import newer
from tutor.store.home import Home
from tutor.store.transactions import transaction

if TYPE_CHECKING:
    from sqlite_utils import Database

Migration: TypeAlias = "Callable[[Database], None]"


def m001_practice(db: "Database") -> None:
    """What the learner wrote, how it was judged, how well it was recalled, and the memory that leaves."""
    db.execute("CREATE TABLE sessions (id TEXT PRIMARY KEY, kind TEXT NOT NULL, started TEXT NOT NULL, ended TEXT)")
    _history(
        db,
        "attempts",
        """question_id TEXT NOT NULL, text TEXT NOT NULL, content TEXT NOT NULL,
        session_id TEXT REFERENCES sessions (id)""",
    )
    _history(
        db,
        "grades",
        """attempt_id TEXT NOT NULL REFERENCES attempts (id), engine TEXT NOT NULL, outcome TEXT NOT NULL,
        document TEXT NOT NULL""",
    )
    _history(
        db,
        "decisions",
        """grade_id TEXT NOT NULL REFERENCES grades (id), kind TEXT NOT NULL, point_id TEXT, status TEXT,
        note TEXT NOT NULL""",
    )
    _history(
        db,
        "reviews",
        """question_id TEXT NOT NULL, rating INTEGER NOT NULL, source TEXT NOT NULL,
        attempt_id TEXT REFERENCES attempts (id), session_id TEXT REFERENCES sessions (id)""",
    )
    _history(
        db,
        "undos",
        "review_id TEXT UNIQUE REFERENCES reviews (id), decision_id TEXT UNIQUE REFERENCES decisions (id)",
    )
    _live(db, "reviews", "review_id")
    _live(db, "decisions", "decision_id")
    db.execute(
        """CREATE TABLE memories (question_id TEXT PRIMARY KEY, stability REAL NOT NULL, difficulty REAL NOT NULL,
        due TEXT NOT NULL, last_review TEXT NOT NULL, state TEXT NOT NULL, step INTEGER, reps INTEGER NOT NULL,
        lapses INTEGER NOT NULL)"""
    )
    for table, column in (("attempts", "question_id"), ("grades", "attempt_id"), ("decisions", "grade_id"),
                          ("reviews", "question_id"), ("reviews", "at")):  # fmt: skip
        db.execute(f"CREATE INDEX {table}_by_{column} ON {table} ({column})")


def m002_reading(db: "Database") -> None:
    """What was read and up to where, and answers that were begun."""
    db.execute("CREATE TABLE chapters_read (chapter_id TEXT PRIMARY KEY, at TEXT NOT NULL)")
    db.execute("CREATE TABLE places (seq INTEGER PRIMARY KEY, chapter_id TEXT NOT NULL UNIQUE, line INTEGER NOT NULL)")
    db.execute("CREATE TABLE drafts (question_id TEXT PRIMARY KEY, text TEXT NOT NULL, at TEXT NOT NULL)")


def m003_interviews(db: "Database") -> None:
    """Mock interviews as they happen: what was agreed, each question as it was put, and how it was left."""
    db.execute(
        """CREATE TABLE interviews (session_id TEXT PRIMARY KEY REFERENCES sessions (id), round TEXT NOT NULL,
        minutes INTEGER NOT NULL, seed INTEGER NOT NULL, engine TEXT NOT NULL, questions TEXT NOT NULL,
        spent REAL NOT NULL, breaks INTEGER NOT NULL)"""
    )
    _history(
        db,
        "interview_questions",
        """interview_id TEXT NOT NULL REFERENCES interviews (session_id), question_id TEXT NOT NULL, text TEXT NOT NULL,
        follows TEXT REFERENCES interview_questions (id), probes TEXT NOT NULL""",
    )
    _history(
        db,
        "interview_replies",
        """put_id TEXT NOT NULL UNIQUE REFERENCES interview_questions (id), attempt_id TEXT REFERENCES attempts (id),
        seconds REAL NOT NULL""",
    )
    db.execute("CREATE INDEX interview_questions_by_interview ON interview_questions (interview_id)")


def m004_notes(db: "Database") -> None:
    """The learner's own notes, one for each place of a chapter."""
    db.execute(
        """CREATE TABLE notes (chapter_id TEXT NOT NULL, place TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY (chapter_id, place))"""
    )


MIGRATIONS: tuple[Migration, ...] = (m001_practice, m002_reading, m003_interviews, m004_notes)


def version_of(db: "Database") -> int:
    """How many steps the database has taken; 0 for a new one."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(db: "Database", home: Home) -> None:
    """Raise StoreError when the database has taken steps that this program does not know."""
    if (found := version_of(db)) > len(MIGRATIONS):
        raise newer(home, found=found, known=len(MIGRATIONS))


def migrate(db: "Database", home: Home, now: datetime, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Take the missing steps, each after a copy of what stood before; a new database needs no copy."""
    start = version_of(db)
    for version, migration in enumerate(migrations[start:], start + 1):
        if start:
            backup_before(home, db.conn, migration.__name__, now)
        with transaction(db):
            migration(db)
            db.execute("CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT, at TEXT)")
            db.execute("INSERT INTO migrations VALUES (?, ?, ?)", [version, migration.__name__, now.isoformat()])
            db.execute(f"PRAGMA user_version = {version}")


def _history(db: "Database", table: str, columns: str) -> None:
    """A table that only grows: no row in it can be changed, deleted or replaced.

    `seq` is the order of commits, which a clock that was set back cannot change.
    """
    db.execute(f"CREATE TABLE {table} (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at TEXT NOT NULL, {columns})")
    for verb, condition in (
        ("UPDATE", ""),
        ("DELETE", ""),
        # REPLACE deletes without asking the DELETE trigger unless the connection says otherwise.
        ("INSERT", f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR seq = NEW.seq)"),
    ):
        db.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _live(db: "Database", table: str, column: str) -> None:
    """A view of the rows of a history that no undo names."""
    db.execute(
        f"CREATE VIEW live_{table} AS SELECT * FROM {table} "
        f"WHERE NOT EXISTS (SELECT 1 FROM undos WHERE undos.{column} = {table}.id)"
    )
