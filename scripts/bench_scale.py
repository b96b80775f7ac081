"""Times search from a thousand to a million passages, beside the parts it is made of and the simplest thing there is.

    python scripts/bench_scale.py COLLECTION... [--encoder FOLDER] [--sizes 1000 10000 100000 1000000]

A COLLECTION is a folder with corpus.jsonl and queries.jsonl (`_id`, `title`, `text`). Vectors are made of real ones:
the sentences of the shipped chapters and of the collections are embedded, each new vector lies between a sentence and
one of its ten nearest, with noise of the shape of the whole set, 0.3 to 1 long; queries are real questions. Passages
are two of those sentences and five words of a vocabulary with Zipf's frequencies. One thread everywhere.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from given_encoder import encoder_option, given_encoder
from scale_material import BLOCK, material, passages, vectors_like

from tutor.domain.content import digest
from tutor.domain.passage import Passage
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.index import DEPTH, SearchIndex
from tutor.retrieval.passage_rows import text_number
from tutor.retrieval.rounding import Rounded, rounded
from tutor.retrieval.words import STOP_WORDS, words

RAW_UP_TO = 100_000
"""Vectors up to which the library's own graph is built too: that of a million takes half an hour of a processor."""
VERSION = "synthetic"
FILES = ("corpus.jsonl", "queries.jsonl")


class Lookup(Encoder):
    """The real encoder under another name, so that synthetic vectors count as its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.version = VERSION
        self.seen = 0

    def encode(self, texts: Sequence[str], batch: int = 16) -> np.ndarray:
        """Real vectors, counted."""
        self.seen += len(texts)
        return super().encode(texts, batch)


def main() -> None:
    """Make the material once, then one table a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    encoder_option(parser)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--work", type=Path, help="folder for what is made; a temporary one otherwise")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("collections", type=Path, nargs="*")
    options = parser.parse_args()
    if options.measure:
        measure(options.measure, options.encoder)
        return
    folder, encoder = given_encoder(options, parser)
    for collection in options.collections:
        if not all((collection / name).is_file() for name in FILES):
            parser.error(f"{collection} is no collection: it holds no {' and '.join(FILES)}.")
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        material(work, encoder, options.collections)
        for size in options.sizes:
            sized = work / str(size)
            build(sized, work, size)
            command = [sys.executable, __file__, "--encoder", str(folder), "--measure", str(sized)]
            subprocess.run(command, check=True)


def build(folder: Path, work: Path, size: int) -> None:
    """Everything of one size that is searched; says what it took."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sentences, queries = json.loads((work / "texts.json").read_text())
    (folder / "queries.json").write_text(json.dumps(queries))
    np.save(folder / "queries.npy", np.load(work / "queries.npy"))
    np.save(folder / "vectors.npy", vectors_like(np.load(work / "sentences.npy"), size))
    print(f"\n{size:,} passages")
    found = list(passages(sentences, size))
    (folder / "hashes.json").write_text(json.dumps([passage.hash for passage in found]))
    build_keywords(folder, found)
    build_vectors(folder)
    build_fts5(folder, (passage.text for passage in found))


def build_keywords(folder: Path, found: Sequence[Passage]) -> None:
    """The keyword index, as the app makes it."""
    index = SearchIndex(folder / "cache")
    took = timed(lambda: index.sync(found, encoder=None))
    made("keywords", took, folder / "cache/keywords")


def build_vectors(folder: Path) -> None:
    """The vector index, as if every vector had just been computed."""
    index = SearchIndex(folder / "cache")
    shelf = index._keywords.shelf()
    assert shelf is not None
    texts = [text_number(name) for name in json.loads((folder / "hashes.json").read_text())]
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    parts = [rounded(texts[a : a + BLOCK], vectors[a : a + BLOCK]) for a in range(0, len(vectors), BLOCK)]
    every = Rounded(np.concatenate([part.texts for part in parts]), np.concatenate([part.codes for part in parts]))
    made("vectors", timed(lambda: index._vectors._keep(shelf, VERSION, every, complete=True)), folder / "cache/vectors")
    made("graph of vectors", timed(lambda: index.draw(VERSION)), folder / "cache/vectors")


def build_fts5(folder: Path, texts: Iterable[str]) -> None:
    """SQLite's own full text search over the same passages."""
    with sqlite3.connect(folder / "fts5.db") as store:
        store.execute("create virtual table passage using fts5 (text, content='', tokenize='porter unicode61')")
        took = timed(lambda: store.executemany("insert into passage values (?)", ((text,) for text in texts)))
    made("raw FTS5", took, folder / "fts5.db")


