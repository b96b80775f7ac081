"""Owns the learner's record: every figure of progress, counted once for all who show it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from tutor.domain.content import Library
from tutor.domain.settings import Settings
from tutor.store.counts import Counts
from tutor.store.days import day_start
from tutor.study.agreement import GraderRecord, agreement
from tutor.study.calendar import Week, calendar
from tutor.study.progress import ChapterStanding, WeakPoint, chapter_standing, forecast, weakest_points
from tutor.study.readiness import Standing, section_standings
from tutor.study.retention import Retention, measured_retention

if TYPE_CHECKING:
    from tutor.store.store import Store

AHEAD = 14
"""Days of the forecast, today included."""


@dataclass(frozen=True, slots=True)
class Record:
    """How far the learner has come."""

    counts: Counts
    streak: int
    """Days in a row."""
    weeks: tuple[Week, ...]
    retention: Retention
    forecast: tuple[tuple[date, int], ...]
    """Questions that fall due on each of the coming days, today first with what is overdue."""
    sections: tuple[Standing, ...]
    """Readiness on the interview's day, else a week ahead."""
    chapters: tuple[ChapterStanding, ...]
    missed: tuple[WeakPoint, ...]
    """The points missed most often, the most often missed first."""
    graders: tuple[GraderRecord, ...]
    """Each engine, as the learner found it."""


def asked_for(settings: Settings) -> datetime | None:
    """The moment readiness is asked for: the beginning of the interview's day; None for a week ahead of now."""
    return day_start(date.fromisoformat(settings.interview_date)) if settings.interview_date else None


def make_record(library: Library, store: "Store", settings: Settings, now: datetime) -> Record:
    """Count everything. The newest 500 answers say what is missed and how the graders fared. Raises StoreError."""
    memories, reviews = store.memories(), store.reviews()
    return Record(
        counts=store.counts(now),
        streak=store.streak(now),
        weeks=calendar(reviews, now),
        retention=measured_retention(reviews, now, wanted=settings.retention),
        forecast=tuple(forecast(memories.values(), now, AHEAD)),
        sections=tuple(section_standings(library, memories, now, at=asked_for(settings))),
        chapters=tuple(chapter_standing(library, memories, store.read_chapters(), now)),
        missed=tuple(weakest_points(store.latest_grades())),
        graders=tuple(agreement(store.graded())),
    )
