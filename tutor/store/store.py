"""Owns the store as the rest of the house sees it: one open home, its history, its bookmarks, its sittings."""

from pathlib import Path
from typing import Self

from tutor.domain.review import Session
from tutor.store.answers import Answers
from tutor.store.database import open_database
from tutor.store.history import History
from tutor.store.home import Home
from tutor.store.ids import Clock, Entropy
from tutor.store.interviews import Interviews
from tutor.store.practice import Practice
from tutor.store.reading import Bookmarks
from tutor.store.rows import session_to_row


class Store(Answers, Practice, Bookmarks, Interviews, History):
    """The learner's progress, open. Belongs to the thread that opened it; other processes may have it open as well."""

    @classmethod
    def open(cls, home: Home, *, clock: Clock, entropy: Entropy) -> Self:
        """Open the progress of this home, making or migrating it as needed. Raises StoreError.

        `entropy` gives so many random bytes: os.urandom, or a script.
        """
        return cls(open_database(home, clock()), clock=clock, entropy=entropy)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def notice(self) -> str:
        """What went wrong on opening without stopping it, as a sentence; empty when nothing did."""
        return self._database.notice

    def backup(self, target: Path | None = None) -> Path:
        """Copy everything to a file of its own, in the folder of copies unless another is named. Raises StoreError."""
        return self._database.copy(target, self._clock())

    def integrity(self) -> str:
        """What SQLite finds wrong with the file, from a check of every page and index; empty when it is sound."""
        found = [str(row["integrity_check"]) for row in self._database.rows("PRAGMA integrity_check(3)")]
        return "" if found == ["ok"] else "; ".join(line for entry in found for line in entry.splitlines())

    def new_session(self, kind: str) -> Session:
        """Begin a sitting: `quiz` or `interview`."""
        session = Session(id=self._new_id(), kind=kind, started=self._clock())
        with self._database.writing() as db:
            db.table("sessions").insert(session_to_row(session))
        return session

    def end_session(self, session_id: str) -> None:
        """Note that the sitting ended now."""
        with self._database.writing() as db:
            db.execute("UPDATE sessions SET ended = ? WHERE id = ?", [self._now(), session_id])