def made(what: str, took: tuple[float, float], where: Path) -> None:
    """How long something took to build, and what it takes on disk."""
    report(f"build: {what}", f"{took[0]:8.1f} s, {took[1]:.1f} s of a processor, {megabytes(where)} MB")


def measure(folder: Path, encoder_folder: Path) -> None:
    """In a process that built nothing: opening, searching, memory, then an edit."""
    queries, rows_of_queries = json.loads((folder / "queries.json").read_text()), np.load(folder / "queries.npy")
    encoder = Lookup(encoder_folder)
    before = memory()
    index = SearchIndex(folder / "cache")
    first = timed(lambda: index.search(queries[0], encoder=None))[0]
    both = timed(lambda: index.search(queries[0], encoder=encoder))[0]
    report("open, verify, first hit", f"by words {first:.3f} s, then with vectors {both:.3f} s")
    shelf, held = index._keywords.shelf(), index._vectors.opened(VERSION)
    assert shelf is not None
    assert held is not None
    searcher = shelf.index._searcher
    parts: dict[str, Callable[[int], object]] = {
        "search, words and meaning": lambda n: index.search(queries[n], encoder=encoder),
        "search, words": lambda n: index.search(queries[n], encoder=None),
        "part: question to vector": lambda n: encoder.encode_query(queries[n]),
        "part: vectors": lambda n: held.index.search(rows_of_queries[n], DEPTH),
        "part: words": lambda n: shelf.index.search(queries[n], DEPTH),
        "raw tantivy": lambda n: searcher.search(asked(shelf.index, queries[n]), DEPTH, count=False),
    }
    turns = range(len(queries))
    times = in_turns(parts, turns)
    grown = {kind: memory()[kind] - before[kind] for kind in before}
    vectors = np.load(folder / "vectors.npy")
    report_memory(folder, grown, vectors.nbytes / 1e6)
    nearest: dict[int, set[int]] = {}
    searches: dict[str, Callable[[int], Sequence[int] | None]] = {
        "vectors": lambda n: list(held.index.search(rows_of_queries[n], DEPTH)),
        "numpy, every vector": lambda n: nearest.update({n: top(vectors @ rows_of_queries[n])}),
    }
    if len(vectors) <= RAW_UP_TO:
        searches["raw usearch"] = raw_usearch(vectors, rows_of_queries)
    times |= in_turns(searches, turns)
    store = sqlite3.connect(folder / "fts5.db")
    times["raw FTS5"] = [timed(lambda n=n: fts5(store, queries[n]))[0] for n in turns[:25]]
    report_times(times)
    numbers = [text_number(name) for name in json.loads((folder / "hashes.json").read_text())]
    report_recall("vectors", searches["vectors"], {n: {numbers[row] for row in found} for n, found in nearest.items()})
    if "raw usearch" in searches:
        report_recall("raw usearch", searches["raw usearch"], nearest)
    edit(index, encoder)


def report_memory(folder: Path, grown: Mapping[str, float], size: float) -> None:
    """What searching took of it, over the size in MB of the vectors at 32 bits."""
    parts = {name: mapped(folder / "cache" / name) for name in ("vectors", "keywords")}
    report("raw float32 vectors", f"{size:.0f} MB")
    report("memory: files of vectors", f"{parts['vectors']:.0f} MB, {parts['vectors'] / size:.3f} of that")
    report("memory: files of words", f"{parts['keywords']:.0f} MB, {parts['keywords'] / size:.3f}")
    report("memory: of no file", f"{grown['RssAnon']:.0f} MB, {grown['RssAnon'] / size:.3f}")
    report("memory: added in all", f"{grown['VmRSS']:.0f} MB, {grown['VmRSS'] / size:.3f}")


def report_times(times: Mapping[str, Sequence[float]]) -> None:
    """Each over comparing all vectors, and the whole over the slower of its parts."""
    brute = float(np.median(times["numpy, every vector"]))
    for label, seconds in times.items():
        p50, p99 = 1000 * np.quantile(seconds, 0.5), 1000 * np.quantile(seconds, 0.99)
        report(label, f"p50 {p50:8.2f} ms  p99 {p99:8.2f} ms  {p50 / 1000 / brute:7.3f} of numpy")
    by_meaning = np.add(times["part: question to vector"], times["part: vectors"])
    fused = np.divide(times["search, words and meaning"], np.maximum(by_meaning, times["part: words"]))
    report("fusion over slower part", f"{float(np.median(fused)):.2f}")


