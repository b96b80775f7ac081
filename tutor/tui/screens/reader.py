"""Owns reading: a chapter as one surface, its outline, the place one was at, and the way to its questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tutor.domain.content import Chapter
from tutor.domain.text import visible
from tutor.tui import opening
from tutor.tui.screens.place import Place
from tutor.tui.widgets.chapter import chapter_blocks, quote_marks
from tutor.tui.widgets.document import Document

WIDE = 110
"""Cells from which the outline stands beside the text from the start."""

REMEMBER_AFTER = 1.5
"""Seconds of stillness after which the place is written down."""


class Reader(Place):
    """One chapter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,enter", "quiz", "Quiz", id="reader.quiz", tooltip="Answer this chapter's key questions"),
        Binding("n", "section(1)", "Next", id="reader.next", tooltip="Next section"),
        Binding("p", "section(-1)", "Previous", id="reader.previous", tooltip="Previous section"),
        Binding("space", "page", "Page down", id="reader.page", tooltip="On by a page"),
        Binding("o", "outline", "Outline", id="reader.outline", tooltip="Headings of this chapter"),
        Binding("m", "mark_read", "Mark read", id="reader.read", tooltip="Mark this chapter as read"),
        Binding("a", "ask", "Ask", id="go.ask", tooltip="Ask the tutor about this chapter"),
    ]

    def __init__(self, chapter: Chapter, *, quote: str = "", heading: str = "") -> None:
        super().__init__()
        self.chapter = chapter
        self._quote = quote
        self._heading = heading
        self._timer: Timer | None = None

    def compose_place(self) -> Iterable[Widget]:
        """The outline beside the text."""
        with Horizontal():
            yield OptionList(id="outline", markup=False)
            yield Document("text", centred=True)

    def on_mount(self) -> None:
        """Show the text, at the quoted passage or where one left it."""
        self.show_chapter()
        text = self.document
        outline = self.query_one("#outline", OptionList)
        for number, block in text.headings()[1:]:
            words = Content(block.content.plain).truncate(27 - 2 * max(0, block.level - 2), ellipsis=True)
            outline.add_option(Option(Content("  " * max(0, block.level - 2)) + words, id=str(number)))
        outline.display = self.app.size.width >= WIDE and outline.option_count > 0
        text.focus()
        self.go_to_start()

    @property
    def document(self) -> Document:
        """The text."""
        return self.query_one("#text", Document)

    def place_name(self) -> str:
        """The chapter's title."""
        return self.chapter.title

    def bar(self) -> tuple[str, ...]:
        """Quiz first; then moving about."""
        return ("reader.quiz", "reader.next", "reader.outline", "go.back", "reader.read", "go.ask")

    def show_chapter(self) -> None:
        """The chapter's blocks, with the quoted passage marked."""
        read = self.chapter.id in self.workspace.store.read_chapters()
        blocks = chapter_blocks(self.chapter, read=read, quote=self._quote)
        marks = quote_marks(blocks, self._quote, self._heading) if self._quote or self._heading else {}
        self.document.show(blocks, marks=marks)
        self._first_mark = min(marks, default=None)

    def go_to_start(self) -> None:
        """To the passage one came for, else to the place one left, else to the top."""
        opened = self.workspace.store.last_opened()
        if self._first_mark is not None:
            self.document.place(self._first_mark, at=0.3)
        elif opened is not None and opened[0] == self.chapter.id and opened[1] > 1:
            self.document.place(self.document.block_at_line(opened[1]))
        if not self._quote:
            self.remember()

    @on(Document.Moved)
    def remember_soon(self) -> None:
        """The learner scrolled: write the place down once they pause."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(REMEMBER_AFTER, self.remember)

    def remember(self) -> None:
        """Write down which line is at the top."""
        blocks = self.document.blocks
        lines = [block.line for block in blocks[: self.document.top_block + 1] if block.line]
        self.workspace.store.remember_place(self.chapter.id, lines[-1] if lines else 1)

    def on_unmount(self) -> None:
        """Leaving is a pause too."""
        if self._timer is not None:
            self._timer.stop()

    def action_back(self) -> None:
        """First close the outline that covers the text, then leave, with the place written down."""
        outline = self.query_one("#outline", OptionList)
        if outline.has_focus:
            self.action_outline()
            return
        if self._timer is not None:
            self.remember()
        super().action_back()

    def action_section(self, step: int) -> None:
        """To the next or previous heading."""
        top = self.document.top_block
        numbers = [number for number, _ in self.document.headings()]
        ahead = [n for n in numbers if n > top] if step > 0 else [n for n in reversed(numbers) if n < top]
        if ahead:
            self.document.place(ahead[0])
        else:
            self.document.action_edge(1 if step > 0 else 0)

    def action_page(self) -> None:
        """On by a page, as in every pager."""
        self.document.action_page(1)

    def action_outline(self) -> None:
        """Into the outline, and out of it."""
        outline = self.query_one("#outline", OptionList)
        if outline.has_focus or not outline.option_count:
            outline.display = self.app.size.width >= WIDE and outline.option_count > 0
            self.document.focus()
            return
        outline.display = True
        top = self.document.top_block
        before = [n for n, option in enumerate(outline.options) if int(option.id or 0) <= top]
        outline.highlighted = before[-1] if before else 0
        outline.focus()

    @on(OptionList.OptionSelected, "#outline")
    def jump(self, event: OptionList.OptionSelected) -> None:
        """To the chosen heading."""
        self.document.place(int(event.option.id or 0))
        self.action_outline()

    def action_mark_read(self) -> None:
        """Written down at once; the roadmap shows it."""
        self.workspace.store.mark_read(self.chapter.id)
        top = self.document.scroll_offset.y
        self.show_chapter()
        self.document.scroll_to(y=top, animate=False, immediate=True)
        self.app.notify(f"Marked as read. q answers its {len(self.chapter.questions)} key questions.", markup=False)

    def action_quiz(self) -> None:
        """This chapter's questions."""
        opening.start_quiz(self.tutor, self.chapter)

    def action_ask(self) -> None:
        """Ask with this chapter in mind."""
        from tutor.tui.screens.ask import Ask

        self.tutor.action_visit("ask")
        screen = self.app.screen
        if isinstance(screen, Ask):
            screen.about(visible(self.chapter.title))
