"""Owns one learner's whole tutor: opens and closes it, and hands out the database and the sittings.

Methods marked thread-safe may run in a worker; everything else belongs to the thread that opened the workspace.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tutor.domain.settings import Settings
from tutor.store.home import Home
from tutor.workspace.engines import Engines

if TYPE_CHECKING:
    from tutor.store.store import Store
    from tutor.study.quiz import QuizSession


class Workspace(Engines):
    """Everything one learner's tutor is made of. Use as a context manager, or call `close`."""

    def __init__(self, home: Home, settings: Settings, *, environ: Mapping[str, str]) -> None:
        super().__init__(home, settings, environ=environ)
        self._store: Store | None = None

    @classmethod
    def open(cls, home: Path | None = None, environ: Mapping[str, str] = os.environ) -> Self:
        """The workspace of one home folder, made when it is not there yet. Raises SettingsError, StoreError."""
        from tutor.store.settings_file import load_settings

        place = Home.locate(home, environ)
        place.prepare()
        return cls(place, load_settings(place.settings_file), environ=environ)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database; the workspace can be used again and would reopen it."""
        if self._store is not None:
            self._store.close()
            self._store = None

    @property
    def store(self) -> Store:
        """The learner's database. Raises StoreError."""
        from tutor.store.store import Store

        if self._store is None:
            self._store = Store.open(self.home, clock=self.now, entropy=os.urandom)
        return self._store

    def change_settings(self, settings: Settings) -> None:
        """Use these settings from now on, and keep them. Raises SettingsError when they cannot be written."""
        from tutor.store.settings_file import save_settings

        save_settings(self.home.settings_file, settings)
        with self._lock:
            self.settings = settings
            self._ollama = None
            self._answerers.clear()

    def quiz(self, *, limit: int | None = None, chapter: str | None = None) -> QuizSession:
        """A sitting over what is due and new, or over one chapter's questions. Raises NotFound."""
        from tutor.study.queue import build_queue
        from tutor.study.quiz import QuizSession

        now = self.now()
        chapter_id = self.chapter(chapter).id if chapter else None
        rng = random.Random(now.date().toordinal())  # the day's order stays when the quiz is left and opened again
        queue = build_queue(
            self.library,
            self.store.memories(),
            now,
            new_limit=max(0, self.settings.new_per_day - self.store.counts(now).new_today),
            rng=rng,
            chapter_id=chapter_id,
        )
        return QuizSession(queue[:limit], self.store, clock=self.now, retention=self.settings.retention)
