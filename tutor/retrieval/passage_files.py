"""Owns where the passages themselves are kept, beside the index of their words: in files, each found by its stamp.

A batch is two files: rows one after the other by ascending stamp, and the stamps with the places where rows begin. Rows
are read and not mapped, so that a million of them take no memory but their places.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from tutor.domain.passage import Passage
from tutor.retrieval.batches import joined, next_name
from tutor.retrieval.parts import reader
from tutor.retrieval.passage_rows import from_row, stamp_of, to_row

ROWS, PLACES = ".rows", ".places"


class PassageFiles:
    """The opened batches of a folder. May be read in several threads."""

    def __init__(self, folder: Path) -> None:
        """Open all there are; raises OSError or ValueError when one is not whole."""
        names = sorted((file.stem for file in folder.glob(f"*{ROWS}")), key=lambda name: int(name[1:]))
        self.batches = {name: _Batch(folder, name) for name in names}

    def get(self, stamp: int) -> Passage | None:
        """The passage of a stamp, also of one that is no longer in the index; None when it cannot be read."""
        for batch in self.batches.values():
            row = batch.row(stamp)
            if row is not None:
                return _read(row)
        return None


class _Batch:
    def __init__(self, folder: Path, name: str) -> None:
        places = array("Q", (folder / f"{name}{PLACES}").read_bytes())
        half = len(places) // 2
        self.stamps, self._starts = places[:half], places[half:]
        self._read = reader(folder / f"{name}{ROWS}")

    def __len__(self) -> int:
        return len(self.stamps)

    def row(self, stamp: int) -> bytes | None:
        """None when it is not here."""
        at = bisect_left(self.stamps, stamp)
        return self._at(at) if at < len(self) and self.stamps[at] == stamp else None

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """All of them with their stamps."""
        return ((stamp, self._at(at)) for at, stamp in enumerate(self.stamps))

    def _at(self, at: int) -> bytes:
        return self._read(self._starts[at + 1] - self._starts[at], self._starts[at])


def _read(row: bytes) -> Passage | None:
    """None of a row that is not whole: somebody cut the file while it was open."""
    try:
        return from_row(row)
    except ValueError:
        return None


def keep(folder: Path, came: Sequence[Passage], wanted: int, alive: Callable[[], Collection[int]]) -> None:
    """Add passages to a folder that nobody reads yet, in a batch with those not larger. Raises OSError, ValueError.

    `wanted` is how many passages there are with them, and `alive` gives the stamps of these; it is asked when all
    batches become one.
    """
    files = PassageFiles(folder)
    anew = joined({name: len(batch) for name, batch in files.batches.items()}, len(came), wanted)
    if not came and not anew:
        return
    rows = {stamp: row for name in anew for stamp, row in files.batches[name].rows()}
    if anew and len(anew) == len(files.batches):
        rows = {stamp: rows[stamp] for stamp in rows.keys() & alive()}
    rows |= {stamp_of(passage): to_row(passage) for passage in came}
    _write(folder, next_name(files.batches), sorted(rows.items()))
    for name in anew:
        for ending in (ROWS, PLACES):
            (folder / f"{name}{ending}").unlink()


def _write(folder: Path, name: str, rows: Iterable[tuple[int, bytes]]) -> None:
    stamps, starts = array("Q"), array("Q", [0])
    with (folder / f"{name}{ROWS}").open("wb") as file:
        for stamp, row in rows:
            file.write(row)
            stamps.append(stamp)
            starts.append(starts[-1] + len(row))
    (folder / f"{name}{PLACES}").write_bytes(stamps.tobytes() + starts.tobytes())
