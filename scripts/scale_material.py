"""Owns what search at size is tried on: passages and vectors made of real sentences, as many as are wanted."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from tutor.domain.content import digest
from tutor.domain.passage import Passage
from tutor.domain.text import sentence_spans
from tutor.library.catalogue import load_library
from tutor.library.roots import shipped_root
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.passages import passages_of

SENTENCES = 12_000
CHAPTER = 50
"""Passages in one chapter."""
QUERIES = 300
BLOCK = 50_000
"""Vectors made, rounded or compared at a time."""


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
    for start in range(0, count, BLOCK):
        size = min(BLOCK, count - start)
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
