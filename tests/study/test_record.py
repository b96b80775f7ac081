"""The calendar and the retention: what they count, and when they keep silent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tutor.domain.review import Rating, RatingSource, Review
from tutor.study.calendar import Day, calendar
from tutor.study.retention import LEAST, Retention, measured_retention, retention_words
from tutor.study.schedule import next_memory

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AGAIN, HARD, GOOD, EASY = Rating


def review(question: str, rating: Rating, at: datetime) -> Review:
    return Review(f"{question}-{at.isoformat()}", question, rating, at, RatingSource.LEARNER)


def came_back(question: str, rating: Rating, *, early: bool = False) -> list[Review]:
    """A question answered well once, and again on the day it was due, or the day before."""
    begun = NOW - timedelta(days=20)
    due = next_memory(None, question, GOOD, begun).due
    return [review(question, GOOD, begun), review(question, rating, due - timedelta(days=early))]


def test_only_a_due_answer_of_the_last_days_counts() -> None:
    first = [review("new", GOOD, NOW)]
    old = [review("old", GOOD, NOW - timedelta(days=90)), review("old", AGAIN, NOW - timedelta(days=60))]
    early = came_back("early", AGAIN, early=True)
    assert measured_retention([*old, *early, *first], NOW, wanted=0.9) == Retention(0, 0)
    assert measured_retention(came_back("a", HARD), NOW, wanted=0.9) == Retention(1, 1)


def test_a_lapse_counts_once_however_often_it_is_repaired_that_day() -> None:
    begun, missed = came_back("a", AGAIN)
    repaired = [review("a", GOOD, missed.at + timedelta(minutes=m)) for m in (11, 25)]
    assert measured_retention([begun, missed, *repaired], NOW, wanted=0.9) == Retention(0, 1)


@pytest.mark.parametrize(
    ("retention", "words"),
    [
        (Retention(LEAST - 1, LEAST - 1), f"too few attempts ({LEAST - 1} of {LEAST})"),
        (Retention(0, 0), f"too few attempts (0 of {LEAST})"),
        (Retention(18, LEAST), f"90% recalled, 18 of {LEAST}"),
    ],
    ids=["one short", "none", "enough"],
)
def test_a_share_of_few_is_not_said(retention: Retention, words: str) -> None:
    assert retention_words(retention) == words


def test_the_calendar_ends_today_and_begins_on_a_monday() -> None:
    reviews = [review(f"q{n}", GOOD, NOW - timedelta(days=2)) for n in range(4)]
    weeks = calendar(reviews, NOW - timedelta(days=1), weeks=3)
    assert [len(week) for week in weeks] == [7, 7, 6]
    assert all(week[0].day.weekday() == 0 for week in weeks)
    assert weeks[-1][-1] == Day(date(2026, 11, 21), 0)
    assert weeks[-1][-2] == Day(date(2026, 11, 20), 4)


@pytest.mark.parametrize(("reviews", "density"), [(0, 0), (1, 1), (3, 1), (4, 2), (8, 3), (15, 3), (16, 4), (99, 4)])
def test_a_day_is_the_denser_the_more_was_answered(reviews: int, density: int) -> None:
    assert Day(NOW.date(), reviews).density == density
