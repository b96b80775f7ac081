"""Owns the counting behind the first screen: asks the store and the library, and says it in one noun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tutor.domain.errors import NotFound
from tutor.store.days import day_of, is_due

if TYPE_CHECKING:
    from tutor.domain.content import Chapter
    from tutor.study.plan import Plan
    from tutor.study.progress import WeakPoint
    from tutor.workspace import Workspace


WEAKEST = 2
"""Weak points named on the first screen; more would be a reproach."""


@dataclass(frozen=True, slots=True)
class TodayFacts:
    """What the first screen says."""

    due: int
    new: int
    """New questions that today's quiz would bring."""
    reviews_today: int
    streak: int
    """Days in a row."""
    first_run: bool
    """Nothing has been read or answered yet."""
    reading: tuple[Chapter, str] | None
    """The chapter last opened, and the heading one was at."""
    next_due: datetime | None
    """When something is due again, while nothing is now."""
    week: tuple[tuple[str, bool], ...]
    """The last seven days, oldest first: initial, and whether anything was practised."""
    plan: Plan | None = None
    """The way to the interview; None without a date."""
    weakest: tuple[WeakPoint, ...] = ()
    """Key points missed again and again, the most often missed first."""
    unrated: int = 0
    """Graded answers of a quiz that was left before they were rated; the next quiz begins with them."""
    left: str = ""
    """An interview that was left and can be gone on with, in words; empty when there is none."""


def today_facts(workspace: Workspace) -> TodayFacts:
    """Count. Main thread only, because the store is."""
    now, store = workspace.now(), workspace.store
    counts = store.counts(now)
    memories = store.memories()
    today = day_of(now)
    reviews = store.reviews()
    unseen = sum(question.id not in memories for question in workspace.library.questions())
    practised = {day_of(review.at) for review in reviews}
    week = [today - timedelta(days=n) for n in range(6, -1, -1)]
    return TodayFacts(
        due=counts.due,
        new=max(0, min(unseen, workspace.settings.new_per_day - counts.new_today)),
        reviews_today=counts.reviews_today,
        streak=store.streak(now),
        first_run=not (reviews or store.read_chapters() or store.last_opened() or store.attempts(limit=1)),
        reading=_reading(workspace),
        next_due=min((memory.due for memory in memories.values()), default=None),
        week=tuple((day.strftime("%a")[0], day in practised) for day in week),
        plan=workspace.plan(),
        weakest=_weakest(workspace),
        unrated=len(workspace.unrated()),
        left=_left(workspace),
    )


def _weakest(workspace: Workspace) -> tuple[WeakPoint, ...]:
    from tutor.study.progress import weakest_points

    missed = weakest_points(workspace.store.latest_grades(), WEAKEST)
    return tuple(point for point in missed if point.missed > 1)


def _left(workspace: Workspace) -> str:
    from tutor.study.rounds import format_of

    agenda = workspace.store.open_interview()
    if agenda is None:
        return ""
    number, count = workspace.interview(agenda).number
    return f"{format_of(agenda.round).title}, question {max(1, number)} of {count}"


def _reading(workspace: Workspace) -> tuple[Chapter, str] | None:
    opened = workspace.store.last_opened()
    if opened is None:
        return None
    try:
        chapter = workspace.chapter(opened[0])
    except NotFound:
        return None
    headings = [section.heading for section in chapter.sections if section.heading and section.line <= opened[1]]
    return chapter, headings[-1] if headings else ""


@dataclass(frozen=True, slots=True)
class ChapterState:
    """How far one is with a chapter, as it is shown."""

    sign: str
    word: str
    style: str
    due: int


def chapter_states(workspace: Workspace) -> dict[str, ChapterState]:
    """The state of every chapter by id. Main thread only."""
    memories, read, now = workspace.store.memories(), workspace.store.read_chapters(), workspace.now()
    states = {}
    for chapter in workspace.library.chapters():
        known = [memories[q.id] for q in chapter.questions if q.id in memories]
        due = sum(is_due(memory, now) for memory in known)
        states[chapter.id] = _state(len(known), len(chapter.questions), due, read=chapter.id in read)
    return states


def _state(answered: int, questions: int, due: int, *, read: bool) -> ChapterState:
    if not answered:
        return ChapterState("◔", "read", "$text-primary", due) if read else ChapterState("○", "new", "$text-muted", due)
    if answered < questions:
        return ChapterState("◑", f"{answered} of {questions}", "$text-primary", due)
    if due:
        return ChapterState("◕", "to refresh", "$text-warning", due)
    return ChapterState("●", "in memory", "$text-success", due)
