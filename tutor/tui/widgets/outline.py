"""Owns the headings of a chapter as a list: as wide as they need and the text leaves, and never cut."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.widgets.option_list import Option

from tutor.domain.text import visible
from tutor.tui.widgets.listing import Listing
from tutor.tui.widgets.measure import COLUMN, GUTTER
from tutor.tui.widgets.pieces import Entry

WIDE = 110
"""Cells from which the outline stands beside the text from the start."""

LEAST = 24
"""Cells it has at least, however short the headings."""

FRAME = 5
"""Cells around the headings: air, the line to the text, the scrollbar."""


class Outline(Listing):
    """Beside the text where there is room; over a part of it while one chooses."""

    opened = False
    """Whether one chooses in it now, on a screen that has no room for it beside the text."""

    def __init__(self) -> None:
        super().__init__(id="outline", markup=False)
        self._titles: list[tuple[str, str]] = []
        self._longest = 0
        self._hung = 0

    def fill(self, entries: Sequence[Entry], screen_width: int) -> None:
        """List these headings."""
        self._titles = [("  " * max(0, entry.level - 2), visible(entry.title)) for entry in entries]
        self._longest = max((cell_len(inset + title) for inset, title in self._titles), default=0)
        self._hung = 0
        self.fit(screen_width)

    def fit(self, screen_width: int) -> None:
        """Come or go, as wide as a screen of this width allows; headings that are longer go on below themselves."""
        self.display = bool(self._titles) and (self.opened or screen_width >= WIDE)
        beside = screen_width - COLUMN - GUTTER - 2
        most = beside if screen_width >= WIDE else screen_width * 2 // 3
        width = max(LEAST, min(self._longest + FRAME, most))
        self.styles.width = width
        if width != self._hung and (self.display or not self._hung):
            self._hang(width)

    def _hang(self, width: int) -> None:
        """Lay the headings out anew: with a thousand of them a tenth of a second, so only for another width."""
        self._hung, chosen = width, self.highlighted
        self.clear_options()
        self.add_options(Option(_hanging(inset, title, width - FRAME)) for inset, title in self._titles)
        self.highlighted = chosen


def _hanging(inset: str, title: str, room: int) -> Content:
    """A heading in so many cells, what goes on of it two cells further in."""
    if cell_len(inset + title) <= room:
        return Content(inset + title)
    first, *rest = Content(title).wrap(max(8, room - len(inset) - 2))
    return Content("\n").join([inset + first, *(f"{inset}  " + line for line in rest)])
