"""Owns keeping a vector for every passage, and the vector index in step with them."""

import hashlib
import shutil
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.domain.passage import Passage, PassageKind
from tutor.retrieval import segments
from tutor.retrieval.batches import joined, next_name
from tutor.retrieval.generations import Generation, Generations
from tutor.retrieval.keyword_upkeep import Shelf
from tutor.retrieval.keywords import Entry
from tutor.retrieval.locks import writing
from tutor.retrieval.passage_rows import stamp_of, text_number
from tutor.retrieval.progress import Progress
from tutor.retrieval.rounding import Rounded, rounded
from tutor.retrieval.shipped import shipped_vectors
from tutor.retrieval.vector_generation import LAYOUT, Held, open_generation, undrawn

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tutor.retrieval.encoder import Encoder

    Floats = NDArray[np.float32]

CHUNK = 64
"""Passages embedded between two steps of progress, each kept at once, so that an interrupted run loses little."""
LABEL = "reading passages for their meaning"
DRAWING = "ordering what was read, for a faster search"


class VectorUpkeep:
    """The vector side of a search index. Every method may be called from any thread."""

    def __init__(self, cache: Path, shipped: Sequence[Path] = ()) -> None:
        """Use a cache folder, and files of vectors that came with chapters; nothing is read or written yet."""
        self._shipped = shipped
        self._home = cache / "vectors"
        self._lock_file = cache / "vectors.lock"
        self._guard = threading.RLock()
        self._held: dict[str, Held | None] = {}
        self.damaged = False
        """True from when a damaged index was found until it was made again."""

    def opened(self, version: str, *, look_again: bool = False) -> Held | None:
        """The index of this encoder's vectors, opened once; None when there is none or it is damaged."""
        held = self._held.get(version)
        look_again = look_again or (held is not None and held.generation.cut())
        if held is not None and not look_again:
            return held  # without waiting for a writer
        with self._guard:
            held = self._held.get(version)
            if held is None or look_again:
                files, known = self._files(version), held.generation if held else None
                current = files.current(known)
                if current is None or current is not known:
                    self._held[version] = held = open_generation(current, version)
                    self.damaged = self.damaged or (current is None and files.damaged())
            return held

    def any_version(self) -> str:
        """The encoder version of some vectors that are here; empty when there are none."""
        known = next((version for version, held in self._held.items() if held), "")
        if known:
            return known
        found = (Generations(folder).current() for folder in sorted(self._home.glob("*/")))
        return next((str(each.about.get("version")) for each in found if each is not None), "")

    def waiting(self, shelf: Shelf, version: str) -> int:
        """How many texts have no vector of this encoder; no vector is read when all have one."""
        if version not in self._held and self._files(version).claimed().get("complete_for") == shelf.mark:
            return 0
        held = self.opened(version)
        return 0 if held and held.complete_for == shelf.mark else len(_lacking(shelf, held, None))

    def sync(
        self,
        shelf: Shelf,
        encoder: "Encoder",
        *,
        progress: Progress,
        most: int | None = None,
        since: str = "",
        came: Sequence[Passage] = (),
    ) -> tuple[int, int]:
        """Bring the vectors in step: how many were computed now, at most `most`, and how many texts wait for theirs.

        `came` holds the passages that are new since the shelf had the mark `since`. While another process is
        embedding, nothing is computed. A `progress` that raises ends the work; what was computed stays. Raises OSError.
        """
        held = self.opened(encoder.version)
        if held is not None and held.complete_for == shelf.mark:
            return 0, 0
        with writing(self._lock_file) as won:
            held = self.opened(encoder.version, look_again=True)
            known = held is not None and bool(since) and held.complete_for == since
            lacking = _lacking(shelf, held, came if known else None)
            return self._embed(shelf, lacking, encoder, progress, most) if won else (0, len(lacking))

    def _embed(
        self, shelf: Shelf, lacking: Sequence[Entry], encoder: "Encoder", progress: Progress, most: int | None
    ) -> tuple[int, int]:
        """Give these passages their vectors, part by part: how many were computed, and how many still lack theirs."""
        from tutor.retrieval.embedding import embed

        with_chapters = shipped_vectors(self._shipped, encoder.version) if lacking else {}
        shipped = {text_number(name): rows for name, rows in with_chapters.items()}
        there = {entry.text: shipped[entry.text] for entry in lacking if entry.text in shipped}
        every = [entry.stamp for entry in lacking if entry.text not in shipped]
        rest = every[:most]
        self._keep(shelf, encoder.version, _numbered(there, encoder.dimensions), complete=not every)
        for start in range(0, len(rest), CHUNK):
            progress(start, len(rest), LABEL)
            passages = shelf.index.passages(rest[start : start + CHUNK]).values()
            made = {text_number(name): rows for name, rows in embed(passages, encoder).items()}
            numbered = _numbered(made, encoder.dimensions)
            self._keep(shelf, encoder.version, numbered, complete=min(start + CHUNK, len(rest)) == len(every))
        if rest:
            progress(len(rest), len(rest), LABEL)
        return len(rest), len(every) - len(rest)

    def _keep(self, shelf: Shelf, version: str, made: Rounded, *, complete: bool) -> None:
        """Add vectors to the index of this version, in a segment with those not larger, and open it."""
        held, files = self._held.get(version), self._files(version)
        base = held.generation if held else None
        there = held.index.segments if held else {}
        sizes = {name: segment.different for name, segment in there.items()}
        anew = joined(sizes, segments.different(made.texts), len(shelf.index))
        parts = [_alive(shelf, part) for name in anew for part in there[name].blocks()]
        gone = [file for name in anew for file in segments.files_of(name)]
        folder = files.begin(base.folder if base else None, leave_out=gone)
        names = [name for name in there if name not in anew]
        wanting = [name for name in undrawn(base.about if base else {}) if name in names]
        if len(made.texts) or anew or not names:
            names.append(next_name(there))
            if segments.write(folder, names[-1], [*parts, made]):
                wanting.append(names[-1])
        about = {"layout": LAYOUT, "version": version, "segments": names, "undrawn": wanting}
        about["complete_for"] = shelf.mark if complete else ""
        self._hold(files.publish(folder, about, base=base), version)

    def draw(self, version: str, progress: Progress) -> None:
        """Give large segments their graphs, one after the other; searches go on, and others may write in between.

        A `progress` that raises ends it; finished graphs stay. While others write, nothing is done. Raises OSError.
        """
        files = self._files(version)
        while undrawn(files.claimed()):
            with writing(self._lock_file) as won:
                held = self.opened(version, look_again=True) if won else None
                names = undrawn(held.generation.about) if held else []
                if held is None or not names:
                    return
                base, name = held.generation, names[0]
                folder = files.begin(base.folder)
                with base.to_open() as source:
                    segments.draw(source, name, folder, lambda done, of: progress(done, of, DRAWING))
                self._hold(files.publish(folder, {**base.about, "undrawn": names[1:]}, base=base), version)

    def _hold(self, generation: Generation, version: str) -> None:
        """Open what was just written. Raises OSError when files taken over from the one before were damaged meanwhile.

        Nothing may be added to such a one: what it lost would be taken for there.
        """
        with self._guard:
            self._held[version] = held = open_generation(generation, version)
        if held is None:
            raise OSError("one of its files was damaged meanwhile")

    def forget(self, keep: Collection[str]) -> None:
        """Remove the vectors of every version but these, unless a process is embedding."""
        names = {_folder_name(version) for version in keep}
        gone = [folder for folder in self._home.glob("*/") if folder.name not in names]
        if not gone:
            return
        with self._guard, writing(self._lock_file) as won:
            for folder in gone if won else ():
                shutil.rmtree(folder, ignore_errors=True)
            self._held = {version: held for version, held in self._held.items() if version in keep}

    def _files(self, version: str) -> Generations:
        return Generations(self._home / _folder_name(version))


def _folder_name(version: str) -> str:
    return hashlib.sha256(version.encode()).hexdigest()[:12]


def _lacking(shelf: Shelf, held: Held | None, came: Iterable[Passage] | None) -> list[Entry]:
    """One entry for each text without a vector."""
    if came is None:
        entries = shelf.index.entries()
    else:
        entries = [Entry(stamp_of(passage), text_number(passage.hash)) for passage in came]
    by_text = {entry.text: entry for entry in entries}
    lacking = held.index.lacking(list(by_text)) if held else list(by_text)
    return [by_text[text] for text in lacking]


def _numbered(rows: "Mapping[int, Floats]", dimensions: int) -> Rounded:
    """The vectors of texts, each row under its text's number, rounded."""
    import numpy as np

    numbers = [number for number, each in rows.items() for _ in each]
    return rounded(numbers, np.concatenate([np.zeros((0, dimensions), np.float32), *rows.values()]))


def _alive(shelf: Shelf, rows: Rounded) -> Rounded:
    """The rows whose texts some passage still has."""
    import numpy as np

    texts = rows.texts.tolist()
    found = {entry.text for entry in shelf.index.having(texts, kinds=tuple(PassageKind))}
    return rows.taken(np.array([text in found for text in texts], dtype=bool))
