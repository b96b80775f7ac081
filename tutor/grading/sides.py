"""Owns who a clause speaks of when a question sets things against each other: their names, other names and pronouns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from tutor.grading.names import names_of, standing_for
from tutor.retrieval.opposites import opposites, word_set
from tutor.retrieval.words import STOP_WORDS, stem

_AGAINST = word_set("unlike than over versus vs without against")
_AGAINST_PAIRS = frozenset(
    {("rather", "than"), ("instead", "of"), ("compared", "to"), ("compared", "with"), ("contrast", "to")}
)
_IN_TURN = ("former", "latter")
"""These stand for the two sides in the order of the question, which answers keep."""
CONNECTIVES = word_set("and so also but then thus hence therefore because since while whereas")
_BEFORE_SUBJECT = CONNECTIVES | word_set("going use using used choose choosing take taking with for pick")
_CHOICE = re.compile(r"\b(?:choose|prefer|pick|favou?r|over(?!-)|instead\s+of|rather\s+than)\b", re.I)
_ONE, _LAST = r"(?:an?\s+|the\s+)?(.+?)", r"(?:[?,.;:)]|\s+(?:in|for|when)\b|$)"
_DERIVED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bdifferences?\s+between\s+{_ONE}\s+and\s+{_ONE}{_LAST}",
        rf"\bhow\s+(?:do|does)\s+{_ONE}\s+and\s+{_ONE}\s+(?:differ|compare)\b",
        rf"\b(?:choose|prefer|pick|use|favou?r|want)\s+{_ONE}\s+(?:over|instead\s+of|rather\s+than)\s+{_ONE}{_LAST}",
        rf"\b(?:is|are)\s+{_ONE}\s+(?:the\s+|an?\s+)?(?:right|better|best|good|preferable)\b.{{0,30}}?"
        rf"\b(?:instead\s+of|rather\s+than|than|over)\s+{_ONE}{_LAST}",
        rf"\b(?:compare|contrast)\s+{_ONE}\s+(?:and|with|to)\s+{_ONE}{_LAST}",
        rf"(?:^|[\s(])([\w-]+(?:\s[\w-]+)?)\s+(?:vs\.?|versus)\s+([\w-]+(?:\s[\w-]+)?){_LAST}",
    )
)
VARIED, VARIED_MORE = 6, 4
"""A word of so many letters and the same with so many more at its end are forms of one name."""
_WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
"""A word with its hyphens."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The things set against each other, with every name they go by."""

    names: tuple[tuple[tuple[str, ...], ...], ...]
    """For each side, its names as tuples of words, longest first."""
    subjects: tuple[frozenset[str], ...]
    """For each side, words that stand for it at the beginning of a clause."""
    default: int | None
    """The side meant where nobody is named: the first of "X over Y"."""

    def mentions(self, text: str) -> tuple[tuple[int, int, int, bool], ...]:
        """(side, start, end, against) of each mention; `against` when it is only held against the subject."""
        return _mentions(self, text)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the names stand."""
        return [(start, end) for _, start, end, _ in self.mentions(text)]

    def subject(self, text: str) -> int | None:
        """The side that a clause speaks of; None when it names none."""
        for side, _, _, against in self.mentions(text):
            if not against:
                return side
        return None

    def named(self, text: str) -> frozenset[int]:
        """Every side a text names."""
        return frozenset(side for side, _, _, _ in self.mentions(text))

    def abreast(self, text: str) -> frozenset[int]:
        """The sides a text names otherwise than to hold them against another."""
        return frozenset(side for side, _, _, against in self.mentions(text) if not against)

    def together(self, text: str) -> bool:
        """True when a clause begins by naming sides side by side: "RAG and fine-tuning solve different problems"."""
        subjects = [mention for mention in self.mentions(text) if not mention[3]]
        return any(
            one[0] != other[0] and text[one[2] : other[1]].split() in (["and"], ["and", "the"])
            for one, other in pairwise(subjects[:2])
        )

    def masked(self, text: str) -> str:
        """The text without the names, so that predicates can be compared."""
        for _, start, end, _ in reversed(self.mentions(text)):
            text = text[:start] + text[end:]
        return " ".join(text.split())

    def at(self, plain: Sequence[str], i: int) -> tuple[int | None, int]:
        """The side named from a word on, and in how many words; a text is given as its lower-case words."""
        if plain[i] in _IN_TURN and len(self.names) == len(_IN_TURN):
            return _IN_TURN.index(plain[i]), 1
        best: tuple[int | None, int] = (None, 0)
        for side, names in enumerate(self.names):
            for name in names:
                if len(name) > best[1] and _same(plain[i : i + len(name)], name):
                    best = (side, len(name))
            begins = all(word in STOP_WORDS or word in _BEFORE_SUBJECT for word in plain[:i])
            if best[0] is None and begins and plain[i] in self.subjects[side]:
                best = (side, 1)
        return best


@lru_cache(maxsize=4_096)
def _mentions(sides: Sides, text: str) -> tuple[tuple[int, int, int, bool], ...]:
    found = [(m.group().lower(), m.start(), m.end()) for m in _WORD.finditer(text)]
    plain = [word for word, _, _ in found]
    out, i = [], 0
    while i < len(plain):
        side, length = sides.at(plain, i)
        if side is not None:
            before = [word for word in plain[max(0, i - 3) : i] if word not in ("a", "an", "the")]
            out.append((side, found[i][1], found[i + length - 1][2], _held_against(before)))
        i += max(1, length)
    return tuple(out)


def sides_of(question: str, contrast: Sequence[str], points: Sequence[str] = ()) -> Sides | None:
    """The sides of a question: the authored contrast, else what its wording or the points set against each other.

    None when nothing is set against anything.
    """
    names = list(contrast) or derived_contrast(question) or mined_contrast(question, points)
    if len(names) < 2:
        return None
    known = [names_of(name) for name in names]
    shared = {name for n, side in enumerate(known) for other in known[n + 1 :] for name in side if name in other}
    cleaned = [tuple(sorted((n for n in side if n not in shared), key=len, reverse=True)) for side in known]
    if not all(cleaned):
        return None
    subjects = tuple(frozenset(standing_for(name)) for name in names)
    return Sides(tuple(cleaned), subjects, 0 if _CHOICE.search(question) else None)


def derived_contrast(question: str) -> list[str]:
    """The two things a question sets against each other by its wording, or nothing."""
    for pattern in _DERIVED:
        found = pattern.search(question)
        if found and all(1 <= len(part.split()) <= 4 for part in found.groups()):
            return [part.strip() for part in found.groups()]
    return []


def mined_contrast(question: str, points: Sequence[str]) -> list[str]:
    """Two things that points begin with: joined in the question ("X with Y"), or of one kind ("small …", "large …")."""
    begins = [[w for w in _TERM.findall(point.lower())[:4] if w not in STOP_WORDS][:2] for point in points]
    usable = [words for words in begins if words and words[0][0].isalpha() and len(words[0]) > 2]
    for n, one in enumerate(usable):
        for other in usable[n + 1 :]:
            if stem(one[0]) == stem(other[0]):
                if _same_beginning(question, one, other):
                    return [" ".join(one), " ".join(other)]
                continue
            twins = len(one) == len(other) == 2 and stem(one[1]) == stem(other[1])
            opposite = stem(other[0]) in opposites().get(stem(one[0]), ())
            asked = any(_asks_for(question, words) for words in (one, other))
            joined = _joined(question, one[0], other[0]) or _joined(question, other[0], one[0])
            if joined or (twins and (opposite or asked)):
                return [" ".join(one), " ".join(other)] if twins else [one[0], other[0]]
    return []


def _asks_for(question: str, words: Sequence[str]) -> bool:
    return bool(re.search(rf"\b{re.escape(' '.join(words))}", question, re.IGNORECASE))


def _same_beginning(question: str, one: Sequence[str], other: Sequence[str]) -> bool:
    """True for "citation recall" and "citation precision", when the question joins them."""
    if len(one) != 2 or len(other) != 2 or stem(one[1]) == stem(other[1]):
        return False
    return _joined(question, one[1], other[1]) or _joined(question, one[1], " ".join(other))


def _joined(question: str, left: str, right: str) -> bool:
    between = r"s?(?:\s+\w+)?\s+(?:and|or|with|to|from|than|over)\s+(?:an?\s+|the\s+)?"
    return bool(re.search(rf"\b{re.escape(left)}{between}{re.escape(right)}", question, re.IGNORECASE))


def _held_against(before: Sequence[str]) -> bool:
    return bool(before) and (before[-1] in _AGAINST or tuple(before[-2:]) in _AGAINST_PAIRS)


def _same(said: Sequence[str], name: tuple[str, ...]) -> bool:
    if len(said) < len(name) or tuple(said[:-1]) != name[:-1]:
        return False
    return said[-1] in (name[-1], f"{name[-1]}s", f"{name[-1]}es", name[-1].removesuffix("s")) or _varied(
        said[-1], name[-1]
    )


def _varied(said: str, name: str) -> bool:
    """True for another form of a long word: "optimist" and "optimistic", "hallucinating" and "hallucination"."""
    short, long = sorted((said.removesuffix("s"), name), key=len)
    grown = long.startswith(short) and len(long) - len(short) <= VARIED_MORE
    return len(short) >= VARIED and (grown or stem(said) == stem(name))
