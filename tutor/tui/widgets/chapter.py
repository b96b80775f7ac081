"""Owns how a chapter reads on the screen, and where in it a quoted passage stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from textual.content import Content

from tutor.domain.content import Chapter
from tutor.domain.text import holds_quote, visible
from tutor.tui.widgets.blocks import Block, BlockKind, heading_block, markdown_blocks, plain
from tutor.tui.widgets.document import Marks
from tutor.tui.widgets.words import counted

WORDS_A_MINUTE = 180
"""Technical prose, read to be remembered."""


def chapter_blocks(chapter: Chapter, *, read: bool, quote: str = "") -> list[Block]:
    """Title, facts, body, and the key questions folded to their text, so that nothing is given away.

    Only a question whose reference answer is quoted unfolds, because the learner has been sent there.
    """
    blocks = [heading_block(Content(visible(chapter.title)), 1), Block(about(chapter, read=read), above=0)]
    for section in chapter.sections:
        if section.heading:
            blocks += markdown_blocks(f"{'#' * max(2, section.level)} {section.heading}", first_line=section.line)
        blocks += markdown_blocks(section.text, first_line=section.line + 1)
    if chapter.questions:
        blocks += question_blocks(chapter, quote)
    if chapter.sources:
        blocks.append(heading_block(Content("Sources"), 2))
        blocks += [_source_block(n, str(s.title), s.ref, s.year) for n, s in enumerate(chapter.sources)]
    return blocks


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
    blocks = [heading_block(Content("Key questions"), 2, line=first_line)]
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
    invitation = Content.assemble(("q", "bold $text-accent"), (words, "$text-muted"))
    return [*blocks, Block(invitation)]


def _source_block(number: int, title: str, ref: str, year: int | None) -> Block:
    tail = " · ".join(part for part in (visible(ref), str(year or "")) if part)
    words = Content.assemble(visible(title), (f"  {tail}" if tail else "", "$text-muted"))
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
