"""Owns one batch of vectors in its files: comparing all of them, or first walking a graph of their signs.

The vectors are rounded to 8 bits and stand in ascending order of their texts' numbers. All are compared until a graph
(HNSW) is drawn, which knows one bit a dimension: whether a vector lies above the mean there. What is found in it is
compared by 8 bits again, read and not mapped, so that of a million vectors only the graph is in memory. A vector's row
is its key in the graph. Nothing is ever changed in place. Nothing is opened whose checksum was not just read: usearch
ends the process on a flipped bit in a graph.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.retrieval.libraries import load_usearch
from tutor.retrieval.parts import reader
from tutor.retrieval.rounding import Rounded, coded, decoded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Codes = NDArray[np.int8]
    Bits = NDArray[np.uint8]
    Numbers = NDArray[np.uint64]
    Rows = NDArray[np.intp]

EXACT_UP_TO = 15_000
"""Vectors of a segment up to which no graph is drawn: comparing all takes no longer there, and finds each."""
CONNECTIVITY = 16
"""Neighbours a vector is given in a graph, the library's own number; with 8 a third of the memory is saved, and with it
0.015 of recall@10 at a million is lost."""
CANDIDATES, MANY, CANDIDATES_OF_MANY = 512, 500_000, 1024
"""Vectors taken from a graph to be compared by 8 bits, and from one of so many. Recall@10 is 0.99 at 100,000 and at
300,000 vectors, with half as many 0.98; at a million it is 0.97 with 512, 0.985 with 1,024, and no more than 0.987 with
half as many again."""
WHOLE = 20
"""When more than one vector in so many is to be compared, all are: it is faster then, and finds each."""
BATCH = 512
"""Vectors drawn into a graph between two steps of progress, which takes about a tenth of a second."""
BLOCK = 10_000
"""Vectors handled at a time while a segment is read."""


class Segment:
    """One opened batch of vectors. Searches may run in several threads."""

    def __init__(self, folder: Path, name: str) -> None:
        """Open the files of `write` and `draw`; raises OSError, ValueError or RuntimeError when they are not there."""
        import numpy as np

        # As a plain array: every look into a `memmap` costs microseconds of its own.
        self.texts: Numbers = np.asarray(np.load(folder / texts_file(name), mmap_mode="r"))
        self._codes = _CodesFile(folder / codes_file(name))
        self._candidates = CANDIDATES_OF_MANY if len(self.texts) > MANY else CANDIDATES
        self._graph = load_usearch().Index.restore(
            folder / graph_file(name), view=True, expansion_search=self._candidates
        )
        self._mean: Floats | None = None if self._graph is None else np.load(folder / mean_file(name))

    def __len__(self) -> int:
        """How many vectors it holds."""
        return len(self.texts)

    @property
    def different(self) -> int:
        """How many texts it holds."""
        return different(self.texts)

    def search(self, vector: "Floats", count: int) -> "tuple[Numbers, Floats]":
        """The `count` vectors nearest to a unit vector, best first: their texts' numbers and cosines."""
        import numpy as np

        count = min(count, len(self))
        if count < 1:
            return np.zeros(0, np.uint64), np.zeros(0, np.float32)
        rows = self._walked(vector, max(count, self._candidates))
        codes = self._codes.every if rows is None else self.codes(rows)
        found = load_usearch().search(codes, coded(vector[None])[0], count, exact=True, threads=1)
        best = found.keys.astype(np.intp)
        return self.texts[best if rows is None else rows[best]], 1 - found.distances

    def _walked(self, vector: "Floats", count: int) -> "Rows | None":
        """Rows of vectors that lie on the same side of the mean in the most dimensions; None when all rows will do."""
        import numpy as np

        if self._graph is None or self._mean is None or count * WHOLE > len(self):
            return None
        found = self._graph.search(_signs(vector, self._mean), count, threads=1)
        rows: Rows = np.sort(found.keys.astype(np.intp))
        return rows

    def holds(self, texts: "Numbers") -> "NDArray[np.bool_]":
        """For each text whether it has a vector here."""
        import numpy as np

        if not len(self):
            return np.zeros(len(texts), dtype=bool)
        held: NDArray[np.bool_] = self.texts[np.minimum(np.searchsorted(self.texts, texts), len(self) - 1)] == texts
        return held

    def rows_of(self, texts: "Numbers") -> "Rows":
        """The rows of these texts, text by text, in the order their vectors were given in."""
        import numpy as np

        starts, ends = (np.searchsorted(self.texts, texts, side) for side in ("left", "right"))
        counts = ends - starts
        before = np.repeat(np.cumsum(counts) - counts, counts)
        rows: Rows = np.repeat(starts, counts) + np.arange(len(before)) - before
        return rows

    def codes(self, rows: "Rows") -> "Codes":
        """(n, dimensions): these rows, at least one, as they were rounded."""
        return self._codes.every[rows] if self._graph is None else self._codes.taken(rows)

    def blocks(self) -> Iterator[Rounded]:
        """All of it, part by part."""
        for start in range(0, len(self), BLOCK):
            yield Rounded(self.texts[start : start + BLOCK], self._codes.every[start : start + BLOCK])


