"""Times search from a thousand to a million passages, beside the parts it is made of and the simplest thing there is.

    python scripts/bench_scale.py COLLECTION... --encoder FOLDER [--sizes 1000 10000 100000 1000000]

A COLLECTION is a folder with corpus.jsonl and queries.jsonl (`_id`, `title`, `text`). Vectors are made of real ones:
the sentences of the shipped chapters and of the collections are embedded, each new vector lies between a sentence and
one of its ten nearest, with noise of the shape of the whole set, 0.3 to 1 long; queries are real questions. Passages
are two of those sentences and five words of a vocabulary with Zipf's frequencies. One thread everywhere.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from tutor.domain.content import digest
from tutor.domain.passage import Passage
from tutor.domain.text import sentence_spans
from tutor.library.catalogue import load_library
from tutor.library.roots import shipped_root
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.index import DEPTH, SearchIndex
from tutor.retrieval.passage_rows import text_number
from tutor.retrieval.passages import passages_of
from tutor.retrieval.shipped import write_shipped
from tutor.retrieval.words import STOP_WORDS, words

SENTENCES = 12_000
CHAPTER = 50
"""Passages in one chapter."""
QUERIES = 300
VERSION = "synthetic"


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
    parser.add_argument("--encoder", required=True, type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--work", type=Path, help="folder for what is made; a temporary one otherwise")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("collections", type=Path, nargs="*")
    options = parser.parse_args()
    if options.measure:
        measure(options.measure, options.encoder)
        return
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        material(work, Encoder(options.encoder), options.collections)
        for size in options.sizes:
            folder = work / str(size)
            build(folder, work, size, options.encoder)
            command = [sys.executable, __file__, "--encoder", str(options.encoder), "--measure", str(folder)]
            subprocess.run(command, check=True)


def material(work: Path, encoder: Encoder, collections: Iterable[Path]) -> None:
    """Sentences, their vectors, and questions with theirs."""
    if (work / "queries.npy").exists():
        return
    library = load_library([(shipped_root(), True)]).library
    texts = [passage.text for chapter in library.chapters() for passage in passages_of(chapter)]
    queries = [question.text for question in library.questions()]
    for folder in collections:
        texts += [row["text"] for row in rows(folder / "corpus.jsonl")]
        queries += [row["text"] for row in rows(folder / "queries.jsonl")]
    sentences = list({text[a:b].strip(): 0 for text in texts for a, b in sentence_spans(text) if b - a > 40})
    random.Random(0).shuffle(sentences)
    random.Random(0).shuffle(queries)
    work.mkdir(parents=True, exist_ok=True)
    (work / "texts.json").write_text(json.dumps([sentences[:SENTENCES], queries[:QUERIES]]))
    np.save(work / "sentences.npy", encoder.encode(sentences[:SENTENCES]))
    np.save(work / "queries.npy", encoder.encode(queries[:QUERIES]))


def rows(path: Path) -> list[dict[str, str]]:
    """The objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def vectors_like(base: np.ndarray, count: int) -> np.ndarray:
    """(count, 384) unit rows between and around the base rows."""
    chance = np.random.default_rng(count)
    near = np.concatenate(
        [np.argsort(-(base[a : a + 1000] @ base.T), axis=1)[:, 1:11] for a in range(0, len(base), 1000)]
    )
    variances, axes = np.linalg.eigh(np.cov(base.T))
    shape = ((axes * np.sqrt(np.maximum(variances, 0))) @ axes.T / np.sqrt(variances.sum())).astype(np.float32)
    made = np.empty((count, base.shape[1]), dtype=np.float32)
    for start in range(0, count, 50_000):
        size = min(50_000, count - start)
        one = chance.integers(len(base), size=size)
        other = near[one, chance.integers(10, size=size)]
        share = chance.uniform(0, 0.5, (size, 1)).astype(np.float32)
        between = unit(base[one] * (1 - share) + base[other] * share)
        noise = chance.standard_normal((size, base.shape[1]), dtype=np.float32) @ shape
        made[start : start + size] = unit(between + chance.uniform(0.3, 1, (size, 1)).astype(np.float32) * noise)
    return made


def unit(rows: np.ndarray) -> np.ndarray:
    """The rows at length one."""
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def passages(sentences: Sequence[str], count: int) -> Iterator[Passage]:
    """Synthetic passages, the same for the same count."""
    chance = random.Random(count)
    for number in range(count):
        rare = " ".join(f"w{int(chance.paretovariate(0.7)) % 400_000}" for _ in range(5))
        text = f"{chance.choice(sentences)} {chance.choice(sentences)} {rare}"
        chapter = f"scale/chapter-{number // CHAPTER}"
        yield Passage(f"{chapter}:{digest(text, str(number))}", chapter, f"Chapter {number // CHAPTER}", (), text)


