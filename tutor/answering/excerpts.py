"""Owns what of a passage can be quoted in an answer: complete sentences, and lists with the sentence that opens them.

Headings, tables, code and fragments are left out. An excerpt is a span of the passage, so quoting it quotes the
chapter exactly.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.answering.shown import plain
from tutor.domain.passage import Passage
from tutor.domain.text import sentence_spans

Span = tuple[int, int]

LONGEST_LIST = 9
"""Items of a list that is still quoted whole; the chapters keep lists under nine (style guide)."""
FEWEST_WORDS = 4
"""A shorter sentence says nothing on its own."""

_ITEM = re.compile(r"(?:[-*+•]|\d{1,2}[.)])\s+")
_GAP = re.compile(rf"\s*(?:{_ITEM.pattern})?")
_NOT_PROSE = re.compile(r"(?:#{1,6}\s|\||<|>|!\[|(?:[-*_]\s*){3,}$|[=-]{3,}$|\[\^?[^\]]+\]:)")
_FENCE = re.compile(r"(?:```|~~~)")
_COMPLETE = re.compile(r"[.!…][\"'”’)\]*_`]*$")
_RUN_IN = re.compile(r"\*\*[^*]+[.:]\*\*[.:]?$|\*\*[^*]+\*\*[.:]$")
_OPENS = re.compile(r":[*_ ]*$|\b(?:two|three|four|five|six|seven|eight|nine|these|following|steps)\b", re.I)
"""A sentence that announces the list under it."""
_TO_A_CHAPTER = r"\[[^\]]*\]\((?!\w+:)[^)]*\)"
_POINTS_ELSEWHERE = re.compile(
    rf"\W*{_TO_A_CHAPTER}(?: and {_TO_A_CHAPTER})* (?:explains?|shows?|covers?|treats?|teach(?:es)?|lists?|runs?"
    r"|compares? it|ha(?:s|ve) (?:the|their|its|a chapter))\b"
)
"""A sentence that says where else to read, with a link to that chapter."""
_QUOTED = re.compile(r"[*_]*[\"“].*[\"”][*_.]*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence, or an opening sentence with its list, as it stands in a passage."""

    passage: Passage
    block: int
    """Paragraph or list it stands in, counted through the passage."""
    start: int
    end: int
    items: tuple[Span, ...] = ()
    """Where the items of a list stand; empty for a sentence."""
    lead_end: int = 0
    """Where the sentence that opens the list ends; 0 for a sentence."""

    @property
    def quote(self) -> str:
        """The words exactly as the passage has them."""
        return self.passage.text[self.start : self.end]

    @property
    def lead(self) -> str:
        """The sentence, or what opens the list, without markup."""
        return plain(self.passage.text[self.start : self.lead_end or self.end])

    @property
    def points(self) -> tuple[str, ...]:
        """The items of the list without markup."""
        return tuple(plain(self.passage.text[start:end]) for start, end in self.items)

    @property
    def text(self) -> str:
        """All its words on one line, for comparing."""
        return " ".join((self.lead, *self.points))


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    end: int
    items: tuple[Span, ...] = ()


def excerpts_of(passage: Passage) -> list[Excerpt]:
    """Everything quotable of a passage in reading order: a list stands whole, and once for each full sentence in it.

    A sentence that announces a list is not quoted without it.
    """
    text = passage.text
    found: list[Excerpt] = []
    opening: Span | None = None
    for number, block in enumerate(_blocks(text)):
        if opening and 2 <= len(block.items) <= LONGEST_LIST:
            if found and found[-1].start == opening[0]:
                found.pop()
            found.append(Excerpt(passage, number, opening[0], block.end, block.items, opening[1]))
        stretches = block.items or ((block.start, block.end),)
        spans = [span for stretch in stretches for span in whole_sentences(text, *stretch)]
        found += [Excerpt(passage, number, *span) for span in spans if _stands_alone(text[slice(*span)])]
        opens = bool(spans) and not block.items and _announces(text[slice(*spans[-1])])
        opening = spans[-1] if opens else None
    return found


def between(first: Excerpt, second: Excerpt) -> str:
    """What stands between two excerpts of one passage."""
    return first.passage.text[first.end : second.start]


def follows(first: Excerpt, second: Excerpt) -> bool:
    """True when nothing but the mark of a list stands between two excerpts of one passage."""
    return bool(_GAP.fullmatch(between(first, second)))


def _announces(text: str) -> bool:
    """True for a sentence that says what the list under it is of; "Then:" says nothing."""
    return bool(_OPENS.search(text)) and len(re.findall(r"\w+", text)) > 1


def _stands_alone(text: str) -> bool:
    """A complete statement: no question, nothing about where to read on, and no sentence quoted whole, which is what
    chapters do with wrong answers."""
    words = len(re.findall(r"\w+", text))
    halved = text.count('"') % 2 or text.count("“") != text.count("”")
    states = not _QUOTED.match(text) and not _POINTS_ELSEWHERE.match(text)
    return words >= FEWEST_WORDS and bool(_COMPLETE.search(text)) and states and not halved


def whole_sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of a stretch of prose; clauses after a semicolon and a bold run-in stay with their sentence."""
    spans: list[Span] = []
    joins = False
    for begin, stop in sentence_spans(text[start:end]):
        span = (start + begin, start + stop)
        if joins and spans:
            spans[-1] = (spans[-1][0], span[1])
        else:
            spans.append(span)
        written = text[slice(*spans[-1])]
        joins = written.endswith(";") or bool(_RUN_IN.match(written))
    return spans


def _blocks(text: str) -> Iterator[_Block]:
    """Paragraphs and lists in order; everything else only separates them."""
    lines: list[Span] = []
    kind = ""
    for start, end, found in _kinds(text):
        if found != kind or not found:
            if lines:
                yield _block(text, lines, kind)
            lines, kind = [], found
        if found:
            lines.append((start, end))
    if lines:
        yield _block(text, lines, kind)


def _kinds(text: str) -> Iterator[tuple[int, int, str]]:
    """Each line with what it belongs to: `list`, `prose`, or nothing. A blank inside a list does not end it."""
    fenced = False
    kind = ""
    place = 0
    for line in text.splitlines(keepends=True):
        start, end = place, place + len(line.rstrip())
        place += len(line)
        bare = line.strip()
        if _FENCE.match(bare):
            fenced = not fenced
            kind = ""
        elif fenced or _NOT_PROSE.match(bare):
            kind = ""
        elif _ITEM.match(bare):
            kind = "list"
        elif not bare:
            kind = "gap" if kind in ("list", "gap") else ""
        elif kind == "gap" and line[0].isspace():
            kind = "list"
        elif kind in ("", "gap"):
            kind = "prose"
        if kind != "gap":
            yield start, end, kind


def _block(text: str, lines: list[Span], kind: str) -> _Block:
    start, end = lines[0][0], lines[-1][1]
    if kind != "list":
        return _Block(start, end)
    items: list[Span] = []
    for begin, stop in lines:
        line = text[begin:stop]
        marker = _ITEM.match(line.lstrip())
        if marker:
            items.append((begin + len(line) - len(line.lstrip()) + marker.end(), stop))
        elif items:
            items[-1] = (items[-1][0], stop)
    return _Block(start, end, tuple(items))
