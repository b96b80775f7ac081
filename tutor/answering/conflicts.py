"""Owns where passages contradict each other: the same words said of two figures, said and denied, or turned round.

A false alarm is worse than silence, so two sentences must speak of the same things, word for word up to their order.
How near they are in meaning is not asked: to the encoder the free and the paid plan are as near as one thing in two
wordings (0.94 in the pairs this was made with).
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product

from tutor.answering.citations import Numbering
from tutor.answering.figures import Figure
from tutor.answering.statements import Stated, Statement, stated_in
from tutor.domain.answer import Citation
from tutor.domain.passage import Passage
from tutor.retrieval.opposites import word_set
from tutor.retrieval.polarity import akin, exchanged, polarity
from tutor.retrieval.words import content_stems, stem

FEWEST = 2
"""Words that both sentences share beside what they differ in: with fewer, what they speak of is named elsewhere."""
MOST = 3
"""Conflicts told beside one answer, or to a model."""
ALIKE = 0.5
"""Share of the shorter sentence's words that must stand in the other, or the two are not looked at closely."""

_ON_PURPOSE = re.compile(r"mistake|red flag|misconception|pitfall|wrong|exercise|drill|worked example", re.I)
"""Headings of passages that hold wrong sentences, or the figures of one made-up case."""
_CASE = re.compile(r"(?<=\w)\s+(?:for|in|with|without|under|when|if)\s+(.+)$", re.I)
_DENIES = re.compile(r"\b(?:not|never|no|cannot|nor)\b|n['’]t\b", re.I)
_MODAL = re.compile(
    r"\b(can|could|may|might|must|should|will|sometimes|some|many|most|often|usually|few|than)(?:not)?\b", re.I
)
_PAST = re.compile(r"\b(?:was|were|had|used to|formerly|previously|earlier|originally|once|old)\b", re.I)
_SAYS_WHICH = re.compile(r"(?:^|\b(?:an?|the|of|with|at|in|for|by|on|to|from|than|and|or|very|more|less)\s+)$", re.I)
"""What stands before a word that only tells which thing is meant: "a larger overlap"."""
_SAYS_WHAT = re.compile(r"\b(?:is|are|was|were|be|been|becomes?|remains?|stays?|gets?|makes?)\s+(?:\w+\s+){0,4}$", re.I)
_HANDS_ON = frozenset(
    map(stem, word_set("give given get take taken make made keep kept use need last send sent hold held"))
)
"""Verbs that only hand a figure on: "takes 3 s", "is kept for 30 days"."""
_ADVISES = frozenset(map(stem, word_set("start begin set choose pick recommend recommended good typical common size")))
"""What a figure is recommended with, in one word or another: "start with 512 tokens", "a good size is 512 tokens"."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sentences of different passages that cannot both be right."""

    sides: tuple[Stated, Stated]
    says: tuple[str, str]
    """What each says of the thing: its figure, or the sentence; exactly as it stands in the passage."""

    def rests_on(self, citations: Iterable[Citation], word_for_word: bool) -> bool:
        """True when one of its sides is cited; `word_for_word`, the very sentence."""
        return any(
            one.passage_id == side.passage.id and (side.quote in one.quote or not word_for_word)
            for one in citations
            for side in self.sides
        )


def conflicts_among(passages: Iterable[Passage]) -> list[Conflict]:
    """Where passages contradict each other, in their order; the same two sentences count once, wherever they stand."""
    read = [stated_in(one) for one in passages if not _ON_PURPOSE.search(one.heading)]
    found: dict[frozenset[str], Conflict] = {}
    for one, other in chain.from_iterable(product(left, right) for left, right in combinations(read, 2)):
        conflict = conflict_of(one, other)
        if conflict is not None:
            found.setdefault(frozenset((one.statement.text, other.statement.text)), conflict)
    return list(found.values())


def told(
    conflicts: Iterable[Conflict], citations: Sequence[Citation], *, word_for_word: bool
) -> tuple[tuple[str, ...], tuple[Citation, ...]]:
    """A sentence for each conflict an answer rests on, and the citations with those added that its numbers need.

    An answer made `word_for_word` of quotes rests on the sentences it quotes, any other on the passages it cites.
    """
    numbering = Numbering(citations)
    said: list[str] = []
    for one in [each for each in conflicts if each.rests_on(citations, word_for_word)][:MOST]:
        parts = (
            f"[{numbering.holding(side.passage, side.quote)}] says “{' '.join(words.split()).rstrip('.')}”"
            for side, words in zip(one.sides, one.says, strict=True)
        )
        said.append(f"The sources disagree: {', '.join(parts)}.")
    return tuple(said), numbering.citations


