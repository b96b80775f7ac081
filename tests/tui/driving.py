"""Drives the app as a learner would, and reads the screen as plain lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from textual.pilot import Pilot

from tutor.tui.running import LiveApp
from tutor.workspace import Workspace

PATIENCE = 60.0
"""Seconds to wait for something to appear; only ever spent by a test that fails."""


def screen_lines(app: LiveApp) -> list[str]:
    """The screen as text, one string a line. The only place that knows how the framework keeps it."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


class Driver:
    """A running app with keys to press and a screen to read."""

    def __init__(self, app: LiveApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def lines(self) -> list[str]:
        """What is on the screen now."""
        return screen_lines(self.app)

    def line(self, number: int) -> str:
        """One line without its margin and the scrollbar."""
        return self.lines[number].strip(" ▁▂▃▄▅▆▇█")

    @property
    def text(self) -> str:
        """The same as one string with single blanks, so that wrapping does not matter."""
        return " ".join(" ".join(self.lines).replace("▌", " ").split())

    async def press(self, *keys: str) -> Driver:
        """Press keys one after another."""
        await self.pilot.press(*keys)
        return self

    async def walk(self, *keys: str) -> Driver:
        """Press keys one after another, each once the screen that the one before led to stands."""
        for key in keys:
            await self.until(lambda: self.app.screen.is_mounted and bool(self.app.screen.children))
            await self.press(key)
        return self

    async def type(self, text: str) -> Driver:
        """Type a text letter by letter."""
        names = {" ": "space", ".": "full_stop", ",": "comma", "?": "question_mark", "[": "left_square_bracket"}
        await self.pilot.press(*(names.get(letter, letter) for letter in text))
        return self

    async def sees(self, *words: str) -> Driver:
        """Wait until all of these are on the screen."""
        await self.until(lambda: all(each in self.text for each in words))
        return self

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something is true; show the screen when it never is."""
        end = monotonic() + PATIENCE
        while not holds():
            if monotonic() > end:
                raise AssertionError("never came about; the screen was:\n" + "\n".join(self.lines))
            await asyncio.sleep(0.01)
            await self.pilot.pause()


@asynccontextmanager
async def driven(workspace: Workspace, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Driver]:
    """The app on this workspace, its first screen painted and its facts counted."""
    app = LiveApp(workspace)
    async with app.run_test(size=size, notifications=True) as pilot:
        driver = Driver(app, pilot)
        await driver.until(lambda: app.today is not None and app.engine is not None)
        yield driver
    workspace.close()
