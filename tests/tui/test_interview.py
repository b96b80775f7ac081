"""A mock interview on the screen: the time is calm, nothing is lost, nothing is judged before the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.tui.driving import Driver, driven
from tests.tui.fakes import DEFINITION, DIFFERENCE, NOT_GRADED, SUPPLIES, FakeWorkspace
from tutor.domain.errors import StoreError
from tutor.domain.grade import Outcome, PointStatus
from tutor.store.store import Store
from tutor.tui.screens.interview import InterviewRoom
from tutor.tui.screens.interview_page import InterviewPage
from tutor.tui.widgets.answer_box import AnswerBox
from tutor.tui.widgets.document import Document
from tutor.workspace import EngineStatus


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests press keys faster than people."""
    monkeypatch.setattr(InterviewPage, "SETTLE", 0.0)


async def told(tutor: Driver, words: str) -> None:
    """Wait for a notice with these words; on the screen its lines stand between others."""
    await tutor.until(lambda: any(words in notice.message for notice in tutor.app._notifications))


async def lobby(tutor: Driver) -> None:
    await tutor.press("i")
    await tutor.sees("Screening", "25 min · 6 questions", "Definitions, comparisons", "Enter Begin")


async def asked(tutor: Driver) -> InterviewRoom:
    """The first question of a screening round."""
    await lobby(tutor)
    await tutor.press("enter")
    await tutor.sees("No feedback until the end", "Enter Begin")
    await tutor.press("enter")
    await tutor.sees("Question 1 of 2", DEFINITION.text, "^s Hand in")
    assert isinstance(tutor.app.screen, InterviewRoom)
    return tutor.app.screen


async def replied(tutor: Driver, text: str = "rag looks things up") -> None:
    await tutor.type(text)
    await tutor.press("ctrl+s")


async def finished(tutor: Driver) -> InterviewRoom:
    """A whole round: two questions, a follow-up to each."""
    room = await asked(tutor)
    await replied(tutor)
    await tutor.sees("Follow-up")
    await replied(tutor, "more")
    await tutor.sees("Question 2 of 2", DIFFERENCE.text)
    await replied(tutor)
    await tutor.sees("Follow-up What about fine-tuning?")
    await replied(tutor, "more")
    await tutor.sees("Hire", "62% of what was asked; 2 of 2 essential points.")
    return room


async def test_the_scorecard_does_not_repeat_that_no_server_runs(workspace: FakeWorkspace) -> None:
    detail = "Ollama is not running at 127.0.0.1:11434."
    workspace.engine = EngineStatus("local", detail)
    workspace.script.grade = replace(workspace.script.grade, reason=f"{detail} The local engine graded this.")
    async with driven(workspace, (80, 60)) as tutor:
        await finished(tutor)
        await tutor.sees("The local engine graded this.")
        assert detail not in tutor.text


async def test_a_round_ends_in_a_scorecard_with_evidence(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 60)) as tutor:
        await finished(tutor)
        await tutor.sees("What cost the most", "−12%", "What carried you", "Study next", "1. What is RAG")
        await tutor.press("G")
        await tutor.sees("✓ covered", SUPPLIES, "you said “rag looks things up”", "How the verdict is reached")
        assert workspace.store.memories() == {}


