"""Owns how a question and its answer read: numbered citations, sentences without support, what was nearest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from textual.content import Content

from tutor.domain.answer import Answer, Citation
from tutor.domain.text import visible
from tutor.tui.widgets.blocks import Block, heading_block, markdown_blocks, plain
from tutor.tui.widgets.pieces import cut
from tutor.tui.widgets.words import engine_words

UNSUPPORTED = " ⟨not in the chapters⟩"
EXTRACTIVE = "extractive"
QUOTE = 180
"""Characters of a quote under an answer."""

KEPT = 1024
"""Finished paragraphs of growing answers that are kept as they are: those of the longest answer."""

_NUMBER = r"\[\d+\]"


def question_block(question: str, anchor: str) -> Block:
    """What was asked; the blocks after it belong to it."""
    return heading_block(Content(visible(question)), 2, anchor=anchor)


def running_blocks(text: str) -> list[Block]:
    """An answer that is still being written; what stands above its last paragraph is not read again."""
    *settled, last = [stretch for _, stretch in cut(text, most=0)]
    blocks = [block for stretch in settled for block in _settled(stretch)]
    return blocks + [_numbered(block) for block in markdown_blocks(last)]


@lru_cache(maxsize=KEPT)
def _settled(stretch: str) -> tuple[Block, ...]:
    return tuple(_numbered(block) for block in markdown_blocks(stretch))


def answer_blocks(answer: Answer, title_of: Callable[[str], str]) -> list[Block]:
    """A complete answer; `title_of` names a chapter by its id."""
    blocks = [Block(Content.styled(visible(answer.note), "$text-muted"))] if answer.note else []
    if answer.abstained:
        return [*blocks, *abstention_blocks(answer, title_of)]
    blocks += [_numbered(_marked(block, answer.unsupported)) for block in markdown_blocks(answer.text)]
    for sentence in answer.conflicts:
        blocks.append(_numbered(Block(Content.styled(visible(plain(sentence)), "$text-warning"))))
    blocks += citation_blocks(answer.citations, title_of)
    blocks.append(Block(Content.styled(engine_words(answer.engine), "$text-muted")))
    return blocks


def abstention_blocks(answer: Answer, title_of: Callable[[str], str]) -> list[Block]:
    """The material says nothing: say that, what lies nearest, and which model read the passages, if one did."""
    blocks = markdown_blocks(answer.text)
    for number, chapter_id in enumerate(answer.nearest, 1):
        if number == 1:
            blocks.append(Block(Content.styled("Nearest chapters", "$text-muted")))
        words = Content(visible(title_of(chapter_id)))
        blocks.append(Block(words, indent=4, marker=f"[{number}]", marker_style="bold $text-accent", above=0))
    if answer.engine != EXTRACTIVE:
        blocks.append(Block(Content.styled(engine_words(answer.engine), "$text-muted")))
    return blocks


def citation_blocks(citations: Iterable[Citation], title_of: Callable[[str], str]) -> list[Block]:
    """Number, place, and the quoted words."""
    blocks: list[Block] = []
    for citation in citations:
        where = visible(f"{title_of(citation.chapter_id)} · {citation.heading}")
        quote = _shortened(plain(citation.quote))
        check = "" if citation.verified else "  (quote not found in the passage)"
        words = Content.assemble(where, (check, "$text-warning"))
        marker = f"[{citation.n}]"
        blocks.append(Block(words, indent=4, marker=marker, marker_style="bold $text-accent", above=int(not blocks)))
        if quote:
            blocks.append(Block(Content.styled(f"“{quote}”", "$text-muted"), indent=4, above=0))
    return blocks


def _shortened(quote: str) -> str:
    """The beginning of a long quote; its number shows all of it where it stands."""
    return quote if len(quote) <= QUOTE else quote[:QUOTE].rpartition(" ")[0] + " …"


def _numbered(block: Block) -> Block:
    return _with(block, block.content.highlight_regex(_NUMBER, style="bold $text-accent"))


def _marked(block: Block, unsupported: Iterable[str]) -> Block:
    content = block.content
    for sentence in unsupported:
        words = plain(sentence).split()
        found = re.search(r"\s+".join(map(re.escape, words)), content.plain) if words else None
        if found:
            tagged = content.stylize("italic", found.start(), found.end())
            content = Content.assemble(tagged[: found.end()], (UNSUPPORTED, "$text-warning"), tagged[found.end() :])
    return _with(block, content)


def _with(block: Block, content: Content) -> Block:
    return replace(block, content=content)
