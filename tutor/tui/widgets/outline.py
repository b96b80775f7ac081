"""Owns the headings of a chapter as a list: as wide as they need and the text leaves, and never cut."""

from __future__ import annotations

from collections.abc import Sequence

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

FRAME = 4
"""Cells around the headings: air, the line to the text, the scrollbar."""


class Outline(Listing):
    """Beside the text where there is room; over a part of it while one chooses."""

    opened = False
    """Whether one chooses in it now, on a screen that has no room for it beside the text."""

    def __init__(self) -> None:
        super().__init__(id="outline", markup=False)
        self._entries: Sequence[Entry] = ()

    def fill(self, entries: Sequence[Entry], screen_width: int) -> None:
        """List these headings."""
        self._entries = entries
        self.fit(screen_width)

    def fit(self, screen_width: int) -> None:
        """Come or go, as wide as a screen of this width allows; headings that are longer go on below themselves."""
        self.display = bool(self._entries) and (self.opened or screen_width >= WIDE)
        titles = [("  " * max(0, entry.level - 2), visible(entry.title)) for entry in self._entries]
        longest = max((Content(inset + title).cell_length for inset, title in titles), default=0)
        beside = screen_width - COLUMN - GUTTER - 2
        most = beside if screen_width >= WIDE else screen_width * 2 // 3
        width = max(LEAST, min(longest + FRAME, most))
        self.styles.width = width
        chosen = self.highlighted
        self.clear_options()
        self.add_options(Option(_hanging(inset, title, width - FRAME)) for inset, title in titles)
        self.highlighted = chosen


def _hanging(inset: str, title: str, room: int) -> Content:
    """A heading in so many cells, what goes on of it two cells further in."""
    if Content(inset + title).cell_length <= room:
        return Content(inset + title)
    first, *rest = Content(title).wrap(max(8, room - len(inset) - 2))
    return Content("\n").join([inset + first, *(f"{inset}  " + line for line in rest)])
