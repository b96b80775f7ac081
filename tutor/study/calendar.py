"""Owns the calendar of practice: how many answers each day saw, in whole weeks from Monday to Sunday."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tutor.domain.review import Review
from tutor.store.days import day_of

WEEKS = 26
"""Half a year: long enough to see a habit, short enough to see each day."""

STEPS = (1, 4, 8, 16)
"""Answers from which a day is one step denser; about a few minutes, a short sitting, a sitting, a long one."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar."""

    day: date
    reviews: int
    """Questions rated."""

    @property
    def density(self) -> int:
        """0..4: how many of `STEPS` it reached."""
        return sum(self.reviews >= step for step in STEPS)


Week = tuple[Day, ...]
"""Monday first; the present week ends today."""


def calendar(reviews: Iterable[Review], now: datetime, weeks: int = WEEKS) -> tuple[Week, ...]:
    """The last so many weeks, the present one last."""
    counts = Counter(day_of(review.at) for review in reviews)
    today = day_of(now)
    monday = today - timedelta(days=today.weekday() + 7 * (weeks - 1))
    starts = (monday + timedelta(weeks=week) for week in range(weeks))
    return tuple(
        tuple(Day(day, counts[day]) for n in range(7) if (day := start + timedelta(days=n)) <= today)
        for start in starts
    )
