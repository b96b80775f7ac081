"""Owns which encoder search goes by, and going over to another.

Search goes by the encoder the settings choose. Asking and grading stay with the one that comes along, which their
floors and coefficients were measured with, so its vectors are always kept.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.domain.errors import EncoderMissing, EncoderRefused
from tutor.domain.passage import FOUND, PassageKind, SearchResult
from tutor.domain.settings import Settings
from tutor.store.home import Home
from tutor.workspace.finding import Finding, Progress

if TYPE_CHECKING:
    from tutor.retrieval.chosen import ChosenEncoders
    from tutor.retrieval.encoder import Encoder
    from tutor.retrieval.reports import SyncReport


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far the search index is."""

    passages: int
    encoder_ready: bool
    """The encoder that comes along is prepared."""
    waiting: int
    """Passages found by keywords only, because they have no vector yet."""
    encoder: str = ""
    """Name and version of the encoder search goes by; empty when none is ready."""
    content: str = ""
    """12 hex digits of what the chapter files held when they were indexed."""
    coming: str = ""
    """The encoder of the settings, as named there, while search does not go by it yet; empty otherwise."""
    coming_waiting: int = 0
    """Passages that have no vector of that one yet."""
    trouble: str = ""
    """Why the encoder of the settings cannot be used, as far as that is seen without trying."""

    @property
    def done(self) -> bool:
        """True when nothing is left to prepare."""
        return self.encoder_ready and not self.waiting and not self.coming


class _Superseded(Exception):
    """The settings name another encoder by now."""


class Searching(Finding):
    """Search by the learner's choice of encoder. Every method is thread-safe."""

    def __init__(self, home: Home, settings: Settings, *, environ: Mapping[str, str]) -> None:
        super().__init__(home, settings, environ=environ)
        self._switching = threading.Lock()
        self._opened: tuple[Path, Encoder] | None = None

    @property
    def _chosen(self) -> ChosenEncoders:
        from tutor.retrieval.chosen import ChosenEncoders

        return ChosenEncoders(self.home.cache)

    def search_encoder(self) -> Encoder | None:
        """The encoder search goes by: the chosen one from when every passage has its vector. Thread-safe."""
        from tutor.retrieval.encoder import Encoder

        folder = self._chosen.in_use(self.settings.encoder)
        if folder is None:
            return self.encoder()
        with self._lock:
            if self._opened is None or self._opened[0] != folder:
                try:
                    self._opened = (folder, Encoder(folder))
                except EncoderMissing:  # damaged; the next `prepare` makes it again
                    return self.encoder()
            return self._opened[1]

    def search(
        self, query: str, k: int = 5, kinds: frozenset[PassageKind] = FOUND, *, by_words: bool = False
    ) -> SearchResult:
        """The best k passages for a query, read as a question is; by words alone when asked, which is faster at first.

        Thread-safe.
        """
        from tutor.retrieval.reading import Reading

        reading = Reading(self.index.lexicon())
        respelt = reading.respelt(query)
        encoder = None if by_words else self.search_encoder()
        found = self.index.search(reading.widened(respelt), k, encoder=encoder, kinds=kinds)
        return replace(found, query=query, respelt=respelt if respelt != query else "")

    def index_state(self) -> IndexState:
        """How far the index is, as of the last refresh; refreshes when there was none. Thread-safe."""
        from tutor.domain.content import digest
        from tutor.retrieval.encoder import Encoder

        if not self._refreshed:
            self.refresh_index()
        ready = Encoder.ready(self._encoder_folder)
        used = self._chosen.in_use(self.settings.encoder) or self._encoder_folder
        made = self.index.made(Encoder.version_in(used))
        if made is None:
            return IndexState(0, ready, 0)
        read = (entry for entry in made.sources.values() if isinstance(entry, list))
        files = sorted(f"{name} {digested}" for *_, digested, name in read if name)
        state = IndexState(made.passages, ready, made.waiting, made.encoder, digest(*files))
        return self._with_coming(state)

    def _with_coming(self, state: IndexState) -> IndexState:
        """The same with what is to be said of an encoder that search does not go by yet."""
        from tutor.retrieval.encoder import Encoder

        chosen = self.settings.encoder
        try:
            coming = self._chosen.coming(chosen)
        except EncoderRefused as error:
            return replace(state, coming=chosen, coming_waiting=state.passages, trouble=str(error))
        if coming is None:
            return state
        made = self.index.made(Encoder.version_in(coming))
        return replace(state, coming=chosen, coming_waiting=made.waiting if made else state.passages)

    def refresh_index(self, progress: Progress | None = None, *, most: int | None = None) -> SyncReport:
        """Index what changed, for keywords only without an encoder; milliseconds when nothing did. Thread-safe.

        With `most`, only so many passages are embedded now; a search embeds what it needs of those that wait.
        """
        report = super().refresh_index(progress, most=most)
        if most == 0 or self._chosen.in_use(self.settings.encoder) is None:
            return report
        encoder = self.search_encoder()
        if encoder is None or encoder is self.encoder():
            return report
        with self._index_lock:
            more = self.index.complete(encoder=encoder, progress=progress, most=most)
        if most is None:
            self.index.draw(encoder.version, progress)
        return replace(report, embedded=report.embedded + more.embedded, waiting=more.waiting)

    def prepare(self, progress: Progress | None = None, *, most: int | None = None) -> None:
        """Make the encoder and the index ready. Thread-safe.

        Without `most`, also go over to the encoder of the settings: searches go on with the one before until every
        passage has a vector of the new one. A `progress` that raises ends that, and so does choosing another; what was
        computed stays, and the next call goes on from there. Raises EncoderMissing, EncoderRefused.
        """
        super().prepare(progress, most=most)
        if most is None:
            with self._switching, suppress(_Superseded):
                self._go_over(self.settings.encoder, progress)

    def _go_over(self, chosen: str, progress: Progress | None) -> None:
        from tutor.retrieval.encoder import Encoder
        from tutor.retrieval.prepare import prepare_chosen

        def heard(done: int, total: int, label: str) -> None:
            if self.settings.encoder != chosen:
                raise _Superseded
            if progress:
                progress(done, total, label)

        coming = self._chosen.coming(chosen)
        if coming:
            prepare_chosen(coming, chosen, heard)
            encoder = Encoder(coming)
            if self.index.complete(encoder=encoder, progress=heard).waiting:
                return  # another process is embedding
            self.index.draw(encoder.version, heard)
            heard(1, 1, "search goes by the encoder you chose")
        used = coming or self._chosen.in_use(chosen)
        self._chosen.use(used)
        self.index.forget({self._encoder_version(), Encoder.version_in(used) if used else ""})