def in_turns(parts: Mapping[str, Callable[[int], object]], turns: range) -> dict[str, list[float]]:
    """Seconds of each part for each question.

    The parts take turns, so that a busy moment of the machine meets them all; each with a question of its own, so that
    none finds in the processor's cache what another has just read.
    """
    times: dict[str, list[float]] = {label: [0.0] * len(turns) for label in parts}
    for turn in turns:
        for place, (label, work) in enumerate(parts.items()):
            n = (turn + place * len(turns) // len(parts)) % len(turns)
            times[label][n] = timed(lambda n=n, work=work: work(n))[0]
    return times


def raw_usearch(vectors: np.ndarray, queries: np.ndarray) -> Callable[[int], list[int]]:
    """The library's own way: a graph of the vectors as they are, in memory; how to search it, as rows."""
    from usearch.index import Index

    graph = Index(ndim=vectors.shape[1])
    took = timed(lambda: graph.add(np.arange(len(vectors)), vectors, threads=1))
    report("build: raw usearch", f"{took[0]:8.1f} s, {took[1]:.1f} s of a processor, {graph.memory_usage / 1e6:.0f} MB")
    return lambda n: graph.search(queries[n], DEPTH, threads=1).keys.tolist()


def report_recall(what: str, search: Callable[[int], Sequence[int] | None], nearest: Mapping[int, set[int]]) -> None:
    """The share of each question's true ten nearest that are among the first ten found."""
    found = sum(len(wanted & set((search(n) or [])[:10])) for n, wanted in nearest.items())
    report(f"recall@10 of {what}", f"{found / (10 * len(nearest)):.4f}")


def edit(index: SearchIndex, encoder: Lookup) -> None:
    """One sentence of one chapter changes; then two more, for the state that an edit leaves."""
    for turn in range(3):
        shelf = index._keywords.shelf()
        assert shelf is not None
        stamps = [entry.stamp for entry in shelf.index.entries("scale/chapter-7")]
        chapter = list(shelf.index.passages(stamps).values())
        word = f"zeppelin{turn}"
        old = chapter[turn]
        chapter[turn] = Passage(
            f"{old.chapter_id}:{digest(word)}", old.chapter_id, old.chapter, (), f"{word} {old.text}"
        )
        seen = encoder.seen
        took = timed(lambda now=chapter: index.sync(now, encoder=encoder, chapters=["scale/chapter-7"]))
        found = timed(lambda word=word: index.search(word, encoder=encoder))
        assert index.search(word, encoder=None).hits[0].passage == chapter[turn]
        report(
            f"edit {turn + 1}",
            f"{took[0]:.3f} s, {took[1]:.3f} s of a processor, {encoder.seen - seen} passages embedded, "
            f"found {found[0]:.3f} s later",
        )


def asked(index: object, query: str) -> object:
    """The query as tantivy sees it, made by its own parser."""
    from tantivy import Index

    handle = index._index  # type: ignore[attr-defined]
    assert isinstance(handle, Index)
    content = " ".join(word for word in words(query) if word.isalnum() and word not in STOP_WORDS)
    return handle.parse_query(content or "nothing", ["title", "heading", "body"])


def fts5(store: sqlite3.Connection, query: str) -> list[tuple[int]]:
    """The best rows by BM25, any word matching."""
    content = " OR ".join(f'"{word}"' for word in words(query) if word not in STOP_WORDS)
    sql = "select rowid from passage where passage match ? order by bm25(passage) limit ?"
    return store.execute(sql, (content or '"nothing"', DEPTH)).fetchall()


def top(cosines: np.ndarray) -> set[int]:
    """The places of the ten largest."""
    return set(np.argpartition(-cosines, 10)[:10].tolist())


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of a processor."""
    start, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - used


def memory() -> dict[str, float]:
    """Resident memory of this process in MB: all of it, and what no file stands behind."""
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {kind: int(lines[kind].split()[0]) / 1000 for kind in ("VmRSS", "RssAnon")}


def mapped(folder: Path) -> float:
    """Resident memory of this process in MB that the files of a folder stand behind."""
    total, inside, place = 0, False, str(folder.resolve())
    for line in Path("/proc/self/smaps").read_text().splitlines():
        name, _, rest = line.partition(" ")
        inside = place in rest if not name.endswith(":") else inside
        total += int(rest.split()[0]) if inside and name == "Rss:" else 0
    return total / 1000


def megabytes(path: Path) -> int:
    """What a file or folder takes on disk."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return round(sum(file.stat().st_size for file in files) / 1e6)


def report(label: str, text: str) -> None:
    """One line."""
    print(f"{label:28}{text}", flush=True)


if __name__ == "__main__":
    main()
