"""Owns the page of keys: what works in the place one came from, and what works everywhere."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tutor.domain.text import visible
from tutor.tui.keys import key_name, key_of
from tutor.tui.screens.dialog import Dialog
from tutor.tui.screens.place import Place
from tutor.tui.widgets.blocks import Block, heading_block
from tutor.tui.widgets.document import Document

KEY_COLUMN = 14


class Help(Dialog[None]):
    """Over the place it explains; any way of leaving leads back there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q", "dismiss", "Close", show=False, id="help.close"),
    ]

    def __init__(self, about: Screen[object]) -> None:
        super().__init__()
        self._about = about

    def compose(self) -> ComposeResult:
        """A page that scrolls like any other."""
        with Vertical(id="help"):
            yield Document("keys")
            closes = f"{key_of('help.close')} closes this page"
            yield Static(Content.styled(closes, "$text-muted"), id="close", markup=False)

    def on_mount(self) -> None:
        """Explain."""
        document = self.query_one(Document)
        document.show(help_blocks(self._about))
        document.focus()


def help_blocks(screen: Screen[object]) -> list[Block]:
    """Keys by where they work, those of the focused widget first."""
    name = screen.place_name() if isinstance(screen, Place) else "This place"
    here: dict[str, list[str]] = {}
    moving: dict[str, list[str]] = {}
    places: dict[str, list[str]] = {}
    always: dict[str, list[str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        words = binding.tooltip or binding.description
        ours = binding.id or not isinstance(active.node, Screen)
        if not words or binding.system or not active.enabled or not ours:
            continue
        group = here if isinstance(active.node, Place) else moving
        if active.node is screen.app:
            group = always
        elif (binding.id or "").startswith("go."):
            group = places
        group.setdefault(words, []).append(key_name(binding.key))
    focused = "Writing" if isinstance(screen, Place) and screen.writing else "Moving"
    blocks: list[Block] = []
    for title, group in ((name, here), (focused, moving), ("Everywhere", places | always)):
        if group:
            blocks.append(heading_block(Content(visible(title)), 3 if not blocks else 2))
            blocks += [_line(keys, words, first=n == 0) for n, (words, keys) in enumerate(group.items())]
    return blocks


def _line(keys: list[str], words: str, *, first: bool) -> Block:
    shown = " ".join(keys[:3])
    indent = max(KEY_COLUMN, len(shown) + 2)
    return Block(Content(words), indent=indent, lead=0, marker=shown, marker_style="$text-accent", above=int(first))
