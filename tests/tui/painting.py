"""What a terminal would show: every update the app paints, fed to a terminal emulator.

The framework can be asked for the whole screen, but a terminal only gets what is thought to have changed; this tells
whether that was all of it.
"""

from __future__ import annotations

from typing import Any

import pyte

from tests.tui.driving import Driver


class Painted:
    """The terminal of a driven app, from now on."""

    def __init__(self, tutor: Driver) -> None:
        size = tutor.app.size
        self._tutor = tutor
        self._screen = pyte.Screen(size.width, size.height)
        self._stream = pyte.Stream(self._screen)
        self._display = tutor.app._display
        tutor.app._display = self._paint  # type: ignore[method-assign]
        tutor.app.screen.refresh()

    def _paint(self, screen: Any, renderable: Any) -> None:
        if renderable is not None and not self._tutor.app._batch_count:
            self._stream.feed(renderable.render_segments(self._tutor.app.console))
        self._display(screen, renderable)

    @property
    def lines(self) -> list[str]:
        """What is on the terminal now."""
        return [line.rstrip() for line in self._screen.display]

    async def settles(self) -> None:
        """Wait until the terminal shows what the app would paint if it painted everything."""
        await self._tutor.pilot.pause()
        await self._tutor.until(lambda: self.lines == self._tutor.lines)
