"""Owns the addresses in what is drawn: found where they stand on the screen, asked for by a click or by their letter.

Nothing is opened here. An address is known by its letters' meta, which survives wrapping, tables and highlights.
"""

from __future__ import annotations

from functools import partial

from rich.cells import cell_len
from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.widget import Widget

from tutor.tui.links import Link
from tutor.tui.widgets.target import Target


class Linked(ScrollView):
    """A text that may hold links."""

    class Followed(Message):
        """A link is wanted; whoever hears it says where it leads before anything is opened."""

        def __init__(self, link: Link) -> None:
            super().__init__()
            self.link = link

    def on_click(self, event: events.Click) -> None:
        """A click on a link asks for it."""
        link = event.style.meta.get("link")
        if isinstance(link, Link):
            self.post_message(self.Followed(link))

    def links(self) -> list[Target]:
        """The addresses in view, each where it begins first."""
        found = [(link, at) for link, at in spots(self, "link").items() if isinstance(link, Link)]
        return [Target(at, partial(self.post_message, self.Followed(link))) for link, at in found]

    def targets(self) -> list[Target]:
        """The text itself, to move about in, and its links."""
        here = [Target(self.region.offset, self.focus)] if self.focusable else []
        return here + self.links()


def spots(widget: Widget, name: str) -> dict[object, Offset]:
    """Each thing that letters of a widget mean by the meta `name`, with the cell of the screen where it begins."""
    found: dict[object, Offset] = {}
    for y in range(widget.content_size.height):
        x = 0
        for text, style, _ in widget.render_line(y):
            meant = style.meta.get(name) if style is not None else None
            if meant is not None:
                found.setdefault(meant, widget.content_region.offset + Offset(x, y))
            x += cell_len(text)
    return found
