"""Owns dividing many unit vectors into places: k-means on the sphere, over a sample."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SAMPLED = 16
"""Vectors a centre is fitted to. Twice as many, and half as many rounds again, take 3.5 times as long and moved
recall@10 at 60,000 vectors from 0.989 to 0.990."""
ROUNDS = 4
BLOCK = 4096
"""Rows compared with all centres at a time."""


def sample(size: int, centres: int) -> "NDArray[np.intp]":
    """Which of `size` rows to fit this many centres to, in order; the same for the same numbers."""
    import numpy as np

    return np.sort(np.random.default_rng(0).choice(size, min(size, centres * SAMPLED), replace=False))


def find_centres(vectors: "Floats", count: int) -> "Floats":
    """(count, dimensions) unit rows that lie where the vectors do; the same for the same vectors."""
    import numpy as np

    chance = np.random.default_rng(0)
    centres = vectors[chance.choice(len(vectors), count, replace=False)]
    for _ in range(ROUNDS):
        blocks = (vectors[start : start + BLOCK] for start in range(0, len(vectors), BLOCK))
        places = np.concatenate([nearest(block, centres) for block in blocks])
        sizes = np.bincount(places, minlength=count)
        starts = np.minimum(np.cumsum(sizes) - sizes, len(vectors) - 1)
        sums = np.add.reduceat(vectors[np.argsort(places, kind="stable")], starts, axis=0)
        lost = sizes == 0
        sums[lost] = vectors[chance.choice(len(vectors), int(lost.sum()))]
        centres = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return centres


def nearest(vectors: "Floats", centres: "Floats") -> "NDArray[np.intp]":
    """(n,): for each row the centre with the largest cosine."""
    import numpy as np

    places: NDArray[np.intp] = np.argmax(vectors @ centres.T, axis=1)
    return places
