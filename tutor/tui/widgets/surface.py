"""Owns moving over what is longer than the window: its keys, the wheel, and lines that cost nothing when only moved.

The framework lays out the whole screen when a length changes, and wraps every line anew when one scrolls; neither is
needed for a surface whose room on the screen is given and whose lines are painted once.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size, Spacing
from textual.message import Message
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

WHEEL = 3
"""Lines a notch of the mouse wheel moves."""


class Surface(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines to scroll over; `render_line` gives the same strip for a line until it is painted anew."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "line(1)", "Down", show=False, id="text.down"),
        Binding("k,up", "line(-1)", "Up", show=False, id="text.up"),
        Binding("ctrl+d", "half_page(1)", "Half a page down", show=False, id="text.halfdown"),
        Binding("ctrl+u", "half_page(-1)", "Half a page up", show=False, id="text.halfup"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="text.pagedown"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="text.pageup"),
        Binding("g,home", "edge(0)", "To the top", show=False, id="text.top"),
        Binding("G,end", "edge(1)", "To the end", show=False, id="text.end"),
    ]

    DEFAULT_CSS = """
    Surface {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
    }
    """

    virtual_size = Reactive(Size(0, 0), layout=False, repaint=False)

    class Moved(Message):
        """The learner scrolled."""

    def grow_to(self, size: Size, *, unchanged: int = 0) -> None:
        """There is this much to scroll over now; the first lines, so many, look as before."""
        if size != self.virtual_size:
            self.virtual_size = size
            self._scroll_update(size)
        self.refresh_lines(unchanged, self.scroll_offset.y + self.size.height - unchanged)

    def scroll_lines(self, y: int) -> None:
        """Bring line `y` to the top, at once."""
        self.scroll_to(y=max(0, y), animate=False, force=True, immediate=True)
        self.post_message(self.Moved())

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines of the window; what lies around them, a border or air, is left to the framework."""
        if self.styles.gutter != Spacing():
            return super().render_lines(crop)
        width, ground, base = self.outer_size.width, self.background_colors[1], self.visual_style.rich_style
        lines = [self.render_line(y).adjust_cell_length(width, base) for y in crop.line_range]
        for each in self.get_line_filters():
            lines = [line.apply_filter(each, ground) for line in lines]
        start, end = crop.column_span
        return lines if (start, end) == (0, width) else [line.crop(start, end) for line in lines]

    def action_line(self, step: int) -> None:
        """One line down or up."""
        self.scroll_lines(self.scroll_offset.y + step)

    def action_half_page(self, step: int) -> None:
        """Half a window down or up."""
        self.scroll_lines(self.scroll_offset.y + step * max(1, self.size.height // 2))

    def action_page(self, step: int) -> None:
        """A window down or up, with two lines of overlap."""
        self.scroll_lines(self.scroll_offset.y + step * max(1, self.size.height - 2))

    def action_edge(self, end: int) -> None:
        """To the top (0) or the end (1)."""
        self.scroll_lines(self.virtual_size.height if end else 0)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel, without gliding."""
        self._wheel(event, WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel, without gliding."""
        self._wheel(event, -WHEEL)

    def _wheel(self, event: events.MouseEvent, lines: int) -> None:
        event.stop()
        event.prevent_default()
        self.scroll_lines(self.scroll_offset.y + lines)