async def test_nothing_is_said_of_a_grade_before_the_end(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await asked(tutor)
        await replied(tutor)
        await tutor.sees("Follow-up")
        assert not any(word in tutor.text for word in ("Good", "covered", "missing", "points", "%"))
        await tutor.press("escape")
        await tutor.sees("Go on: Screening question 1 of 2")


async def test_the_answer_is_on_disk_before_it_is_graded(workspace: FakeWorkspace) -> None:
    workspace.script.gate.clear()
    async with driven(workspace) as tutor:
        await asked(tutor)
        await replied(tutor, "my words")
        await tutor.sees("The interviewer reads your answer")
        [attempt] = workspace.store.attempts(DEFINITION.id)
        assert (attempt.text, workspace.store.grades(attempt.id)) == ("my words", [])


async def test_a_slow_grader_holds_nothing_up_and_its_follow_up_comes_later(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InterviewRoom, "PATIENCE", 0.05)
    workspace.script.gate.clear()
    async with driven(workspace) as tutor:
        room = await asked(tutor)
        await replied(tutor)
        await tutor.sees("Question 2 of 2", DIFFERENCE.text)
        await tutor.type("half of an ans")
        workspace.script.gate.set()
        await tutor.until(lambda: not room.interview.to_grade)
        assert room.query_one(AnswerBox).text == "half of an ans", "a grade that comes never takes the pen away"
        await tutor.press("ctrl+s")
        await tutor.sees("Follow-up")


async def test_leaving_keeps_the_draft_and_going_on_gives_it_back(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.type("half an answer")
        await tutor.press("escape")
        await tutor.sees("Go on: Screening question 1 of 2", "Enter goes on where you left")
        assert DEFINITION.text not in tutor.text, "the question is not there to be thought about while the clock stands"
        await tutor.sees("Enter Go on")
        await tutor.press("enter")
        await tutor.sees(DEFINITION.text, "half an answer")


async def test_after_a_crash_it_is_offered_and_goes_on(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        room = await asked(tutor)
        await replied(tutor)
        await tutor.sees("Follow-up")
        identity = room.interview.agenda.id
    again = FakeWorkspace(workspace.home.path)
    async with driven(again) as tutor:
        await tutor.sees("i Go on with your interview")
        await tutor.press("i", "enter")
        await tutor.sees("Follow-up")
        assert again.store.interview(identity).breaks == 1


async def test_a_round_that_never_began_leaves_no_trace(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await lobby(tutor)
        await tutor.press("enter")
        await tutor.sees("No feedback until the end")
        await tutor.press("escape")
        await lobby_only(tutor)
        assert "Go on" not in tutor.text and "No verdict" not in tutor.text


async def lobby_only(tutor: Driver) -> None:
    await tutor.sees("25 min · 6 questions", "Behavioural")


async def test_ending_takes_two_presses_and_says_what_was_not_reached(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 40)) as tutor:
        await asked(tutor)
        await tutor.press("f8")
        await told(tutor, "Press F8 again to end the round")
        await tutor.press("f8")
        await tutor.sees("No verdict", "No question was answered.", "Not reached", DIFFERENCE.text)


async def test_passing_throws_nothing_away_and_counts_nothing_said(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 40)) as tutor:
        await asked(tutor)
        await tutor.type("a start")
        await tutor.press("f4")
        await told(tutor, "You have begun an answer")
        await tutor.press("ctrl+u", "f4")
        await tutor.sees("Question 2 of 2")
        await tutor.press("f4")
        await tutor.sees("Strong no hire", "0% of what was asked", "passed on")
        assert workspace.store.attempts() == []


async def test_time_that_is_up_lets_one_finish(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        room = await asked(tutor)
        await tutor.type("my last thought")
        workspace.time += timedelta(minutes=26)
        room.beat()
        await tutor.sees("Time is up: finish your thought", "time is up")
        await tutor.press("ctrl+s")
        await tutor.sees("1 of 2 not reached")


async def test_an_answer_that_cannot_be_graded_says_why_and_can_be_graded_again(workspace: FakeWorkspace) -> None:
    good, workspace.script.grade = workspace.script.grade, NOT_GRADED
    async with driven(workspace, (80, 50)) as tutor:
        await asked(tutor)
        await replied(tutor)
        await tutor.sees("Question 2 of 2")
        await replied(tutor)
        await tutor.sees("No verdict", "None of the answers could be judged.", "Ollama is not running")
        workspace.script.grade = good
        await tutor.press("R")
        await tutor.sees("Hire", "62% of what was asked")
        outcomes = [[g.outcome for _, g in workspace.store.grades(a.id)] for a in workspace.store.attempts()]
        assert outcomes == [[Outcome.NOT_GRADED, Outcome.GRADED]] * 2


async def test_a_grader_that_breaks_is_a_sentence_on_the_scorecard(workspace: FakeWorkspace) -> None:
    workspace.script.error = ValueError("no such tensor")
    async with driven(workspace, (80, 50)) as tutor:
        await asked(tutor)
        for _ in range(2):
            await replied(tutor)
            await tutor.pilot.pause(0.1)
        await tutor.sees("No verdict", "Something unexpected went wrong (ValueError")


async def test_the_learner_has_the_last_word(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 60)) as tutor:
        room = await finished(tutor)
        await tutor.press("n", "n", "n", "o")
        await told(tutor, "Counted as covered: your call.")
        assert room.card is not None and room.card.finding.score == 0.75
        assert room.interview.exchanges[0].grade is not None
        assert room.interview.exchanges[0].grade.points[2].status is PointStatus.COVERED
        await tutor.press("u", "g")
        await tutor.sees("62% of what was asked")
        await tutor.press("x")
        await tutor.sees("No verdict", "from 1 of 2 answers that could be judged.")
        await tutor.press("u")
        await tutor.sees("62% of what was asked")


async def test_what_was_missed_comes_back_today_only_when_asked_for(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 40)) as tutor:
        await finished(tutor)
        assert workspace.store.memories() == {}
        await tutor.press("m")
        await told(tutor, "2 questions will be asked again today.")
        assert set(workspace.store.memories()) == {DEFINITION.id, DIFFERENCE.id}
        await tutor.press("m")
        await told(tutor, "There is nothing to add.")
        await tutor.press("u")
        await told(tutor, "Your schedule is as it was.")
        assert workspace.store.memories() == {}


async def test_the_report_is_written_beside_the_learners_files(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 40)) as tutor:
        await finished(tutor)
        await tutor.press("w")
        await told(tutor, "Written:")
    names = sorted(path.name for path in (workspace.home.path / "reports").iterdir())
    assert names == ["interview-2026-11-22-1830-screening.html", "interview-2026-11-22-1830-screening.md"]


