"""Owns the list one moves in: the same motions as in a text."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from tutor.tui.flat import stand_at


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