class _CodesFile:
    """Vectors at 8 bits in a file."""

    def __init__(self, file: Path) -> None:
        import numpy as np

        self.every: Codes = np.load(file, mmap_mode="r")
        """(n, dimensions), mapped: takes memory where it is read."""
        self._width = self.every.shape[1]
        self._start = file.stat().st_size - self.every.size
        self._read = reader(file)

    def taken(self, rows: "Rows") -> "Codes":
        """(n, dimensions): some rows, read one by one, which leaves no memory behind."""
        import numpy as np

        parts = [self._read(self._width, self._start + self._width * row) for row in rows.tolist()]
        return np.frombuffer(b"".join(parts), np.int8).reshape(len(parts), self._width)


def different(texts: "Numbers") -> int:
    """How many different ones there are among numbers of which the same stand together."""
    import numpy as np

    return int(np.count_nonzero(np.diff(texts))) + bool(len(texts))


def write(folder: Path, name: str, parts: Sequence[Rounded]) -> bool:
    """Write a segment of all these vectors into a folder that nobody reads yet; whether it wants a graph.

    Raises OSError.
    """
    import numpy as np

    texts = np.concatenate([part.texts for part in parts])
    order = np.argsort(texts, kind="stable")
    np.save(folder / texts_file(name), texts[order], allow_pickle=False)
    np.save(folder / codes_file(name), np.concatenate([part.codes for part in parts])[order], allow_pickle=False)
    return len(texts) > EXACT_UP_TO


def draw(source: Path, name: str, target: Path, step: Callable[[int, int], None]) -> None:
    """Draw the graph of a segment of `source` into a folder that nobody reads yet.

    `step` hears how many vectors are in the graph, and of how many; when it raises, nothing is written. Raises OSError.
    """
    import numpy as np

    codes: Codes = np.load(source / codes_file(name), mmap_mode="r")
    sums = [decoded(codes[start : start + BLOCK]).sum(axis=0) for start in range(0, len(codes), BLOCK)]
    mean: Floats = (np.sum(sums, axis=0) / len(codes)).astype(np.float32)
    bits = 8 * len(_signs(mean, mean))
    graph = load_usearch().Index(ndim=bits, metric="hamming", dtype="b1", connectivity=CONNECTIVITY)
    for start in range(0, len(codes), BATCH):
        step(start, len(codes))
        part = _signs(decoded(codes[start : start + BATCH]), mean)
        graph.add(np.arange(start, start + len(part), dtype=np.uint64), part, threads=1)
    np.save(target / mean_file(name), mean, allow_pickle=False)
    try:
        graph.save(target / graph_file(name))
    except RuntimeError as error:
        raise OSError(str(error)) from error


def _signs(vectors: "Floats", mean: "Floats") -> "Bits":
    """One bit a dimension, packed: whether it is above the mean."""
    import numpy as np

    return np.packbits(vectors > mean, axis=-1)


def files_of(name: str) -> list[str]:
    """The files a segment may have."""
    return [texts_file(name), codes_file(name), mean_file(name), graph_file(name)]


def texts_file(name: str) -> str:
    """Where a segment has its texts' numbers."""
    return f"{name}.texts.npy"


def codes_file(name: str) -> str:
    """Where a segment has its vectors."""
    return f"{name}.codes.npy"


def mean_file(name: str) -> str:
    """Where a segment with a graph has the mean of its vectors."""
    return f"{name}.mean.npy"


def graph_file(name: str) -> str:
    """Where a segment may have its graph."""
    return f"{name}.graph"