async def test_a_past_interview_opens_its_scorecard(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 40)) as tutor:
        await finished(tutor)
        await tutor.press("enter")
        await tutor.sees("22 Nov 18:30", "Hire", "62%")
        await tutor.press("end", "enter")
        await tutor.sees("62% of what was asked; 2 of 2 essential points.")
        assert isinstance(tutor.app.screen, InterviewRoom)


async def test_the_length_of_a_round_is_chosen_with_the_arrows(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await lobby(tutor)
        await tutor.press("left", "left", "left")
        await tutor.sees("10 min · 2 questions")
        await tutor.press("right")
        await tutor.sees("15 min · 3 questions")


async def test_while_a_question_is_open_nothing_leads_to_the_chapters(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        room = await asked(tutor)
        await tutor.press("tab", "shift+tab")
        room.set_focus(None)
        await tutor.press("r", "a", "slash", "t")
        await tutor.pilot.pause()
        assert tutor.app.screen is room


async def test_hostile_words_are_shown_as_words(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 60)) as tutor:
        room = await asked(tutor)
        room.query_one(AnswerBox).load_text("a[i]=[/] [@click=app.quit]x[/] \x1b]0;t\x07")
        await tutor.press("ctrl+s")
        await tutor.sees("Follow-up")
        await tutor.press("f8", "f8")
        await tutor.until(
            lambda: (
                "a[i]=[/] [@click=app.quit]x[/]"
                in str([b.content.plain for b in room.query_one("#card", Document).blocks])
            )
        )


async def test_the_clock_is_on_disk_while_the_question_is_open(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        room = await asked(tutor)
        workspace.time = workspace.time.replace(minute=40)
        room.beat()
        with Store.open(workspace.home, clock=workspace.now, entropy=bytes) as other:
            assert 590 < other.interview(room.interview.agenda.id).spent < 610
        await tutor.sees("15 min left · 10 of about")


async def test_a_disk_that_refuses_is_said_and_the_answer_stays(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("The disk is full. Make room, then hand in again.")

    async with driven(workspace) as tutor:
        room = await asked(tutor)
        await tutor.type("my words")
        with monkeypatch.context() as patch:
            patch.setattr(workspace.store, "reply", full)
            await tutor.press("ctrl+s")
            await told(tutor, "The disk is full.")
        assert (room.query_one(AnswerBox).text, workspace.store.attempts()) == ("my words", [])
        await tutor.press("ctrl+s")
        await tutor.sees("Follow-up")
        assert [attempt.text for attempt in workspace.store.attempts()] == ["my words"]


async def test_a_chapters_name_takes_the_room_there_is(workspace: FakeWorkspace) -> None:
    from tests.tui.test_golden import scorecard

    title = "A chapter whose name says all it is about"
    track = workspace.shelf.tracks[0]
    chapters = tuple(replace(chapter, title=title) for chapter in track.sections[0].chapters)
    section = replace(track.sections[0], chapters=chapters)
    workspace.shelf = replace(workspace.shelf, tracks=(replace(track, sections=(section,)),))
    async with driven(workspace) as tutor:
        await scorecard(tutor)
        assert any(line.endswith(title) and "%" in line for line in tutor.lines)
