"""What several tests of this room stand on."""

from pathlib import Path

import pytest

from tests.retrieval import material
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.index import SearchIndex

PASSAGES = material.passages()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A cache with both indexes, the vectors in two segments, one of them a graph; copy it before changing it."""
    cache = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tutor.retrieval.segments.EXACT_UP_TO", 3)
        SearchIndex(cache).sync(PASSAGES[1:], encoder=encoder)
        SearchIndex(cache).draw(encoder.version)
    SearchIndex(cache).sync(PASSAGES, encoder=encoder)
    kinds = [file.name.partition(".")[2] for file in cache.glob("vectors/*/g-*/s*")]
    assert sorted(kinds) == ["codes.npy", "codes.npy", "graph", "mean.npy", "texts.npy", "texts.npy"]
    return cache
