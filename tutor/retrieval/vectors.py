"""Owns finding passages by meaning: usearch over unit vectors rounded to 8 bits, in files that are mapped.

A segment is one batch of vectors, in ascending order of their texts' numbers. Its vectors are compared one by one
until a graph (HNSW) is drawn of it, which then holds them; a vector's row is its key there. Nothing is ever changed in
place. Nothing is opened whose checksum was not just read: usearch ends the process on a flipped bit in a graph.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tutor.retrieval.rounding import Rounded, coded, decoded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Codes = NDArray[np.int8]
    Numbers = NDArray[np.uint64]

EXACT_UP_TO = 10_000
"""Vectors of a segment up to which no graph is drawn: comparing all takes a millisecond, the question five."""
CONNECTIVITY = 8
"""Neighbours a vector is given in a graph. The library's 16 take an eighth more of memory and a fifth more of time to
draw, for what `EXPANSION` gives as well."""
EXPANSION, MANY, EXPANSION_OF_MANY = 256, 500_000, 512
"""Candidates kept while a graph is walked, and in one of so many vectors. Recall@10 is 0.99 at 100,000 vectors and
0.985 at 300,000, in 0.01 to 0.04 of the time of comparing all, with half as many 0.98 at both; at a million it is 0.97
with 256, 0.98 with 512 in 0.02 of that time, and no more than 0.985 with twice as many."""
WHOLE = 20
"""When more than one vector in so many is wanted, all are compared: it is faster then, and finds each."""
BATCH = 512
"""Vectors drawn into a graph between two steps of progress, which takes about a tenth of a second."""
BLOCK = 10_000
"""Vectors handled at a time while a segment is read."""


class Segment:
    """One opened batch of vectors. Searches may run in several threads."""

    def __init__(self, folder: Path, name: str) -> None:
        """Map the files of `write` or `draw`; raises OSError, ValueError or RuntimeError when they are not there."""
        import numpy as np
        from usearch.index import Index

        # As a plain array: every look into a `memmap` costs microseconds of its own.
        self.texts: Numbers = np.asarray(np.load(folder / texts_file(name), mmap_mode="r"))
        expansion = EXPANSION_OF_MANY if len(self.texts) > MANY else EXPANSION
        graph = Index.restore(folder / graph_file(name), view=True, expansion_search=expansion)
        codes_at = folder / codes_file(name)
        self._vectors: Codes | Index = np.load(codes_at, mmap_mode="r") if graph is None else graph

    def __len__(self) -> int:
        """How many vectors it holds."""
        return len(self.texts)

    @property
    def different(self) -> int:
        """How many texts it holds."""
        return different(self.texts)

    def search(self, code: "Codes", count: int) -> "tuple[Numbers, Floats]":
        """The nearest `count` vectors, best first: their texts' numbers and cosines."""
        import numpy as np
        from usearch.index import search

        count = min(count, len(self))
        if count < 1:
            return np.zeros(0, np.uint64), np.zeros(0, np.float32)
        if isinstance(self._vectors, np.ndarray):
            found = search(self._vectors, code, count, exact=True, threads=1)
        else:
            found = self._vectors.search(code, count, exact=count * WHOLE > len(self), threads=1)
        return self.texts[found.keys.astype(np.intp)], 1 - found.distances

    def holds(self, texts: "Numbers") -> "NDArray[np.bool_]":
        """For each text whether it has a vector here."""
        import numpy as np

        if not len(self):
            return np.zeros(len(texts), dtype=bool)
        held: NDArray[np.bool_] = self.texts[np.minimum(np.searchsorted(self.texts, texts), len(self) - 1)] == texts
        return held

    def rows_of(self, texts: "Numbers") -> "NDArray[np.intp]":
        """The rows of these texts, text by text, in the order their vectors were given in."""
        import numpy as np

        starts, ends = (np.searchsorted(self.texts, texts, side) for side in ("left", "right"))
        counts = ends - starts
        before = np.repeat(np.cumsum(counts) - counts, counts)
        rows: NDArray[np.intp] = np.repeat(starts, counts) + np.arange(len(before)) - before
        return rows

    def codes(self, rows: "NDArray[np.intp]") -> "Codes":
        """(n, dimensions): these rows, at least one, as they were rounded."""
        import numpy as np

        if isinstance(self._vectors, np.ndarray):
            return self._vectors[rows]
        found = cast("tuple[Codes, ...]", self._vectors.get(rows))
        return np.concatenate(found).reshape(len(found), -1)

    def blocks(self) -> "Iterator[Rounded]":
        """All of it, part by part."""
        import numpy as np

        for start in range(0, len(self), BLOCK):
            rows = np.arange(start, min(start + BLOCK, len(self)))
            yield Rounded(self.texts[rows], self.codes(rows))


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Vectors that were read of some texts."""

    parts: "list[tuple[list[int], Floats]]"
    """Texts' numbers, and their (n, dimensions) unit vectors; a text comes once for each that it has, its own first."""

    def cosines(self, vector: "Floats") -> dict[int, list[float]]:
        """The cosine of each text's vectors to a unit vector, as `VectorIndex.search` gives it."""
        asked = decoded(coded(vector[None]))[0]
        found: dict[int, list[float]] = {}
        for texts, rows in self.parts:
            for text, cosine in zip(texts, (rows @ asked).tolist(), strict=True):
                found.setdefault(text, []).append(cosine)
        return found

    def own(self) -> "dict[int, Floats]":
        """The (dimensions,) vector of each text itself."""
        found: dict[int, Floats] = {}
        for texts, rows in self.parts:
            for text, row in zip(texts, rows, strict=True):
                found.setdefault(text, row)
        return found


