"""Owns how Markdown becomes blocks: what a document is made of before anybody knows how wide the screen is.

Every text is made visible here, at the door; nothing in it is ever read as markup of the screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from textual.content import Content, Span
from textual.style import Style

from tutor.domain.text import visible
from tutor.tui.links import Link

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MARKS = {"em": "italic", "strong": "bold", "s": "strike"}
CODE_STYLE = "$text-accent on $surface"
HEADING_STYLES = {1: "bold $text", 2: "bold $text-primary", 3: "bold $text"}


class BlockKind(StrEnum):
    """How a block is laid out."""

    TEXT = "text"
    HEADING = "heading"
    CODE = "code"
    TABLE = "table"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item, heading, table or code fence."""

    content: Content
    """What to show; for a table its cells joined, so that quotes can be found in it."""
    kind: BlockKind = BlockKind.TEXT
    indent: int = 0
    """Cells from the left, including the room for the marker."""
    marker: str = ""
    """A bullet, number or sign, drawn in the indent of the first line."""
    lead: int | None = None
    """Cells before the marker; None sets it right before the text."""
    marker_style: str = "$text-muted"
    quoted: bool = False
    """Somebody's words: drawn with a line at the left."""
    above: int = 1
    """Blank lines before it."""
    line: int = 0
    """Line in the chapter file where it starts; 0 when it comes from no file."""
    level: int = 0
    """Of a heading, 1..6."""
    rows: tuple[tuple[Content, ...], ...] = ()
    """Of a table, the head first."""
    language: str = ""
    """Of a code fence."""
    anchor: str = ""
    """A name to move to; the blocks up to the next anchor belong to it."""


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # HTML is off: a tag in a chapter or an answer is text like any other.
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def markdown_blocks(text: str, *, first_line: int = 1) -> list[Block]:
    """The blocks of a Markdown text; `first_line` is where the text starts in its file."""
    return list(_Reader(first_line).read(_parser().parse(visible(text))))


def plain(markdown: str) -> str:
    """A Markdown text as it reads on the screen, blocks joined by single blanks."""
    return " ".join(" ".join(block.content.plain.split()) for block in markdown_blocks(markdown))


@dataclass(slots=True)
class _Reader:
    """Walks the tokens once, keeping what surrounds the current one."""

    first_line: int
    lists: list[int | None] = field(default_factory=list)
    """One entry a list we are in: the number of its next item, or None for bullets."""
    quotes: int = 0
    marker: str = ""
    fresh_list: bool = True
    line: int = 0

    def read(self, tokens: Sequence[Token]) -> Iterator[Block]:
        """Blocks in reading order."""
        rest = iter(tokens)
        for token in rest:
            if token.map is not None:
                self.line = self.first_line + token.map[0]
            if token.type == "heading_open":
                yield self.heading(next(rest), int(token.tag[1:]))
            elif token.type == "inline":
                yield self.paragraph(inline_content(token.children or ()))
            elif token.type in ("fence", "code_block"):
                yield self.code(token)
            elif token.type == "table_open":
                yield self.table(rest)
            elif token.type == "hr":
                yield Block(Content(""), BlockKind.RULE, line=self.line)
            else:
                self.enter_or_leave(token)

    def enter_or_leave(self, token: Token) -> None:
        """Keep track of lists and quotes."""
        if token.type in ("bullet_list_open", "ordered_list_open"):
            start = int(token.attrGet("start") or 1) if token.type[0] == "o" else None
            self.fresh_list = not self.lists
            self.lists.append(start)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif token.type == "list_item_open":
            number = self.lists[-1]
            self.marker = "•" if number is None else f"{number}."
            if number is not None:
                self.lists[-1] = number + 1
        elif token.type == "blockquote_open":
            self.quotes += 1
        elif token.type == "blockquote_close":
            self.quotes -= 1

    def heading(self, token: Token, level: int) -> Block:
        """A heading; bigger ones get more air."""
        content = inline_content(token.children or ())
        return heading_block(content, level, line=self.line)

    def paragraph(self, content: Content) -> Block:
        """A paragraph, or the text of a list item."""
        marker, self.marker = self.marker, ""
        above = 1 if not marker or self.fresh_list else 0
        self.fresh_list = False
        return Block(content, indent=self.indent, marker=marker, quoted=self.quotes > 0, above=above, line=self.line)

    def code(self, token: Token) -> Block:
        """A code fence, as written."""
        content = Content(token.content.rstrip("\n").expandtabs(4))
        language = token.info.split()[0] if token.info.split() else ""
        return Block(content, BlockKind.CODE, indent=self.indent, line=self.line, language=language)

    def table(self, rest: Iterator[Token]) -> Block:
        """A table up to its closing token."""
        rows: list[list[Content]] = []
        line = self.line
        for token in rest:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(inline_content(token.children or ()))
        joined = Content(" ").join(cell for row in rows for cell in row)
        return Block(joined, BlockKind.TABLE, line=line, rows=tuple(tuple(row) for row in rows))

    @property
    def indent(self) -> int:
        """Two cells a list level, three where numbers need the room."""
        return sum(2 if number is None else 3 for number in self.lists)


def heading_block(content: Content, level: int, *, line: int = 0, anchor: str = "") -> Block:
    """A heading of its level's weight."""
    styled = content.stylize(HEADING_STYLES.get(level, "bold $text-muted"))
    return Block(styled, BlockKind.HEADING, above=2 if level <= 2 else 1, line=line, level=level, anchor=anchor)


def inline_content(tokens: Iterable[Token]) -> Content:
    """Styled text of one paragraph; a link shows its text and, when it is another, its target."""
    text = ""
    spans: list[Span] = []
    opened: list[tuple[str, int]] = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            text += " " if token.type == "softbreak" else "\n"
        elif token.type == "code_inline":
            spans.append(Span(len(text), len(text) + len(token.content), CODE_STYLE))
            text += token.content
        elif token.type == "image":
            text += f"[image: {token.content or 'no description'}]"
        elif token.nesting == 1:
            href = str(token.attrGet("href") or "") if token.type == "link_open" else ""
            opened.append((href, len(text)))
        elif token.nesting == -1 and opened:
            href, start = opened.pop()
            if token.type == "link_close":
                spans.append(Span(start, len(text), "underline"))
                text, spans = _with_target(text, spans, start, visible(href))
            else:
                spans.append(Span(start, len(text), _MARKS.get(token.tag, "")))
        else:
            text += token.content
    return Content(text, [span for span in spans if span.style and span.end > span.start])


def _with_target(text: str, spans: list[Span], start: int, href: str) -> tuple[str, list[Span]]:
    if not href:
        return text, spans
    words, end = text[start:], len(text)
    target = "" if href == words else f" ‹{href}›"
    whole = Span(start, end + len(target), link_style(href, words))
    return text + target, [*spans, Span(end, end + len(target), "$text-muted"), whole]


def link_style(href: str, words: str) -> Style:
    """Of letters that lead somewhere: where to is told by the meta `link` of what is drawn, and nothing acts on it."""
    return Style.from_meta({"link": Link(href, words)})
