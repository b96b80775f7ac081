"""Owns the side of a search that goes by meaning: the cosines of one query and the passages, ready or not."""

import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from tutor.domain.passage import Passage
from tutor.retrieval.embedding import embed
from tutor.retrieval.keyword_upkeep import Shelf
from tutor.retrieval.keywords import Entry
from tutor.retrieval.passage_rows import stamp_of, text_number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tutor.retrieval.encoder import Encoder
    from tutor.retrieval.vectors import VectorIndex

    Floats = NDArray[np.float32]
    Early = OrderedDict[tuple[str, int], Floats]

Having = Callable[[Collection[int]], list[Entry]]
"""The passages with these texts that may be shown."""

CANDIDATES = 16
"""Passages found by keywords that are embedded for a query when they have no vector yet: about half a second's work."""
REMEMBERED = 4096
"""Vectors of such passages kept in memory until the index has them: 6 MB."""
QUERY_CHARACTERS = 4000
"""How much of a query is handed to the encoder, which reads 256 tokens, about 1,200 characters, of it."""


class Meaning:
    """One query against the passages of a shelf."""

    def __init__(
        self, shelf: Shelf, index: "VectorIndex | None", query: str, encoder: "Encoder", early: "Early"
    ) -> None:
        """`early` keeps the vectors of passages that the index has none of yet, from one query to the next."""
        self._shelf = shelf
        self._index = index
        self._query = query[:QUERY_CHARACTERS]
        self._encoder = encoder
        self._early = early

    def cosines(self, matches: Collection[Entry], having: Having, depth: int) -> dict[Entry, float] | None:
        """The nearest passages with their cosines, and those the keywords found; None when nothing has a vector."""
        if not re.search(r"\w", self._query):
            return {}
        vector, near = self._vector, self._nearest(having, depth)
        also = [entry for entry in matches if entry not in near]
        texts = [entry.text for entry in also]
        known = self._index.cosines(vector, texts) if self._index else {}
        if len(known) < len(texts):
            lacking = [entry for entry in also if entry.text not in known][:CANDIDATES]
            made = self._embedded({entry.text: entry.stamp for entry in lacking})
            known |= {text: float((rows @ vector).max()) for text, rows in made.items()}
        near |= {entry: known[entry.text] for entry in also if entry.text in known}
        return near or (None if self._index is None else {})

    def apart(self, passages: Iterable[Passage]) -> dict[int, tuple[float, float | None]]:
        """By stamp the cosine of a passage's own text, and of the nearest question it answers, if it has any."""
        found: dict[int, tuple[float, float | None]] = {}
        stamps = {stamp_of(passage): text_number(passage.hash) for passage in passages}
        each = self._index.every_cosine(self._vector, list(stamps.values())) if self._index and stamps else {}
        for stamp, text in stamps.items():
            early = self._early.get((self._encoder.version, text))
            own, *asked = each.get(text) or ([] if early is None else (early @ self._vector).tolist()) or [None]
            if own is not None:
                found[stamp] = (own, max(asked, default=None))
        return found

    @cached_property
    def _vector(self) -> "Floats":
        return self._encoder.encode_query(self._query)

    def _nearest(self, having: Having, depth: int) -> dict[Entry, float]:
        """The nearest passages that are to be had, `depth` of them if there are as many."""
        if self._index is None:
            return {}
        # More than that, by the vectors a passage has and those whose passages went, so that one search is enough.
        wanted = round(1.25 * depth * max(1.0, len(self._index) / max(1, len(self._shelf.index))))
        while True:
            near = self._index.search(self._vector, wanted)
            entries = having(list(near))
            if len(entries) >= depth or wanted >= len(self._index):
                return {entry: near[entry.text] for entry in entries}
            wanted *= 4

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
