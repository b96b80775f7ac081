"""Owns cutting a chapter into passages: what can be found, cited and shown as one piece."""

import re
from collections.abc import Iterator

from tutor.domain.content import BodySection, Chapter, digest
from tutor.domain.passage import Passage, PassageKind
from tutor.domain.text import sentence_spans
from tutor.retrieval.markup import plain

MOST_WORDS = 180
"""With title and headings about 256 tokens, which is as far as the encoder reads."""
FEWEST_WORDS = 40
"""A shorter end of a section stays with the piece before it."""
SLACK = 1.2
"""How far over `MOST_WORDS` a piece may go to keep such an end."""

Span = tuple[int, int]
"""A slice of a section's text, from and to."""

_ASIDE = re.compile(
    r"(?:follow-?ups?(?: ladder)?|check yourself|sources(?: and freshness)?|why interviewers ask|how to say it)$",
    re.IGNORECASE,
)
"""Headings of what a chapter says about itself."""
_ITEM = re.compile(r"(?:[-*+•]|\d{1,3}[.)])\s")
_FENCE = re.compile(r"^[ \t]*(```+|~~~+)", re.MULTILINE)
_TABLE_RULE = re.compile(r"^[ \t]*\|?[ \t:]*-{3,}[ \t:]*\|", re.MULTILINE)


def passages_of(chapter: Chapter) -> list[Passage]:
    """The chapter's passages in reading order, then the reference answer of each key question. No id comes twice."""
    found = [*_body(chapter), *_references(chapter)]
    return list({passage.id: passage for passage in reversed(found)}.values())[::-1]


def to_index(chapter: Chapter) -> list[Passage]:
    """What an index holds of a chapter: its passages, and the questions beyond it as one more."""
    if not chapter.beyond:
        return passages_of(chapter)
    kind = PassageKind.BEYOND
    beyond = Passage(_id(chapter, kind), chapter.id, chapter.title, (), "", kind, answers=chapter.beyond)
    return [*passages_of(chapter), beyond]


def indexed_text(passage: Passage) -> str:
    """What stands for the passage itself: chapter title, heading path, and the words of the text."""
    return f"{passage.chapter}. {'. '.join(passage.heading_path)}\n{plain(passage.text)}"


def embedded_texts(passage: Passage) -> tuple[str, ...]:
    """What its vectors are made of: its own text, and each question it answers; the nearest of them counts."""
    return passage.answers if passage.kind is PassageKind.BEYOND else (indexed_text(passage), *passage.answers)


def pieces(text: str) -> list[Span]:
    """Where a section's text is cut: at paragraph and list item borders, long paragraphs at sentences.

    Tables and code fences are never cut, and what ends in a colon stays with what it announces. The spans leave out
    only blank space between them.
    """
    blocks = [(span, len(text[slice(*span)].split())) for span in _blocks(text)]
    total = sum(words for _, words in blocks)
    share = total / max(1, -(-total // MOST_WORDS))
    cut: list[tuple[Span, int]] = []
    for (start, end), words in blocks:
        if cut:
            (first, last), so_far = cut[-1]
            announced = text[:last].rstrip("*_ ").endswith(":")
            if announced or (so_far < share and so_far + words <= MOST_WORDS):
                cut[-1] = ((first, end), so_far + words)
                continue
        cut.append(((start, end), words))
    if len(cut) > 1 and cut[-1][1] < FEWEST_WORDS and cut[-2][1] + cut[-1][1] <= MOST_WORDS * SLACK:
        (_, end), words = cut.pop()
        cut[-1] = ((cut[-1][0][0], end), cut[-1][1] + words)
    return [span for span, _ in cut]


def _body(chapter: Chapter) -> Iterator[Passage]:
    cursor = 0
    for section in chapter.sections:
        at = chapter.markdown.find(section.text, cursor) if section.text.strip() else -1
        cursor = max(cursor, at)
        first_line = _first_text_line(chapter, section, at)
        for start, end in pieces(section.text):
            text = section.text[start:end]
            if re.search(r"\w", text):
                line = first_line + section.text.count("\n", 0, start)
                kind = PassageKind.ASIDE if _ASIDE.match(section.heading) else PassageKind.BODY
                passage_id = _id(chapter, *section.path, kind, text)
                where = (passage_id, chapter.id, chapter.title, section.path)
                yield Passage(*where, text, kind, line=line, aliases=chapter.aliases, answers=section.answers)


def _references(chapter: Chapter) -> Iterator[Passage]:
    for question in chapter.questions:
        if question.reference.strip():
            kind, path, text = PassageKind.REFERENCE, (question.text,), question.reference
            passage_id = _id(chapter, *path, kind, question.id, text)
            names, line = chapter.aliases, question.line
            yield Passage(passage_id, chapter.id, chapter.title, path, text, kind, question.id, line, names)


def _id(chapter: Chapter, *parts: str) -> str:
    return f"{chapter.id}:{digest(chapter.title, *parts)}"


def _first_text_line(chapter: Chapter, section: BodySection, at: int) -> int:
    """The file line on which a section's text starts: its heading's line and the blank lines after it."""
    if section.level == 1 or at < 0:
        return section.line
    before = chapter.markdown[:at].rstrip()
    return section.line + chapter.markdown.count("\n", len(before), at)


def _blocks(text: str) -> Iterator[Span]:
    """Paragraphs, list items, tables and fences; a paragraph of more than `MOST_WORDS` as its sentences."""
    for start, end in _raw_blocks(text):
        block = text[start:end]
        if len(block.split()) <= MOST_WORDS or _FENCE.search(block) or _TABLE_RULE.search(block):
            yield start, end
            continue
        starts = [start, *(start + begin for begin, _ in sentence_spans(block)[1:])]
        for begin, stop in zip(starts, [*starts[1:], end], strict=True):
            yield begin, begin + len(text[begin:stop].rstrip())


def _raw_blocks(text: str) -> Iterator[Span]:
    start, end, place = -1, 0, 0
    fence, above = "", ""
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if fence:
            fence = "" if bare.startswith(fence) and not bare.strip(fence[0]) else fence
        else:
            if _begins(line, above) and start >= 0:
                yield start, end
                start = -1
            opening = _FENCE.match(line)
            fence = opening[1] if opening else ""
        if bare:
            start = place if start < 0 else start
            end = place + len(line.rstrip())
        above = line
        place += len(line)
    if start >= 0:
        yield start, end


def _begins(line: str, above: str) -> bool:
    """True when a line outside a fence begins a block; indented lines continue the list item above them."""
    if not line.strip() or line.startswith(("  ", "\t")):
        return False
    in_table, above_in_table = line.startswith("|"), above.startswith("|")
    return not above.strip() or bool(_ITEM.match(line) or _FENCE.match(line)) or in_table != above_in_table
