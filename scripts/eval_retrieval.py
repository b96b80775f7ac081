"""Measures search on labelled collections: nDCG@10, recall@5 and MRR@10 of keywords, vectors and both.

    python scripts/eval_retrieval.py --encoder FOLDER [--cache FOLDER] COLLECTION...

A collection is a folder with `corpus.jsonl` (_id, title, text), `queries.jsonl` (_id, text) and `qrels.tsv` (query,
document, grade). Each document is one passage, so this measures ranking, not how chapters are cut.
"""

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from tutor.domain.content import digest
from tutor.domain.passage import Passage
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.index import SearchIndex

Ranker = Callable[[str], list[str]]
DEEPEST = 10


def main() -> None:
    """Print one table for each collection."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collections", nargs="+", type=Path)
    parser.add_argument("--encoder", required=True, type=Path, help="an exported encoder: <home>/cache/encoder")
    parser.add_argument("--cache", type=Path, help="keeps the indexes for the next run")
    options = parser.parse_args()
    encoder = Encoder(options.encoder)
    for collection in options.collections:
        with tempfile.TemporaryDirectory() as scratch:
            measure(collection, encoder, (options.cache or Path(scratch)) / collection.name)


def measure(collection: Path, encoder: Encoder, cache: Path) -> None:
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
    print(f"\n{collection.name}: {len(passages)} documents, {len(queries)} queries")
    print(f"{'':10}{'nDCG@10':>9}{'recall@5':>10}{'MRR@10':>9}")
    for label, ranker in rankers(index, passages, encoder).items():
        scores = [judge(ranker(text), relevant[name]) for name, text in queries.items()]
        print(f"{label:10}" + "".join(f"{value:>9.4f}" for value in np.mean(scores, axis=0)))


def tell(done: int, total: int, label: str) -> None:
    """Progress on one line of standard error."""
    sys.stderr.write(f"\r{label} {done}/{total} ")


def rankers(index: SearchIndex, passages: Sequence[Passage], encoder: Encoder) -> dict[str, Ranker]:
    """The three ways to rank, from a query to document names, best first."""
    vectors = np.stack([vector for passage in passages if (vector := index.vector(passage.id)) is not None])
    names = [passage.chapter_id for passage in passages]

    def by_search(query: str, used: Encoder | None) -> list[str]:
        return [hit.passage.chapter_id for hit in index.search(query, DEEPEST, encoder=used).hits]

    def by_vector(query: str) -> list[str]:
        order = np.argsort(-(vectors @ encoder.encode([query])[0]))
        return [names[place] for place in order[:DEEPEST]]

    return {"keywords": lambda q: by_search(q, None), "vectors": by_vector, "fused": lambda q: by_search(q, encoder)}


def judge(found: Sequence[str], relevant: dict[str, float]) -> tuple[float, float, float]:
    """nDCG@10 with the grades as gains, recall@5, and the reciprocal rank of the first relevant one."""
    gained = sum(relevant.get(name, 0.0) / math.log2(rank + 2) for rank, name in enumerate(found))
    grades = sorted(relevant.values(), reverse=True)[:DEEPEST]
    ideal = sum(grade / math.log2(rank + 2) for rank, grade in enumerate(grades))
    recall = len(relevant.keys() & set(found[:5])) / len(relevant)
    first = next((1 / rank for rank, name in enumerate(found, start=1) if name in relevant), 0.0)
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
