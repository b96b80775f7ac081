"""Owns making a sound database out of a damaged one: what can be read of it, joined with every sound copy.

Histories only grow and their ids are unique, so that joining is a union; what a lost row left without its owner is
counted and left out.
"""

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.domain.errors import StoreError
from tutor.domain.review import Memory, Review
from tutor.store.backups import backups, copy_database
from tutor.store.contents import Contents, look_into
from tutor.store.failures import explained
from tutor.store.grade_document import grade_from_text
from tutor.store.home import Home
from tutor.store.locks import alone
from tutor.store.migrations import migrate
from tutor.store.restoring import copy_as_it_stands
from tutor.store.rows import Row, attempt_from_row, decision_from_row, memory_to_row, review_from_row
from tutor.store.salvage import readable_rows

if TYPE_CHECKING:
    from sqlite_utils import Database

Replay = Callable[[Iterable[Review]], Mapping[str, Memory]]
"""The memories that reviews leave, by question id; the schedule knows how."""

DERIVED = frozenset({"memories", "migrations"})
"""Tables that are made again rather than carried over."""

READ_BY: Mapping[str, Callable[[Row], object]] = {
    "attempts": attempt_from_row,
    "grades": lambda row: grade_from_text(row["document"]),
    "decisions": decision_from_row,
    "reviews": review_from_row,
}
"""What a row must survive to be carried over: a damaged page can give rows that no longer mean anything."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a recovery found."""

    path: Path
    """The new database, beside the damaged one, which is untouched."""
    contents: Contents
    read: Mapping[str, int]
    """Rows that the damaged file still gave, by table."""
    from_copies: Mapping[str, int]
    """Rows that only a copy still had, by table."""
    left_out: Mapping[str, int]
    """Rows that mean nothing any more, or whose owner is lost in the file and in every copy, by table."""


def recover(home: Home, now: datetime, replay: Replay) -> Recovered:
    """Write `progress-recovered.db` beside the learner's database. Raises StoreError when there is nothing to read."""
    from sqlite_utils import Database

    if not home.database.is_file():
        raise StoreError(f'{home.database}: there is nothing to recover. "tutor restore" lists the copies there are.')
    with explained(home), alone(home), tempfile.TemporaryDirectory(dir=home.path, prefix="recovering-") as folder:
        copy_as_it_stands(home.database, Path(folder) / "damaged")
        with closing(sqlite3.connect(Path(folder) / "made.db", isolation_level=None)) as connection:
            db = Database(connection, execute_plugins=False)
            migrate(db, home, now)
            db.execute("PRAGMA foreign_keys = ON")
            tally = _fill(db, Path(folder) / "damaged" / home.database.name, home)
            for memory in replay(
                review_from_row(row) for row in db.query("SELECT * FROM live_reviews ORDER BY seq")
            ).values():
                db.table("memories").insert(memory_to_row(memory))
            path = copy_database(connection, home.path / "progress-recovered.db")
    return Recovered(path, look_into(path), *tally)


def _fill(db: "Database", damaged: Path, home: Home) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Insert what the file and its copies give, owners first. Returns rows read, taken from copies, left out."""
    sources = [damaged, *(backup.path for backup in backups(home))]
    tables = [name for name in db.table_names() if name not in DERIVED]
    given = [readable_rows(source, tables) for source in sources]
    read, copied, lost = Counter[str](), Counter[str](), Counter[str]()
    for table in tables:
        for row, from_copy in _union(table, [rows[table] for rows in given]):
            if _insert(db, table, row):
                (copied if from_copy else read)[table] += 1
            else:
                lost[table] += 1
    return read, copied, lost


def _union(table: str, given: list[list[Row]]) -> list[tuple[Row, bool]]:
    """Each row once, as the first source has it, with whether only a copy had it; rows with ids in their order."""
    union: dict[object, tuple[Row, bool]] = {}
    for number, rows in enumerate(given):
        for row in rows:
            union.setdefault(row.get("id", tuple(row.values())), (row, number > 0))
    return sorted(union.values(), key=lambda found: str(found[0].get("id", "")))


def _insert(db: "Database", table: str, row: Row) -> bool:
    """Insert a row that still means something; a lost owner that it can do without is left empty."""
    if table in READ_BY:
        try:
            READ_BY[table](row)
        except (KeyError, TypeError, ValueError):
            return False
    known = db.table(table).columns_dict
    kept = {name: value for name, value in row.items() if name in known and name != "seq"}
    for _, _, owner, column, other, *_ in db.execute(f"PRAGMA foreign_key_list({table})").fetchall():
        if not db.table(owner).count_where(f"{other} = ?", [kept.get(column)]):
            kept[column] = None
    if table == "undos" and not (kept["review_id"] or kept["decision_id"]):
        return False
    try:
        db.table(table).insert(kept)
    except sqlite3.IntegrityError:
        return False
    return True
