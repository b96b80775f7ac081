"""Owns the line one types words into to narrow the list below it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from tutor.tui.widgets.line import Line


class FilterLine(Horizontal):
    """Hidden until it is called for."""

    DEFAULT_CSS = """
    FilterLine { height: 1; display: none; padding: 0 2; margin: 1 0; }
    FilterLine > Static { width: auto; height: 1; padding: 0 1 0 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "leave", "To the list", id="filter.keep", priority=True, tooltip="Choose among these"),
    ]

    class Changed(Message):
        """Other words."""

    class Left(Message):
        """The list is meant now; the words stay."""

    def compose(self) -> Iterable[Widget]:
        """A word of what this is, and the line."""
        yield Static(Content.styled("Filter", "bold $text-accent"), markup=False)
        yield Line(id="filter")

    @property
    def words(self) -> str:
        """What is wanted; empty for everything."""
        return self.query_one(Input).value.strip() if self.display else ""

    def begin(self) -> None:
        """Ready to type."""
        self.display = True
        self.query_one(Input).focus()

    def clear(self) -> None:
        """Everything again."""
        self.query_one(Input).value = ""
        self.display = False

    @on(Input.Changed)
    def changed(self, event: Input.Changed) -> None:
        """Tell the place."""
        event.stop()
        self.post_message(self.Changed())

    def action_leave(self) -> None:
        """On to the list."""
        self.post_message(self.Left())
