"""Owns the side of a search that goes by meaning: the cosines of one query and the passages, ready or not."""

import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property
from math import exp, log
from typing import TYPE_CHECKING

from tutor.domain.passage import Passage
from tutor.retrieval.embedding import embed
from tutor.retrieval.fusion import least_cosine
from tutor.retrieval.keyword_upkeep import Shelf
from tutor.retrieval.keywords import Entry
from tutor.retrieval.passage_rows import stamp_of, text_number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tutor.retrieval.encoder import Encoder
    from tutor.retrieval.vectors import Held, VectorIndex

    Floats = NDArray[np.float32]
    Early = OrderedDict[tuple[str, int], Floats]

Having = Callable[[Collection[int]], list[Entry]]
"""The passages with these texts that may be shown."""
Matches = dict[Entry, float]
"""Passages with their scores by words."""
ByWords = Callable[[], Matches]

CANDIDATES = 16
"""Passages found by keywords that are embedded for a query when they have no vector yet: about half a second's work."""
REMEMBERED = 4096
"""Vectors of such passages kept in memory until the index has them: 6 MB."""
SOFTNESS = 0.05
"""How near the nearest question others must be to count beside it."""
OWN = 0.1
"""Share of a passage's own text in how near it is, beside the nearest of the questions it answers. Of 0 to 0.3; right
passages come first for 0.01 more of the learners' questions than with none."""
QUERY_CHARACTERS = 4000
"""How much of a query is handed to the encoder, which reads 256 tokens, about 1,200 characters, of it."""


class Meaning:
    """One query against the passages of a shelf."""

    def __init__(
        self, shelf: Shelf, index: "VectorIndex | None", query: str, *, depth: int, encoder: "Encoder", early: "Early"
    ) -> None:
        """`depth` is how many passages are put forward by meaning.

        `early` keeps the vectors of passages that the index has none of yet, from one query to the next.
        """
        self._shelf = shelf
        self._index = index
        self._query = query[:QUERY_CHARACTERS]
        self._depth = depth
        self._encoder = encoder
        self._early = early
        self._cosines: dict[int, list[float]] = {}

    def beside(self, by_words: ByWords) -> Matches:
        """What a search by words gives, run beside that by meaning; the vectors of what it finds are read there."""

        def read() -> "tuple[Matches, Held | None]":
            matches = by_words()
            return matches, self._index.held([entry.text for entry in matches]) if self._index else None

        if not self._says_something:
            return by_words()
        found = _aside().submit(read)
        vector, _ = self._vector, self._near
        matches, held = found.result()
        self._cosines = held.cosines(vector) if held else {}
        lacking = [entry for entry in matches if entry.text not in self._cosines][:CANDIDATES]
        if lacking:
            made = self._embedded({entry.text: entry.stamp for entry in lacking})
            self._cosines |= {text: (rows @ vector).tolist() for text, rows in made.items()}
        return matches

    def cosines(self, matches: Matches, having: Having, most: int) -> dict[Entry, float] | None:
        """The nearest passages with their cosines, and those of `matches`; None when nothing has a vector.

        Of the nearest, those are left out that are too far to be among the best `most` with what words found.
        """
        if not self._says_something:
            return {}
        known = {entry: nearness(self._cosines[entry.text]) for entry in matches if entry.text in self._cosines}
        by_stamp = {entry.stamp: cosine for entry, cosine in known.items()}
        scores = {entry.stamp: score for entry, score in matches.items()}
        floor = least_cosine(scores, by_stamp, most) if len(known) == len(matches) else -1.0
        near = self._nearest(having, floor)
        if near and self._index:
            self._cosines |= self._index.held([entry.text for entry in near]).cosines(self._vector)
        found = {entry: nearness(self._cosines[entry.text]) for entry in near} | known
        return found or (None if self._index is None else {})

    def apart(self, passages: Iterable[Passage]) -> dict[int, tuple[float, float | None]]:
        """By stamp the cosine of a passage's own text, and how near it is by the questions it answers, if any."""
        if not self._says_something:
            return {}
        stamps = {stamp_of(passage): text_number(passage.hash) for passage in passages}
        found: dict[int, tuple[float, float | None]] = {}
        for stamp, text in stamps.items():
            if text in self._cosines:
                own, *asked = self._cosines[text]
                found[stamp] = (own, soft_maximum(asked))
        return found

    def beyond(self) -> dict[str, float]:
        """By track how near the query is to questions that no chapter answers, where such have vectors."""
        if self._index is None or not self._says_something:
            return {}
        near: dict[str, float | None] = {}
        for track_id, texts in self._shelf.index.beyond.items():
            cosines = self._index.held(texts).cosines(self._vector)
            near[track_id] = soft_maximum([cosine for each in cosines.values() for cosine in each])
        return {track_id: most for track_id, most in near.items() if most is not None}

    @cached_property
    def _says_something(self) -> bool:
        return bool(re.search(r"\w", self._query))

    @cached_property
    def _vector(self) -> "Floats":
        return self._encoder.encode_query(self._query)

    @cached_property
    def _wanted(self) -> int:
        """More than `depth`, by the vectors a passage has and those whose passages went, so that one search will do."""
        vectors = len(self._index) if self._index else 0
        return round(1.25 * self._depth * max(1.0, vectors / max(1, len(self._shelf.index))))

    @cached_property
    def _near(self) -> dict[int, float]:
        return self._index.search(self._vector, self._wanted) if self._index else {}

    def _nearest(self, having: Having, floor: float) -> list[Entry]:
        """The nearest passages that are to be had and reach a cosine, `depth` of them if there are as many."""
        if self._index is None:
            return []
        near, wanted = self._near, self._wanted
        while True:
            close = [text for text, cosine in near.items() if cosine >= floor]
            entries = having([text for text in close if text not in self._cosines])
            if len(close) < len(near) or len(entries) >= self._depth or wanted >= len(self._index):
                return entries
            wanted *= 4
            near = self._index.search(self._vector, wanted)

    def _embedded(self, texts: dict[int, int]) -> "dict[int, Floats]":
        """The vectors of texts, given with a stamp each, computed now or for an earlier query."""
        version = self._encoder.version
        lacking = [stamp for text, stamp in texts.items() if (version, text) not in self._early]
        passages = self._shelf.index.passages(lacking).values()
        found = {text: rows for text in texts if (rows := self._early.get((version, text))) is not None}
        for name, rows in embed(passages, self._encoder).items() if passages else ():
            found[text_number(name)] = self._early[version, text_number(name)] = rows
        while len(self._early) > REMEMBERED:
            self._early.popitem(last=False)
        return found


def nearness(cosines: Sequence[float]) -> float:
    """How near a passage is by the cosines of its vectors, its own first: by the nearest, and a little by its own."""
    return (1 - OWN) * max(cosines) + OWN * cosines[0]


def soft_maximum(cosines: Collection[float]) -> float | None:
    """The largest, and more the more others come near it: SOFTNESS x log of the sum of exp(cosine / SOFTNESS)."""
    if not cosines:
        return None
    most = max(cosines)
    return most + SOFTNESS * log(sum(exp((cosine - most) / SOFTNESS) for cosine in cosines))


@cache
def _aside() -> ThreadPoolExecutor:
    """Where words are searched for while a query is encoded: neither waits for the other's processor."""
    return ThreadPoolExecutor(1, "words")
