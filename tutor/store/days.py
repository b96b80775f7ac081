"""Owns what a day is: the learner's calendar day, local midnight to local midnight, and when a memory is due in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.domain.review import Memory


def day_of(moment: datetime) -> date:
    """The learner's calendar day of an aware moment."""
    return moment.astimezone().date()


def day_start(day: date) -> datetime:
    """The local midnight that opens a day, in UTC."""
    return datetime.combine(day, time()).astimezone().astimezone(UTC)


def day_end(day: date) -> datetime:
    """The local midnight that closes a day, in UTC."""
    return day_start(day + timedelta(days=1))


def is_due(memory: Memory, now: datetime) -> bool:
    """Whether a question should be asked again.

    In review, intervals are whole days: it is due all through its day, so that an evening's work is not withheld from
    the next morning but one. In learning, intervals are minutes: it is due from its minute on.
    """
    if memory.state == "review":
        return memory.due < day_end(day_of(now))
    return memory.due <= now
