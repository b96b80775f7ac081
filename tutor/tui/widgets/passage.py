"""Owns the passage that stands beside what cites it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tutor.domain.answer import Citation
from tutor.domain.content import Chapter
from tutor.tui.widgets.chapter import chapter_blocks, quote_marks
from tutor.tui.widgets.document import Document


class Beside(Vertical):
    """A chapter at the cited place, hidden until something is cited."""

    cited: Citation | None = None
    """What is shown."""

    def compose(self) -> Iterable[Widget]:
        """A line that says what this is, and the text."""
        yield Static(id="beside-title", markup=False)
        yield Document("beside-text")

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
        blocks = chapter_blocks(chapter, read=False, quote=cited.quote)
        marks = quote_marks(blocks, cited.quote, cited.heading)
        document = self.query_one(Document)
        document.show(blocks, marks=marks)
        first = min(marks, default=0)
        self.call_after_refresh(document.place, first, at=0.3)
