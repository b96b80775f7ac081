"""Owns the two lines that frame every screen: where one is, and the keys that matter now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

BETWEEN = 3
"""Cells between two keys."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key with what it does here."""

    key: str
    """As shown, `^s`."""
    label: str
    id: str
    """Of the binding; a click runs its action."""


class TitleBar(Widget):
    """The top line: the program, the place, and at the right what is worth knowing everywhere."""

    DEFAULT_CSS = """
    TitleBar { dock: top; height: 1; background: $surface; color: $text-muted; padding: 0 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._place = ""
        self._aside = ""

    def say(self, place: str, aside: str) -> None:
        """Show this place, and this at the right."""
        if (place, aside) != (self._place, self._aside):
            self._place, self._aside = place, aside
            self.refresh()

    def render(self) -> Content:
        """One line; the aside gives way first, then the place is shortened."""
        width = self.size.width
        name = Content.assemble(("Atlas Tutor", "bold $text-primary"))
        place = Content.assemble("  ", (self._place, "$text")) if self._place else Content("")
        aside = Content.styled(self._aside, "$text-muted")
        left = (name + place).truncate(width, ellipsis=True)
        room = width - left.cell_length - aside.cell_length
        return left if room < 2 else Content.assemble(left, " " * room, aside)


class KeyBar(Widget):
    """The bottom line: as many of the keys that matter now as fit, the most important first, help always."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; background: $surface; color: $text-muted; padding: 0 2; }
    """

    class Pressed(Message):
        """A key was clicked with the mouse."""

        def __init__(self, binding_id: str) -> None:
            super().__init__()
            self.binding_id = binding_id

    def __init__(self) -> None:
        super().__init__()
        self._keys: Sequence[Key] = ()
        self._places: list[tuple[int, int, str]] = []

    def offer(self, keys: Sequence[Key]) -> None:
        """Show these, the most important first; the last one always stays."""
        if keys != self._keys:
            self._keys = keys
            self.refresh()

    def render(self) -> Content:
        """One line that never cuts a key in two."""
        parts: list[Content] = []
        self._places = []
        at = 0
        for key in fitting(self._keys, self.size.width):
            part = Content.assemble((key.key, "bold $text-accent"), " ", (key.label, "$text-muted"))
            self._places.append((at, at + part.cell_length, key.id))
            parts.append(part)
            at += part.cell_length + BETWEEN
        return Content(" " * BETWEEN).join(parts)

    def on_click(self, event: events.Click) -> None:
        """A click on a key is that key."""
        x = event.x - self.styles.padding.left
        for start, end, binding_id in self._places:
            if start <= x < end:
                self.post_message(self.Pressed(binding_id))


def fitting(keys: Sequence[Key], width: int) -> list[Key]:
    """The keys that fit into the width, dropping the last but one again and again."""
    kept = list(keys)
    while len(kept) > 1 and sum(len(k.key) + 1 + len(k.label) + BETWEEN for k in kept) - BETWEEN > width:
        del kept[-2]
    return kept
