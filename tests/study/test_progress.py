"""How far the learner has come, said honestly."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.doubles.grades import COVERED, FAILED, MISSING, PARTIAL, chapter, grade, library
from tutor.domain.grade import Grade, Outcome, PointStatus
from tutor.domain.review import Attempt, Memory, Rating
from tutor.study.progress import Readiness, WeakPoint, chapter_standing, forecast, weakest_points
from tutor.study.schedule import next_memory

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AGAIN, HARD, GOOD, EASY = Rating


def after(question_id: str, ratings: list[Rating]) -> Memory:
    """The memory after ratings given each when due, the last of them now."""
    memory = None
    at = NOW
    for _ in range(2):  # once to learn how long it takes, once to end now
        memory, moment = None, at
        for rating in ratings:
            moment = memory.due if memory else moment
            memory = next_memory(memory, question_id, rating, moment)
        at -= moment - NOW
    assert memory is not None
    return memory


@pytest.mark.parametrize(
    ("histories", "expected"),
    [
        ([], Readiness.NOT_STARTED),
        ([[EASY]], Readiness.TOO_FEW),
        ([[EASY], [EASY]], Readiness.NEARLY),
        ([[EASY]] * 4, Readiness.READY),
        ([[GOOD], [GOOD], [GOOD], [GOOD]], Readiness.NEARLY),
        ([[GOOD, GOOD]] * 4, Readiness.READY),
        ([[AGAIN], [AGAIN], [GOOD]], Readiness.SHAKY),
        ([[GOOD, GOOD, AGAIN]] * 4, Readiness.SHAKY),
    ],
    ids=[
        "nothing rated",
        "one of four rated",
        "half rated, easily",
        "all easy",
        "all good once",
        "all good twice",
        "mostly failed",
        "forgotten again",
    ],
)
def test_readiness_says_no_more_than_the_reviews_show(histories: list[list[Rating]], expected: Readiness) -> None:
    memories = {
        f"rag/a#q{number}": after(f"rag/a#q{number}", ratings) for number, ratings in enumerate(histories, start=1)
    }
    (standing,) = chapter_standing(library(chapter("a", 4)), memories, [], NOW)
    assert standing.readiness is expected
    assert (standing.seen, standing.total) == (len(histories), 4)


def test_recall_is_of_the_seen_questions_and_fades() -> None:
    shelf = library(chapter("a", 2), chapter("b", 1), chapter("c", 0))
    memories = {"rag/a#q1": after("rag/a#q1", [EASY]), "rag/gone#q": after("rag/gone#q", [EASY])}
    first, second, empty = chapter_standing(shelf, memories, {"rag/b"}, NOW + timedelta(days=8))
    assert (first.chapter_id, first.title, first.read, second.read) == ("rag/a", "A", False, True)
    assert first.recall == pytest.approx(0.9, abs=0.005)
    assert (second.recall, second.readiness) == (None, Readiness.NOT_STARTED)
    assert (empty.seen, empty.total, empty.readiness) == (0, 0, Readiness.NOT_STARTED)


def attempted(question_id: str, given: Grade) -> tuple[Attempt, Grade]:
    return Attempt("id", question_id, "x", NOW, "rev"), given


def test_the_points_missed_most_come_first() -> None:
    history = [
        attempted("one", grade(COVERED, MISSING, MISSING)),
        attempted("one", grade(PARTIAL, PointStatus.CONTRADICTED, COVERED)),
        attempted("one", grade(COVERED, PointStatus.UNSURE, COVERED)),
        attempted("two", grade(MISSING)),
        attempted("two", FAILED),
        attempted("two", replace(grade(MISSING, MISSING), outcome=Outcome.NOT_GRADED)),
    ]
    assert weakest_points(history) == [
        WeakPoint("one", "second", "Point second.", 2, 2),
        WeakPoint("two", "first", "Point first.", 1, 1),
        WeakPoint("one", "third", "Point third.", 1, 3),
    ]
    assert len(weakest_points(history, limit=1)) == 1
    assert weakest_points([]) == []


def test_the_forecast_counts_what_is_overdue_today() -> None:
    days = (-9, 0, 0.4, 1, 6, 7)
    memories = [Memory("q", 1.0, 5.0, NOW + timedelta(days=ahead), NOW, "review") for ahead in days]
    shown = forecast(memories, NOW)
    assert [count for _, count in shown] == [3, 1, 0, 0, 0, 0, 1]
    assert (shown[0][0], shown[-1][0]) == (date(2026, 11, 22), date(2026, 11, 28))
