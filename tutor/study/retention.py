"""Owns how much of what came back was still known: the measured counterpart of the retention one wishes for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tutor.domain.review import Memory, Rating, Review
from tutor.store.days import day_of, is_due
from tutor.study.schedule import next_memory

DAYS = 30
"""Days looked back on, today included."""

LEAST = 20
"""Due answers below which a share says nothing: at 18 of 20 the 95 % interval is already 0.70 to 0.97 (Wilson)."""


@dataclass(frozen=True, slots=True)
class Retention:
    """What became of the questions that came back."""

    recalled: int
    """Rated hard, good or easy."""
    asked: int
    """Answers to a learned question on or after the day it was due, the first of each day."""

    @property
    def share(self) -> float | None:
        """0..1; None while too few were asked to say."""
        return self.recalled / self.asked if self.asked >= LEAST else None


def measured_retention(reviews: Iterable[Review], now: datetime, *, wanted: float, days: int = DAYS) -> Retention:
    """The share over the last days, from reviews that stand, oldest first.

    When each was due is replayed at the retention `wanted` now: after a change of that wish the past is read by the new
    one. What is asked ahead of its day, or again after a lapse on the same day, is no test of memory and not counted.
    """
    first = day_of(now) - timedelta(days=days - 1)
    memories: dict[str, Memory] = {}
    recalled = asked = 0
    for review in reviews:
        before = memories.get(review.question_id)
        if before is not None and before.state == "review" and is_due(before, review.at) and day_of(review.at) >= first:
            asked += 1
            recalled += review.rating is not Rating.AGAIN
        memories[review.question_id] = next_memory(
            before, review.question_id, review.rating, review.at, retention=wanted
        )
    return Retention(recalled, asked)


def retention_words(retention: Retention) -> str:
    """`91 % of 44 recalled`, or that it is too early to say."""
    if retention.share is None:
        return f"too few attempts ({retention.asked} of {LEAST})"
    return f"{retention.share:.0%} recalled, {retention.recalled} of {retention.asked}"
