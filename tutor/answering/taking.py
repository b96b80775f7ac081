"""Owns which scored sentences make one answer: enough, no two alike, few places, both sides, nothing dangling.

What a sentence leans on comes along: one that opens with "It" or "This" is only taken after the one before it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tutor.answering.asking import Asking
from tutor.answering.excerpts import Excerpt
from tutor.answering.sides import told

FEWEST, MOST = 3, 7
"""Sentences in an answer; a list counts as one."""
FEWEST_NAMED = 2
"""From so many on, a sentence is only added when it names the term or goes on from one that is taken."""
MOST_WORDS = 150
"""About a minute aloud (style guide: 150 words a minute)."""
MOST_FROM_MAIN = 6
"""Sentences of the main passage; what is left of the answer goes to what other passages add."""
MOST_SOURCES = 3
"""Passages quoted in one answer: sentences out of many places do not read as one thought."""
DROP = 0.22
"""A sentence this far below the best one of its passage is not worth adding beyond the fewest."""
SOURCE_DROP = 0.09
"""A passage this far below the main one is not quoted, unless only it names a compared thing."""
FILLS = 0.5
"""What share of its source a passage of the same chapter must have to fill an answer that is short."""
ADDS = 0.06
"""A sentence of another passage may be this far below the best one of the main passage."""
TWIN, ECHO = 0.85, 0.72
"""Cosine from which two sentences say the same, and from which one of another passage adds too little."""
NEIGHBOUR = 0.3
"""Bonus of a sentence that stands beside a taken one."""

LEANS = re.compile(
    r"\W*(?:(?:\w+\s+){0,3}(?:it(?! depends\b| does not matter\b)|its|they|them|their|this|these|those|such)\b"
    r"|that\b(?! is why)|because\b(?!.*,)|however\b|but\b|yet\b|so\b"
    r"|and\b|or\b|then\b|thus\b|instead\b|otherwise\b|still\b|both\b|each\b|either\b|neither\b|another\b|here\b|also\b"
    r"|for (?:example|instance)\b|example:|in (?:all|both|that|the same)\b|nothing\b|there\b|hence\b|therefore\b|nor\b"
    r"|the (?:same|other|former|latter|opposite|first|second|third|price|cost|rest|result|extra)\b"
    r"|the (?:limit|catch|reason|remedy|fix|proof|risk|bill|point|report|paper|study|authors)(?::| (?:is|was|are)\b)"
    r"|(?:newer|older|all (?:two|three|four|five)|an? (?:month|year|decade)s? later)\b"
    r"|(?:at|by|for|from|in|on|to|under|with)\s+(?:\w+\s+){1,4}(?:it|they)\b"
    r"|[^.;:]*\bthere[.;:]|(?:\S+\s+){1,3}then\b"
    r"|an? (?:second|third|fourth|further)\b|(?:first|second|third|fourth|fifth|sixth|finally)\b"
    r"|(?:next|similarly|likewise)\b"
    r"|step (?:two|three|four|five|six|\d)\b)"
    r"|.*\b(?:too|as well)\b|(?:\S+\s+){0,3}also\b|.{0,40}\bthus\b",
    re.I,
)
"""How a sentence begins that makes sense only after the one before it."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A sentence or list with how well it answers."""

    excerpt: Excerpt
    score: float
    place: int
    """Its index among all candidates."""
    source: float
    """How well its passage bears on the question."""
    before: "Candidate | None"
    """What stands right before it and can be quoted."""
    names: bool = True
    """False when one single term is asked about and this sentence does not have it."""
    replies: bool = False
    """It opens the reference answer to this very question, so that the question stands before it."""

    @property
    def leans(self) -> bool:
        """True when it only makes sense after what stands before it."""
        return not self.replies and bool(LEANS.match(self.excerpt.lead))


