"""The way to the interview: what fits into today, where the pace leads, and how ready one is, said honestly."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.doubles.grades import chapter, library
from tutor.domain.content import BodySection, Chapter, Library, StudyPath
from tutor.domain.errors import TutorError
from tutor.domain.interview import Round
from tutor.domain.review import Memory, Rating
from tutor.study.dates import parse_day
from tutor.study.plan import GOOD_INTERVALS, Plan, make_plan, plan_words, today_words
from tutor.study.progress import Readiness
from tutor.study.readiness import group_standing, section_standings, standing_words
from tutor.study.schedule import next_memory

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date()


def long_chapter(name: str, questions: int, *, weight: str = "high", words: int = 1600) -> Chapter:
    """A chapter of eight minutes' reading."""
    return replace(
        chapter(name, questions, weight=weight), sections=(BodySection("All", 2, ("All",), "word " * words, 1),)
    )


HEAVY = library(*(long_chapter(f"c{n}", 5) for n in range(8)), long_chapter("side", 5, weight="low"))


def plan(days: int, minutes: int, shelf: Library = HEAVY, **more: object) -> Plan:
    given = {"memories": {}, "read": (), **more}
    return make_plan(shelf, now=NOW, interview=TODAY + timedelta(days=days), minutes=minutes, **given)  # type: ignore


def rated(name: str, *ratings: Rating, start: datetime = NOW - timedelta(days=30)) -> Memory:
    memory, at = None, start
    for rating in ratings:
        memory = next_memory(memory, name, rating, at)
        at = memory.due
    assert memory is not None
    return memory


def test_today_holds_what_fits_into_the_minutes() -> None:
    found = plan(10, 30)
    assert (found.due, found.new, [c.slug for c in found.read]) == (0, 5, ["c0"])
    assert today_words(found) == "5 new · read C0"
    assert plan(10, 30, read=("rag/c0", "rag/c1")).new == 7


def test_what_is_due_comes_first_and_is_said_to_overflow() -> None:
    memories = {f"rag/c{n}#q{q}": rated(f"rag/c{n}#q{q}", Rating.GOOD) for n in range(4) for q in range(1, 6)}
    found = plan(10, 30, memories=memories)
    assert (found.due, found.fits, found.new) == (20, 15, 0)
    assert today_words(found) == "15 of 20 due"


def test_minutes_spent_today_are_gone() -> None:
    assert plan(10, 30, spent=28.0).new == 0
    assert today_words(plan(10, 30, spent=28.0)) == "nothing left to do today"
    assert plan(10, 30, spent=28.0).reached < plan(10, 30).reached


@pytest.mark.parametrize(
    ("days", "minutes", "words"),
    [
        (30, 30, "At 30 minutes a day you will have practised all 40 high-weight questions."),
        (6, 30, "At 30 minutes a day you reach 24 of 40 high-weight questions; 50 minutes a day would reach them all."),
        (1, 30, "At 30 minutes a day you reach 5 of 40 high-weight questions; 225 minutes a day would reach them all."),
        (0, 30, "The interview is today. Warm up with a few questions you know; nothing new. Good luck."),
        (-1, 30, "The interview date is past. Set the next one, or take it out."),
    ],
    ids=["enough", "too little", "tomorrow", "today", "past"],
)
def test_where_the_pace_leads(days: int, minutes: int, words: str) -> None:
    assert plan_words(plan(days, minutes)) == words


def test_what_no_pace_reaches_is_said() -> None:
    shelf = library(*(long_chapter(f"c{n}", 5) for n in range(12)))
    assert plan_words(plan(1, 60, shelf)).endswith("and no pace would reach them all. The heaviest come first.")


def test_the_promise_of_needed_minutes_holds() -> None:
    needed = plan(6, 30).needed
    assert needed is not None
    assert plan(6, needed).reached == 40 > plan(6, needed - 5).reached


def test_more_minutes_never_reach_less() -> None:
    reached = [plan(5, minutes).reached for minutes in range(5, 200, 5)]
    assert reached == sorted(reached) and reached[0] > 0


def test_only_the_rounds_ahead_are_planned_for() -> None:
    (track,) = HEAVY.tracks
    paths = (StudyPath("coding", "", "", ("rag/side",)),)
    found = plan(30, 30, Library((replace(track, paths=paths),)), rounds=[Round.CODING])
    assert (found.wanted, found.high, found.reached) == (5, False, 5)
    assert "5 questions" in plan_words(found)


def test_the_intervals_of_the_forecast_are_those_of_the_schedule() -> None:
    memory, at, spans = None, NOW, []
    for _ in GOOD_INTERVALS:
        memory = next_memory(memory, "q", Rating.GOOD, at)
        spans.append((memory.due - at).days)
        at = memory.due
    assert tuple(spans) == GOOD_INTERVALS


def test_readiness_is_only_said_of_what_was_practised_enough() -> None:
    shelf = library(chapter("basics", 4))
    questions = list(shelf.questions())
    assert group_standing("all", "All", questions, {}, NOW).readiness is Readiness.NOT_STARTED
    one = {questions[0].id: rated(questions[0].id, Rating.GOOD)}
    few = group_standing("all", "All", questions, one, NOW)
    assert (few.readiness, few.recall) == (Readiness.TOO_FEW, None)
    assert standing_words(few) == "1 of 4 practised, too few to say"
    known = {q.id: rated(q.id, *[Rating.GOOD] * 4, start=NOW - timedelta(days=60)) for q in questions}
    ready = group_standing("all", "All", questions, known, NOW)
    assert ready.readiness is Readiness.READY and ready.recall is not None and ready.recall > 0.9
    late = group_standing("all", "All", questions, known, NOW, at=NOW + timedelta(days=600))
    assert late.recall is not None and late.recall < ready.recall
    assert [standing.title for standing in section_standings(shelf, known, NOW)] == ["All"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-05", date(2026, 12, 5)),
        ("5 Dec", date(2026, 12, 5)),
        ("5. December 2027", date(2027, 12, 5)),
        ("3 Jan", date(2027, 1, 3)),
        ("in 12 days", date(2026, 12, 4)),
        ("in 2 weeks", date(2026, 12, 6)),
        ("in a week", date(2026, 11, 29)),
        (" 1 ", date(2026, 11, 23)),
        ("Tomorrow", date(2026, 11, 23)),
        ("today", TODAY),
        ("", None),
    ],
)
def test_a_day_can_be_said_in_many_ways(text: str, day: date | None) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("soon", "is no day"),
        ("a", "is no day"),
        ("31 Feb", "is no day"),
        ("2026-11-21", "is past"),
        ("in 9999 days", "too far ahead"),
    ],
)
def test_what_is_no_day_to_come_is_refused_with_the_way_to_say_one(text: str, sentence: str) -> None:
    with pytest.raises(TutorError, match=sentence):
        parse_day(text, TODAY)
