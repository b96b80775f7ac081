"""Owns the chapter as it is read: whatever its length, only the stretch around the reader is made into blocks.

The stretch grows ahead of whoever scrolls. A chapter of usual length is one stretch.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from types import MappingProxyType

from tutor.domain.content import Chapter
from tutor.domain.text import holds_quote
from tutor.tui.widgets.blocks import Block
from tutor.tui.widgets.chapter import chapter_pieces, quote_marks
from tutor.tui.widgets.document import Document
from tutor.tui.widgets.pieces import Entry, Piece

AT_ONCE = 24_000
"""Characters made into blocks on opening: twice a chapter of usual length, a tenth of a second."""

AT_A_TIME = 3_000
"""Characters by which the stretch grows, a few milliseconds' worth."""

AHEAD = 3
"""Screens of text that are ready above and below the one that is read."""


class ChapterView(Document):
    """A chapter with its outline, a place in it, a highlighted passage and words to find."""

    def __init__(self, identity: str, *, centred: bool = False) -> None:
        super().__init__(identity, centred=centred)
        self._pieces: list[Piece] = []
        self.entries: list[Entry] = []
        self._made: dict[int, list[Block]] = {}
        self._first, self._last = 0, 0
        self._starts: list[int] = []
        self._quote, self._heading = "", ""
        self._words = ""
        self._origin: tuple[int, int] = (0, 0)
        self._found: tuple[int, int] | None = None

    def open(
        self,
        chapter: Chapter,
        *,
        read: bool,
        quote: str = "",
        heading: str = "",
        notes: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Show this chapter; `quote` under `heading` is the passage to highlight."""
        self._pieces, self.entries = chapter_pieces(chapter, read=read, quote=quote, notes=notes)
        self._made.clear()
        self._quote, self._heading = quote, heading
        self._first = self._last = 0
        self._turn_to(0)

    # Places

    @property
    def piece(self) -> int:
        """The number of the piece at the top of the window."""
        return self._first + max(0, bisect_right(self._starts, self.top_block) - 1)

    @property
    def line(self) -> int:
        """The line of the chapter file at the top of the window; 1 when nothing above is from the file."""
        lines = [block.line for block in self.blocks[: self.top_block + 1] if block.line]
        return lines[-1] if lines else max([p.line for p in self._pieces[: self._first]], default=1) or 1

    @property
    def entry(self) -> int:
        """The outline entry one is under; -1 above the first."""
        if not self.blocks:
            return -1
        here = self.piece
        top = self.blocks[self.top_block].line
        number = bisect_right(self.entries, here, key=lambda entry: entry.piece) - 1
        while number >= 0 and self.entries[number].piece == here and self.entries[number].line > top:
            number -= 1
        return number

    @property
    def at_heading(self) -> bool:
        """Whether the heading of the entry one is under is itself at the top."""
        entry = self.entry
        return entry >= 0 and self.piece == self.entries[entry].piece and self.top_block == self._block_of(self.piece)

    def go_to_line(self, line: int) -> None:
        """To the last block that starts at or before a line of the chapter file."""
        at = max((n for n, piece in enumerate(self._pieces) if 0 < piece.line <= line), default=0)
        self._turn_to(at)
        self.place(self.block_at_line(line))

    def go_to_entry(self, number: int) -> None:
        """To a heading of the outline."""
        self._turn_to(self.entries[number].piece)
        self.place(self._block_of(self.entries[number].piece))

    def go_to_quote(self) -> bool:
        """To the passage one came for; False when there is none, or it is nowhere to be found."""
        for number in self._quoted_pieces():
            self._turn_to(number)
            if self._marks:
                self.place(min(self._marks), at=0.3)
                return True
        return False

    def _quoted_pieces(self) -> list[int]:
        """Where a quoted passage may stand, the likeliest first."""
        if not (self._quote or self._heading):
            return []
        innermost = self._heading.rpartition("›")[2].strip().casefold()
        named = [entry.piece for entry in self.entries if entry.title.casefold() == innermost]
        holding = [n for n, piece in enumerate(self._pieces) if self._quote and holds_quote(piece.raw, self._quote)]
        return [*(n for n in holding if n in named), *holding, *named, 0]

    # Finding

    def find(self, words: str, step: int) -> tuple[int, int] | None:
        """Highlight these words and go to the next (1) or previous (-1) block that holds them.

        Step 0 takes the first one from where one was when the search began. Gives (which block, of how many), from 1;
        None when the words are nowhere.
        """
        self._words = words.casefold().strip()
        places = self._places_of(self._words)
        if not places:
            self._found = None
            self._show_marks()
            return None
        here = self._found if step and self._found is not None else self._origin
        beyond = [n for n, place in enumerate(places) if (place > here if step > 0 else place >= here)]
        at = beyond[0] if beyond else 0
        if step < 0:
            at = (at - 1) % len(places)
        self._found = places[at]
        self._turn_to(self._found[0])
        self._show_marks()
        self.place(self._block_of(self._found[0]) + self._found[1], at=0.2)
        return at + 1, len(places)

    def begin_finding(self) -> None:
        """Searches begin from here."""
        self._origin = (self.piece, self.top_block - self._block_of(self.piece) + int(self.scroll_offset.y > 0))
        self._found = None

    def _places_of(self, words: str) -> list[tuple[int, int]]:
        parts = words.split()
        if not parts:
            return []
        likely = [n for n, piece in enumerate(self._pieces) if all(part in piece.raw.casefold() for part in parts)]
        return [(n, at) for n in likely for at, block in enumerate(self._make(n)) if _spans(block, words)]

    # The stretch

    def _make(self, number: int) -> list[Block]:
        if number not in self._made:
            self._made[number] = self._pieces[number].make()
        return self._made[number]

    def _block_of(self, piece: int) -> int:
        """The number of a piece's first block in the stretch."""
        return self._starts[piece - self._first]

    def _turn_to(self, piece: int) -> None:
        """Make a stretch around this piece, unless it lies well inside the one there is."""
        if self._first <= piece < self._last and self.blocks:
            self._show_marks()
            return
        self._first = self._last = piece
        size = 0
        while size < AT_ONCE and (self._last < len(self._pieces) or self._first > 0):
            if self._last < len(self._pieces) and (size < AT_ONCE * 2 // 3 or self._first == 0):
                size += len(self._pieces[self._last].raw)
                self._last += 1
            else:
                self._first -= 1
                size += len(self._pieces[self._first].raw)
        self._show_stretch()

    def _show_stretch(self) -> None:
        blocks: list[Block] = []
        self._starts = []
        for number in range(self._first, self._last):
            self._starts.append(len(blocks))
            blocks += self._make(number)
        self.show(blocks)
        self._show_marks()

    def _show_marks(self) -> None:
        marks: dict[int, list[tuple[int, int]]] = {}
        if self._quote or self._heading:
            marks = {n: list(spans) for n, spans in quote_marks(self.blocks, self._quote, self._heading).items()}
        if self._words:
            for number, block in enumerate(self.blocks):
                if spans := _spans(block, self._words):
                    marks.setdefault(number, []).extend(spans)
        here = self._found
        inside = here is not None and self._first <= here[0] < self._last
        self.mark(marks, current=self._block_of(here[0]) + here[1] if here is not None and inside else -1)

    def action_edge(self, end: int) -> None:
        """To the top (0) or the end (1) of the chapter, not of what is ready of it."""
        self._turn_to(len(self._pieces) - 1 if end else 0)
        super().action_edge(end)

    def scroll_lines(self, y: int) -> None:
        """Grow the stretch before the edge of it can come into view."""
        super().scroll_lines(y + self._grow(y))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The scrollbar was drawn: there may be more beyond what it knows of."""
        super().watch_scroll_y(old_value, new_value)
        if self.is_vertical_scrollbar_grabbed:
            self.call_later(lambda: self.scroll_lines(self.scroll_offset.y))

    def _grow(self, y: int) -> int:
        """Make what comes next around line `y`; gives how many lines came in above it."""
        height, above = self.size.height, 0
        while height and self._last < len(self._pieces) and y + (AHEAD + 1) * height > self._measured.height:
            self._last = self._beyond(self._last, 1)
            self._show_stretch()
        while height and self._first > 0 and y + above < AHEAD * height:
            before = self._measured.height
            self._first = self._beyond(self._first, -1)
            self._show_stretch()
            above += self._measured.height - before
        return above

    def _beyond(self, edge: int, step: int) -> int:
        """The edge of the stretch moved outwards by a few screens."""
        size = 0
        while size < AT_A_TIME and 0 < edge + (step > 0) <= len(self._pieces):
            size += len(self._pieces[edge if step > 0 else edge - 1].raw)
            edge += step
        return edge


def _spans(block: Block, words: str) -> list[tuple[int, int]]:
    """Where the words stand in a block, whatever their case."""
    return [found.span() for found in re.finditer(re.escape(words), block.content.plain, re.IGNORECASE)]
