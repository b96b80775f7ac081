"""Search by cosine."""

from pathlib import Path

import numpy as np
import pytest

from tutor.retrieval import vectors
from tutor.retrieval.vectors import VectorIndex


def unit_rows(count: int, size: int = 384) -> np.ndarray:
    rows = np.random.default_rng(7).normal(size=(count, size)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def rows() -> np.ndarray:
    return unit_rows(300)


@pytest.fixture
def index(tmp_path: Path, rows: np.ndarray) -> VectorIndex:
    vectors.write(tmp_path, rows)
    return VectorIndex(tmp_path, [f"h{number}" for number in range(len(rows))])


def test_the_order_is_that_of_comparing_every_vector(index: VectorIndex, rows: np.ndarray) -> None:
    wanted = [f"h{number}" for number in np.argsort(-(rows @ rows[5]))[:20]]
    found = index.search(rows[5], 20, lambda _: True)
    assert [name for name, _ in found] == wanted
    assert [cosine for _, cosine in found] == pytest.approx(sorted(rows @ rows[5])[::-1][:20], abs=1e-5)


def test_a_narrow_filter_still_finds_what_it_allows(index: VectorIndex, rows: np.ndarray) -> None:
    farthest = f"h{np.argmin(rows @ rows[5])}"
    assert [name for name, _ in index.search(rows[5], 10, lambda name: name == farthest)] == [farthest]


def test_more_than_there_are_gives_each_once(index: VectorIndex, rows: np.ndarray) -> None:
    found = index.search(rows[0], 1000, lambda _: True)
    assert len({name for name, _ in found}) == len(found) == len(rows)


def test_named_cosines_leave_strangers_out(index: VectorIndex, rows: np.ndarray) -> None:
    assert index.cosines(rows[0], ["h0", "stranger"]) == pytest.approx({"h0": 1.0}, abs=1e-5)
    assert index.cosines(rows[0], []) == {}


def test_a_vector_comes_back_as_it_went_in(index: VectorIndex, rows: np.ndarray) -> None:
    np.testing.assert_allclose(index.vector("h17"), rows[17], atol=1e-6)
    assert index.vector("stranger") is None


def test_an_empty_index_finds_nothing(tmp_path: Path, rows: np.ndarray) -> None:
    vectors.write(tmp_path, rows[:0])
    assert VectorIndex(tmp_path, []).search(rows[0], 5, lambda _: True) == []


@pytest.mark.parametrize("wrong", [np.nan, 0.0, 2.0], ids=["NaN", "zero", "not of length one"])
def test_vectors_that_would_spoil_every_search_are_refused(tmp_path: Path, rows: np.ndarray, wrong: float) -> None:
    rows[3] *= wrong
    with pytest.raises(ValueError, match="length one"):
        vectors.write(tmp_path, rows)


def test_an_index_of_other_vectors_is_refused(tmp_path: Path, rows: np.ndarray) -> None:
    vectors.write(tmp_path, rows)
    with pytest.raises(ValueError, match="does not hold"):
        VectorIndex(tmp_path, ["only one name"])


def test_the_graph_of_a_large_index_finds_nearly_what_comparing_all_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: np.ndarray
) -> None:
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 100)
    vectors.write(tmp_path, rows)
    index = VectorIndex(tmp_path, [f"h{number}" for number in range(len(rows))])
    hits = 0
    for query in rows[:20]:
        wanted = {f"h{number}" for number in np.argsort(-(rows @ query))[:10]}
        hits += len(wanted & {name for name, _ in index.search(query, 10, lambda _: True)})
    assert hits >= 0.9 * 200
