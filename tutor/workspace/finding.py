"""Owns the index of a workspace and the encoder that comes along, and keeping both ready."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.domain.errors import EncoderMissing
from tutor.domain.settings import Settings
from tutor.store.home import Home
from tutor.workspace.material import Material

if TYPE_CHECKING:
    from tutor.retrieval.encoder import Encoder
    from tutor.retrieval.index import SearchIndex
    from tutor.retrieval.reports import SyncReport
    from tutor.workspace.chapter_files import Changed

Progress = Callable[[int, int, str], None]

SOON = 64
"""Passages embedded before a verb goes on, about two seconds' work; "tutor index" and the app embed the rest."""


class Finding(Material):
    """The index of the chapters. Every method is thread-safe."""

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

    def refresh_index(self, progress: Progress | None = None, *, most: int | None = None) -> SyncReport:
        """Index what changed, for keywords only without an encoder; milliseconds when nothing did. Thread-safe.

        With `most`, only so many passages are embedded now; a search embeds what it needs of those that wait. Without
        it, what makes searching many vectors fast is made, too.
        """
        with self._index_lock:
            report = self._refresh(progress, most)
        if most is None:
            self.index.draw(self._encoder_version(), progress)
        return report

    def _refresh(self, progress: Progress | None, most: int | None) -> SyncReport:
        from tutor.retrieval.reports import SyncReport
        from tutor.workspace.chapter_files import changed_since, everything

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

    def support_measure(self) -> Callable[[str, Sequence[str]], float] | None:
        """Cosine of a claim and the nearest of some sentences; None until the encoder is prepared."""
        from tutor.retrieval.support import SupportMeasure

        encoder = self.encoder()
        return None if encoder is None else SupportMeasure(encoder)
