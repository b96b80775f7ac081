"""The style sheet: read once a start, and anew when a theme gives its variables other values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from textual.css import stylesheet

from tests.tui.driving import driven
from tests.tui.fakes import FakeWorkspace


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How often each source was read."""
    counted: Counter[str] = Counter()
    parse = stylesheet.parse

    def counting(scope: str, css: str, read_from: Any, **rest: Any) -> Any:
        counted[":".join(read_from)] += 1
        return parse(scope, css, read_from, **rest)

    monkeypatch.setattr(stylesheet, "parse", counting)
    yield counted


def of_ours(readings: Counter[str]) -> int:
    return next(count for source, count in readings.items() if "atlas.tcss" in source)


async def test_a_start_reads_it_once(workspace: FakeWorkspace, readings: Counter[str]) -> None:
    async with driven(workspace):
        assert of_ours(readings) == 1


async def test_places_read_nothing_again(workspace: FakeWorkspace, readings: Counter[str]) -> None:
    async with driven(workspace, size=(120, 40)) as tutor:
        for key in "raP/SM":
            before = tutor.app.screen
            await tutor.press(key)
            await tutor.until(lambda before=before: tutor.app.screen is not before and tutor.app.screen.is_mounted)
            await tutor.press("escape")
            while len(tutor.app.screen_stack) > 2:
                await tutor.press("escape")
        assert of_ours(readings) == 1


async def test_another_theme_reads_it_with_its_own_colours(workspace: FakeWorkspace, readings: Counter[str]) -> None:
    async with driven(workspace) as tutor:
        dark = tutor.app.screen.styles.background
        tutor.app.theme = "atlas-light"
        await tutor.until(lambda: tutor.app.screen.styles.background != dark)
        assert of_ours(readings) == 2
        tutor.app.theme = "atlas-dark"
        await tutor.until(lambda: tutor.app.screen.styles.background == dark)
