"""Owns what stands over a place and asks one thing: it takes the learner's own keys, like every place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

if TYPE_CHECKING:
    from tutor.tui.app import TutorApp

Given = TypeVar("Given")


class Dialog(ModalScreen[Given], Generic[Given]):
    """Gives back what was chosen."""

    def on_mount(self) -> None:
        """The learner's own keys, before any is pressed."""
        cast("TutorApp", self.app).keymap.apply(self)


def field(label: str, line: Input) -> Iterator[Static | Input]:
    """A line of a form under what it may hold."""
    yield Static(Content.styled(label, "$text-muted"), classes="form-label", markup=False)
    yield line
