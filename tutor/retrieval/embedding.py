"""Owns making the vectors of passages: each has one of its own text, and one of every question it answers."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from tutor.domain.passage import Passage
from tutor.retrieval.passages import embedded_texts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tutor.retrieval.encoder import Encoder

    Floats = NDArray[np.float32]


def embed(passages: Collection[Passage], encoder: Encoder) -> dict[str, Floats]:
    """The (n, dimensions) unit vectors of each passage by its hash, that of its own text first."""
    texts = {passage.hash: embedded_texts(passage) for passage in passages}
    rows = iter(encoder.encode([text for each in texts.values() for text in each]))
    return {name: _stacked([next(rows) for _ in each]) for name, each in texts.items()}


def _stacked(rows: list[Floats]) -> Floats:
    import numpy as np

    return np.stack(rows)
