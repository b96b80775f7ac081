"""Owns the line one types words into to find them in the text above it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from tutor.tui.widgets.line import Line


class FindLine(Horizontal):
    """Hidden until it is called for; says which of how many places one is at."""

    DEFAULT_CSS = """
    FindLine { height: 1; display: none; padding: 0 2; }
    FindLine > Static { width: auto; height: 1; padding: 0 1; }
    """

    def compose(self) -> Iterable[Widget]:
        """A sign, the words, the count."""
        yield Static(Content.styled("Find", "bold $text-accent"), markup=False)
        yield Line(id="find")
        yield Static(id="found-count", markup=False)

    @property
    def words(self) -> str:
        """What is looked for; empty when nothing is."""
        return self.query_one(Input).value.strip() if self.display else ""

    def begin(self) -> None:
        """Ready to type; the words of the last time can be typed over."""
        self.display = True
        line = self.query_one(Input)
        line.focus()
        line.action_select_all()

    def say(self, found: tuple[int, int] | None) -> None:
        """Which of how many, or that there is none."""
        words = f"{found[0]} of {found[1]}" if found else "not found" if self.words else ""
        self.query_one("#found-count", Static).update(Content.styled(words, "$text-muted"))