class Taking:
    """Takes candidates one after another, the best first."""

    def __init__(self, asking: Asking, candidates: Sequence[Candidate], alike: Callable[[int, int], float]) -> None:
        """`alike` gives the cosine of two candidates by their places."""
        self._asking = asking
        self._candidates = candidates
        self._alike = alike
        self._taken: list[Candidate] = []

    def take(self) -> list[Candidate]:
        """The chosen candidates: the main passage first, each passage in reading order."""
        if not self._candidates:
            return []
        main = self._main()
        mine = [one for one in self._candidates if one.excerpt.passage.id == main.excerpt.passage.id]
        self._fill(mine, main.score - DROP, MOST_FROM_MAIN)
        short = len(self._taken) < FEWEST_NAMED
        near = [one for one in self._candidates if one.source >= self._lowest(one, main, short)]
        self._fill([one for one in near if one not in mine], main.score - ADDS, MOST)
        for place in range(len(self._asking.sides)):
            if place not in self._sides():
                self._add_side(place)
        order = list(dict.fromkeys(one.excerpt.passage.id for one in self._taken))
        return sorted(self._taken, key=lambda one: (order.index(one.excerpt.passage.id), one.place))

    @staticmethod
    def _lowest(one: Candidate, main: Candidate, short: bool) -> float:
        """How well its passage must bear on the question; a short answer is filled from the same chapter."""
        fills = short and one.excerpt.passage.chapter_id == main.excerpt.passage.chapter_id
        return FILLS * main.source if fills else main.source - SOURCE_DROP

    def _main(self) -> Candidate:
        """The best sentence of the passage that is best by itself and by its best sentences, on average."""
        by_passage: dict[str, list[Candidate]] = {}
        for one in sorted(self._candidates, key=lambda one: -one.score):
            by_passage.setdefault(one.excerpt.passage.id, []).append(one)
        return max(by_passage.values(), key=_as_main)[0]

    def _fill(self, candidates: Sequence[Candidate], floor: float, most: int) -> None:
        """Take from these down to a floor; below it only until the answer has the fewest sentences it may have."""
        while len(self._taken) < most:
            lowest = floor if len(self._taken) >= FEWEST else 0.0
            fitting = [one for one in candidates if self._worth(one) >= lowest]
            named = [one for one in fitting if one.names or one.before in self._taken]
            group = self._next(named if len(self._taken) >= FEWEST_NAMED else named or fitting, MOST_SOURCES)
            if not group:
                return
            self._taken += group

    def _add_side(self, place: int) -> None:
        """Take a sentence that says something of a side, in the place of others; none of these goes for nothing."""
        before = list(self._taken)
        telling = [one for one in self._candidates if place in told(self._asking, one.excerpt.text)]
        while not (group := self._next(telling, MOST_SOURCES + 1)):
            if len(self._taken) < FEWEST or not self._drop_weakest():
                self._taken = before
                return
        self._taken += group

    def _drop_weakest(self) -> bool:
        """Make room: give up the weakest sentence that nothing taken leans on and no side needs."""
        needed = {one.before for one in self._taken if one.leans}
        free = [one for one in self._taken if one not in needed]
        free = [one for one in free if self._sides() == self._sides(without=one)]
        if free:
            self._taken.remove(min(free, key=lambda one: one.score))
        return bool(free)

    def _next(self, candidates: Sequence[Candidate], sources: int) -> list[Candidate]:
        """The best candidate that can be taken now, after what it leans on; empty when none can."""
        for one in sorted(candidates, key=self._worth, reverse=True):
            group = self._group(one)
            if group and self._fits(group, sources):
                return group
        return []

    def _group(self, one: Candidate) -> list[Candidate]:
        group = [one]
        while group[0].leans and group[0].before not in self._taken:
            before = group[0].before
            if before is None or len(group) == FEWEST:
                return []
            group.insert(0, before)
        return [] if any(self._same(new, old) for new in group for old in self._taken) else group

    def _fits(self, group: Sequence[Candidate], sources: int) -> bool:
        after = [*self._taken, *group]
        words = sum(len(one.excerpt.text.split()) for one in after)
        places = len({one.excerpt.passage.id for one in after})
        return len(after) <= MOST and places <= sources and (words <= MOST_WORDS or len(self._taken) < FEWEST - 1)

    def _same(self, one: Candidate, other: Candidate) -> bool:
        a, b = one.excerpt, other.excerpt
        overlaps = a.passage.id == b.passage.id and a.start < b.end and b.start < a.end
        limit = TWIN if a.passage.id == b.passage.id else ECHO
        return one is other or overlaps or self._alike(one.place, other.place) > limit

    def _worth(self, one: Candidate) -> float:
        beside = any(other.before is one or one.before is other for other in self._taken)
        return one.score + NEIGHBOUR * beside

    def _sides(self, without: Candidate | None = None) -> set[int]:
        kept = (one for one in self._taken if one is not without)
        return {place for one in kept for place in told(self._asking, one.excerpt.text)}


def _as_main(group: Sequence[Candidate]) -> float:
    """How well a passage leads an answer, from its candidates, the best first; a short one is not worse for it."""
    best = group[:FEWEST]
    return (group[0].source + sum(one.score for one in best) / len(best)) / 2
