"""Help names the keys of the place in front; the palette does everything; colours are remembered."""

from __future__ import annotations

import pytest

from tests.tui.driving import driven
from tests.tui.fakes import FakeWorkspace
from tutor.store.settings_file import load_settings


async def test_help_is_about_the_place_it_was_called_from(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 50)) as tutor:
        await tutor.press("r", "enter")
        await tutor.sees("f Find")
        await tutor.press("question_mark")
        await tutor.sees("Next section", "Mark this chapter as read", "Everywhere", "Esc closes this page")
        assert "Scroll Left" not in tutor.text
        await tutor.press("G")
        await tutor.sees("Tracks, sections and chapters", "Copy; twice: leave", "Every action by name")
        assert tutor.text.index("Tracks, sections") < tutor.text.index("Copy; twice"), "where one can go comes first"
        await tutor.press("escape")
        await tutor.until(lambda: "Everywhere" not in tutor.text)


async def test_help_works_while_writing(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 40)) as tutor:
        await tutor.press("enter")
        await tutor.sees("^s Submit", "F1 Help")
        await tutor.press("f1")
        await tutor.sees("Submit the answer to be graded")


async def test_the_palette_runs_actions_of_the_place(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (100, 30)) as tutor:
        await tutor.press("ctrl+p")
        await tutor.sees("Search for commands", "Interview")
        await tutor.type("roadmap")
        await tutor.pilot.pause(0.2)
        await tutor.press("enter")
        await tutor.sees("key question")


async def test_colours_change_and_are_remembered(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (100, 30)) as tutor:
        assert tutor.app.theme == "atlas-dark"
        await tutor.press("ctrl+p")
        await tutor.type("theme light")
        await tutor.pilot.pause(0.3)
        await tutor.press("enter")
        await tutor.until(lambda: tutor.app.theme == "atlas-light")
    assert load_settings(workspace.home.settings_file).theme == "atlas-light"


async def test_ctrl_c_warns_first_and_leaves_the_second_time(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("ctrl+c")
        await tutor.sees("Press ctrl+c again to leave.")
        await tutor.press("ctrl+c")
        await tutor.until(lambda: tutor.app.return_code == 0)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=str)
@pytest.mark.parametrize("keys", [(), ("r",), ("r", "enter"), ("enter",), ("a",), ("slash",)], ids=str)
async def test_every_place_shows_its_keys_whole_at_every_size(
    workspace: FakeWorkspace, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    async with driven(workspace, size) as tutor:
        await tutor.press(*keys)
        await tutor.until(lambda: tutor.lines[-1].endswith("Help"))
        assert len(tutor.lines[-1]) <= size[0]
        assert tutor.lines[0].startswith("  Atlas Tutor")


@pytest.mark.parametrize("theme", ["atlas-light", "textual-ansi", "no such theme"])
async def test_a_chosen_theme_is_used_and_an_unknown_one_does_no_harm(workspace: FakeWorkspace, theme: str) -> None:
    from dataclasses import replace

    workspace.change_settings(replace(workspace.settings, theme=theme))
    async with driven(workspace) as tutor:
        expected = theme if theme in tutor.app.available_themes else "atlas-dark"
        assert tutor.app.theme == expected
