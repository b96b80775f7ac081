"""Owns the numbers in an answer: `[n]` in every spelling a model uses, where it stands, and the quote it points to.

A number is a quote: two claims that rest on different sentences get different numbers, so that every `[n]` can be
checked by itself.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tutor.answering.excerpts import Excerpt, between, whole_sentences
from tutor.domain.answer import Citation
from tutor.domain.passage import Passage

_MARK = re.compile(
    r"[\[【](?:\^|(?:passages?|sources?|refs?|citations?)\.?\s*)?(\d{1,3}(?:\s*(?:,|;|and|&|-|–|to)\s*(?:\[?\d{1,3}\]?))*)[\]】]"
    r"(?:\([^)\s]*\))?",
    re.I,
)
_AFTER_STOP = re.compile(r"([.!?])[ \t]*((?:\[\d+\])+)")
_BLANK_BEFORE = re.compile(r"[ \t]*((?:\[\d+\])+)")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence or list item of an answer with the numbers it gives."""

    start: int
    end: int
    """Where it stands in the text."""
    text: str
    """Its words, without the numbers."""
    numbers: tuple[int, ...]


def with_plain_marks(text: str, known: Callable[[int], bool]) -> str:
    """The text with every mark spelt `[n]` before its full stop, and numbers that were never given left out.

    `[1, 3]`, `[passage 2]`, `【2】`, `[2](address)` and `[1-3]` are understood; no address survives.
    """

    def spelt(found: re.Match[str]) -> str:
        return "".join(f"[{n}]" for n in dict.fromkeys(_numbers(found[1])) if known(n))

    marked = _AFTER_STOP.sub(r"\2\1", _MARK.sub(spelt, text))
    marked = _BLANK_BEFORE.sub(r" \1", marked)
    return re.sub(r"[ \t]+(?=[.,;:!?](?:\s|$))", "", marked)


def _numbers(listed: str) -> list[int]:
    found: list[int] = []
    for part in re.split(r"\s*(?:,|;|and|&)\s*", listed):
        ends = [int(n) for n in re.findall(r"\d+", part)]
        found += range(ends[0], min(ends[-1], ends[0] + 20) + 1) if len(ends) == 2 else ends
    return found


def claims_in(text: str) -> list[Claim]:
    """The sentences of a text whose marks are plain, each with its numbers."""
    claims = []
    for start, end in whole_sentences(text):
        written = text[start:end]
        numbers = tuple(dict.fromkeys(int(n) for n in re.findall(r"\[(\d+)\]", written)))
        bare = re.sub(r"\s*\[\d+\]", "", written)
        if re.search(r"\w", bare):
            claims.append(Claim(start, end, bare, numbers))
    return claims


def cited(sentence: str, numbers: Sequence[int]) -> str:
    """A sentence with its numbers before the full stop; after it when a quotation mark or bracket follows the stop."""
    marks = "".join(f"[{n}]" for n in numbers)
    if not marks:
        return sentence
    stop = re.search(r"[.!?:;]$", sentence)
    return f"{sentence[: stop.start()]} {marks}{stop[0]}" if stop else f"{sentence} {marks}"


class Numbering:
    """Numbers handed out in order of first use, one for each quote."""

    def __init__(self, citations: Iterable[Citation] = ()) -> None:
        """Goes on after citations whose numbers run from 1."""
        self._citations = {(one.passage_id, one.quote): one for one in citations}

    def number(self, passage: Passage, quote: str) -> int:
        """The number of a quote; `verified` is decided here, by looking for it in the passage."""
        key = (passage.id, quote)
        if key not in self._citations:
            found = bool(quote.strip()) and quote in passage.text
            n = len(self._citations) + 1
            self._citations[key] = Citation(n, passage.id, passage.chapter_id, passage.heading, quote, found)
        return self._citations[key].n

    def holding(self, passage: Passage, words: str) -> int:
        """The number of a quote that these words of the passage are in; of a quote of their own, if there is none."""
        given = (one for (name, quote), one in self._citations.items() if name == passage.id and words in quote)
        return next((one.n for one in given), 0) or self.number(passage, words)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All of them, from 1."""
        return tuple(self._citations.values())


def written(excerpts: Sequence[Excerpt]) -> tuple[str, tuple[Citation, ...]]:
    """An answer made of excerpts: a paragraph for each passage, every sentence and list item with its number.

    Sentences that follow each other in the passage are one quote and share a number.
    """
    numbering = Numbering()
    paragraphs: list[list[str]] = []
    joins = ""
    for run in _runs(excerpts):
        passage, whole_list = run[0].passage, bool(run[0].items)
        n = numbering.number(passage, passage.text[run[0].start : run[-1].end])
        text = " ".join(_shown(one, n) for one in run)
        if passage.id == joins and not whole_list:
            paragraphs[-1].append(text)
        else:
            paragraphs.append([text])
        joins = "" if whole_list else passage.id
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs), numbering.citations


def _runs(excerpts: Sequence[Excerpt]) -> list[list[Excerpt]]:
    """Excerpts grouped where one follows the other with nothing but blanks between them in one block."""
    runs: list[list[Excerpt]] = []
    for one in excerpts:
        last = runs[-1][-1] if runs else None
        beside = last is not None and last.passage.id == one.passage.id and last.block == one.block
        if last and beside and not one.items and not last.items and not between(last, one).strip():
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _shown(excerpt: Excerpt, n: int) -> str:
    if not excerpt.items:
        return cited(excerpt.lead, [n])
    return "\n".join((f"{cited(excerpt.lead, [n])}\n", *(f"- {_each_cited(point, n)}" for point in excerpt.points)))


def _each_cited(point: str, n: int) -> str:
    return " ".join(cited(sentence, [n]) for sentence in (point[slice(*span)] for span in whole_sentences(point)))
