"""Owns searching: keywords and vectors as one ranking, over indexes that are kept in step with the passages.

Everything under its folder is cache: any file may be deleted or damaged at any time, and is then made again.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.domain.errors import NotFound, TutorError
from tutor.domain.passage import FOUND, Hit, Passage, PassageKind, SearchResult
from tutor.retrieval.fusion import fuse
from tutor.retrieval.keyword_upkeep import KeywordUpkeep, Shelf
from tutor.retrieval.lexicon import Lexicon
from tutor.retrieval.passage_rows import text_number
from tutor.retrieval.progress import Progress, silent
from tutor.retrieval.reports import Made, SyncReport

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tutor.retrieval.encoder import Encoder
    from tutor.retrieval.meaning import Early, Meaning
    from tutor.retrieval.vector_upkeep import VectorUpkeep

    Floats = NDArray[np.float32]

DEPTH = 64
"""Passages each part puts forward, unless more are asked for; beyond 50 nothing is gained, measured on three
collections."""


class SearchIndex:
    """The search over one cache folder. Every method may be called from any thread."""

    def __init__(self, cache: Path, shipped: Sequence[Path] = ()) -> None:
        """Use a cache folder, and files of vectors that came with chapters; nothing is read or written yet."""
        self._cache = cache
        self._shipped = shipped
        self._keywords = KeywordUpkeep(cache)
        self._early: Early = OrderedDict()

    def sync(
        self,
        passages: Sequence[Passage],
        *,
        encoder: "Encoder | None",
        progress: Progress | None = None,
        most: int | None = None,
        chapters: Collection[str] | None = None,
        sources: Mapping[str, object] | None = None,
    ) -> SyncReport:
        """Bring the indexes in step: these become the passages of these chapters, or of the whole index.

        Keywords first, then vectors when there is an encoder. Only texts never seen are embedded, at most `most` of
        them now; with nothing changed it takes milliseconds. Searches go on meanwhile. `sources` says what the
        passages were read from; see `made`.
        Raises TutorError when the cache folder cannot be written or another process holds the keyword index, and
        LookupError when some chapters are to be replaced in an index that is gone.
        """
        with self._writing():
            before = self._keywords.shelf()
            change = self._keywords.replace(passages, chapters, sources or {})
            shelf = self._keywords.shelf()
            assert shelf is not None
            embedded, waiting = 0, 0
            if encoder is not None:
                since = before.mark if before else ""
                embedded, waiting = self._vectors.sync(
                    shelf, encoder, progress=progress or silent, most=most, since=since, came=change.came
                )
            else:
                waiting = self._vectors.waiting(shelf, self._vectors.any_version())
        return SyncReport(len(change.came), change.went, embedded, waiting, self._mended())

    @cached_property
    def _vectors(self) -> "VectorUpkeep":
        from tutor.retrieval.vector_upkeep import VectorUpkeep

        return VectorUpkeep(self._cache, self._shipped)

    @property
    def damaged(self) -> bool:
        """True from when a damaged file was found until the index was made again."""
        return self._keywords.damaged or ("_vectors" in vars(self) and self._vectors.damaged)

    def complete(self, *, encoder: "Encoder", progress: Progress | None = None, most: int | None = None) -> SyncReport:
        """Give every passage its vector, the passages being as they were last synced. Otherwise as `sync`."""
        shelf = self._keywords.shelf()
        if shelf is None:
            return SyncReport(0, 0, 0, 0, self._mended())
        with self._writing():
            embedded, waiting = self._vectors.sync(shelf, encoder, progress=progress or silent, most=most)
        return SyncReport(0, 0, embedded, waiting, self._mended())

    def forget(self, keep: Collection[str]) -> None:
        """Remove the vectors of every encoder version but these."""
        self._vectors.forget(keep)

    def draw(self, version: str, progress: Progress | None = None) -> None:
        """Make search by meaning fast where there are many vectors of this encoder version; until then it is exact.

        Minutes for a million, nothing when it was done before. Searches go on meanwhile. A `progress` that raises ends
        it. Raises TutorError when the cache folder cannot be written.
        """
        with self._writing():
            self._vectors.draw(version, progress or silent)

    def made(self, version: str) -> Made | None:
        """What the index is made of, seen with the vectors of this encoder version; None when it has to be made.

        An empty version has no vectors. Reads every byte of the keyword index once, but no chapter and no vector.
        """
        shelf = self._keywords.shelf(look_again=True)
        if shelf is None:
            return None
        waiting = self._vectors.waiting(shelf, version) if version else len(shelf.index)
        return Made(len(shelf.index), shelf.sources, version, waiting)

    def search(
        self,
        query: str,
        k: int = 5,
        *,
        encoder: "Encoder | None",
        kinds: Collection[PassageKind] = FOUND,
        exclude: Collection[str] = frozenset(),
    ) -> SearchResult:
        """The k passages that answer best, of these kinds, none belonging to an excluded key question.

        The engine is `hybrid` when vectors took part, else `keyword`. Any text is a query. With `BEYOND` among the
        kinds the query is compared with what no chapter answers, too.
        """
        shelf = self._keywords.shelf()
        if shelf is None:
            return SearchResult(query, "keyword", ())
        depth, most = max(DEPTH, k), max(0, k)
        by_words = partial(shelf.index.search, query, depth, kinds=kinds, exclude=exclude)
        meaning = None if encoder is None else self._meaning(shelf, query, depth, encoder)
        matches = by_words() if meaning is None else meaning.beside(by_words)
        having = partial(shelf.index.having, kinds=FOUND.intersection(kinds), exclude=exclude)
        cosines = None if meaning is None else meaning.cosines(matches, having, most)
        lexical = {entry.stamp: score for entry, score in matches.items()}
        semantic = {entry.stamp: cosine for entry, cosine in (cosines or {}).items()}
        best = fuse(lexical, semantic, most=most)
        shown = shelf.index.passages([each.id for each in best])
        apart = meaning.apart(shown.values()) if meaning else {}
        there = (each for each in best if each.id in shown)
        hits = (Hit(shown[each.id], each.score, each.keyword, *apart.get(each.id, ())) for each in there)
        beyond = meaning.beyond() if meaning and PassageKind.BEYOND in kinds else {}
        return SearchResult(query, "keyword" if cosines is None else "hybrid", tuple(hits), beyond=beyond)

    def _meaning(self, shelf: Shelf, query: str, depth: int, encoder: "Encoder") -> "Meaning":
        from tutor.retrieval.meaning import Meaning

        held = self._vectors.opened(encoder.version)
        return Meaning(shelf, held.index if held else None, query, depth=depth, encoder=encoder, early=self._early)

    def lexicon(self) -> Lexicon:
        """The words of the passages as they are now."""
        shelf = self._keywords.shelf()
        return Lexicon(shelf.index if shelf else None)

    def passage(self, passage_id: str) -> Passage:
        """The passage of this id. Raises NotFound when the material no longer holds it."""
        shelf = self._keywords.shelf()
        found = shelf.index.passage(passage_id) if shelf else None
        if found is None:
            raise NotFound(f"No passage {passage_id}: its chapter may have changed since. Search for its words again.")
        return found

    def vector(self, passage_id: str, version: str | None = None) -> "Floats | None":
        """The unit vector of a passage, of this encoder version or of any; None when it is not there yet."""
        held = self._vectors.opened(version or self._vectors.any_version())
        shelf = self._keywords.shelf()
        found = shelf.index.passage(passage_id) if shelf and held else None
        if found is None or held is None:
            return None
        number = text_number(found.hash)
        return held.index.held([number]).own().get(number)

    def _mended(self) -> bool:
        mended = self.damaged
        self._keywords.damaged = self._vectors.damaged = False
        return mended

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise TutorError(
                f"The search index in {self._cache} cannot be written: {error.strerror or error}. "
                "Make room and see that the folder is yours, or choose another home with --home."
            ) from error
