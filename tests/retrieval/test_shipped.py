"""The vectors that come with the chapters: they fit, they spare the work, and a damaged file costs only time."""

from pathlib import Path

import numpy as np
import pytest

from tutor.library.catalogue import load_library
from tutor.library.roots import shipped_root
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.index import SearchIndex
from tutor.retrieval.passages import embedded_texts, to_index
from tutor.retrieval.shipped import FILE, shipped_vectors, write_shipped

TRACK = shipped_root() / "rag" / FILE


@pytest.fixture(scope="module")
def passages() -> list:
    library = load_library([(shipped_root(), True)]).library
    return [passage for chapter in library.chapters() for passage in to_index(chapter)]


def test_they_fit_the_chapters_as_they_stand(passages: list, encoder: Encoder) -> None:
    found = shipped_vectors([TRACK], encoder.version)
    missing = sorted({passage.chapter_id for passage in passages if passage.hash not in found})
    assert missing == [], "the chapters changed: run scripts/make_vectors.py"
    some = passages[:: max(1, len(passages) // 20)]
    fresh = encoder.encode([embedded_texts(passage)[0] for passage in some])
    cosines = [float(row @ found[passage.hash][0]) for row, passage in zip(fresh, some, strict=True)]
    assert min(cosines) > 0.85


def test_a_first_sync_embeds_nothing(passages: list, encoder: Encoder, tmp_path: Path) -> None:
    report = SearchIndex(tmp_path, shipped=[TRACK]).sync(passages, encoder=encoder)
    assert (report.embedded, report.waiting) == (0, 0)


DAMAGE = {
    "missing": None,
    "empty": b"",
    "truncated": TRACK.read_bytes()[:5000] if TRACK.exists() else b"",
    "something else": b"PK\x03\x04 not an archive",
}


@pytest.mark.parametrize("content", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_file_holds_no_vectors(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / FILE
    if content is not None:
        file.write_bytes(content)
    assert shipped_vectors([file], "any") == {}


def test_vectors_of_another_encoder_are_not_used(tmp_path: Path) -> None:
    row = np.random.default_rng(5).normal(size=384).astype(np.float32)
    row /= np.linalg.norm(row)
    write_shipped(tmp_path / FILE, "other 1.0", {"a": row[None]})
    assert shipped_vectors([tmp_path / FILE], "ours 1.0") == {}
    assert shipped_vectors([tmp_path / FILE], "other 1.0")["a"][0] @ row == pytest.approx(1.0, abs=0.01)
