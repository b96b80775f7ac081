"""Owns keeping a vector for every passage, and the vector index in step with them."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.domain.passage import Passage
from tutor.retrieval import vectors
from tutor.retrieval.embeddings import Embeddings
from tutor.retrieval.encoder import DIMENSIONS, Encoder
from tutor.retrieval.generations import Generation, Generations
from tutor.retrieval.locks import writing
from tutor.retrieval.passages import indexed_text
from tutor.retrieval.progress import Progress
from tutor.retrieval.shipped import shipped_vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHUNK = 64
"""Passages embedded between two steps of progress, each kept at once, so that an interrupted run loses little."""


@dataclass(frozen=True, slots=True)
class Held:
    """Which passages have a vector in the index, and whose vectors they are."""

    version: str
    """`Encoder.version`."""
    hashes: tuple[str, ...]
    """In the order of the index."""


class VectorUpkeep:
    """The vector side of a search index. Every method may be called from any thread."""

    def __init__(self, cache: Path, shipped: Sequence[Path] = ()) -> None:
        """Use a cache folder, and files of vectors that came with chapters; nothing is read or written yet."""
        self._shipped = shipped
        self._files = Generations(cache / "vectors")
        self._lock_file = cache / "vectors.lock"
        self._embeddings = Embeddings(cache / "embeddings.db")
        self._guard = threading.RLock()
        self._held: Held | None = None
        self._opened: tuple[vectors.VectorIndex, str] | None = None

    def sync(self, passages: Iterable[Passage], encoder: Encoder | None, progress: Progress) -> tuple[int, int]:
        """Bring the vectors in step: how many were computed now, and how many passages wait for theirs.

        Without an encoder, or while another process is embedding, nothing is computed and what lacks waits. Raises
        OSError.
        """
        wanted = {passage.hash: passage for passage in passages}
        held = self._current_held()
        if _in_step(held, wanted, encoder):
            return 0, 0
        if encoder is not None:
            with writing(self._lock_file) as won:
                if won:
                    held = self._current_held(look_again=True)
                    return (0, 0) if _in_step(held, wanted, encoder) else (self._write(wanted, encoder, progress), 0)
        usable = held is not None and (encoder is None or held.version == encoder.version)
        return 0, len(wanted.keys() - set(held.hashes)) if held and usable else len(wanted)

    def opened(self) -> tuple[vectors.VectorIndex, str] | None:
        """The vector index and the version of its vectors; None when there is none or it is damaged."""
        with self._guard:
            if self._opened is None:
                current = self._files.current()
                self._held = held = _held(current)
                if current is not None and held is not None and held.hashes:
                    try:
                        self._opened = vectors.VectorIndex(current.folder, held.hashes), held.version
                    except (OSError, ValueError, RuntimeError):
                        self._held = None
            return self._opened

    def _current_held(self, *, look_again: bool = False) -> Held | None:
        with self._guard:
            if self._held is None or look_again:
                self._held = _held(self._files.current())
            return self._held

    def _write(self, wanted: Mapping[str, Passage], encoder: Encoder, progress: Progress) -> int:
        """Compute what lacks, write the index, and tell how many were computed."""
        import numpy as np

        rows = self._embeddings.load(encoder.version, list(wanted))
        rows |= shipped_vectors(self._shipped, encoder.version, wanted.keys() - rows.keys())
        missing = [name for name in wanted if name not in rows]
        for start in range(0, len(missing), CHUNK):
            progress(start, len(missing), "reading passages for their meaning")
            names = missing[start : start + CHUNK]
            computed = encoder.encode([indexed_text(wanted[name]) for name in names])
            fresh: dict[str, NDArray[np.float32]] = dict(zip(names, computed, strict=True))
            self._embeddings.save(encoder.version, fresh)
            rows.update(fresh)
        matrix = np.stack([rows[name] for name in wanted]) if wanted else np.zeros((0, DIMENSIONS), np.float32)
        folder = self._files.begin()
        vectors.write(folder, matrix)
        self._files.publish(folder, {"version": encoder.version, "hashes": list(wanted)})
        self._embeddings.keep_only(encoder.version, wanted)
        with self._guard:
            self._held, self._opened = Held(encoder.version, tuple(wanted)), None
        if missing:
            progress(len(missing), len(missing), "reading passages for their meaning")
        return len(missing)


def _in_step(held: Held | None, wanted: Mapping[str, Passage], encoder: Encoder | None) -> bool:
    if held is None:
        return not wanted
    return (encoder is None or held.version == encoder.version) and set(held.hashes) == wanted.keys()


def _held(generation: Generation | None) -> Held | None:
    if generation is None:
        return None
    hashes = generation.about.get("hashes")
    return Held(str(generation.about.get("version")), tuple(hashes)) if isinstance(hashes, list) else None
