"""Owns searching: keywords and vectors as one ranking, over indexes that are kept in step with the passages.

Everything under its folder is cache: any file may be deleted or damaged at any time, and is then made again.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.domain.errors import NotFound, TutorError
from tutor.domain.passage import Hit, Passage, PassageKind, SearchResult
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.fusion import fuse
from tutor.retrieval.keyword_upkeep import KeywordUpkeep, Shelf
from tutor.retrieval.progress import Progress, silent
from tutor.retrieval.vector_upkeep import VectorUpkeep

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ALL_KINDS = frozenset(PassageKind)
DEPTH = 100
"""Passages each part puts forward; beyond 50 nothing is gained, measured on three collections."""
QUERY_CHARACTERS = 4000
"""How much of a query is handed to the encoder, which reads 256 tokens, about 1,200 characters, of it."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What keeping step took."""

    added: int
    """Passages new to the keyword index."""
    removed: int
    """Passages no longer in it."""
    embedded: int
    """Vectors computed now."""
    waiting: int
    """Passages without a vector, which are found by keywords only."""


class SearchIndex:
    """The search over one cache folder. Every method may be called from any thread."""

    def __init__(self, cache: Path, shipped: Sequence[Path] = ()) -> None:
        """Use a cache folder, and files of vectors that came with chapters; nothing is read or written yet."""
        self._cache = cache
        self._keywords = KeywordUpkeep(cache)
        self._vectors = VectorUpkeep(cache, shipped)

    def sync(
        self, passages: Sequence[Passage], *, encoder: Encoder | None, progress: Progress | None = None
    ) -> SyncReport:
        """Bring the indexes in step with the passages: keywords first, then vectors when there is an encoder.

        Only texts never seen are embedded; with nothing changed it takes milliseconds. Searches go on meanwhile.
        Raises TutorError when the cache folder cannot be written or another process holds the keyword index.
        """
        with self._writing():
            added, removed = self._keywords.sync({passage.id: passage for passage in passages})
            embedded, waiting = self._vectors.sync(passages, encoder, progress or silent)
        return SyncReport(added, removed, embedded, waiting)

    def search(
        self,
        query: str,
        k: int = 5,
        *,
        encoder: Encoder | None,
        kinds: Collection[PassageKind] = ALL_KINDS,
        exclude: Collection[str] = frozenset(),
    ) -> SearchResult:
        """The k passages that answer best, of these kinds, none belonging to an excluded key question.

        The engine is `hybrid` when vectors took part, else `keyword`. Any text is a query. Raises TutorError when a
        damaged index cannot be made again.
        """
        with self._writing():
            shelf = self._keywords.opened()
        lexical = dict(shelf.index.search(query, DEPTH, kinds=kinds, exclude=exclude)) if shelf.index else {}

        def allowed(passage: Passage) -> bool:
            return passage.kind in kinds and passage.question_id not in exclude

        cosines = self._cosines(shelf, query, encoder, lexical, allowed)
        best = fuse(lexical, cosines or {})[: max(0, k)]
        hits = (Hit(shelf.passages[each.id], each.score, each.keyword, each.cosine) for each in best)
        return SearchResult(query, "keyword" if cosines is None else "hybrid", tuple(hits))

    def passage(self, passage_id: str) -> Passage:
        """The passage of this id. Raises NotFound when the material no longer holds it."""
        found = self._keywords.shelf().passages.get(passage_id)
        if found is None:
            raise NotFound(f"No passage {passage_id}: its chapter may have changed since. Search for its words again.")
        return found

    def vector(self, passage_id: str) -> "NDArray[np.float32] | None":
        """The (384,) unit vector of a passage; None when there is no such passage or its vector is not there yet."""
        found = self._keywords.shelf().passages.get(passage_id)
        opened = self._vectors.opened() if found else None
        return opened[0].vector(found.hash) if found and opened else None

    def _cosines(
        self,
        shelf: Shelf,
        query: str,
        encoder: Encoder | None,
        lexical: Collection[str],
        allowed: Callable[[Passage], bool],
    ) -> dict[str, float] | None:
        """The nearest allowed passages with their cosines, and those the keywords found; None without vectors."""
        opened = self._vectors.opened() if encoder is not None else None
        if encoder is None or opened is None or opened[1] != encoder.version:
            return None
        if not re.search(r"\w", query):
            return {}
        index, _ = opened
        vector = encoder.encode([query[:QUERY_CHARACTERS]])[0]

        def any_allowed(name: str) -> bool:
            return any(allowed(passage) for passage in shelf.by_hash.get(name, ()))

        cosines = dict(index.search(vector, DEPTH, any_allowed))
        also = {shelf.passages[passage_id].hash for passage_id in lexical} - cosines.keys()
        cosines |= index.cosines(vector, sorted(also))
        return {
            passage.id: cosine
            for name, cosine in cosines.items()
            for passage in shelf.by_hash.get(name, ())
            if allowed(passage)
        }

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise TutorError(
                f"The search index in {self._cache} cannot be written: {error.strerror or error}. "
                "Make room and see that the folder is yours, or choose another home with --home."
            ) from error