def conflict_of(one: Stated, other: Stated) -> Conflict | None:
    """How two sentences contradict each other, if they do."""
    a, b = one.statement, other.statement
    if len(a.stems & b.stems) < max(FEWEST, ALIKE * min(len(a.stems), len(b.stems))):
        return None
    if _of_two_cases(one.passage, other.passage):
        return None
    quotes = (one.quote, other.quote)
    figures = _figures(a, b)
    if figures:
        says = (a.text[figures[0].start : figures[0].end], b.text[figures[1].start : figures[1].end])
        as_written = all(said in quote for said, quote in zip(says, quotes, strict=True))
        return Conflict((one, other), says if as_written else quotes)
    if _denies(a, b) or _denies(b, a) or _turns_round(a, b):
        return Conflict((one, other), quotes)
    return None


def _of_two_cases(one: Passage, other: Passage) -> bool:
    """True when titles or headings say that two passages hold of different things: "... for code", "... for prose"."""
    cases = [
        [set(content_stems(found[1])) for line in (p.chapter, *p.heading_path) for found in _CASE.finditer(line)]
        for p in (one, other)
    ]
    return all(cases) and not any(case & also for case in cases[0] for also in cases[1])


def _figures(a: Statement, b: Statement) -> tuple[Figure, Figure] | None:
    """The figures in which two sentences differ, when all else that they say is the same."""
    pairs = [(f, g) for f in a.figures for g in b.figures if f.excludes(g)]
    if len(pairs) != 1 or polarity(a.text).cues % 2 != polarity(b.text).cues % 2 or exchanged(a.text, b.text):
        return None
    ((f, g),) = pairs
    if _sets_the_time(a, f) or _sets_the_time(b, g) or not (f.is_date or _past(a) == _past(b)):
        return None
    beside, across = _beside(a, f), _beside(b, g)
    if not (_borne_by(beside, across) and _borne_by(across, beside)):
        return None
    cores = (a.core(f.start) - _HANDS_ON, b.core(g.start) - _HANDS_ON)
    return (f, g) if _same(*cores, aside=_ADVISES) else None


def _sets_the_time(s: Statement, figure: Figure) -> bool:
    """True of a date that only says when the rest held: it opens the sentence, or says as of when."""
    return figure.is_date and (figure.unit.endswith("as of") or not any(at < figure.start for at, _ in s.places))


def _beside(s: Statement, figure: Figure) -> list[Figure]:
    return [one for one in s.figures if one is not figure and s.belongs(one.start, figure.start)]


def _borne_by(figures: Collection[Figure], others: Collection[Figure]) -> bool:
    return all(any(one.unit == other.unit and not one.excludes(other) for other in others) for one in figures)


def _denies(a: Statement, b: Statement) -> bool:
    """True when the first denies, once more than the second, just what the second says."""
    denying, plain = polarity(a.text), polarity(b.text)
    denial = _DENIES.search(a.text)
    if denying.cues != plain.cues + 1 or denial is None or _DENIES.search(b.text) or not _as_firm(a, b):
        return False
    for head in denying.heads - plain.heads:
        at = next((place for place, one in b.places if akin(one, head)), -1)
        if at >= 0 and _same(a.core(a.place(head, denial.end())), b.core(at)):
            return True
    return False


def _turns_round(a: Statement, b: Statement) -> bool:
    """True when the sentences say opposites of one thing; not when they say one thing of opposites."""
    pairs = exchanged(a.text, b.text)
    if len(pairs) != 1 or not _as_firm(a, b):
        return False
    ((wanted, said),) = pairs
    at, across = a.place(said), b.place(wanted)
    says_what = all(_SAYS_WHAT.search(text) or not _SAYS_WHICH.search(text) for text in (a.text[:at], b.text[:across]))
    return says_what and _same(a.core(at) - {said}, b.core(across) - {wanted})


def _same(one: frozenset[str], other: frozenset[str], aside: frozenset[str] = frozenset()) -> bool:
    """True when two sentences speak of the same things, in whatever order and endings; `aside` need not agree."""
    if min(len(one), len(other)) < FEWEST or not (one & other) - aside:
        return False
    return all(any(akin(word, also) for also in other) for word in one - other - aside) and all(
        any(akin(word, also) for also in one) for word in other - one - aside
    )


def _as_firm(a: Statement, b: Statement) -> bool:
    """True when both speak of one time, and both of what is, of what may be, or of how two things compare."""
    modals = [{found[1].lower() for found in _MODAL.finditer(s.text)} for s in (a, b)]
    return modals[0] == modals[1] and _past(a) == _past(b)


def _past(s: Statement) -> bool:
    return _PAST.search(s.text) is not None
