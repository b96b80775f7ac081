"""Owns the home, the settings and the chapters of one learner: what every other part of a workspace is built from."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.domain.errors import NotFound, TutorError
from tutor.domain.settings import Settings
from tutor.store.home import Home

if TYPE_CHECKING:
    from tutor.domain.content import Chapter, KeyQuestion, Library
    from tutor.library.catalogue import Loaded
    from tutor.library.problem import Problem


class Material:
    """The chapters, read on first use."""

    def __init__(self, home: Home, settings: Settings, *, environ: Mapping[str, str]) -> None:
        self.home = home
        self.settings = settings
        self._environ = environ
        self._lock = threading.RLock()
        self._loaded: Loaded | None = None
        self._stamps: Mapping[str, list[int]] = {}

    def now(self) -> datetime:
        """The present, UTC."""
        return datetime.now(UTC)

    @property
    def roots(self) -> Sequence[tuple[Path, bool]]:
        """Folders that hold tracks, each with whether it is shipped."""
        from tutor.library.roots import shipped_root

        return ((shipped_root(), True), (self.home.packs, False))

    @property
    def library(self) -> Library:
        """Everything there is to study. Thread-safe."""
        return self._load().library

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Chapter files that were left out, and why. Thread-safe."""
        return self._load().problems

    def reload(self) -> None:
        """Read the chapter files again at the next use."""
        with self._lock:
            self._loaded = None

    def edited(self) -> bool:
        """True when a chapter file came, went or changed since the chapters were read. Milliseconds. Thread-safe."""
        from tutor.workspace.chapter_files import stamps

        with self._lock:
            return self._loaded is not None and self._stamps != stamps(self.roots)

    @contextmanager
    def writing_packs(self, patience: float = 2.0) -> Iterator[Path]:
        """The learner's packs, written to by nobody else during the block.

        Two at once would write one chapter twice, or lose each other's sections. Raises TutorError when another tutor
        writes for longer than `patience` seconds, or the disk refuses.
        """
        from tutor.retrieval.locks import owner, writing

        lock = self.home.path / "packs.lock"
        with ExitStack() as held:
            try:
                won = held.enter_context(writing(lock, patience=patience))
            except OSError as error:
                raise TutorError(f"{lock} cannot be written ({error.strerror or error}).") from error
            if not won:
                raise TutorError(f"{owner(lock)} is importing into {self.home.packs}. Try again when it is done.")
            yield self.home.packs

    def chapter(self, name: str) -> Chapter:
        """The chapter with this id, slug, title or alias. Raises NotFound. Thread-safe."""
        from tutor.library.catalogue import find_chapter

        return find_chapter(self.library, name)

    def question(self, name: str) -> KeyQuestion:
        """The key question with this id or wording. Raises NotFound. Thread-safe."""
        from tutor.library.catalogue import find_question

        return find_question(self.library, name)

    def named_question(self, name: str) -> KeyQuestion | None:
        """The key question with this id or wording; None for any other text.

        Raises NotFound for what can only be an id, one lower-case word or one with a `#`, and is none.
        """
        try:
            return self.question(name)
        except NotFound:
            if re.fullmatch(r"\S*#\S*|[a-z0-9]+(?:-[a-z0-9]+)*", name.strip()):
                raise
            return None

    def _load(self) -> Loaded:
        from tutor.library.catalogue import load_library
        from tutor.workspace.chapter_files import stamps

        with self._lock:
            if self._loaded is None:
                self._stamps = stamps(self.roots)
                self._loaded = load_library(self.roots)
            return self._loaded
