"""Search by cosine."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tutor.retrieval import segments
from tutor.retrieval.rounding import decoded, rounded
from tutor.retrieval.vectors import VectorIndex


def unit_rows(count: int, size: int = 384) -> np.ndarray:
    rows = np.random.default_rng(7).normal(size=(count, size)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def rows() -> np.ndarray:
    return unit_rows(300)


TEXTS = range(1000, 1300)


@pytest.fixture
def index(tmp_path: Path, rows: np.ndarray) -> VectorIndex:
    """Two segments."""
    segments.write(tmp_path, "a", [rounded(TEXTS[:200], rows[:200])])
    segments.write(tmp_path, "b", [rounded(TEXTS[200:], rows[200:])])
    return VectorIndex(tmp_path, ["a", "b"])


def test_the_order_is_that_of_comparing_every_vector(index: VectorIndex, rows: np.ndarray) -> None:
    cosines = rows @ rows[5]
    found = index.search(rows[5], 20)
    assert set(found) == {TEXTS[row] for row in np.argsort(-cosines)[:20]}
    assert list(found.values()) == pytest.approx(sorted(cosines)[::-1][:20], abs=2e-3)


def test_more_than_there_are_gives_each_once(index: VectorIndex, rows: np.ndarray) -> None:
    assert sorted(index.search(rows[0], 1000)) == list(TEXTS)


def test_named_cosines_leave_strangers_out(index: VectorIndex, rows: np.ndarray) -> None:
    [cosine] = index.held([TEXTS[250], 7]).cosines(rows[250]).pop(TEXTS[250])
    assert cosine == pytest.approx(1.0, abs=1e-3)
    assert index.held([7]).cosines(rows[0]) == index.held([]).cosines(rows[0]) == {}
    assert index.lacking([7, TEXTS[0], 9, TEXTS[299]]) == [7, 9]


def test_of_a_texts_vectors_the_nearest_counts_and_the_first_is_its_own(tmp_path: Path, rows: np.ndarray) -> None:
    segments.write(tmp_path, "s", [rounded([7, 7, 5, 7], rows[:4]), rounded([5], rows[4:5])])
    index = VectorIndex(tmp_path, ["s"])
    for vector in rows[:5]:
        wanted = {7: (rows[[0, 1, 3]] @ vector).tolist(), 5: (rows[[2, 4]] @ vector).tolist()}
        nearest = {text: max(cosines) for text, cosines in wanted.items()}
        assert index.search(vector, 5) == pytest.approx(nearest, abs=3e-3)
        found = index.held([5, 7, 9]).cosines(vector)
        assert found.keys() == wanted.keys()
        for text, cosines in found.items():
            assert cosines == pytest.approx(wanted[text], abs=3e-3)
    assert float(index.held([7]).own()[7] @ rows[0]) > 0.9999
    assert index.lacking([5, 6, 7]) == [6]
    assert index.segments["s"].different == 2


def test_a_vector_comes_back_as_it_went_in(index: VectorIndex, rows: np.ndarray) -> None:
    found = index.held([TEXTS[17], TEXTS[217], 7]).own()
    assert found.keys() == {TEXTS[17], TEXTS[217]}
    for text, row in found.items():
        assert float(row @ rows[text - TEXTS[0]]) > 0.9999
        assert np.linalg.norm(row) == pytest.approx(1.0, abs=1e-5)


def test_vectors_may_be_written_anew_as_often_as_wanted(index: VectorIndex, tmp_path: Path) -> None:
    parts = [part for segment in index.segments.values() for part in segment.blocks()]
    segments.write(tmp_path, "c", [rounded(part.texts.tolist(), decoded(part.codes)) for part in parts])
    again = [part for segment in VectorIndex(tmp_path, ["c"]).segments.values() for part in segment.blocks()]
    assert np.array_equal(np.concatenate([p.codes for p in again]), np.concatenate([p.codes for p in parts]))


def test_an_empty_index_finds_nothing(tmp_path: Path, rows: np.ndarray) -> None:
    segments.write(tmp_path, "a", [rounded([], rows[:0])])
    index = VectorIndex(tmp_path, ["a"])
    assert index.search(rows[0], 5) == {}
    assert index.lacking([7]) == [7]


@pytest.mark.parametrize("wrong", [np.nan, 0.0, 2.0], ids=["NaN", "zero", "not of length one"])
def test_vectors_that_would_spoil_every_search_are_refused(rows: np.ndarray, wrong: float) -> None:
    rows[3] *= wrong
    with pytest.raises(ValueError, match="length one"):
        rounded(TEXTS, rows)


def test_a_segment_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"a\.texts"):
        VectorIndex(tmp_path, ["a"])


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, np.ndarray]:
    """A segment that wants a graph and has none, and its vectors: 60 topics with 50 texts about each."""
    chance = np.random.default_rng(3)
    rows = np.repeat(unit_rows(60), 50, axis=0) + 0.04 * chance.normal(size=(3000, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    monkeypatch.setattr(segments, "EXACT_UP_TO", 100)
    monkeypatch.setattr(segments, "CANDIDATES", 60)
    monkeypatch.setattr(segments, "BATCH", 700)
    assert segments.write(tmp_path, "a", [rounded(range(3000), rows)])
    return tmp_path, rows


def drawn(folder: Path) -> VectorIndex:
    """The same index with a graph."""
    segments.draw(folder, "a", folder, lambda done, of: None)
    return VectorIndex(folder, ["a"])


def test_a_graph_finds_nearly_what_comparing_all_finds(large: tuple[Path, np.ndarray]) -> None:
    folder, rows = large
    index = drawn(folder)
    hits = 0
    for query in rows[::150]:
        wanted = set(np.argsort(-(rows @ query))[:10].tolist())
        hits += len(wanted & index.search(query, 10).keys())
    assert hits >= 0.95 * 200


def test_a_graph_gives_back_vectors_and_cosines_as_they_were_without_it(large: tuple[Path, np.ndarray]) -> None:
    folder, rows = large
    before = VectorIndex(folder, ["a"])
    index = drawn(folder)
    assert index.lacking([5, 3000, 2999]) == [3000]
    assert np.array_equal(index.held([1234]).own()[1234], before.held([1234]).own()[1234])
    assert index.held([7, 2999]).cosines(rows[3]) == before.held([7, 2999]).cosines(rows[3])
    assert index.search(rows[0], 3000) == pytest.approx(before.search(rows[0], 3000), abs=1e-6)
    for text, cosine in index.search(rows[0], 20).items():
        assert index.held([text]).cosines(rows[0])[text] == pytest.approx([cosine], abs=1e-5)


def test_drawing_is_broken_off_between_two_batches(large: tuple[Path, np.ndarray]) -> None:
    folder, rows = large
    steps: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        steps.append((done, total))
        if done >= 1400:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        segments.draw(folder, "a", folder, stop)
    assert steps == [(0, 3000), (700, 3000), (1400, 3000)]
    assert len(VectorIndex(folder, ["a"]).search(rows[0], 3000)) == 3000
    assert not (folder / segments.graph_file("a")).exists()


def test_a_graph_that_is_something_else_is_an_error(large: tuple[Path, np.ndarray]) -> None:
    folder, _ = large
    (folder / segments.graph_file("a")).write_bytes(b"something else" * 100)
    with pytest.raises((RuntimeError, ValueError)):
        VectorIndex(folder, ["a"])


@pytest.mark.parametrize("with_graph", [False, True], ids=["codes", "graph"])
def test_searches_in_several_threads_agree(large: tuple[Path, np.ndarray], with_graph: bool) -> None:
    folder, rows = large
    index = drawn(folder) if with_graph else VectorIndex(folder, ["a"])
    expected = [index.search(row, 20) for row in rows[:40]]
    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(lambda row: index.search(row, 20), rows[:40])) == expected


def test_a_graph_that_cannot_be_written_is_an_error_of_the_system(large: tuple[Path, np.ndarray]) -> None:
    folder, _ = large
    with pytest.raises(OSError, match=r"graph|open|file|No such"):
        segments.draw(folder, "a", folder / "none", lambda done, of: None)


def test_a_graph_is_drawn_of_any_number_of_dimensions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "CANDIDATES", 60)
    rows = np.repeat(unit_rows(60, 300), 50, axis=0)
    segments.write(tmp_path, "a", [rounded(range(3000), rows)])
    assert drawn(tmp_path).search(rows[0], 3).keys() <= set(range(50))


def test_vectors_may_be_opened_and_drawn_before_the_encoder_is(
    large: tuple[Path, np.ndarray], encoder_folder: Path
) -> None:
    """In a process of its own: this one has loaded all libraries long ago."""
    code = """if True:
        import sys
        from pathlib import Path
        from tutor.retrieval import segments
        from tutor.retrieval.encoder import Encoder
        from tutor.retrieval.vectors import VectorIndex
        folder = Path(sys.argv[1])
        segments.draw(folder, "a", folder, lambda done, of: None)
        index = VectorIndex(folder, ["a"])
        print(len(index.search(Encoder(Path(sys.argv[2])).encode_query("what is chunking"), 7)))"""
    command = [sys.executable, "-c", code, str(large[0]), str(encoder_folder)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "7\n"
