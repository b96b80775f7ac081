"""Owns the vectors already computed, kept by passage hash, so that a text is encoded once however often indexes change.

A SQLite file of the cache: anything wrong with it is answered by forgetting, never by an error.
"""

import contextlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_SCHEMA = (
    "create table if not exists embedding"
    " (version text, hash text, vector blob, crc integer, primary key (version, hash))"
)


class Embeddings:
    """Vectors by encoder version and passage hash. One writer at a time; see `locks`."""

    def __init__(self, path: Path) -> None:
        """Use the file at `path`; it is made on the first write."""
        self._path = path

    def load(self, version: str, hashes: Sequence[str]) -> dict[str, "Floats"]:
        """The (384,) vectors that are there and whole, by hash."""
        import numpy as np

        if not self._path.exists():
            return {}
        wanted = set(hashes)
        try:
            with self._connection() as connection:
                rows = connection.execute(
                    "select hash, vector, crc from embedding where version = ?", (version,)
                ).fetchall()
        except sqlite3.DatabaseError:
            self._forget()
            return {}
        return {
            name: np.frombuffer(blob, dtype="<f4")
            for name, blob, crc in rows
            if name in wanted and isinstance(blob, bytes) and zlib.crc32(name.encode() + blob) == crc
        }

    def save(self, version: str, vectors: Mapping[str, "Floats"]) -> None:
        """Keep these (384,) vectors; they are on disk when it returns. Raises OSError."""
        rows = [(version, name, vector.astype("<f4").tobytes()) for name, vector in vectors.items()]
        checked = [(*row, zlib.crc32(row[1].encode() + row[2])) for row in rows]
        for last_try in (False, True):
            try:
                with self._connection() as connection, connection:
                    connection.execute(_SCHEMA)
                    connection.executemany("insert or replace into embedding values (?, ?, ?, ?)", checked)
                return
            except sqlite3.DatabaseError as error:
                if last_try:
                    raise OSError(f"{self._path}: {error}") from error
                self._forget()

    def keep_only(self, version: str, hashes: Iterable[str]) -> None:
        """Forget every vector but those of these passages."""
        wanted = set(hashes)
        with contextlib.suppress(sqlite3.DatabaseError), self._connection() as connection, connection:
            stored = connection.execute("select version, hash from embedding").fetchall()
            stale = [row for row in stored if row[0] != version or row[1] not in wanted]
            connection.executemany("delete from embedding where version = ? and hash = ?", stale)

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(self._path, timeout=10)) as connection:
            yield connection

    def _forget(self) -> None:
        for suffix in ("", "-journal"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)
