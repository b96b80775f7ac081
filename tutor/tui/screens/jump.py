"""Owns jumping: a letter over every part of a place that can be used, and the letter goes there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, product
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tutor.tui.keys import key_name
from tutor.tui.screens.dialog import Dialog
from tutor.tui.widgets.bars import Key, KeyBar
from tutor.tui.widgets.target import Target

LETTERS = "asdfjklghqwertyuiopzxcvbnm"
"""Those under the fingers first."""


class Jump(Dialog[Target]):
    """Over the place it is about; gives back what the typed letters stand for, nothing for any other key."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+o", "dismiss", "Close", show=False)]

    def __init__(self, targets: Sequence[Target]) -> None:
        super().__init__()
        self._targets = dict(zip(letters(len(targets)), targets, strict=False))
        self._typed = ""

    def compose(self) -> Iterable[Widget]:
        """Its letters on the first cells of each, and its own keys in place of those that rest meanwhile."""
        for name, target in self._targets.items():
            label = Static(Content.styled(f" {name} ", "bold $background on $text-accent"), name=name, markup=False)
            label.styles.width = len(name) + 2
            label.styles.offset = (max(0, target.at.x - 1), target.at.y)
            yield label
        bar = KeyBar()
        bar.offer((Key("Letter", "Goes there", ""), Key(key_name("escape"), "Back", "")))
        yield bar

    def on_key_bar_pressed(self) -> None:
        """A click on a key only leads back."""
        self.dismiss()

    def on_key(self, event: events.Key) -> None:
        """Go there, or back; after the first of two letters, only what begins with it is left."""
        event.stop()
        self._typed += event.character or " "
        if self._typed in self._targets:
            self.dismiss(self._targets[self._typed])
        elif not any(name.startswith(self._typed) for name in self._targets):
            self.dismiss()
        for label in self.query(Static):
            label.display = (label.name or "").startswith(self._typed)


def letters(count: int) -> list[str]:
    """So many names, one letter each, or two each when there are not enough letters."""
    if count <= len(LETTERS):
        return list(LETTERS[:count])
    return ["".join(pair) for pair in islice(product(LETTERS, repeat=2), count)]
