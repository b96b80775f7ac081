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

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far the search index is."""

    passages: int
    encoder_ready: bool
    waiting: int
    """Passages found by keywords only, because they have no vector yet."""


class Finding(Material):
    """Search over the chapters. Every method is thread-safe."""

    def __init__(self, home: Home, settings: Settings, *, environ: Mapping[str, str]) -> None:
        super().__init__(home, settings, environ=environ)
        self._index_lock = threading.Lock()
        self._index: SearchIndex | None = None
        self._sizes: tuple[int, int] | None = None
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
        from tutor.retrieval.encoder import Encoder

        if self._sizes is None:
            self.refresh_index()
        passages, waiting = self._sizes or (0, 0)
        return IndexState(passages, Encoder.ready(self._encoder_folder), waiting)

    def refresh_index(self, progress: Progress | None = None) -> SyncReport:
        """Index what changed, for keywords only without an encoder; milliseconds when nothing did. Thread-safe."""
        from tutor.retrieval.passages import passages_of

        with self._index_lock:
            passages = [passage for chapter in self.library.chapters() for passage in passages_of(chapter)]
            report = self.index.sync(passages, encoder=self.encoder(), progress=progress)
            self._sizes = len(passages), report.waiting
            return report

    def prepare(self, progress: Progress | None = None) -> None:
        """Export the encoder if it is missing (once, about half a minute), then index what changed. Thread-safe."""
        from tutor.retrieval.prepare import prepare_encoder

        if self.encoder() is None:
            prepare_encoder(self.home.cache, progress)
        self.refresh_index(progress)

    def search(self, query: str, k: int = 5, kinds: frozenset[PassageKind] = frozenset(PassageKind)) -> SearchResult:
        """The best k passages. Thread-safe."""
        return self.index.search(query, k, encoder=self.encoder(), kinds=kinds)

    def support_measure(self) -> Callable[[str, Sequence[str]], float] | None:
        """Cosine of a claim and the nearest of some sentences; None until the encoder is prepared."""
        from tutor.retrieval.support import SupportMeasure

        encoder = self.encoder()
        return None if encoder is None else SupportMeasure(encoder)
