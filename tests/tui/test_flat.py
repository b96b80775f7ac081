"""Without colour, without drawing, without motion: everything is still said, and the cursor stands where one is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tui.driving import driven
from tests.tui.fakes import FakeWorkspace


@pytest.fixture
def flat(workspace: FakeWorkspace) -> FakeWorkspace:
    """A learner who listens to the screen."""
    workspace.change_settings(replace(workspace.settings, flat=True))
    return workspace


def painted(app: object) -> list[tuple[str, object]]:
    """Text and style of everything that leaves for the terminal."""
    strips = app.screen._compositor.render_strips()  # type: ignore[attr-defined]
    return [(segment.text, segment.style) for strip in strips for segment in strip]


@pytest.mark.parametrize(
    "keys", [(), ("r",), ("r", "enter"), ("enter",), ("a",), ("slash",), ("question_mark",)], ids=str
)
async def test_nothing_is_only_drawn(flat: FakeWorkspace, keys: tuple[str, ...]) -> None:
    async with driven(flat) as tutor:
        await tutor.press(*keys)
        await tutor.sees("Help" if keys != ("question_mark",) else "Esc closes")
        drawn = [sign for sign in tutor.text if 0x2500 <= ord(sign) < 0x25A0 or sign in "○●◔◑•"]
        assert drawn == []
        assert tutor.app.animation_level == "none"


async def test_the_terminals_cursor_goes_along_with_the_chosen_row(flat: FakeWorkspace) -> None:
    async with driven(flat) as tutor:
        await tutor.press("r")
        await tutor.sees("What is RAG")
        for title, key in (("What is RAG", "j"), ("RAG vs Fine-tuning", "k")):
            await tutor.until(lambda title=title: title in tutor.lines[tutor.app.cursor_position.y])
            await tutor.press(key)
        await tutor.press("enter")
        await tutor.sees("In one breath")
        await tutor.until(lambda: tutor.app.cursor_position == (3, 1))


async def test_the_palette_switches_between_flat_and_drawn(flat: FakeWorkspace) -> None:
    async with driven(flat) as tutor:
        await tutor.press("ctrl+p")
        await tutor.type("layout drawn")
        await tutor.pilot.pause(0.3)
        await tutor.press("enter")
        await tutor.until(lambda: not flat.settings.flat)
        await tutor.sees("─")


@pytest.mark.parametrize("keys", [(), ("r",), ("r", "enter"), ("enter",)], ids=str)
async def test_no_color_means_no_colour_and_the_chosen_row_is_underlined(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with driven(workspace) as tutor:
        await tutor.press(*keys)
        await tutor.sees("Help")
        styles = [style for _, style in painted(tutor.app) if style is not None]
        coloured = [
            style for style in styles if any(c is not None and not c.is_default for c in (style.color, style.bgcolor))
        ]
        assert coloured == []
        if keys == ("r",):
            assert any(
                style.underline and "What is RAG" in text for text, style in painted(tutor.app) if style is not None
            )


@pytest.mark.parametrize("name", ["ansi-dark", "ansi-light", "atlas-night", "atlas-paper"])
async def test_every_theme_we_offer_shows_every_place(workspace: FakeWorkspace, name: str) -> None:
    workspace.change_settings(replace(workspace.settings, theme=name))
    async with driven(workspace) as tutor:
        assert tutor.app.theme == name
        await tutor.press("r", "enter")
        await tutor.sees("In one breath")
