"""Owns the vectors that come with the shipped chapters, so that a first start has nothing to embed.

One `vectors.npz` beside a track: `version` (the encoder's), `hashes` of passages, one for each of a passage's vectors,
`halves` (axes, n / 2), two numbers of 4 bits a byte, and what these count in: `axes` (axes, dimensions) of 8 bits and
`mean` (dimensions). A passage whose text changed since has another hash and is embedded like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Halves = NDArray[np.uint8]
    Axes = NDArray[np.int8]

FILE = "vectors.npz"
AXES = 256
"""Principal axes kept of a track's vectors. On the shipped track all 384 bring no better search."""
AXIS_STEP = 0.01
STEP = 0.08
"""Between two numbers along an axis. Cosines to the vectors as they were are 0.92 in the mean, and those of questions
come out a twentieth lower, give or take 0.02, near and far alike, which leaves their order. A third of the step would
take three times the room for no better search."""
LEVELS = 16


def shipped_vectors(files: Iterable[Path], version: str) -> dict[str, Floats]:
    """The (n, dimensions) unit vectors of each passage in files made by this encoder, by passage hash.

    A file that is missing, foreign or damaged holds none.
    """
    import numpy as np

    found: dict[str, Floats] = {}
    for file in files:
        try:
            with np.load(file, allow_pickle=False) as stored:
                if str(stored["version"]) != version:
                    continue
                names = stored["hashes"].tolist()
                matrix = _opened(stored["halves"], stored["axes"], stored["mean"])[: len(names)]
        except Exception:  # numpy and zipfile raise many kinds for damaged files; what lacks is embedded instead
            continue
        starts = [at for at, name in enumerate(names) if at == 0 or name != names[at - 1]]
        parts = zip(starts, [*starts[1:], len(names)], strict=True)
        found.update({names[start]: matrix[start:end] for start, end in parts})
    return found


def write_shipped(file: Path, version: str, vectors: Mapping[str, Floats]) -> None:
    """Write the (n, dimensions) unit vectors of each passage by its hash, always the same way. Raises OSError."""
    import numpy as np

    names = [name for name in sorted(vectors) for _ in vectors[name]]
    halves, axes, mean = _closed(np.concatenate([vectors[name] for name in sorted(vectors)]))
    np.savez_compressed(file, version=np.array(version), hashes=np.array(names), halves=halves, axes=axes, mean=mean)


def _closed(vectors: Floats) -> tuple[Halves, Axes, Floats]:
    """Unit rows (n, dimensions) as numbers along principal axes from their mean: halves, axes, mean."""
    import numpy as np

    mean: Floats = vectors.mean(axis=0)
    principal = np.linalg.svd(vectors - mean, full_matrices=False)[2][:AXES]
    axes: Axes = np.rint(principal / AXIS_STEP).astype(np.int8)
    along = np.linalg.pinv(axes * np.float32(AXIS_STEP)).T @ (vectors - mean).T
    levels = np.clip(np.rint(along / STEP) + LEVELS // 2, 0, LEVELS - 1).astype(np.uint8)
    even = np.pad(levels, ((0, 0), (0, levels.shape[1] % 2)))
    return even[:, ::2] * np.uint8(LEVELS) + even[:, 1::2], axes, mean


def _opened(halves: Halves, axes: Axes, mean: Floats) -> Floats:
    """(n, dimensions): the unit rows that `_closed` rounded, and one more where they were odd."""
    import numpy as np

    levels = np.stack([halves // LEVELS, halves % LEVELS], axis=2).reshape(len(halves), -1)
    along = (levels.T.astype(np.float32) - LEVELS // 2) * np.float32(STEP)
    rows = along @ (axes * np.float32(AXIS_STEP)) + mean
    unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
