"""What is asked, and in which order."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from tests.doubles.grades import chapter, library
from tutor.domain.content import Library
from tutor.domain.review import Memory
from tutor.study.queue import build_queue, interleaved, ripeness

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def remembered(question_id: str, *, ago: float, due_in: float, state: str = "review") -> Memory:
    """Reviewed `ago` days ago, due in so many days from now."""
    days = timedelta(days=1)
    return Memory(question_id, 1.0, 5.0, NOW + due_in * days, NOW - ago * days, state, None, 1, 0)


def asked(shelf: Library, *memories: Memory, new: int = 8, seed: int = 1, only: str | None = None) -> list[str]:
    known = {memory.question_id: memory for memory in memories}
    queue = build_queue(shelf, known, NOW, new_limit=new, rng=random.Random(seed), chapter_id=only)
    return [question.id.removeprefix("rag/") for question in queue]


def test_due_questions_come_before_new_ones() -> None:
    shelf = library(chapter("a", 2), chapter("b", 1))
    late = remembered("rag/b#q1", ago=3, due_in=-1)
    assert asked(shelf, late) == ["b#q1", "a#q1", "a#q2"]


def test_what_is_not_due_and_what_left_the_library_is_not_asked() -> None:
    shelf = library(chapter("a", 2))
    later = remembered("rag/a#q1", ago=1, due_in=2)
    gone = remembered("rag/gone#q1", ago=9, due_in=-5)
    assert asked(shelf, later, gone) == ["a#q2"]


def test_a_question_due_later_today_is_asked_this_morning() -> None:
    shelf = library(chapter("a", 1))
    assert asked(shelf, remembered("rag/a#q1", ago=1, due_in=0.4)) == ["a#q1"]
    assert asked(shelf, remembered("rag/a#q1", ago=0, due_in=0.01, state="learning")) == []


def test_the_more_overdue_comes_first_counted_in_intervals() -> None:
    shelf = library(chapter("a", 1), chapter("b", 1))
    a_day_late_after_one = remembered("rag/a#q1", ago=2, due_in=-1)
    two_days_late_after_fifty = remembered("rag/b#q1", ago=52, due_in=-2)
    assert asked(shelf, two_days_late_after_fifty, a_day_late_after_one) == ["a#q1", "b#q1"]


def test_weight_counts_among_due_and_among_new_questions() -> None:
    shelf = library(chapter("a", 1, weight="low"), chapter("b", 1), chapter("c", 1, weight="high"))
    assert asked(shelf) == ["c#q1", "b#q1", "a#q1"]
    assert asked(shelf, *(remembered(f"rag/{name}#q1", ago=2, due_in=-1) for name in "abc")) == ["c#q1", "b#q1", "a#q1"]


@pytest.mark.parametrize(("limit", "count"), [(0, 0), (3, 3), (-5, 0), (99, 6)])
def test_new_questions_are_limited_and_due_ones_are_not(limit: int, count: int) -> None:
    shelf = library(chapter("a", 3), chapter("b", 3), chapter("c", 2))
    due = [remembered(f"rag/c#q{number}", ago=2, due_in=-1) for number in (1, 2)]
    queue = asked(shelf, *due, new=limit)
    assert {name[0] for name in queue[:2]} == {"c"}
    assert len(queue) == 2 + count


def test_neighbours_come_from_different_chapters_while_there_are_any() -> None:
    shelf = library(chapter("a", 3), chapter("b", 2))
    assert asked(shelf) == ["a#q1", "b#q1", "a#q2", "b#q2", "a#q3"]
    due = [remembered(f"rag/{name}", ago=ago, due_in=-1) for name, ago in (("a#q1", 2), ("a#q2", 3), ("b#q1", 9))]
    assert asked(shelf, *due, new=0) == ["a#q1", "b#q1", "a#q2"]
    assert interleaved([]) == []


def test_equals_are_ordered_by_chance_and_chance_is_an_argument() -> None:
    shelf = library(chapter("a", 6))
    due = [remembered(f"rag/a#q{number}", ago=2, due_in=-1) for number in range(1, 7)]
    orders = [tuple(asked(shelf, *due, seed=seed)) for seed in range(8)]
    assert len(set(orders)) > 1
    assert orders[3] == tuple(asked(shelf, *due, seed=3))


def test_a_chapter_is_asked_whole() -> None:
    shelf = library(chapter("a", 4), chapter("b", 2))
    due = remembered("rag/a#q2", ago=3, due_in=-1)
    soon, later = remembered("rag/a#q4", ago=1, due_in=2), remembered("rag/a#q1", ago=1, due_in=5)
    assert asked(shelf, due, soon, later, new=0, only="rag/a") == ["a#q2", "a#q3", "a#q4", "a#q1"]


def test_ripeness_is_one_when_a_question_falls_due() -> None:
    assert ripeness(remembered("q", ago=2, due_in=0), NOW) == 1.0
    assert ripeness(remembered("q", ago=1, due_in=1), NOW) == 0.5
    assert ripeness(remembered("q", ago=0, due_in=0), NOW) == 0.0
