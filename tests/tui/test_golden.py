"""Whole screens as text, compared line by line. Set UPDATE_GOLDEN=1 to keep a wanted change."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui.driving import Driver, driven
from tests.tui.fakes import REPORT, FakeWorkspace
from tests.tui.practice import practise

GOLDEN = Path(__file__).parent / "golden"


async def today(tutor: Driver) -> None:
    await tutor.sees("Enter Start", "local engine")


async def roadmap(tutor: Driver) -> None:
    await tutor.press("r")
    await tutor.sees("asked now and then", "Enter Read")


async def reader(tutor: Driver) -> None:
    await roadmap(tutor)
    await tutor.press("j", "enter")
    await tutor.sees("asked often", "q Quiz")


async def writing(tutor: Driver) -> None:
    await tutor.press("enter")
    await tutor.sees("^s Submit")
    await tutor.type("rag looks things up")
    await tutor.press("f2")
    await tutor.sees("An interviewer might go on")


async def grade(tutor: Driver) -> None:
    await writing(tutor)
    await tutor.press("ctrl+s")
    await tutor.sees("1–2 of 3 points", "Enter Accept")
    await tutor.press("n")


async def ask(tutor: Driver) -> None:
    await tutor.press("a")
    await tutor.sees("Ask about the chapters")
    await tutor.type("why rag")
    await tutor.press("enter")
    await tutor.sees("Tab Read")
    await tutor.press("tab", "1")
    await tutor.sees("RAG supplies knowledge")


async def search(tutor: Driver) -> None:
    await tutor.press("slash")
    await tutor.type("rag")
    await tutor.sees("passages, by meaning")


async def rounds(tutor: Driver) -> None:
    await tutor.press("i")
    await tutor.sees("Definitions, comparisons and reasons", "Enter Begin")


async def interview(tutor: Driver) -> None:
    await rounds(tutor)
    await tutor.press("enter", "enter")
    await tutor.sees("Question 1 of 2", "^s Hand in")
    await tutor.type("rag looks things up")
    await tutor.press("ctrl+s")
    await tutor.sees("Follow-up")


async def scorecard(tutor: Driver) -> None:
    await interview(tutor)
    await tutor.press("f4")
    await tutor.sees("Question 2 of 2")
    await tutor.type("rag looks things up")
    await tutor.press("ctrl+s")
    await tutor.sees("What about fine-tuning?")
    await tutor.press("f4")
    await tutor.sees("Hire", "of what was asked", "Enter Done")


def faked(tutor: Driver) -> FakeWorkspace:
    assert isinstance(tutor.app.workspace, FakeWorkspace)
    return tutor.app.workspace


async def progress(tutor: Driver) -> None:
    practise(faked(tutor))
    await tutor.press("P")
    await tutor.sees("Days of practice")


async def history(tutor: Driver) -> None:
    practise(faked(tutor), days=6)
    await tutor.press("H")
    await tutor.sees("Enter Open", "RAG vs Fine-tuning · ")


async def past(tutor: Driver) -> None:
    await history(tutor)
    await tutor.press("enter")
    await tutor.sees("R Other engine")


async def settings(tutor: Driver) -> None:
    await tutor.press("S")
    await tutor.sees("Who answers and grades")


async def models(tutor: Driver) -> None:
    workspace = faked(tutor)
    workspace.settings = replace(workspace.settings, ollama_host="127.0.0.1:1")
    await tutor.press("M")
    await tutor.sees("No Ollama at 127.0.0.1:1")


async def selftest(tutor: Driver) -> None:
    faked(tutor).script.tested = (REPORT,)
    await tutor.press("M", "s")
    await tutor.sees("Below the bar.", "Enter Quick test")


async def narrowed(tutor: Driver) -> None:
    await tutor.press("r", "f")
    await tutor.type("vs")
    await tutor.until(lambda: "What is RAG" not in tutor.text)


PLACES = [
    today,
    roadmap,
    reader,
    writing,
    grade,
    ask,
    search,
    rounds,
    interview,
    scorecard,
    progress,
    history,
    past,
    settings,
    models,
    selftest,
    narrowed,
]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
async def test_screens_look_as_they_are_meant_to(
    workspace: FakeWorkspace, place: Callable[[Driver], Awaitable[None]], size: tuple[int, int]
) -> None:
    async with driven(workspace, size) as tutor:
        await place(tutor)
        await tutor.pilot.pause(0.05)
        shown = "\n".join(tutor.lines) + "\n"
    kept = GOLDEN / f"{place.__name__}-{size[0]}x{size[1]}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(shown, encoding="utf-8")
    assert shown == kept.read_text(encoding="utf-8")
