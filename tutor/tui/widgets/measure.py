"""Owns where every block of a document stands at one width: the arithmetic of the reading widget, without a screen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from tutor.tui.widgets.blocks import Block
from tutor.tui.widgets.layout import height_of

GUTTER = 3
"""Cells at the left: a mark, and air."""

COLUMN = 78
"""Cells of text at most; longer lines tire the eye."""


class Measure:
    """First lines of all blocks at one width, counted once; `starts[-1]` is the height of the whole."""

    def __init__(self, blocks: Sequence[Block], width: int, *, centred: bool, like: Measure | None = None) -> None:
        self.blocks = blocks
        self.width = width
        spare = max(0, (width - GUTTER - COLUMN) // 2 - GUTTER)
        self.margin = GUTTER + (spare if centred else 0)
        """Cells left of the text."""
        self.kept: int = 0
        """How many blocks at the top stand where they stood in the measure before."""
        known: dict[int, int] = {}
        if like is not None and like.width == width:
            self.kept = _shared(like.blocks, blocks)
            known = {id(block): like.tall[number] for number, block in enumerate(like.blocks)}
        self.tall: list[int] = []
        """Lines of each block without its air; a block that was counted is not counted again."""
        self.starts: list[int] = [0]
        for number, block in enumerate(blocks):
            lines = like.tall[number] if like is not None and number < self.kept else known.get(id(block))
            self.tall.append(height_of(block, self.inner(block)) if lines is None else lines)
            self.starts.append(self.starts[-1] + self.air(number) + self.tall[-1])

    @property
    def height(self) -> int:
        """Lines of the whole document."""
        return self.starts[-1]

    def inner(self, block: Block) -> int:
        """Cells for the text of a block."""
        quoted = 2 if block.quoted else 0
        return max(8, min(COLUMN, self.width - self.margin - 1) - block.indent - quoted)

    def air(self, number: int) -> int:
        """Blank lines above a block: the first one keeps a line from the frame, whatever it is."""
        return self.blocks[number].above if number else 1

    def top(self, number: int) -> int:
        """The first line of a block's text, after its air."""
        return self.starts[number] + self.air(number)

    def at(self, line: int) -> int:
        """The number of the block that a line belongs to."""
        return max(0, min(bisect_right(self.starts, line) - 1, len(self.blocks) - 1))

    def owner(self, number: int) -> str:
        """The anchor a block belongs to: its own, or the nearest above."""
        return next((self.blocks[n].anchor for n in range(number, -1, -1) if self.blocks[n].anchor), "")


def _shared(before: Sequence[Block], now: Sequence[Block]) -> int:
    count = 0
    for one, other in zip(before, now, strict=False):
        if one is not other and not _same(one, other):
            break
        count += 1
    return count


def _same(one: Block, other: Block) -> bool:
    """Whether two blocks look alike; contents that are equal to the framework may still differ in their styles."""
    return one == other and not one.rows and one.content.is_same(other.content)
