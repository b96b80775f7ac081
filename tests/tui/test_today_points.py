"""What Today offers to act on: the weakest points, and answers that were graded and never rated."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.tui.driving import Driver, driven
from tests.tui.fakes import CHOOSE, DIFFERENCE, GOOD_GRADE, SHAPES, START, FakeWorkspace
from tutor.domain.grade import PointGrade, PointStatus
from tutor.domain.review import Rating
from tutor.tui.screens.quiz import Quiz
from tutor.tui.screens.reader import Reader

MISSED = replace(GOOD_GRADE, points=(PointGrade("behaviour", SHAPES, PointStatus.MISSING, 0.0),))


def missing(workspace: FakeWorkspace, times: int = 2) -> None:
    """A point that answers keep missing."""
    for _ in range(times):
        attempt = workspace.store.add_attempt(DIFFERENCE, "rag looks things up")
        workspace.store.add_grade(attempt.id, MISSED)


def left(workspace: FakeWorkspace) -> None:
    """A quiz that was left with a graded answer."""
    session = workspace.quiz(chapter=CHOOSE.chapter_id)
    while session.current != CHOOSE:
        session.skip()
    attempt = session.submit("rag looks things up")
    session.record(attempt.id, GOOD_GRADE)


async def quiz(tutor: Driver) -> Quiz:
    await tutor.until(lambda: isinstance(tutor.app.screen, Quiz) and tutor.app.screen.is_mounted)
    assert isinstance(tutor.app.screen, Quiz)
    return tutor.app.screen


async def test_a_number_opens_the_passage_of_a_weak_point(workspace: FakeWorkspace) -> None:
    missing(workspace)
    async with driven(workspace) as tutor:
        await tutor.sees(f"Weakest 1 {SHAPES}", "x practises")
        await tutor.press("1")
        await tutor.until(lambda: isinstance(tutor.app.screen, Reader))
        await tutor.sees("When fine-tuning helps more", SHAPES)


async def test_a_key_asks_the_questions_of_the_weak_points(workspace: FakeWorkspace) -> None:
    missing(workspace)
    async with driven(workspace) as tutor:
        await tutor.sees("Weakest 1")
        await tutor.press("x")
        screen = await quiz(tutor)
        await tutor.sees("1 of 1", DIFFERENCE.text)
        await tutor.type("rag")
        await tutor.press("ctrl+s")
        await tutor.sees("Enter Accept")
        await tutor.press("3")
        await tutor.until(lambda: screen.session.current is None)
    assert workspace.store.memory(DIFFERENCE.id) is not None


async def test_without_a_weak_point_its_keys_do_nothing(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (120, 40)) as tutor:
        await tutor.press("x", "1", "2")
        await tutor.sees("Start your first quiz")
        assert "Practise" not in tutor.lines[-1]


async def test_every_line_that_acts_takes_a_click_and_a_letter(workspace: FakeWorkspace) -> None:
    missing(workspace)
    async with driven(workspace) as tutor:
        await tutor.sees("Weakest 1")
        row = next(n for n, line in enumerate(tutor.lines) if "Start today's quiz" in line)
        await tutor.pilot.click(offset=(tutor.lines[row].index("Start"), row))
        await quiz(tutor)
        await tutor.press("escape", "escape")
        await tutor.sees("Weakest 1")
        await tutor.press("ctrl+o", "s")
        await tutor.until(lambda: isinstance(tutor.app.screen, Reader))


async def test_a_missed_point_is_practised_from_progress_too(workspace: FakeWorkspace) -> None:
    missing(workspace)
    async with driven(workspace) as tutor:
        await tutor.press("P")
        await tutor.sees("x Practise")
        await tutor.press("x")
        await quiz(tutor)
        await tutor.sees("1 of 1", DIFFERENCE.text)


async def test_a_graded_answer_that_was_left_is_rated_first(workspace: FakeWorkspace) -> None:
    left(workspace)
    async with driven(workspace) as tutor:
        await tutor.sees("A graded answer of yours waits for your rating: the quiz begins with it.")
        await tutor.press("enter")
        screen = await quiz(tutor)
        await tutor.sees("answered earlier, not rated yet", CHOOSE.text, "Enter Accept")
        assert screen.session.position == (1, 3)
        await tutor.press("3")
        await tutor.sees("2 of 3", "Submit")
        assert screen.session.current not in (None, CHOOSE)
        await tutor.press("escape", "escape")
        await tutor.until(lambda: not isinstance(tutor.app.screen, Quiz))
        await tutor.until(lambda: tutor.app.today is not None and tutor.app.today.unrated == 0)
        assert "waits for your rating" not in tutor.text
    (review,) = workspace.store.reviews()
    assert (review.question_id, review.rating) == (CHOOSE.id, Rating.GOOD)


async def test_it_is_offered_although_nothing_else_is_due(workspace: FakeWorkspace) -> None:
    left(workspace)
    workspace.settings = replace(workspace.settings, new_per_day=0)
    async with driven(workspace) as tutor:
        await tutor.sees("Enter Rate what was graded")
        await tutor.press("enter")
        await tutor.sees("1 of 1", "answered earlier, not rated yet")


async def test_leaving_a_graded_answer_says_that_it_comes_again(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("enter")
        await tutor.sees("Submit")
        await tutor.type("rag")
        await tutor.press("ctrl+s")
        await tutor.sees("Enter Accept")
        await tutor.press("escape")
        await tutor.sees("Left unrated: the next quiz begins")
        await tutor.sees("A graded answer of yours waits for your rating")


@pytest.mark.parametrize("what", ["rated since", "answered since", "sitting over", "long ago", "crammed"])
def test_what_is_settled_is_not_offered(workspace: FakeWorkspace, what: str) -> None:
    if what == "crammed":
        session = workspace.cram()
        while session.current != CHOOSE:
            session.skip()
        session.record(session.submit("rag").id, GOOD_GRADE)
        assert workspace.unrated() == []
        return
    left(workspace)
    assert [attempt.question_id for attempt in workspace.unrated()] == [CHOOSE.id]
    if what == "rated since":
        session = workspace.practice([CHOOSE.id])
        session.reveal()
        session.rate(Rating.HARD)
    elif what == "answered since":
        workspace.store.add_attempt(CHOOSE, "once more")
    elif what == "sitting over":
        (attempt,) = workspace.unrated()
        workspace.store.end_session(attempt.session_id or "")
    else:
        workspace.time = START + timedelta(days=3)
    assert workspace.unrated() == []


def test_a_chapters_quiz_begins_only_with_its_own(workspace: FakeWorkspace) -> None:
    left(workspace)
    other = workspace.quiz(chapter="what-is-rag", left=workspace.unrated())
    assert other.attempt is None
    own = workspace.quiz(chapter=CHOOSE.chapter_id, left=workspace.unrated())
    assert own.current == CHOOSE
    assert own.attempt is not None
    assert own.grade == GOOD_GRADE
