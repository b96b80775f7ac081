"""Owns the passage that stands beside what cites it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tutor.domain.answer import Citation
from tutor.domain.content import Chapter
from tutor.tui.widgets.chapter_view import ChapterView


class Beside(Vertical):
    """A chapter at the cited place, hidden until something is cited."""

    cited: Citation | None = None
    """What is shown."""

    def compose(self) -> Iterable[Widget]:
        """A line that says what this is, and the text."""
        yield Static(id="beside-title", markup=False)
        yield ChapterView("beside-text")

    def on_mount(self) -> None:
        """Nothing cited yet."""
        self.display = False

    def shows(self, passage_id: str, quote: str) -> bool:
        """Whether this very passage is on show."""
        cited = self.cited
        return self.display and cited is not None and (cited.passage_id, cited.quote) == (passage_id, quote)

    def show_passage(self, chapter: Chapter, cited: Citation, title: str) -> None:
        """The chapter, scrolled to the quote and with it marked."""
        self.cited = cited
        self.display = True
        self.query_one(Static).update(Content.styled(title, "$text-muted"))
        view = self.query_one(ChapterView)
        view.open(chapter, read=False, quote=cited.quote, heading=cited.heading)
        self.call_after_refresh(view.go_to_quote)
