"""Owns finding passages by meaning: cosine search over unit vectors rounded to 8 bits, in files that are mapped.

A segment is one batch of vectors. A small one is compared whole. A large one is a map of places: its vectors lie
sorted by the nearest of some centres, a query looks into the places nearest to it, compares one bit a dimension there,
and scores the best of those exactly. Nothing is ever changed in place.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.retrieval.centres import find_centres, nearest, sample

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

EXACT_UP_TO = 20_000
"""Vectors of a segment up to which every one is compared, at 32 bits in memory: as fast as places there, and exact."""
PROBES = 2
"""Places looked into, of a larger segment, times the root of how many there are: 71 at 100,000 vectors, 126 at a
million. With `RESCORED`, recall@10 is 0.983 and 0.985 there, at a million in 0.03 of the time of comparing all. A graph
(HNSW, 16 bits) has 0.994 in 0.02, but takes ten times as long to build and twice the memory, cannot grow while it is
mapped, and ends the process when a bit of it is flipped."""
RESCORED = 1200
"""Vectors scored exactly after their bits were compared, at least; and at least `RESCORED_EACH` for each one wanted."""
RESCORED_EACH = 4
PLACES = 4
"""Centres of a larger segment, times the root of its size."""
BLOCK = 4096
"""Rows handled at a time while a segment is written."""


class Segment:
    """One opened batch of vectors. Searches may run in several threads."""

    def __init__(self, folder: Path, name: str) -> None:
        """Open the files of `write`; raises OSError or ValueError when they are not there."""
        import numpy as np

        def part(what: str) -> "NDArray[Any]":
            return np.asarray(np.load(folder / f"{name}.{what}.npy", mmap_mode="r" if large else None))

        large = (folder / f"{name}.starts.npy").exists()
        self.rows = Rounded(part("texts"), part("codes"), part("scales"))
        self._order = part("order") if large else np.argsort(self.rows.texts)
        self._all = None if large else self.rows.decoded()
        if large:
            self._centres, self._starts = np.array(part("centres")), part("starts").tolist()
            self._bits, self._middle = part("bits"), np.array(part("middle"))

    def __len__(self) -> int:
        """How many vectors it holds."""
        return len(self.rows.texts)

    def search(self, vector: "Floats", count: int) -> "tuple[NDArray[np.uint64], Floats]":
        """The nearest `count` vectors: their texts' numbers and cosines, in no order."""
        import numpy as np

        if self._all is not None:
            cosines = self._all @ vector
            best = _largest(cosines, count)
            return self.rows.texts[best], cosines[best]
        probes = max(round(PROBES * math.sqrt(len(self._centres))), count // 4)
        places = _largest(self._centres @ vector, probes)
        spans = [(self._starts[place], self._starts[place + 1]) for place in places.tolist()]
        rows = np.concatenate([np.arange(*span) for span in spans])
        kept = max(RESCORED, RESCORED_EACH * count)
        if kept < len(rows):
            bits = np.concatenate([self._bits[slice(*span)] for span in spans])
            apart = np.bitwise_count(bits ^ _bits(vector[None] - self._middle)).sum(axis=1, dtype=np.uint16)
            rows = np.sort(rows[np.argpartition(apart, kept)[:kept]])
        cosines = self.rows.cosines(rows, vector)
        best = _largest(cosines, count)
        return self.rows.texts[rows[best]], cosines[best]

    def find(self, texts: "NDArray[np.uint64]") -> "NDArray[np.int64]":
        """The row of each text, -1 where there is none."""
        import numpy as np

        if not len(self):
            return np.full(len(texts), -1)
        places = np.searchsorted(self.rows.texts, texts, sorter=self._order)
        rows = np.asarray(self._order[np.minimum(places, len(self) - 1)], dtype=np.int64)
        return np.where(self.rows.texts[rows] == texts, rows, -1)


class VectorIndex:
    """Opened segments. A text has a vector in one of them at most. Searches may run in several threads."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        """Open these segments of a folder; raises OSError or ValueError when they are not there."""
        self.segments = {name: Segment(folder, name) for name in names}

    def __len__(self) -> int:
        """How many vectors there are."""
        return sum(map(len, self.segments.values()))

    def search(self, vector: "Floats", count: int) -> dict[int, float]:
        """The numbers of the `count` nearest texts with their cosines to a unit vector, best first."""
        found: dict[int, float] = {}
        for segment in self.segments.values():
            texts, cosines = segment.search(vector, count)
            found.update(zip(texts.tolist(), cosines.tolist(), strict=True))
        return dict(sorted(found.items(), key=lambda hit: -hit[1])[:count])

    def cosines(self, vector: "Floats", texts: Sequence[int]) -> dict[int, float]:
        """The cosine of each text to a unit vector; texts without a vector are left out."""
        return {text: float(row @ vector) for text, row in self.vectors(texts).items()}

    def vectors(self, texts: Sequence[int]) -> "dict[int, Floats]":
        """The (dimensions,) unit vector of each text that has one."""
        import numpy as np

        wanted = np.array(texts, dtype=np.uint64)
        found: dict[int, Floats] = {}
        for segment in self.segments.values():
            rows = segment.find(wanted)
            there = rows >= 0
            found.update(zip(wanted[there].tolist(), segment.rows.decoded(rows[there]), strict=True))
        return found

    def lacking(self, texts: Sequence[int]) -> list[int]:
        """Those texts that have no vector, in their order."""
        import numpy as np

        wanted = np.array(texts, dtype=np.uint64)
        held = np.zeros(len(wanted), dtype=bool)
        for segment in self.segments.values():
            held |= segment.find(wanted) >= 0
        return [int(text) for text in wanted[~held].tolist()]


@dataclass(frozen=True, slots=True, eq=False)
class Rounded:
    """Unit vectors, each named by the number of a text, rounded to 8 bits; cosines stay within 0.001."""

    texts: "NDArray[np.uint64]"
    """(n,)."""
    codes: "NDArray[np.int8]"
    """(n, dimensions)."""
    scales: "Floats"
    """(n,): a row is `codes * scale`."""

    def taken(self, rows: "NDArray[np.intp] | NDArray[np.bool_]") -> "Rounded":
        """Only these rows."""
        return Rounded(self.texts[rows], self.codes[rows], self.scales[rows])

    def decoded(self, rows: "NDArray[np.intp] | slice" = slice(None)) -> "Floats":
        """(n, dimensions): these rows as unit vectors."""
        import numpy as np

        return self.codes[rows].astype(np.float32) * self.scales[rows][:, None]

    def cosines(self, rows: "NDArray[np.intp]", vector: "Floats") -> "Floats":
        """(n,): the cosines of these rows to a unit vector; the scales come last, where they are few."""
        import numpy as np

        found: Floats = (self.codes[rows].astype(np.float32) @ vector) * self.scales[rows]
        return found

    def blocks(self) -> "Iterator[Floats]":
        """All rows as unit vectors, some thousand at a time."""
        for start in range(0, len(self.texts), BLOCK):
            yield self.decoded(slice(start, start + BLOCK))


def rounded(texts: Sequence[int], vectors: "Floats") -> Rounded:
    """Round (n, dimensions) unit rows.

    Raises ValueError for rows that are not of length one: a zero row would be near to everything, and a NaN makes
    every search wrong without a word.
    """
    import numpy as np

    if not np.all(np.abs(np.linalg.norm(vectors, axis=1) - 1.0) < 1e-3):
        raise ValueError("a vector is not of length one")
    codes = np.rint(vectors * (127 / np.abs(vectors).max(axis=1, initial=1e-9))[:, None]).astype(np.int8)
    lengths = np.linalg.norm(codes.astype(np.float32), axis=1)
    return Rounded(np.array(texts, dtype=np.uint64), codes, (1 / lengths).astype(np.float32))


def joined(parts: Sequence[Rounded]) -> Rounded:
    """All rows of the parts, at least one, in their order."""
    import numpy as np

    return Rounded(
        np.concatenate([part.texts for part in parts]),
        np.concatenate([part.codes for part in parts]),
        np.concatenate([part.scales for part in parts]),
    )


def write(folder: Path, name: str, rows: Rounded) -> None:
    """Write a segment of these vectors into a folder that nobody reads yet. Raises OSError."""
    import numpy as np

    def save(what: str, array: "NDArray[Any]") -> None:
        np.save(folder / f"{name}.{what}.npy", array, allow_pickle=False)

    if len(rows.texts) > EXACT_UP_TO:
        count = round(PLACES * math.sqrt(len(rows.texts)))
        centres = find_centres(rows.decoded(sample(len(rows.texts), count)), count)
        places = np.concatenate([nearest(block, centres) for block in rows.blocks()])
        rows = rows.taken(np.argsort(places, kind="stable"))
        middle = rows.decoded(slice(None, None, max(1, len(places) // BLOCK))).mean(axis=0)
        save("centres", centres)
        save("starts", np.cumsum(np.bincount(places, minlength=count + 1)) - np.bincount(places, minlength=count + 1))
        save("middle", middle)
        save("bits", np.concatenate([_bits(block - middle) for block in rows.blocks()]))
        save("order", np.argsort(rows.texts).astype(np.int32))
    save("texts", rows.texts)
    save("codes", rows.codes)
    save("scales", rows.scales)


def _bits(rows: "Floats") -> "NDArray[np.uint64]":
    """(n, dimensions / 64): one bit a dimension, whether it is above nought."""
    import numpy as np

    packed = np.packbits(rows > 0, axis=1)
    return np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8))).view(np.uint64)


def _largest(values: "Floats", count: int) -> "NDArray[np.intp]":
    import numpy as np

    if count >= len(values):
        return np.arange(len(values))
    return np.argpartition(values, -count)[-count:]
