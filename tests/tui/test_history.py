"""History: every answer found again, looked at with its grades, judged, graded once more; the schedule stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tui.driving import Driver, driven
from tests.tui.fakes import CHOOSE, DEFINITION, DIFFERENCE, GOOD_GRADE, NOT_GRADED, FakeWorkspace
from tutor.domain.content import Library
from tutor.domain.grade import Outcome, PointStatus
from tutor.domain.review import Attempt, Rating
from tutor.store.decision import standing
from tutor.study.followups import asked_as
from tutor.tui.screens.history import History
from tutor.tui.screens.past_answer import PastAnswerPage


def answered(workspace: FakeWorkspace) -> tuple[Attempt, Attempt]:
    """One answer graded and rated, a newer one that no engine could grade."""
    session = workspace.practice([DIFFERENCE.id, CHOOSE.id])
    first = session.submit("rag looks things up, tuning trains")
    session.record(first.id, GOOD_GRADE)
    session.rate(Rating.GOOD)
    session.advance()
    second = session.submit("when knowledge changes")
    session.record(second.id, NOT_GRADED)
    session.rate(Rating.HARD)
    session.advance()
    return first, second


async def history(tutor: Driver) -> None:
    await tutor.press("H")
    await tutor.until(lambda: isinstance(tutor.app.screen, History) and "Enter Open" in tutor.text)


async def opened(tutor: Driver) -> PastAnswerPage:
    await tutor.press("enter")
    await tutor.until(lambda: isinstance(tutor.app.screen, PastAnswerPage) and bool(tutor.app.screen.query("#result")))
    assert isinstance(tutor.app.screen, PastAnswerPage)
    return tutor.app.screen


async def test_every_answer_is_listed_newest_first_and_the_chosen_one_told(workspace: FakeWorkspace) -> None:
    answered(workspace)
    async with driven(workspace) as tutor:
        await history(tutor)
        rows = [line for line in tutor.lines if "22 Nov" in line]
        assert "not graded" in rows[0] and CHOOSE.text in rows[0]
        assert "good" in rows[1] and DIFFERENCE.text[:30] in rows[1]
        await tutor.sees("1 grade by Ollama · llama3.2:3b · rated hard", "“when knowledge changes”")
        await tutor.press("j")
        await tutor.sees("RAG vs Fine-tuning · 1 grade by local engine · rated good")


async def test_without_an_answer_the_next_key_is_named(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await history(tutor)
        await tutor.sees("No answer yet. q starts today's quiz.")
        await tutor.press("enter", "q")
        await tutor.sees("1 of 3", "Submit")


async def test_an_old_grade_is_looked_at_and_nothing_rates_it(workspace: FakeWorkspace) -> None:
    first, _ = answered(workspace)
    memory, reviews = workspace.store.memory(DIFFERENCE.id), workspace.store.reviews()
    async with driven(workspace) as tutor:
        await history(tutor)
        await tutor.press("j")
        screen = await opened(tutor)
        await tutor.sees("rated good", DIFFERENCE.text, "Good 1–2 of 3 points", "R Other engine")
        assert "1 Again" not in tutor.text
        await tutor.press("1", "3", "space", "s", "left", "f9")
        assert screen is tutor.app.screen
        await tutor.press("escape")
        await tutor.until(lambda: isinstance(tutor.app.screen, History))
        await tutor.sees("rated good")
    assert (workspace.store.memory(DIFFERENCE.id), workspace.store.reviews()) == (memory, reviews)
    assert len(workspace.store.kept_grades(first.id)) == 1


async def test_an_old_grade_is_judged_voided_and_taken_back(workspace: FakeWorkspace) -> None:
    first, _ = answered(workspace)
    memory = workspace.store.memory(DIFFERENCE.id)

    def seen() -> tuple[Outcome, PointStatus]:
        kept = standing(workspace.store.kept_grades(first.id))
        assert kept is not None
        return kept.seen.outcome, kept.seen.points[2].status

    async with driven(workspace) as tutor:
        await history(tutor)
        await tutor.press("j")
        await opened(tutor)
        await tutor.sees("R Other engine")
        await tutor.press("n", "n", "n", "o")
        await tutor.until(lambda: seen()[1] is PointStatus.COVERED)
        await tutor.press("x")
        await tutor.until(lambda: seen()[0] is Outcome.NOT_GRADED)
        await tutor.press("u")
        await tutor.until(lambda: seen() == (Outcome.GRADED, PointStatus.COVERED))
        await tutor.press("u")
        await tutor.until(lambda: seen() == (Outcome.GRADED, PointStatus.MISSING))
        await tutor.press("u")
        assert seen() == (Outcome.GRADED, PointStatus.MISSING)
    assert workspace.store.memory(DIFFERENCE.id) == memory


async def test_an_old_answer_is_graded_by_the_other_engine_and_the_list_says_so(workspace: FakeWorkspace) -> None:
    _, second = answered(workspace)
    workspace.script.grade = replace(GOOD_GRADE, points=GOOD_GRADE.points[:1])
    async with driven(workspace) as tutor:
        await history(tutor)
        await opened(tutor)
        await tutor.sees("Not graded", "R Other engine")
        await tutor.press("R")
        await tutor.sees("Strong")
        await tutor.press("escape")
        await tutor.sees("2 grades by Ollama · llama3.2:3b, local engine", "strong")
    assert len(workspace.store.kept_grades(second.id)) == 2


async def test_answers_are_found_by_their_words_and_by_the_questions(workspace: FakeWorkspace) -> None:
    answered(workspace)
    async with driven(workspace) as tutor:
        await history(tutor)
        await tutor.press("f")
        await tutor.type("looks up")
        await tutor.until(lambda: CHOOSE.text not in tutor.text)
        await tutor.press("enter", "enter")
        await tutor.sees(DIFFERENCE.text, "R Other engine")
        await tutor.press("escape")
        await tutor.until(lambda: isinstance(tutor.app.screen, History))
        await tutor.press("escape")
        await tutor.sees(CHOOSE.text)
        await tutor.press("f")
        await tutor.type("nowhere")
        await tutor.sees("No answer has these words. Esc shows all.")


async def test_an_answer_whose_question_is_gone_stays_listed(workspace: FakeWorkspace) -> None:
    answered(workspace)
    workspace.shelf = Library(())
    async with driven(workspace) as tutor:
        await history(tutor)
        await tutor.sees("no longer in the chapters: rag/rag-vs")
        await tutor.press("enter")
        await tutor.sees("The question of this answer is no")


def test_a_follow_up_is_judged_as_it_was_put(workspace: FakeWorkspace) -> None:
    from tutor.domain.interview import Round

    agenda = workspace.store.begin_interview(Round.SCREENING, [DIFFERENCE], minutes=10, seed=1, engine="local")
    put = workspace.store.put_question(agenda.id, DIFFERENCE.id, DIFFERENCE.text)
    workspace.store.reply(put, DIFFERENCE, "first", seconds=1, spent=1)
    more = workspace.store.put_question(
        agenda.id, DIFFERENCE.id, "What about it?", follows=put.id, probes=("training",)
    )
    workspace.store.reply(more, DIFFERENCE, "then", seconds=1, spent=2)
    follow, first = workspace.past_answers()
    assert first.question == DIFFERENCE
    assert follow.question == asked_as(DIFFERENCE, "What about it?", ("training",))
    assert (first.revised, follow.revised) == (False, False)


def test_a_revised_question_is_said(workspace: FakeWorkspace) -> None:
    workspace.store.add_attempt(replace(DEFINITION, reference="It was another one."), "words")
    (past,) = workspace.past_answers()
    assert past.revised
    assert past.grade is None


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=str)
async def test_the_list_fits(workspace: FakeWorkspace, size: tuple[int, int]) -> None:
    answered(workspace)
    async with driven(workspace, size) as tutor:
        await history(tutor)
        assert all(len(line) <= size[0] for line in tutor.lines)
        assert sum("22 Nov" in line for line in tutor.lines) == 2
