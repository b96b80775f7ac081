"""Owns how a chapter is cut into pieces, so that only those near the reader are ever made into blocks.

A piece ends where a section ends, or inside a long one at a blank line where no list, quote or code goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tutor.tui.widgets.blocks import Block

MOST = 8_000
"""Characters after which a section is cut at the next good place: some five screens."""

HARD = 32_000
"""Characters after which it is cut anywhere, even inside a line."""

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_GOES_ON = re.compile(r"\s|[-*+>|]|\d+[.)]\s")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a chapter that can be laid out by itself."""

    raw: str
    """Its text as written, to search in before it is made into blocks."""
    line: int
    """Where it starts in the chapter file; 0 for what is in no file."""
    entry: int
    """The outline entry it belongs to; -1 above the first."""
    make: Callable[[], list[Block]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the outline."""

    title: str
    level: int
    line: int
    """Where its heading stands; for what is in no file, a line after everything."""
    piece: int
    """Number of the piece that begins with it."""


def cut(text: str, most: int = MOST) -> Iterator[tuple[int, str]]:
    """The text in stretches that can be read as Markdown one by one, each with the number of lines before it.

    A stretch ends at the first good place after `most` characters.
    """
    begin, kept, size = 0, list[str](), 0
    fence = ""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        fence = _after(fence, line)
        kept.append(line)
        size += len(line) + 1
        ends = not line.strip() and not fence and not _GOES_ON.match("".join(lines[number + 1 : number + 2]) or " ")
        if (size > most and ends) or size > HARD:
            # Code that goes on is closed here and opened again there.
            yield from _folded(begin, "\n".join([*kept, fence] if fence else kept))
            begin, kept, size = (number, [fence], 0) if fence else (number + 1, [], 0)
    yield from _folded(begin, "\n".join(kept))


def _after(fence: str, line: str) -> str:
    """The fence that is open after a line; empty for none."""
    found = _FENCE.match(line)
    if not found:
        return fence
    if not fence:
        return found[1]
    return "" if found[1].startswith(fence) and not line.strip(" \t`~") else fence


def _folded(begin: int, text: str) -> Iterator[tuple[int, str]]:
    while len(text) > 2 * HARD:
        at = text.rfind(" ", 0, HARD) + 1 or HARD
        yield begin, text[:at]
        text = text[at:]
    yield begin, text