class VectorIndex:
    """Opened segments. A text has its vectors in one of them at most; the nearest of them counts.

    Searches may run in several threads.
    """

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        """Open these segments of a folder; raises OSError, ValueError or RuntimeError when they are not there."""
        self.segments = {name: Segment(folder, name) for name in names}

    def __len__(self) -> int:
        """How many vectors there are."""
        return sum(map(len, self.segments.values()))

    def search(self, vector: "Floats", count: int) -> dict[int, float]:
        """The numbers of the texts of the `count` nearest vectors, with their cosines to a unit vector, best first."""
        code = coded(vector[None])[0]
        found: list[tuple[int, float]] = []
        for segment in self.segments.values():
            texts, cosines = segment.search(code, count)
            found += zip(texts.tolist(), cosines.tolist(), strict=True)
        return _best(sorted(found, key=lambda hit: -hit[1])[:count])

    def held(self, texts: Sequence[int]) -> "Held":
        """The vectors of those texts that have any."""
        import numpy as np

        wanted = np.array(texts, dtype=np.uint64)
        rows = [(segment, segment.rows_of(wanted)) for segment in self.segments.values()]
        return Held(
            [(segment.texts[found].tolist(), decoded(segment.codes(found))) for segment, found in rows if len(found)]
        )

    def lacking(self, texts: Sequence[int]) -> list[int]:
        """Those texts that have no vector, in their order."""
        import numpy as np

        wanted = np.array(texts, dtype=np.uint64)
        held = np.zeros(len(wanted), dtype=bool)
        for segment in self.segments.values():
            held |= segment.holds(wanted)
        return [int(text) for text in wanted[~held].tolist()]


def _best(hits: "Iterable[tuple[int, float]]") -> dict[int, float]:
    """The highest cosine of each text, in the order they come in."""
    best: dict[int, float] = {}
    for text, cosine in hits:
        best[text] = max(cosine, best.get(text, cosine))
    return best


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
    """Draw the graph of a segment of `source`, which takes its codes' place, into a folder that nobody reads yet.

    `step` hears how many vectors are in the graph, and of how many; when it raises, nothing is written. Raises OSError.
    """
    import numpy as np
    from usearch.index import Index

    codes = np.load(source / codes_file(name), mmap_mode="r")
    graph = Index(ndim=codes.shape[1], metric="cos", dtype="i8", connectivity=CONNECTIVITY)
    for start in range(0, len(codes), BATCH):
        step(start, len(codes))
        part = codes[start : start + BATCH]
        graph.add(np.arange(start, start + len(part), dtype=np.uint64), part, threads=1)
    try:
        graph.save(target / graph_file(name))
    except RuntimeError as error:
        raise OSError(str(error)) from error


def files_of(name: str) -> list[str]:
    """The files a segment may have."""
    return [texts_file(name), codes_file(name), graph_file(name)]


def texts_file(name: str) -> str:
    """Where a segment has its texts' numbers."""
    return f"{name}.texts.npy"


def codes_file(name: str) -> str:
    """Where a segment without a graph has its vectors."""
    return f"{name}.codes.npy"


def graph_file(name: str) -> str:
    """Where a segment has its graph, and in it its vectors."""
    return f"{name}.graph"
