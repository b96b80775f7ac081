"""Owns jumping: a letter over every part of a place that can be used, and the letter goes there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

LETTERS = "asdfjklghqwertyuiopzxcvbnm"
"""Those under the fingers first."""


class Jump(ModalScreen[Widget]):
    """Over the place it is about; gives back the widget whose letter was pressed, nothing for any other key."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+o", "dismiss", "Close", show=False)]

    def __init__(self, targets: Iterable[Widget]) -> None:
        super().__init__()
        self._targets = dict(zip(LETTERS, targets, strict=False))

    def compose(self) -> Iterable[Widget]:
        """A letter on the first cells of each."""
        for letter, target in self._targets.items():
            label = Static(Content.styled(f" {letter} ", "bold $background on $text-accent"), markup=False)
            label.styles.offset = (target.region.x, target.region.y)
            yield label

    def on_key(self, event: events.Key) -> None:
        """Go there, or back."""
        event.stop()
        self.dismiss(self._targets.get(event.character or ""))
