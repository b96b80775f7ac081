"""Times what a learner waits for in retrieval, over the shipped chapters and many times as much material.

    python scripts/bench_retrieval.py --encoder FOLDER [--passages N]

Medians and 95th percentiles in milliseconds; they are only as quiet as the machine is.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from tutor.domain.content import digest
from tutor.domain.passage import Passage
from tutor.library.catalogue import load_library
from tutor.library.roots import shipped_root
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.index import SearchIndex
from tutor.retrieval.passages import passages_of

QUERIES = (
    "When should I choose RAG over fine-tuning?",
    "what happens before a document can be searched",
    "How do I measure each stage of the pipeline by itself?",
    "hallucination despite retrieved evidence",
    "parametric memory",
)
FIRST_VECTOR = (
    "import sys, time; start = time.perf_counter()\n"
    "from pathlib import Path; from tutor.retrieval.encoder import Encoder\n"
    "Encoder(Path(sys.argv[1])).encode(['What is RAG?']); print(time.perf_counter() - start)"
)


def main() -> None:
    """Print one line for each wait."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--encoder", required=True, type=Path, help="an exported encoder: <home>/cache/encoder")
    parser.add_argument("--passages", type=int, default=5000, help="size of the larger material")
    options = parser.parse_args()
    command = [sys.executable, "-c", FIRST_VECTOR, str(options.encoder)]
    seconds = [float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(5)]
    report("fresh process to first vector", seconds)
    encoder = Encoder(options.encoder)
    library = load_library([(shipped_root(), True)]).library
    shipped = [passage for chapter in library.chapters() for passage in passages_of(chapter)]
    start = time.perf_counter()
    encoder.encode([passage.text for passage in shipped])
    print(f"{'encoding shipped passages':38}{len(shipped) / (time.perf_counter() - start):8.0f} a second")
    search(shipped, encoder, "shipped")
    search(multiplied(shipped, options.passages), None, f"{options.passages} passages")


def search(passages: Sequence[Passage], encoder: Encoder | None, label: str) -> None:
    """Time keeping step and searching; without an encoder by keywords only."""
    with tempfile.TemporaryDirectory() as scratch:
        cache = Path(scratch)
        report(f"{label}: first sync", [timed(lambda: SearchIndex(cache).sync(passages, encoder=encoder))])
        again = [timed(lambda: SearchIndex(cache).sync(passages, encoder=encoder)) for _ in range(10)]
        report(f"{label}: sync of a fresh process", again)
        index = SearchIndex(cache)
        index.sync(passages, encoder=encoder)
        report(f"{label}: sync, nothing changed", repeated(lambda _: index.sync(passages, encoder=encoder)))
        report(f"{label}: keyword search", repeated(lambda query: index.search(query, encoder=None)))
        if encoder is not None:
            report(f"{label}: hybrid search", repeated(lambda query: index.search(query, encoder=encoder)))


def multiplied(passages: Sequence[Passage], wanted: int) -> list[Passage]:
    """The passages over and over, each time in a chapter of another name."""
    rounds = range(-(-wanted // len(passages)))
    copies = (
        replace(passage, id=f"{passage.chapter_id}-{turn}:{digest(passage.id, str(turn))}", line=turn)
        for turn in rounds
        for passage in passages
    )
    return list(copies)[:wanted]


def repeated(work: Callable[[str], object]) -> list[float]:
    """Seconds for each of many turns over the queries, after one turn that does not count."""
    work(QUERIES[0])
    return [timed(partial(work, query)) for _ in range(20) for query in QUERIES]


def timed(work: Callable[[], object]) -> float:
    """Seconds the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def report(label: str, seconds: Sequence[float]) -> None:
    """One line: median and 95th percentile."""
    ordered = sorted(seconds)
    worst = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    print(f"{label:38}{1000 * statistics.median(ordered):8.1f} ms   p95 {1000 * worst:8.1f} ms")


if __name__ == "__main__":
    main()
