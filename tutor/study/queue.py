"""Owns what is asked in a sitting, and in which order."""

import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from tutor.domain.content import Chapter, KeyQuestion, Library
from tutor.domain.review import Memory
from tutor.store.days import is_due

UNRATED_FOR = timedelta(days=2)
"""How long a graded answer waits for its rating; later one hardly knows how well one knew it, and is asked anew."""

_WEIGHTS = {"high": 1.5, "medium": 1.0, "low": 0.67}
"""How much a chapter's weight counts against being overdue."""


def build_queue(
    library: Library,
    memories: Mapping[str, Memory],
    now: datetime,
    *,
    new_limit: int,
    rng: random.Random,
    chapter_id: str | None = None,
) -> list[KeyQuestion]:
    """Due questions first, then at most `new_limit` new ones; within each, neighbours from different chapters.

    Due ones go by their `ripeness` times their chapter's weight, equals by chance.
    New ones go by weight, then in reading order. A named chapter is asked whole: due, all new, then the rest, soonest
    due first.
    """
    chapters = [chapter for chapter in library.chapters() if chapter_id in (None, chapter.id)]
    weights = {question.id: _weight(chapter) for chapter in chapters for question in chapter.questions}
    questions = [question for chapter in chapters for question in chapter.questions]
    seen = [question for question in questions if question.id in memories]
    due = [question for question in seen if is_due(memories[question.id], now)]
    rng.shuffle(due)
    due.sort(key=lambda question: -ripeness(memories[question.id], now) * weights[question.id])
    new = _new_questions(chapters, memories)
    if chapter_id is None:
        return interleaved(due) + interleaved(new[: max(0, new_limit)])
    asked = {question.id for question in due}
    rest = sorted((q for q in seen if q.id not in asked), key=lambda question: memories[question.id].due)
    return due + new + rest


def ripeness(memory: Memory, now: datetime) -> float:
    """Time since the last review in lengths of the interval it gave: 1 when it falls due, more when overdue."""
    interval = max((memory.due - memory.last_review).total_seconds(), 60.0)
    return (now - memory.last_review).total_seconds() / interval


def interleaved(questions: Iterable[KeyQuestion]) -> list[KeyQuestion]:
    """The same questions, each time the first whose chapter differs from the one just asked, if there is one."""
    waiting = list(questions)
    ordered: list[KeyQuestion] = []
    while waiting:
        last = ordered[-1].chapter_id if ordered else None
        chosen = next((question for question in waiting if question.chapter_id != last), waiting[0])
        waiting.remove(chosen)
        ordered.append(chosen)
    return ordered


def _weight(chapter: Chapter) -> float:
    return _WEIGHTS.get(chapter.weight, 1.0)


def _new_questions(chapters: Iterable[Chapter], memories: Mapping[str, Memory]) -> list[KeyQuestion]:
    by_weight = sorted(chapters, key=_weight, reverse=True)
    return [question for chapter in by_weight for question in chapter.questions if question.id not in memories]
