"""Jumping: a letter over every part, row and link in view, and the letter goes there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tui.driving import Driver, driven
from tests.tui.fakes import LIBRARY, VERSUS, WHAT, FakeWorkspace
from tutor.tui import opening
from tutor.tui.screens.jump import LETTERS, Jump, letters
from tutor.tui.screens.roadmap import Roadmap
from tutor.tui.screens.search import Search


async def jump(tutor: Driver, letter: str = "") -> None:
    await tutor.press("ctrl+o")
    await tutor.until(lambda: isinstance(tutor.app.screen, Jump))
    if letter:
        await tutor.press(*letter)
        await tutor.until(lambda: not isinstance(tutor.app.screen, Jump))


@pytest.mark.parametrize("count", [1, 26, 27, 300])
def test_names_are_short_distinct_and_none_begins_another(count: int) -> None:
    names = letters(count)
    assert len(set(names)) == count
    assert len({len(name) for name in names}) == 1
    assert set("".join(names)) <= set(LETTERS)


async def test_the_rows_of_the_outline_and_the_text_have_letters(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (120, 20)) as tutor:
        opening.read(tutor.app, VERSUS)
        await tutor.sees("q Quiz")
        await jump(tutor)
        assert any(line.startswith("  a ") for line in tutor.lines)
        await tutor.sees("Letter Goes there Esc Back")
        assert "q Quiz" not in tutor.text, "no hint names a key that rests"
        await tutor.press("d")
        await tutor.until(lambda: getattr(tutor.app.screen.focused, "id", "") == "outline")
        await tutor.press("enter")
        assert "When fine-tuning helps more" in tutor.lines[2]


async def test_the_text_can_be_jumped_to_and_escape_stays(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        opening.read(tutor.app, VERSUS)
        await tutor.sees("q Quiz")
        await jump(tutor, "a")
        assert getattr(tutor.app.screen.focused, "id", "") == "text"
        await jump(tutor)
        await tutor.press("escape")
        await tutor.sees("q Quiz")


async def test_the_roadmaps_rows_have_letters_and_its_headings_none(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("r")
        await tutor.sees("RAG vs Fine-tuning")
        await jump(tutor, "s")
        assert isinstance(tutor.app.screen, Roadmap)
        assert tutor.app.screen.chosen() == VERSUS
        await jump(tutor, "a")
        assert tutor.app.screen.chosen() == WHAT


async def test_more_rows_than_letters_take_two_each(workspace: FakeWorkspace) -> None:
    chapters = tuple(replace(WHAT, id=f"rag/c{n}", title=f"Chapter {n}", questions=()) for n in range(40))
    track = LIBRARY.tracks[0]
    section = replace(track.sections[0], chapters=chapters)
    workspace.shelf = replace(LIBRARY, tracks=(replace(track, sections=(section,), paths=()),))
    async with driven(workspace, (80, 50)) as tutor:
        await tutor.press("r")
        await tutor.sees("Chapter 39")
        await jump(tutor, letters(40)[30])
        assert isinstance(tutor.app.screen, Roadmap)
        assert tutor.app.screen.chosen() == chapters[30]


async def test_a_hit_is_chosen_while_one_stays_in_the_line(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (120, 30)) as tutor:
        await tutor.press("slash")
        await tutor.type("rag")
        await tutor.sees("passages, by meaning")
        await jump(tutor, "d")
        assert isinstance(tutor.app.screen, Search)
        assert tutor.app.screen.writing
        assert tutor.app.screen.query_one("#hits").highlighted == 1  # type: ignore[attr-defined]
        await tutor.press("enter")
        await tutor.sees("q Quiz")


async def test_a_place_with_nothing_to_jump_to_says_so(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        opening.jump(tutor.app, [])
        await tutor.sees("There is nothing to jump to here.")
