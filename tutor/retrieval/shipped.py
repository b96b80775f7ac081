"""Owns the vectors that come with the shipped chapters, so that a first start has nothing to embed.

One `vectors.npz` beside a track: `version` (the encoder's), `hashes` of passages, one for each of a passage's vectors,
and `halves` (n, dimensions / 2), two numbers of 4 bits a byte. A passage whose text changed since has another hash and
is embedded like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Codes = NDArray[np.uint8]

FILE = "vectors.npz"
LEVELS = 16
STEP = 0.335
"""Between two levels, in standard deviations: the width that loses least of normally distributed numbers (Max 1960,
"Quantizing for minimum distortion"). Cosines to the vectors as they were are 0.994 in the mean, and cosines of
questions move by 0.006; 8 bits would take twice the room for no better search."""


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
                names, matrix = stored["hashes"].tolist(), _opened(stored["halves"])
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
    codes = _closed(np.concatenate([vectors[name] for name in sorted(vectors)]))
    np.savez_compressed(file, version=np.array(version), hashes=np.array(names), halves=codes)


def _closed(vectors: Floats) -> Codes:
    """(n, dimensions / 2): unit rows at 4 bits a number, two a byte; the dimensions are even."""
    import numpy as np

    steps = np.floor(vectors * (vectors.shape[1] ** 0.5 / STEP))
    levels = np.clip(steps + LEVELS // 2, 0, LEVELS - 1).astype(np.uint8)
    codes: Codes = levels[:, ::2] * LEVELS + levels[:, 1::2]
    return codes


def _opened(codes: Codes) -> Floats:
    """(n, dimensions): the unit rows that `_closed` rounded."""
    import numpy as np

    levels = np.stack([codes // LEVELS, codes % LEVELS], axis=2).reshape(len(codes), -1)
    rows = levels.astype(np.float32) - (LEVELS - 1) / 2
    unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
