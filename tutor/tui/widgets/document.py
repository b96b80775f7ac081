"""Owns the reading widget: any number of blocks as one scrolling surface, drawn line by line.

One widget whatever the length, because a widget a block costs seconds on a long chapter. Only the lines on the screen
are made; heights are counted once a width.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import RenderOptions

from tutor.tui.widgets.blocks import Block, BlockKind
from tutor.tui.widgets.layout import height_of, laid_out

GUTTER = 3
"""Cells at the left: a mark, and air."""

COLUMN = 78
"""Cells of text at most; longer lines tire the eye."""


class Document(ScrollView, can_focus=True):
    """A document to read: scroll, jump between headings, marked passages, a cursor over named places."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "line(1)", "Down", show=False),
        Binding("k,up", "line(-1)", "Up", show=False),
        Binding("ctrl+d", "half_page(1)", "Half a page down", show=False),
        Binding("ctrl+u", "half_page(-1)", "Half a page up", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False),
        Binding("g,home", "edge(0)", "To the top", show=False),
        Binding("G,end", "edge(1)", "To the end", show=False),
    ]

    DEFAULT_CSS = """
    Document {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
    }
    """

    class Moved(Message):
        """The learner scrolled."""

    def __init__(self, *, id: str | None = None, centred: bool = False) -> None:
        super().__init__(id=id)
        self.blocks: Sequence[Block] = ()
        self._centred = centred
        self._marks: Mapping[int, Sequence[tuple[int, int]]] = {}
        self._cursor = ""
        self._starts: list[int] = [0]
        self._width = 0
        self._strips: dict[int, list[Strip]] = {}

    def on_mount(self) -> None:
        """Colours are baked into the strips, so a new theme means new strips."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._repaint())

    def show(self, blocks: Sequence[Block], *, marks: Mapping[int, Sequence[tuple[int, int]]] | None = None) -> None:
        """Show these blocks; `marks` maps the number of a block to spans of its text to highlight (none: all of it)."""
        kept = 0
        if marks is None and not self._marks and self._width:
            kept = next((n for n, (a, b) in enumerate(zip(self.blocks, blocks, strict=False)) if a is not b), None) or 0
        self.blocks = blocks
        self._marks = marks or {}
        self._measure(kept)

    @property
    def cursor(self) -> str:
        """The anchor the cursor is on; empty for none."""
        return self._cursor

    @cursor.setter
    def cursor(self, anchor: str) -> None:
        self._cursor = anchor
        self._repaint()

    @property
    def anchors(self) -> list[str]:
        """Every named place, in order."""
        return [block.anchor for block in self.blocks if block.anchor]

    def move_cursor(self, step: int) -> None:
        """To the next or previous anchor, and make it visible."""
        anchors = self.anchors
        if not anchors:
            return
        at = anchors.index(self._cursor) + step if self._cursor in anchors else (0 if step > 0 else len(anchors) - 1)
        self.cursor = anchors[max(0, min(at, len(anchors) - 1))]
        numbers = [n for n, block in enumerate(self.blocks) if self._owner(n) == self._cursor]
        self.reveal(numbers[0], numbers[-1])

    def reveal(self, first: int, last: int | None = None) -> None:
        """Scroll so that these blocks are on the screen, with a line of air; the first wins when they do not fit."""
        if not self._width or not self.blocks:
            self.call_after_refresh(lambda: self._width and self.reveal(first, last))
            return
        top = self._starts[first]
        bottom = self._starts[(first if last is None else last) + 1]
        if top < self.scroll_offset.y or bottom > self.scroll_offset.y + self.size.height:
            self._to(max(0, min(top, bottom - self.size.height + 1) if top >= self.scroll_offset.y else top))

    def place(self, number: int, *, at: float = 0.0) -> None:
        """Scroll a block to this height of the window, 0 the top, 1 the bottom."""
        if not self._width or not self.blocks:
            self.call_after_refresh(lambda: self._width and self.place(number, at=at))
            return
        block = self.blocks[number]
        self._to(self._starts[number] + _air(block, number) - 1 - int(at * self.size.height))

    @property
    def top_block(self) -> int:
        """The number of the first block on the screen."""
        return self._at(self.scroll_offset.y + 1) if self.blocks else 0

    @property
    def read_to_end(self) -> bool:
        """Whether the last line is on the screen."""
        return self.scroll_offset.y >= self.max_scroll_y

    def headings(self, deepest: int = 3) -> list[tuple[int, Block]]:
        """Numbered headings down to this level."""
        return [(n, b) for n, b in enumerate(self.blocks) if b.kind is BlockKind.HEADING and b.level <= deepest]

    def block_at_line(self, line: int) -> int:
        """The number of the last block that starts at or before a line of the chapter file."""
        return max((n for n, block in enumerate(self.blocks) if 0 < block.line <= line), default=0)

    def action_line(self, step: int) -> None:
        """One line down or up."""
        self._to(self.scroll_offset.y + step)

    def action_half_page(self, step: int) -> None:
        """Half a window down or up."""
        self._to(self.scroll_offset.y + step * max(1, self.size.height // 2))

    def action_page(self, step: int) -> None:
        """A window down or up, with two lines of overlap."""
        self._to(self.scroll_offset.y + step * max(1, self.size.height - 2))

    def action_edge(self, end: int) -> None:
        """To the top (0) or the end (1)."""
        self._to(self._starts[-1] if end else 0)

    def render_line(self, y: int) -> Strip:
        """One line of the window."""
        width, base = self.size.width, self.visual_style.rich_style
        y += self.scroll_offset.y
        if not self.blocks or y >= self._starts[-1]:
            return Strip.blank(width, base)
        number = self._at(y)
        strips = self._strips_of(number)
        line = y - self._starts[number]
        strip = strips[line] if line < len(strips) else Strip.blank(width, base)
        return strip.adjust_cell_length(width, base)

    def on_resize(self, event: events.Resize) -> None:
        """Count heights anew, and keep the block the learner was reading at the top."""
        if event.size.width == self._width:
            return
        first_time, block = not self._width, self.top_block
        at_top = self.scroll_offset.y == 0
        self._measure(0, event.size.width)
        if not first_time and not at_top:
            self.place(block)

    def _measure(self, kept: int, width: int | None = None) -> None:
        self._width = self.size.width if width is None else width
        if not self._width:
            return
        kept = kept if kept < len(self._starts) else 0
        self._strips = {n: strips for n, strips in self._strips.items() if n < kept}
        starts = self._starts[: kept + 1] if kept else [0]
        for number in range(len(starts) - 1, len(self.blocks)):
            block = self.blocks[number]
            starts.append(starts[-1] + _air(block, number) + height_of(block, self._inner(block)))
        self._starts = starts
        self.virtual_size = Size(self._width, starts[-1] + 1)
        self.refresh()

    def _repaint(self) -> None:
        self._strips.clear()
        self.refresh()

    def _to(self, y: int) -> None:
        self.scroll_to(y=max(0, y), animate=False, force=True, immediate=True)
        self.post_message(self.Moved())

    def _at(self, y: int) -> int:
        return max(0, min(bisect_right(self._starts, y) - 1, len(self.blocks) - 1))

    def _owner(self, number: int) -> str:
        return next((self.blocks[n].anchor for n in range(number, -1, -1) if self.blocks[n].anchor), "")

    @property
    def _margin(self) -> int:
        return GUTTER + (max(0, (self._width - GUTTER - COLUMN) // 2 - GUTTER) if self._centred else 0)

    def _inner(self, block: Block) -> int:
        quoted = 2 if block.quoted else 0
        return max(8, min(COLUMN, self._width - self._margin - 1) - block.indent - quoted)

    def _strips_of(self, number: int) -> list[Strip]:
        strips = self._strips.get(number)
        if strips is None:
            strips = self._strips[number] = list(self._paint(number))
        return strips

    def _paint(self, number: int) -> Iterable[Strip]:
        block = self.blocks[number]
        base = self.visual_style
        options = RenderOptions(self._get_style, {})
        marked = number in self._marks or bool(self._cursor and self._owner(number) == self._cursor)
        lines = laid_out(self._highlighted(number), self._inner(block))
        bar = Content.styled("▌", "$text-accent") if marked else Content(" ")
        for _ in range(_air(block, number)):
            yield Strip.blank(self._width, base.rich_style)
        for n, line in enumerate(lines):
            lead = Content.assemble(" " * (self._margin - GUTTER + 1), bar, " " * (GUTTER - 2))
            full = lead + _indented(block, first=n == 0) + line
            rendered = full.render_strips(max(1, full.cell_length), 1, base, options)
            yield rendered[0] if rendered else Strip([Segment("")])

    def _highlighted(self, number: int) -> Block:
        block = self.blocks[number]
        spans = self._marks.get(number)
        if not spans or block.kind not in (BlockKind.TEXT, BlockKind.HEADING):
            return block
        content = block.content
        for start, end in spans:
            content = content.stylize("$text on $highlight", start, end)
        return replace(block, content=content)


def _air(block: Block, number: int) -> int:
    """Blank lines above a block: the first one keeps a line from the frame, whatever it is."""
    return block.above if number else 1


def _indented(block: Block, *, first: bool) -> Content:
    """What stands left of a line of text: its marker on the first line, its room on the others."""
    before = max(0, block.indent - cell_len(block.marker) - 1) if block.lead is None else block.lead
    marker = block.marker if first else ""
    room = max(0, block.indent - before - cell_len(marker))
    return Content.assemble(
        " " * before, (marker, block.marker_style), " " * room, ("│ " if block.quoted else "", "$text-muted")
    )
