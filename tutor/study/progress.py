"""Owns how far the learner has come: standing per chapter, the points they miss, and the days ahead."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import fmean

from tutor.domain.content import Chapter, Library
from tutor.domain.grade import Grade, PointStatus
from tutor.domain.review import Attempt, Memory
from tutor.store.days import day_of
from tutor.study.schedule import retrievability

HORIZON = timedelta(days=7)
"""Readiness asks what will be known this far ahead: right after a review everything looks known."""

READY = 0.85
"""Mean recall at the horizon from which a chapter is ready: about two good reviews of each question, days apart."""

NEARLY = 0.75
"""About one good review of each question."""


class Readiness(StrEnum):
    """A chapter's standing in words to show."""

    NOT_STARTED = "not started"
    TOO_FEW = "too few attempts"
    """Fewer than half of the questions rated: nothing honest can be said."""
    SHAKY = "shaky"
    NEARLY = "nearly ready"
    READY = "ready"
    """Every question rated, and recall at the horizon high."""


@dataclass(frozen=True, slots=True)
class ChapterStanding:
    """How one chapter stands."""

    chapter_id: str
    title: str
    read: bool
    """It was read to its end."""
    seen: int
    """Questions rated at least once."""
    total: int
    recall: float | None
    """Mean probability, 0..1, of recalling the seen questions now; None when none is seen."""
    readiness: Readiness


@dataclass(frozen=True, slots=True)
class WeakPoint:
    """A key point that answers keep missing."""

    question_id: str
    point_id: str
    text: str
    missed: int
    """Graded answers without it: missing or contradicted."""
    graded: int
    """Graded answers that were judged on it, unsure ones left out."""


def chapter_standing(
    library: Library, memories: Mapping[str, Memory], read: Iterable[str], now: datetime
) -> list[ChapterStanding]:
    """Every chapter in reading order. `read` are the ids of the chapters read to their end."""
    finished = frozenset(read)
    return [_standing(chapter, memories, chapter.id in finished, now) for chapter in library.chapters()]


def weakest_points(graded: Iterable[tuple[Attempt, Grade]], limit: int = 10) -> list[WeakPoint]:
    """The points missed most often, then by share; those never missed are left out.

    Takes what `Store.latest_grades` gives, newest first; a point is shown in its newest wording.
    """
    texts: dict[tuple[str, str], str] = {}
    missed: Counter[tuple[str, str]] = Counter()
    judged: Counter[tuple[str, str]] = Counter()
    for attempt, grade in graded:
        if grade.score is None:
            continue
        for point in grade.points:
            if point.status is PointStatus.UNSURE:
                continue
            key = attempt.question_id, point.id
            texts.setdefault(key, point.text)
            judged[key] += 1
            missed[key] += point.status in (PointStatus.MISSING, PointStatus.CONTRADICTED)
    found = [WeakPoint(*key, texts[key], missed[key], judged[key]) for key in texts if missed[key]]
    return sorted(found, key=lambda point: (-point.missed, -point.missed / point.graded))[:limit]


def forecast(memories: Iterable[Memory], now: datetime, days: int = 7) -> list[tuple[date, int]]:
    """How many questions fall due on each of the coming days, today first; what is overdue counts for today."""
    today = day_of(now)
    due = Counter(max(day_of(memory.due), today) for memory in memories)
    coming = (today + timedelta(days=ahead) for ahead in range(days))
    return [(day, due[day]) for day in coming]


def _standing(chapter: Chapter, memories: Mapping[str, Memory], read: bool, now: datetime) -> ChapterStanding:
    known = [memories[question.id] for question in chapter.questions if question.id in memories]
    total = len(chapter.questions)
    return ChapterStanding(
        chapter_id=chapter.id,
        title=chapter.title,
        read=read,
        seen=len(known),
        total=total,
        recall=fmean(retrievability(memory, now) for memory in known) if known else None,
        readiness=_readiness(known, total, now),
    )


def _readiness(known: list[Memory], total: int, now: datetime) -> Readiness:
    if not known:
        return Readiness.NOT_STARTED
    if 2 * len(known) < total:
        return Readiness.TOO_FEW
    # Outside review a question has not been recalled since it was last missed: it counts as not known.
    ahead = fmean(retrievability(memory, now + HORIZON) if memory.state == "review" else 0.0 for memory in known)
    if ahead >= READY and len(known) == total:
        return Readiness.READY
    return Readiness.NEARLY if ahead >= NEARLY else Readiness.SHAKY
