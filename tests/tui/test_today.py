"""The first screen: what is due, what is new, which engine, how far the index is, one key to begin."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.tui.driving import driven
from tests.tui.fakes import DIFFERENCE, VERSUS, FakeWorkspace
from tutor.domain.content import Library
from tutor.domain.review import Rating, RatingSource
from tutor.study.schedule import following
from tutor.tui.messages import IndexMoved, IndexProgress
from tutor.tui.screens.today import Today
from tutor.workspace import EngineStatus


def review(workspace: FakeWorkspace, rating: Rating = Rating.GOOD) -> None:
    """One question practised now."""
    workspace.store.add_review(DIFFERENCE.id, rating, RatingSource.LEARNER, follow=following(DIFFERENCE.id, rating))


async def test_a_first_run_explains_itself_and_names_the_key(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.sees("interviewers ask", "graded point by point", "What you forget comes back")
        await tutor.sees("Enter Start your first quiz 3 questions", "r Read a chapter first", "local engine")


async def test_due_and_new_questions_are_counted(workspace: FakeWorkspace) -> None:
    review(workspace)
    workspace.time += timedelta(days=30)
    async with driven(workspace) as tutor:
        await tutor.sees("1 question is due, 2 new ones wait.", "Start today's quiz 3 questions, 6 min")


async def test_a_practised_day_shows_in_the_week_and_the_streak(workspace: FakeWorkspace) -> None:
    for _ in range(2):
        review(workspace)
        workspace.time += timedelta(days=1)
    review(workspace)
    async with driven(workspace) as tutor:
        await tutor.sees("3 days in a row.", "1 answer today.")
        week = next(line for line in tutor.lines if "This week" in line)
        assert week.count("●") == 3
        assert week.count("·") == 4


async def test_nothing_due_says_when_the_next_comes_back(workspace: FakeWorkspace) -> None:
    workspace.shelf = Library(())
    review(workspace, Rating.EASY)
    async with driven(workspace) as tutor:
        await tutor.sees("Nothing is due. The next question comes back in", "r Read ahead")
        await tutor.press("enter")
        await tutor.sees("Nothing is due. Read ahead with r")


async def test_reading_is_continued_where_it_was_left(workspace: FakeWorkspace) -> None:
    workspace.store.remember_place(VERSUS.id, 24)
    async with driven(workspace) as tutor:
        await tutor.sees("Continue RAG vs Fine-tuning · When fine-tuning helps more")
        await tutor.press("c")
        await tutor.sees("Fine-tuning is for behaviour, not for facts.")
        assert tutor.line(2) == "When fine-tuning helps more"


async def test_the_index_is_prepared_in_view_and_nobody_waits(workspace: FakeWorkspace) -> None:
    workspace.encoder_ready = False
    workspace.preparing.clear()
    async with driven(workspace) as tutor:
        await tutor.sees("by keywords until the encoder is ready", "50% exporting the encoder")
        await tutor.press("r")
        await tutor.sees("RAG vs Fine-tuning")
        workspace.preparing.set()
        await tutor.press("escape")
        await tutor.sees("by meaning and by keywords")


async def test_while_passages_are_read_search_goes_by_meaning_already(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = threading.Event()

    def reading(progress: Callable[[int, int, str], None]) -> None:
        progress(1, 4, "reading passages for their meaning")
        read.wait(60)

    monkeypatch.setattr(workspace, "encoder", lambda: "an encoder")
    monkeypatch.setattr(workspace, "refresh_index", reading)
    async with driven(workspace) as tutor:
        await tutor.sees("by meaning and by keywords", "25% reading passages for their meaning")
        read.set()


async def test_an_index_that_moves_while_the_app_is_left_harms_nothing(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []

    async def late(today: Today) -> None:
        told.append(today.app.post_message(IndexMoved(IndexProgress(ready=True))))
        await asyncio.sleep(0.1)

    monkeypatch.setattr(Today, "on_unmount", late, raising=False)
    async with driven(workspace):
        pass
    assert told == [True]


async def test_an_index_that_cannot_be_prepared_says_why(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(progress: object = None) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(workspace, "refresh_index", broken)
    async with driven(workspace) as tutor:
        await tutor.sees("by keywords until the encoder is ready", "Something unexpected went wrong (OSError).")


async def test_the_engine_is_named_with_its_reason(workspace: FakeWorkspace) -> None:
    workspace.engine = EngineStatus("ollama:llama3.2:3b", "Ollama runs at 127.0.0.1:11434.")
    async with driven(workspace) as tutor:
        await tutor.sees("Engine Ollama · llama3.2:3b", "Ollama runs at 127.0.0.1:11434.")
        assert tutor.lines[0].endswith("Ollama · llama3.2:3b")


async def test_an_engine_that_comes_later_is_named_on_the_way_back(workspace: FakeWorkspace) -> None:
    workspace.engine = EngineStatus("local", "Ollama is not running.")
    async with driven(workspace) as tutor:
        await tutor.sees("Ollama is not running.")
        await tutor.press("r")
        await tutor.sees("key question")
        workspace.engine = EngineStatus("ollama:llama3.2:3b", "Ollama runs.")
        await tutor.press("escape")
        await tutor.sees("Engine Ollama · llama3.2:3b", "Ollama runs.")


async def test_a_long_word_on_progress_stays_on_its_line(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        label = "reading passages for their meaning"
        tutor.app.post_message(IndexMoved(IndexProgress(done=1, total=10, label=label)))
        await tutor.until(lambda: any("10%" in line and label in line for line in tutor.lines))
