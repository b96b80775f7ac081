"""Owns finding texts by the nearness of their vectors, over all the segments there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.retrieval.rounding import coded, decoded
from tutor.retrieval.segments import Segment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


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
        found: list[tuple[int, float]] = []
        for segment in self.segments.values():
            texts, cosines = segment.search(vector, count)
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
