"""Owns the few numbers that greet the learner, and a way to read them before anything heavy is imported."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from tutor.store.contents import read_only
from tutor.store.days import day_end, day_of, day_start
from tutor.store.failures import explained, newer
from tutor.store.home import Home
from tutor.store.migrations import MIGRATIONS
from tutor.store.moments import moment_from_text, text_from_moment


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is to do and how much was done. Questions whose chapter was removed are counted as well."""

    due: int = 0
    """Questions to ask again, by `days.is_due`."""
    seen: int = 0
    """Questions rated at least once."""
    reviews_today: int = 0
    new_today: int = 0
    """Questions rated today for the first time."""


_COUNTS = """
SELECT
  (SELECT count(*) FROM memories WHERE CASE state WHEN 'review' THEN due < :day_end ELSE due <= :now END),
  (SELECT count(*) FROM memories),
  (SELECT count(*) FROM live_reviews WHERE at >= :day_start),
  (SELECT count(*) FROM (SELECT 1 FROM live_reviews GROUP BY question_id HAVING min(at) >= :day_start))
"""


def counts(connection: sqlite3.Connection, now: datetime) -> Counts:
    """The numbers at this moment."""
    today = day_of(now)
    moments = {"now": now, "day_start": day_start(today), "day_end": day_end(today)}
    row = connection.execute(_COUNTS, {name: text_from_moment(at) for name, at in moments.items()}).fetchone()
    return Counts(*row)


def streak(connection: sqlite3.Connection, now: datetime) -> int:
    """Days in a row with at least one review, up to today; a day that is not over does not break it."""
    rows = connection.execute("SELECT at FROM live_reviews")
    days = {day_of(moment_from_text(at)) for (at,) in rows}
    day = day_of(now)
    if day not in days:
        day -= timedelta(days=1)
    length = 0
    while day in days:
        length += 1
        day -= timedelta(days=1)
    return length


def quick_counts(home: Home, now: datetime) -> Counts:
    """The numbers, read with the standard library alone, without creating or changing anything.

    All zero when there is no database yet, or one that holds no practice. Raises StoreError when it cannot be read.
    """
    if not home.database.exists():
        return Counts()
    with explained(home), closing(read_only(home.database)) as connection:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > len(MIGRATIONS):
            raise newer(home, found=version, known=len(MIGRATIONS))
        return counts(connection, now) if version else Counts()
