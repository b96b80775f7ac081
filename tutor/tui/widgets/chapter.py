"""Owns how a chapter reads on the screen, and where in it a quoted passage stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from textual.content import Content, Span

from tutor.domain.content import BodySection, Chapter
from tutor.domain.text import holds_quote, visible
from tutor.tui.keys import key_of
from tutor.tui.links import address_of
from tutor.tui.widgets.blocks import Block, BlockKind, heading_block, link_style, markdown_blocks, plain
from tutor.tui.widgets.document import Marks
from tutor.tui.widgets.pieces import Entry, Piece, cut
from tutor.tui.widgets.words import counted

WORDS_A_MINUTE = 180
"""Technical prose, read to be remembered."""


def chapter_blocks(chapter: Chapter, *, read: bool, quote: str = "") -> list[Block]:
    """Title, facts, body, and the key questions folded to their text, so that nothing is given away.

    Only a question whose reference answer is quoted unfolds, because the learner has been sent there.
    """
    return [block for piece in chapter_pieces(chapter, read=read, quote=quote)[0] for block in piece.make()]


def chapter_pieces(
    chapter: Chapter, *, read: bool, quote: str = "", notes: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[Piece], list[Entry]]:
    """The chapter in pieces, and its outline; `notes` are the learner's own, by `place_of`."""
    pieces = [Piece(chapter.title, 0, -1, partial(_title_blocks, chapter, read=read, note=notes.get("", "")))]
    entries: list[Entry] = []
    for section in chapter.sections:
        if section.heading:
            entries.append(Entry(section.heading, max(2, section.level), section.line, len(pieces)))
        for number, (skipped, text) in enumerate(cut(section.text)):
            head = section if number == 0 else None
            line = section.line + 1 + skipped
            make = partial(_body_blocks, head, text, line, notes.get(place_of(section), "") if head else "")
            raw = f"{section.heading}\n{text}" if head else text
            pieces.append(Piece(raw, section.line if head else line, len(entries) - 1, make))
    if chapter.questions:
        line = min(question.line for question in chapter.questions)
        entries.append(Entry(QUESTIONS, 2, line, len(pieces)))
        raw = "\n".join([QUESTIONS, *(question.text for question in chapter.questions)])
        pieces.append(Piece(raw, line, len(entries) - 1, partial(question_blocks, chapter, quote)))
    if chapter.sources:
        entries.append(Entry(SOURCES, 2, entries[-1].line + 1 if entries else 1, len(pieces)))
        raw = "\n".join([SOURCES, *(f"{source.title} {source.ref}" for source in chapter.sources)])
        pieces.append(Piece(raw, 0, len(entries) - 1, partial(_source_blocks, chapter)))
    return pieces, entries


def place_of(section: BodySection) -> str:
    """What a note on this section is kept under: its headings, so that it stays when the chapter grows around it."""
    return " › ".join(section.path)


QUESTIONS, SOURCES = "Key questions", "Sources"


def _title_blocks(chapter: Chapter, *, read: bool, note: str) -> list[Block]:
    facts = Block(about(chapter, read=read), above=0)
    return [heading_block(Content(visible(chapter.title)), 1), facts, *note_blocks(note)]


def _body_blocks(head: BodySection | None, text: str, line: int, note: str) -> list[Block]:
    blocks: list[Block] = []
    if head is not None and head.heading:
        blocks += markdown_blocks(f"{'#' * max(2, head.level)} {head.heading}", first_line=head.line)
        blocks += note_blocks(note)
    return blocks + markdown_blocks(text, first_line=line)


def note_blocks(note: str) -> list[Block]:
    """What the learner noted, in their own line breaks, told from the chapter by its sign."""
    lines = visible(note.strip()).split("\n") if note.strip() else []
    return [
        Block(Content(line), indent=2, marker="" if n else "✎", marker_style="$text-secondary", above=int(n == 0))
        for n, line in enumerate(lines)
    ]


