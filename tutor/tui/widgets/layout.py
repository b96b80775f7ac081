"""Owns how a block fills a given width: wrapped text, folded code, tables whose columns share the room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.cells import cell_len
from textual.content import Content

from tutor.tui.widgets.blocks import Block, BlockKind

LEAST_COLUMN = 6
"""Cells below which a table column is not narrowed further."""


def laid_out(block: Block, width: int) -> list[Content]:
    """The lines of a block without its indent, each at most `width` cells."""
    if block.kind is BlockKind.CODE:
        return code_lines(block, width)
    if block.kind is BlockKind.TABLE:
        return table_lines(block.rows, width)
    if block.kind is BlockKind.RULE:
        return [Content.styled("─" * width, "$quiet")]
    return block.content.wrap(width) or [Content("")]


def height_of(block: Block, width: int) -> int:
    """How many lines `laid_out` gives, without making them where that can be helped."""
    if block.kind in (BlockKind.TEXT, BlockKind.HEADING):
        plain = block.content.plain
        if "\n" not in plain and block.content.cell_length <= width:
            return 1
        return max(1, block.content.get_height({}, width))
    if block.kind is BlockKind.CODE and all(len(line) <= (width - 2) // 2 for line in block.content.plain.split("\n")):
        return block.content.plain.count("\n") + 1
    return len(laid_out(block, width))


def code_lines(block: Block, width: int) -> list[Content]:
    """Code on its own ground, long lines folded, never wrapped at words."""
    coloured = block.content
    if block.language:
        from textual.highlight import highlight

        from tutor.tui.widgets.code_colours import CodeColours

        # The highlighter drops leading blank lines; colours are only worth having when the text stays the same.
        painted = highlight(block.content.plain, language=block.language, theme=CodeColours, tab_size=4)
        coloured = painted if painted.plain == block.content.plain else coloured
    inner = max(2, width - 2)
    lines = [piece for line in coloured.split("\n", allow_blank=True) for piece in (line.fold(inner) or [Content("")])]
    return [
        Content.assemble(" ", line, " " * max(0, inner - line.cell_length + 1)).stylize_before("$text on $surface")
        for line in lines
    ]


def table_lines(rows: tuple[tuple[Content, ...], ...], width: int) -> list[Content]:
    """A table with a line under its head; cells wrap in columns that share the width fairly."""
    if not rows:
        return []
    count = max(len(row) for row in rows)
    filled = [row + (Content(""),) * (count - len(row)) for row in rows]
    wanted = [max(row[n].cell_length for row in filled) for n in range(count)]
    widths = column_widths(wanted, width - 2 * (count - 1))
    squeezed = sum(widths) < sum(wanted)
    lines: list[Content] = []
    for number, row in enumerate(filled):
        styled = [cell.stylize("bold") for cell in row] if number == 0 else list(row)
        lines += _row_lines(styled, widths)
        if number == 0:
            lines.append(Content.styled("  ".join("─" * each for each in widths), "$text-muted"))
        elif squeezed and number < len(filled) - 1:
            lines.append(Content(""))
    return lines


def _row_lines(cells: list[Content], widths: list[int]) -> list[Content]:
    wrapped = [cell.wrap(width) or [Content("")] for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for n in range(max(map(len, wrapped))):
        parts = [column[n] if n < len(column) else Content("") for column in wrapped]
        padded = [part.pad_right(max(0, w - part.cell_length)) for part, w in zip(parts, widths, strict=True)]
        lines.append(Content("  ").join(padded))
    return lines


def column_widths(wanted: list[int], room: int) -> list[int]:
    """Widths that fit the room: narrow columns keep what they want, wide ones share the rest evenly."""
    widths = [max(1, each) for each in wanted]
    while sum(widths) > room:
        widest = max(widths)
        if widest <= LEAST_COLUMN:
            break
        widths[widths.index(widest)] -= 1
    return widths


def with_spans(block: Block, spans: Sequence[tuple[int, int]]) -> Block:
    """The block with these parts of its text highlighted."""
    if block.kind not in (BlockKind.TEXT, BlockKind.HEADING):
        return block
    content = block.content
    for start, end in spans:
        content = content.stylize("$text on $highlight", start, end)
    return replace(block, content=content)


def indented(block: Block, *, first: bool) -> Content:
    """What stands left of a line of text: its marker on the first line, its room on the others."""
    before = max(0, block.indent - cell_len(block.marker) - 1) if block.lead is None else block.lead
    marker = block.marker if first else ""
    room = max(0, block.indent - before - cell_len(marker))
    return Content.assemble(
        " " * before, (marker, block.marker_style), " " * room, ("│ " if block.quoted else "", "$text-muted")
    )
