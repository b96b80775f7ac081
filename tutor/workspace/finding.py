"""Owns the search of a workspace: the index, the encoder, and keeping both ready."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.domain.errors import EncoderMissing
from tutor.domain.passage import PassageKind, SearchResult
from tutor.domain.settings import Settings
from tutor.store.home import Home
from tutor.workspace.material import Material

if TYPE_CHECKING:
    from tutor.retrieval.encoder import Encoder
    from tutor.retrieval.index import SearchIndex, SyncReport
    from tutor.workspace.chapter_files import Changed

Progress = Callable[[int, int, str], None]

SOON = 64
"""Passages embedded before a verb goes on, about two seconds' work; "tutor index" and the app embed the rest."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far the search index is."""

    passages: int
    encoder_ready: bool
    waiting: int
    """Passages found by keywords only, because they have no vector yet."""
    encoder: str = ""
    """Name and version of the encoder whose vectors are there; empty when none are."""
    content: str = ""
    """12 hex digits of what the chapter files held when they were indexed."""


class Finding(Material):
    """Search over the chapters. Every method is thread-safe."""

    def __init__(self, home: Home, settings: Settings, *, environ: Mapping[str, str]) -> None:
        super().__init__(home, settings, environ=environ)
        self._index_lock = threading.Lock()
        self._index: SearchIndex | None = None
        self._refreshed = False
        self._encoder: Encoder | None = None

    @property
    def index(self) -> SearchIndex:
        """The search index, as fresh as the last `refresh_index`. Thread-safe."""
        from tutor.library.roots import shipped_root
        from tutor.retrieval.index import SearchIndex
        from tutor.retrieval.shipped import FILE

        with self._lock:
            if self._index is None:
                self._index = SearchIndex(self.home.cache, shipped=sorted(shipped_root().glob(f"*/{FILE}")))
            return self._index

    @property
    def _encoder_folder(self) -> Path:
        from tutor.retrieval.prepare import encoder_folder

        return encoder_folder(self.home.cache)

    def _encoder_version(self) -> str:
        from tutor.retrieval.encoder import Encoder

        return Encoder.version_in(self._encoder_folder)

    def encoder(self) -> Encoder | None:
        """The sentence encoder; None until it has been prepared. Opening it takes about 0.4 s once. Thread-safe."""
        from tutor.retrieval.encoder import Encoder

        with self._lock:
            if self._encoder is None and Encoder.ready(self._encoder_folder):
                try:
                    self._encoder = Encoder(self._encoder_folder)
                except EncoderMissing:
                    return None
            return self._encoder

    def index_state(self) -> IndexState:
        """How far the index is, as of the last refresh; refreshes when there was none. Thread-safe."""
        from tutor.domain.content import digest
        from tutor.retrieval.encoder import Encoder

        version = self._encoder_version()
        if not self._refreshed:
            self.refresh_index()
        ready = Encoder.ready(self._encoder_folder)
        made = self.index.made(version)
        if made is None:
            return IndexState(0, ready, 0)
        files = (str(entry[2]) for _, entry in sorted(made.sources.items()) if isinstance(entry, list))
        return IndexState(made.passages, ready, made.waiting, made.encoder, digest(*files))

    def refresh_index(self, progress: Progress | None = None, *, most: int | None = None) -> SyncReport:
        """Index what changed, for keywords only without an encoder; milliseconds when nothing did. Thread-safe.

        With `most`, only so many passages are embedded now; a search embeds what it needs of those that wait.
        """
        from tutor.retrieval.index import SyncReport
        from tutor.workspace.chapter_files import changed_since, everything

        with self._index_lock:
            made = self.index.made("" if most == 0 else self._encoder_version())
            self._refreshed = True
            if progress and self.index.damaged:
                progress(0, 1, "the search index was damaged, making it again")
            changed = changed_since(made.sources if made else {}, self.roots)
            if changed is not None:
                try:
                    return self._sync(changed, progress, most)
                except LookupError:  # the cache was deleted since it was looked at
                    return self._sync(everything(self.roots), progress, most)
            waiting = made.waiting if made else 0
            if waiting and most != 0 and (encoder := self.encoder()):
                return self.index.complete(encoder=encoder, progress=progress, most=most)
            return SyncReport(0, 0, 0, waiting)

    def _sync(self, changed: Changed, progress: Progress | None, most: int | None) -> SyncReport:
        return self.index.sync(
            changed.passages,
            encoder=None if most == 0 else self.encoder(),
            progress=progress,
            most=most,
            chapters=changed.chapters,
            sources=changed.sources,
        )

    def prepare(self, progress: Progress | None = None, *, most: int | None = None) -> None:
        """Export the encoder if it is missing (once, about half a minute), then `refresh_index`. Thread-safe."""
        from tutor.retrieval.prepare import prepare_encoder

        if self.encoder() is None:
            prepare_encoder(self.home.cache, progress)
        self.refresh_index(progress, most=most)

    def search(
        self, query: str, k: int = 5, kinds: frozenset[PassageKind] = frozenset(PassageKind), *, by_words: bool = False
    ) -> SearchResult:
        """The best k passages; by their words alone when asked, which is faster the first time. Thread-safe."""
        return self.index.search(query, k, encoder=None if by_words else self.encoder(), kinds=kinds)

    def support_measure(self) -> Callable[[str, Sequence[str]], float] | None:
        """Cosine of a claim and the nearest of some sentences; None until the encoder is prepared."""
        from tutor.retrieval.support import SupportMeasure

        encoder = self.encoder()
        return None if encoder is None else SupportMeasure(encoder)