def build(folder: Path, work: Path, size: int, encoder: Path) -> None:
    """The index of one size, by way of vectors that come with chapters; says what it took."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sentences, queries = json.loads((work / "texts.json").read_text())
    (folder / "queries.json").write_text(json.dumps(queries))
    np.save(folder / "queries.npy", np.load(work / "queries.npy"))
    found = list(passages(sentences, size))
    vectors = vectors_like(np.load(work / "sentences.npy"), size)
    np.save(folder / "vectors.npy", vectors)
    (folder / "hashes.json").write_text(json.dumps([passage.hash for passage in found]))
    write_shipped(folder / "vectors.npz", VERSION, {p.hash: row[None] for p, row in zip(found, vectors, strict=True)})
    del vectors
    print(f"\n{size:,} passages")
    index = SearchIndex(folder / "cache", shipped=[folder / "vectors.npz"])
    took = timed(lambda: index.sync(found, encoder=None))
    report(
        "build: keywords",
        f"{took[0]:8.1f} s, {took[1]:.1f} s of a processor, {megabytes(folder / 'cache/keywords')} MB",
    )
    lookup = Lookup(encoder)
    took = timed(lambda: index.complete(encoder=lookup))
    drawn = timed(lambda: index.draw(VERSION))
    report("build: vectors", f"{took[0]:8.1f} s, {took[1]:.1f} s of a processor")
    report(
        "build: graph of vectors",
        f"{drawn[0]:8.1f} s, {drawn[1]:.1f} s of a processor, {megabytes(folder / 'cache/vectors')} MB",
    )
    with sqlite3.connect(folder / "fts5.db") as store:
        store.execute("create virtual table passage using fts5 (text, content='', tokenize='porter unicode61')")
        took = timed(lambda: store.executemany("insert into passage values (?)", ((p.text,) for p in found)))
    report("build: raw FTS5", f"{took[0]:8.1f} s, {took[1]:.1f} s of a processor, {megabytes(folder / 'fts5.db')} MB")


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
    size = vectors.nbytes / 1e6
    report("memory added by index", f"{grown['VmRSS']:.0f} MB, of it {grown['RssAnon']:.0f} MB its own")
    report("... to raw float32", f"{grown['VmRSS'] / size:.3f} ({size:.0f} MB)")
    raw = raw_usearch(vectors, rows_of_queries)
    searches: dict[str, Callable[[int], object]] = {
        "vectors": lambda n: held.index.search(rows_of_queries[n], DEPTH),
        "raw usearch": lambda n: raw(rows_of_queries[n]),
        "numpy, every vector": lambda n: top(vectors @ rows_of_queries[n]),
    }
    times |= in_turns(searches, turns)
    store = sqlite3.connect(folder / "fts5.db")
    times["raw FTS5"] = [timed(lambda n=n: fts5(store, queries[n]))[0] for n in turns[:25]]
    brute = float(np.median(times["numpy, every vector"]))
    for label, seconds in times.items():
        p50, p99 = 1000 * np.quantile(seconds, 0.5), 1000 * np.quantile(seconds, 0.99)
        report(label, f"p50 {p50:8.2f} ms  p99 {p99:8.2f} ms  {p50 / 1000 / brute:7.3f} of numpy")
    rows = {text_number(name): row for row, name in enumerate(json.loads((folder / "hashes.json").read_text()))}
    recall("vectors", lambda query: [rows[text] for text in held.index.search(query, DEPTH)], vectors, rows_of_queries)
    by_meaning = np.add(times["part: question to vector"], times["part: vectors"])
    fused = np.divide(times["search, words and meaning"], np.maximum(by_meaning, times["part: words"]))
    report("fusion over slower part", f"{float(np.median(fused)):.2f}")
    edit(index, encoder)


def in_turns(parts: Mapping[str, Callable[[int], object]], turns: Iterable[int]) -> dict[str, list[float]]:
    """Seconds of each part, part after part for each question, so that a busy moment of the machine meets them all."""
    times: dict[str, list[float]] = {label: [] for label in parts}
    for n in turns:
        for label, work in parts.items():
            times[label].append(timed(lambda n=n, work=work: work(n))[0])
    return times


def raw_usearch(vectors: np.ndarray, queries: np.ndarray) -> Callable[[np.ndarray], list[int]]:
    """The library's own way: a graph of the vectors as they are, in memory; how to search it, as rows."""
    from usearch.index import Index

    graph = Index(ndim=vectors.shape[1])
    took = timed(lambda: graph.add(np.arange(len(vectors)), vectors, threads=1))
    report("build: raw usearch", f"{took[0]:8.1f} s, {took[1]:.1f} s of a processor, {graph.memory_usage / 1e6:.0f} MB")

    def search(query: np.ndarray) -> list[int]:
        return graph.search(query, DEPTH, threads=1).keys.tolist()

    recall("raw usearch", search, vectors, queries)
    return search


def recall(what: str, search: Callable[..., Sequence[int]], vectors: np.ndarray, queries: np.ndarray) -> None:
    """How many of the true ten nearest are among the first ten found, both as rows."""
    hits = 0
    for query in queries[:200]:
        wanted = set(np.argpartition(-(vectors @ query), 10)[:10].tolist())
        hits += len(wanted & set(search(query)[:10]))
    report(f"recall@10 of {what}", f"{hits / 2000:.4f}")


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


def top(cosines: np.ndarray) -> np.ndarray:
    """The places of the ten largest."""
    return np.argpartition(-cosines, 10)[:10]


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of a processor."""
    start, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - used


def memory() -> dict[str, float]:
    """Resident memory of this process in MB: all of it, and what no file stands behind."""
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {kind: int(lines[kind].split()[0]) / 1000 for kind in ("VmRSS", "RssAnon")}


def megabytes(path: Path) -> int:
    """What a file or folder takes on disk."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return round(sum(file.stat().st_size for file in files) / 1e6)


def report(label: str, text: str) -> None:
    """One line."""
    print(f"{label:28}{text}", flush=True)


if __name__ == "__main__":
    main()
