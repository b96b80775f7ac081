"""Owns the list one moves in: the same motions as in a text."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.widgets import OptionList

from tutor.tui.flat import stand_at
from tutor.tui.widgets.target import Target


class Listing(OptionList, inherit_bindings=False):
    """A list with the motions of the reader."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "cursor_down", "Down", show=False, id="list.down"),
        Binding("up,k", "cursor_up", "Up", show=False, id="list.up"),
        Binding("pagedown,ctrl+d", "page_down", "Page down", show=False, id="list.pagedown"),
        Binding("pageup,ctrl+u", "page_up", "Page up", show=False, id="list.pageup"),
        Binding("home,g", "first", "To the top", show=False, id="list.top"),
        Binding("end,G", "last", "To the end", show=False, id="list.end"),
        Binding("enter", "select", "Choose", show=False, id="list.choose"),
    ]

    def scroll_to_highlight(self, top: bool = False) -> None:
        """The terminal's cursor goes along with the chosen row."""
        super().scroll_to_highlight(top)
        if self.highlighted is not None:
            line = self._index_to_line.get(self.highlighted, 0) - self.scroll_offset.y
            stand_at(self, self.gutter.left, self.gutter.top + line)

    def on_focus(self) -> None:
        """The terminal's cursor comes with the focus."""
        self.call_after_refresh(self.scroll_to_highlight)

    def targets(self) -> list[Target]:
        """Every row in view that can be chosen."""
        corner, height = self.content_region.offset, self.content_size.height
        lines = {row: line - self.scroll_offset.y for row, line in self._index_to_line.items()}
        chosen = [row for row, line in lines.items() if 0 <= line < height and not self.options[row].disabled]
        return [Target(corner + Offset(0, lines[row]), partial(self.jump_to, row)) for row in chosen]

    def jump_to(self, row: int) -> None:
        """Choose a row, and be in the list when one can be."""
        self.highlighted = row
        if self.focusable:
            self.focus()
