"""Owns the vectors that come with the shipped chapters, so that a first start has nothing to embed.

One `vectors.npz` beside a track: `version` (the encoder's), `hashes` of passages, one for each of a passage's vectors,
`codes` (n, 384) int8 and `scales` (n,) float32, a row being `codes * scale`. Rounding to 8 bits leaves a cosine of
0.9999 with the vector that was rounded. A passage whose text changed since has another hash and is embedded like any
other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FILE = "vectors.npz"


def shipped_vectors(files: Iterable[Path], version: str) -> dict[str, Floats]:
    """The (n, 384) unit vectors of each passage in files made by this encoder, by passage hash.

    A file that is missing, foreign or damaged holds none.
    """
    import numpy as np

    found: dict[str, Floats] = {}
    for file in files:
        try:
            with np.load(file, allow_pickle=False) as stored:
                if str(stored["version"]) != version:
                    continue
                names, codes, scales = stored["hashes"].tolist(), stored["codes"], stored["scales"]
        except Exception:  # numpy and zipfile raise many kinds for damaged files; what lacks is embedded instead
            continue
        matrix = codes.astype(np.float32) * scales[:, None]
        matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)
        starts = [at for at, name in enumerate(names) if at == 0 or name != names[at - 1]]
        parts = zip(starts, [*starts[1:], len(names)], strict=True)
        found.update({names[start]: matrix[start:end] for start, end in parts})
    return found


def write_shipped(file: Path, version: str, vectors: Mapping[str, Floats]) -> None:
    """Write the (n, 384) unit vectors of each passage, by its hash, rounded to 8 bits; the same bytes for the same.

    Raises OSError.
    """
    import numpy as np

    names = [name for name in sorted(vectors) for _ in vectors[name]]
    matrix = np.concatenate([vectors[name] for name in sorted(vectors)])
    scales = (np.abs(matrix).max(axis=1) / 127).astype(np.float32)
    codes = np.rint(matrix / scales[:, None]).astype(np.int8)
    np.savez(file, version=np.array(version), hashes=np.array(names), codes=codes, scales=scales)
