"""Owns the reading widget: any number of blocks as one scrolling surface, drawn line by line.

One widget whatever the length, because a widget a block costs seconds on a long chapter. Only the lines on the screen
are made; heights are counted once a width.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.visual import RenderOptions

from tutor.tui.flat import stand_at
from tutor.tui.widgets.blocks import Block, BlockKind
from tutor.tui.widgets.layout import indented, laid_out, with_spans
from tutor.tui.widgets.linked import Linked
from tutor.tui.widgets.measure import GUTTER, Measure
from tutor.tui.widgets.surface import Surface

Marks = Mapping[int, Sequence[tuple[int, int]]]
"""Numbers of blocks with the spans of their text to highlight; no spans: the whole block."""


class Document(Surface, Linked):
    """A document to read: scroll, jump between headings, marked passages, a cursor over named places."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "app.links", "Links", show=False, id="links.follow", tooltip="Where a link in view leads"),
    ]

    def __init__(self, identity: str, *, centred: bool = False) -> None:
        super().__init__(id=identity)
        self._centred = centred
        self._measured = Measure((), 0, centred=centred)
        self._marks: Marks = {}
        self._current = -1
        self._cursor = ""
        self._strips: dict[int, list[Strip]] = {}
        self._once_measured: Callable[[], None] | None = None

    def on_mount(self) -> None:
        """Colours are baked into the strips, so a new theme means new strips."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._repaint())

    @property
    def blocks(self) -> Sequence[Block]:
        """What is shown."""
        return self._measured.blocks

    def show(self, blocks: Sequence[Block], *, marks: Marks | None = None) -> None:
        """Show these blocks; `marks` maps the number of a block to spans of its text to highlight (none: all of it)."""
        if marks or self._marks:
            self._strips.clear()
        self._marks = marks or {}
        self._once_measured = None
        self._measure(blocks, self.size.width)

    def mark(self, marks: Marks, *, current: int = -1) -> None:
        """Highlight other passages of what is shown; the block numbered `current` is the one meant among them."""
        if (marks, current) != (self._marks, self._current):
            self._marks, self._current = marks, current
            self._repaint()

    @property
    def cursor(self) -> str:
        """The anchor the cursor is on; empty for none."""
        return self._cursor

    @cursor.setter
    def cursor(self, anchor: str) -> None:
        self._cursor = anchor
        self._repaint()
        self._stand()

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
        numbers = [n for n in range(len(self.blocks)) if self._measured.owner(n) == self._cursor]
        self.reveal(numbers[0], numbers[-1])

    def reveal(self, first: int, last: int) -> None:
        """Scroll so that these blocks are on the screen; the first wins when they do not fit."""
        if not self._measured.width:
            self._once_measured = lambda: self.reveal(first, last)
            return
        height, above = self.size.height, self.scroll_offset.y
        top, bottom = self._measured.starts[first], self._measured.starts[last + 1]
        if top < above:
            self.scroll_lines(top)
        elif bottom > above + height:
            self.scroll_lines(min(top, bottom - height + 1))

    def place(self, number: int, *, at: float = 0.0) -> None:
        """Scroll a block to this height of the window, 0 the top, 1 the bottom."""
        if not self._measured.width:
            self._once_measured = lambda: self.place(number, at=at)
            return
        self.scroll_lines(self._measured.top(number) - 1 - int(at * self.size.height))

    @property
    def top_block(self) -> int:
        """The number of the first block on the screen."""
        return self._measured.at(self.scroll_offset.y + 1) if self.blocks else 0

    def headings(self) -> list[tuple[int, Block]]:
        """Numbered headings down to the third level."""
        return [(n, b) for n, b in enumerate(self.blocks) if b.kind is BlockKind.HEADING and b.level <= 3]

    def block_at_line(self, line: int) -> int:
        """The number of the last block that starts at or before a line of the chapter file."""
        return max((n for n, block in enumerate(self.blocks) if 0 < block.line <= line), default=0)

    def on_focus(self) -> None:
        """The terminal's cursor comes with the focus, once other widgets have put it where they are."""
        self.call_after_refresh(self._stand)

    def _stand(self) -> None:
        """The terminal's cursor on the chosen block, else on the first line."""
        chosen = [n for n in range(len(self.blocks)) if self._cursor and self.blocks[n].anchor == self._cursor]
        line = self._measured.top(chosen[0]) - self.scroll_offset.y if chosen and self._measured.width else 0
        stand_at(self, self._measured.margin, line)

    def render_line(self, y: int) -> Strip:
        """One line of the window; the first painting comes before anybody is told of a size, and shows the text too."""
        if not self._measured.width:
            self._fit()
        width, base = self.size.width, self.visual_style.rich_style
        y += self.scroll_offset.y
        if y >= self._measured.height:
            return Strip.blank(width, base)
        number = self._measured.at(y)
        if number not in self._strips:
            self._strips[number] = self._paint(number)
        strips, line = self._strips[number], y - self._measured.starts[number]
        strip = strips[line] if line < len(strips) else Strip.blank(width, base)
        return strip.adjust_cell_length(width, base)

    def on_resize(self) -> None:
        """Stand where the text stands now."""
        self._fit()
        self._stand()

    def _fit(self) -> None:
        """Count heights anew for another width, and keep the block the learner was reading at the top."""
        width = self.size.width
        if width == self._measured.width:
            return
        begun, block = self._measured.width and self.scroll_offset.y, self.top_block
        self._measure(self.blocks, width)
        if begun:
            self.place(block)

    def _measure(self, blocks: Sequence[Block], width: int) -> None:
        if not width:
            self._measured = Measure(blocks, 0, centred=self._centred)
            return
        self._measured = Measure(blocks, width, centred=self._centred, like=self._measured)
        kept = self._measured.kept
        unchanged = self._measured.starts[kept] if self._strips else 0
        self._strips = {n: strips for n, strips in self._strips.items() if n < kept}
        self.grow_to(Size(width, self._measured.height + 1), unchanged=unchanged)
        if self._once_measured is not None:
            then, self._once_measured = self._once_measured, None
            then()

    def _repaint(self) -> None:
        self._strips.clear()
        self.refresh()

    def scroll_lines(self, y: int) -> None:
        """Bring line `y` to the top, at once, and the terminal's cursor along."""
        super().scroll_lines(y)
        self._stand()

    def _paint(self, number: int) -> list[Strip]:
        block, base = self.blocks[number], self.visual_style
        options = RenderOptions(self._get_style, {})
        marked = number in self._marks or bool(self._cursor and self._measured.owner(number) == self._cursor)
        sign = "▸" if number == self._current else "▌" if marked else " "
        bar = Content.styled(sign, "$text-accent")
        edge = Content.assemble(" " * (self._measured.margin - GUTTER + 1), bar, " " * (GUTTER - 2))
        strips = [Strip.blank(self._measured.width, base.rich_style)] * self._measured.air(number)
        shown = with_spans(block, self._marks.get(number, ()))
        for n, line in enumerate(laid_out(shown, self._measured.inner(block))):
            full = edge + indented(block, first=n == 0) + line
            strips += full.render_strips(max(1, full.cell_length), 1, base, options)[:1]
        return strips
