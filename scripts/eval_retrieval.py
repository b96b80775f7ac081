"""Measures search on labelled collections: nDCG@10, recall@5 and MRR@10 of the app, of its parts, and of its peers.

    python scripts/eval_retrieval.py [--encoder FOLDER] [--cache FOLDER] [--peers] COLLECTION...

A collection is a folder with `corpus.jsonl` (_id, title, text), `queries.jsonl` (_id, text) and `qrels.tsv` (query,
document, grade); a folder of such folders stands for all of them. Each document is one passage, so this measures
ranking, not how chapters are cut. Weights were chosen on the queries with odd ids; "held out" are the others.

`--peers` measures what else is installed beside it, with its defaults: bm25s, tantivy, txtai, and the in-memory stores
of llama-index and langchain. The app needs none of them; run this with the interpreter of an environment that has
them. Where a peer embeds, it gets this encoder's vectors, which are its own default model's (all-MiniLM-L6-v2, txtai)
or stand in for a model that is fetched from a hub or paid for.
"""

import argparse
import json
import math
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from given_encoder import encoder_option, given_encoder

from tutor.domain.content import digest
from tutor.domain.passage import Passage
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.index import SearchIndex

sys.path.insert(0, str(Path(__file__).resolve().parent))

Ranker = Callable[[str], list[str]]
DEEPEST = 10
FILES = ("corpus.jsonl", "queries.jsonl", "qrels.tsv")
PUBLISHED = (
    "Published, SciFact / NFCorpus, nDCG@10 (other collections; BEIR, arXiv:2104.08663, and the MTEB leaderboard):",
    "  BM25 0.665 / 0.325, all-MiniLM-L6-v2 0.645 / 0.316",
)
"""No figures are published for these two collections with these passages; the same two systems elsewhere, for scale."""


def main() -> None:
    """Print one table for each collection."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collections", nargs="+", type=Path)
    encoder_option(parser)
    parser.add_argument("--cache", type=Path, help="keeps the indexes for the next run")
    parser.add_argument("--peers", action="store_true", help="also what else is installed")
    options = parser.parse_args()
    _, encoder = given_encoder(options, parser)
    collections = [one for folder in options.collections for one in collections_in(folder)]
    if not collections:
        parser.error(f"No folder there holds {', '.join(FILES)}: {', '.join(map(str, options.collections))}.")
    for collection in collections:
        with tempfile.TemporaryDirectory() as scratch:
            measure(collection, encoder, (options.cache or Path(scratch)) / collection.name, options.peers)
    print("\n" + "\n".join(PUBLISHED))


def collections_in(folder: Path) -> list[Path]:
    """The folder itself when it is a collection, else the collections right inside it."""
    return [one for one in (folder, *sorted(folder.glob("*/"))) if all((one / name).is_file() for name in FILES)]


def measure(collection: Path, encoder: Encoder, cache: Path, with_peers: bool) -> None:
    """Index one collection and print its table."""
    passages = [passage_of(row) for row in rows(collection / "corpus.jsonl")]
    queries = {row["_id"]: row["text"] for row in rows(collection / "queries.jsonl")}
    relevant: dict[str, dict[str, float]] = {}
    for line in (collection / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, grade, *_ = line.split("\t")
        if grade.replace(".", "", 1).isdigit() and float(grade) > 0:
            relevant.setdefault(query, {})[document] = float(grade)
    index = SearchIndex(cache)
    index.sync(passages, encoder=encoder, progress=tell)
    queries = {name: text for name, text in queries.items() if name in relevant}
    halves = {"all": list(queries), "held out": [name for name in queries if not odd(name)]}
    print(f"\n{collection.name}: {len(passages)} documents, {len(queries)} queries, {len(halves['held out'])} held out")
    print(
        f"{'':22}" + "".join(f"{measure:>25}" for measure in ("nDCG@10 all", "nDCG@10 held out", "recall@5", "MRR@10"))
    )
    for label, ranker in all_rankers(index, passages, encoder, with_peers):
        scores = {name: judge(ranker(queries[name]), relevant[name]) for name in queries}
        columns = [[scores[name][0] for name in half] for half in halves.values()]
        columns += [[scores[name][place] for name in halves["held out"]] for place in (1, 2)]
        print(f"{label:22}" + "".join(f"{interval(column):>25}" for column in columns), flush=True)


def odd(name: str) -> bool:
    """True for the queries that choices were made on."""
    return int(re.sub(r"\D", "", name) or 0) % 2 == 1


def interval(values: Sequence[float]) -> str:
    """The mean with its 95 % percentile bootstrap interval."""
    chance = random.Random(1)
    means = sorted(sum(chance.choices(values, k=len(values))) / len(values) for _ in range(1000))
    return f"{sum(values) / len(values):.4f} [{means[25]:.3f}, {means[974]:.3f}]"


def tell(done: int, total: int, label: str) -> None:
    """Progress on one line of standard error."""
    sys.stderr.write(f"\r{label} {done}/{total} ")


def all_rankers(
    index: SearchIndex, passages: Sequence[Passage], encoder: Encoder, with_peers: bool
) -> Iterator[tuple[str, Ranker]]:
    """The app's three ways to rank, from a query to document names, best first; then those of its peers."""
    vectors = np.stack([vector for passage in passages if (vector := index.vector(passage.id)) is not None])
    names = [passage.chapter_id for passage in passages]

    def by_search(query: str, used: Encoder | None) -> list[str]:
        return [hit.passage.chapter_id for hit in index.search(query, DEEPEST, encoder=used).hits]

    def by_vector(query: str) -> list[str]:
        order = np.argsort(-(vectors @ encoder.encode([query])[0]))
        return [names[place] for place in order[:DEEPEST]]

    yield "keywords alone", lambda query: by_search(query, None)
    yield "vectors alone", by_vector
    yield "the app, fused", lambda query: by_search(query, encoder)
    if with_peers:
        from eval_peers import peers

        yield from peers(passages, vectors, lambda query: encoder.encode([query])[0])


def judge(found: Sequence[str], relevant: dict[str, float]) -> tuple[float, float, float]:
    """nDCG@10 with the grades as gains, recall@5, and the reciprocal rank of the first relevant one."""
    gained = sum(relevant.get(name, 0.0) / math.log2(rank + 2) for rank, name in enumerate(found[:DEEPEST]))
    grades = sorted(relevant.values(), reverse=True)[:DEEPEST]
    ideal = sum(grade / math.log2(rank + 2) for rank, grade in enumerate(grades))
    recall = len(relevant.keys() & set(found[:5])) / len(relevant)
    first = next((1 / rank for rank, name in enumerate(found[:DEEPEST], start=1) if name in relevant), 0.0)
    return gained / ideal, recall, first


def passage_of(row: dict[str, str]) -> Passage:
    """A document as a passage; the title stands where a chapter's title would."""
    title, text = row.get("title") or "", row["text"]
    return Passage(f"{row['_id']}:{digest(title, text)}", row["_id"], title, (), text)


def rows(path: Path) -> list[dict[str, str]]:
    """The objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    main()