def _source_blocks(chapter: Chapter) -> list[Block]:
    listed = [_source_block(n, str(s.title), s.ref, s.year) for n, s in enumerate(chapter.sources)]
    return [heading_block(Content(SOURCES), 2), *listed]


def about(chapter: Chapter, *, read: bool) -> Content:
    """One line of facts."""
    minutes = max(1, round(sum(len(section.text.split()) for section in chapter.sections) / WORDS_A_MINUTE))
    parts = [chapter.level, f"asked {WEIGHT_WORDS.get(chapter.weight, chapter.weight)}", f"{minutes} min"]
    if chapter.updated is not None:
        parts.append(f"updated {chapter.updated.isoformat()}")
    if read:
        parts.append("✓ read")
    return Content.styled(visible(" · ".join(parts)), "$text-muted")


WEIGHT_WORDS = {"high": "often", "medium": "now and then", "low": "rarely"}


def question_blocks(chapter: Chapter, quote: str = "") -> list[Block]:
    """The key questions, folded but for the one that is quoted."""
    quoted = "" if any(holds_quote(section.text, quote) for section in chapter.sections) else quote
    first_line = min(question.line for question in chapter.questions)
    blocks = [heading_block(Content(QUESTIONS), 2, line=first_line)]
    width = len(str(len(chapter.questions))) + 2
    for number, question in enumerate(chapter.questions, 1):
        blocks.append(
            Block(
                Content(visible(question.text)),
                indent=width,
                marker=f"{number}.",
                marker_style="$text-accent",
                above=1 if number == 1 else 0,
                line=question.line,
            )
        )
        if quoted and holds_quote(question.reference, quoted):
            blocks += [replace(b, indent=b.indent + width) for b in markdown_blocks(question.reference)]
    words = f"  Answer {counted(len(chapter.questions), 'question')} in your own words"
    invitation = Content.assemble((key_of("reader.quiz"), "bold $text-accent"), (words, "$text-muted"))
    return [*blocks, Block(invitation)]


def _source_block(number: int, title: str, ref: str, year: int | None) -> Block:
    tail = " · ".join(part for part in (visible(ref), str(year or "")) if part)
    words = Content.assemble(visible(title), (f"  {tail}" if tail else "", "$text-muted"))
    if address := address_of(visible(ref)):
        words = words.add_spans([Span(0, len(words), link_style(address, visible(title)))])
    return Block(words, indent=2, marker="•", above=0 if number else 1)


def quote_marks(blocks: Sequence[Block], quote: str, heading: str = "") -> Marks:
    """Where a quote stands: inside one block, or else every block that the quoted passage is made of.

    A passage that is nowhere to be found (the chapter changed) falls back to its heading, if that is still there.
    """
    wanted = plain(quote)
    if wanted:
        pattern = re.compile(r"\s+".join(map(re.escape, wanted.strip(" .").split())), re.IGNORECASE)
        for number, block in enumerate(blocks):
            found = pattern.search(block.content.plain)
            if found:
                return {number: [_with_full_stop(block.content.plain, found.start(), found.end())]}
    pieces = {_flat(block.content.plain) for block in markdown_blocks(quote)} - {""}
    marks: dict[int, list[tuple[int, int]]] = {
        number: [] for number, block in enumerate(blocks) if _flat(block.content.plain) in pieces
    }
    return marks or heading_marks(blocks, heading)


def heading_marks(blocks: Sequence[Block], heading: str) -> Marks:
    """The heading a passage stands under, innermost name of a path."""
    innermost = _flat(heading.rpartition("›")[2])
    for number, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING and innermost and _flat(block.content.plain) == innermost:
            return {number: []}
    return {}


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()


def _with_full_stop(text: str, start: int, end: int) -> tuple[int, int]:
    return start, end + (end < len(text) and text[end] in ".!?")
