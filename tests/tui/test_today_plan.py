"""The first screen with an interview ahead: days, plan, weak points; and cramming from it."""

from __future__ import annotations

from dataclasses import replace

from tests.tui.driving import driven
from tests.tui.fakes import DIFFERENCE, GOOD_GRADE, FakeWorkspace
from tutor.store.settings_file import load_settings
from tutor.tui.screens.quiz import Quiz


async def test_the_interview_date_gives_the_day_a_plan(workspace: FakeWorkspace) -> None:
    workspace.settings = replace(workspace.settings, interview_date="2026-12-05", minutes_a_day=10)
    async with driven(workspace, (80, 30)) as tutor:
        await tutor.sees("Interview 13 days to go", "Fits today 2 new · read RAG vs Fine-tuning")
        await tutor.sees("At 10 minutes a day you will have practised all 2 high-weight questions.")


async def test_on_the_day_nothing_new_is_asked_for(workspace: FakeWorkspace) -> None:
    workspace.settings = replace(workspace.settings, interview_date="2026-11-22")
    async with driven(workspace, (80, 30)) as tutor:
        await tutor.sees("The interview is today. Warm up with a few questions you know")


async def test_the_date_is_asked_for_and_kept(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 30)) as tutor:
        await tutor.press("d")
        await tutor.sees("Your interview", "Minutes a day", "Enter keeps it")
        await tutor.type("someday")
        await tutor.press("enter")
        await tutor.sees('"someday" is no day. Write it like 2026-12-05')
        await tutor.press("ctrl+u")
        await tutor.type("in 3 days")
        await tutor.press("tab", "ctrl+u")
        await tutor.type("45")
        await tutor.press("tab")
        await tutor.type("coding")
        await tutor.press("enter")
        await tutor.sees("3 days to go")
    kept = load_settings(workspace.home.settings_file)
    assert (kept.interview_date, kept.minutes_a_day, kept.target_rounds) == ("2026-11-25", 45, ("coding",))


async def test_leaving_the_form_changes_nothing(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("d")
        await tutor.type("in 3 days")
        await tutor.press("escape")
        await tutor.sees("Start your first quiz")
    assert workspace.settings.interview_date == "" and not workspace.home.settings_file.exists()


async def test_points_missed_again_are_named(workspace: FakeWorkspace) -> None:
    for _ in range(2):
        attempt = workspace.store.add_attempt(DIFFERENCE, "Words.")
        workspace.store.add_grade(attempt.id, GOOD_GRADE)
    async with driven(workspace, (80, 30)) as tutor:
        await tutor.sees("Weakest 1 Fine-tuning is for behaviour, not for facts.")


async def test_cramming_moves_nothing(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("w")
        await tutor.sees("1 of 3", "^s Submit")
        assert isinstance(tutor.app.screen, Quiz)
        await tutor.type("rag looks things up")
        await tutor.press("ctrl+s")
        await tutor.sees("3 Good")
        await tutor.press("3")
        await tutor.sees("2 of 3", "your schedule stays")
        assert workspace.store.memories() == {} and workspace.store.reviews() == []
