"""Times what a learner waits for in retrieval over the shipped chapters: fresh processes, encoding, keeping step.

    python scripts/bench_retrieval.py [--encoder FOLDER] [--runs N]

Fresh processes are given as ratios to `python -c "import sqlite3"` in the same run, by the clock and in processor time;
encoding as a ratio to a bare onnxruntime loop over the same batches. `bench_scale.py` beside it goes to a million.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program does

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from given_encoder import encoder_option, given_encoder

from tutor.domain.passage import Passage
from tutor.library.catalogue import load_library
from tutor.library.roots import shipped_root
from tutor.retrieval.encoder import BATCH, Encoder
from tutor.retrieval.index import SearchIndex
from tutor.retrieval.passages import indexed_text, to_index
from tutor.retrieval.shipped import FILE

QUERIES = (
    "When should I choose RAG over fine-tuning?",
    "what happens before a document can be searched",
    "How do I measure each stage of the pipeline by itself?",
    "hallucination despite retrieved evidence",
    "parametric memory",
)
FIRST_VECTOR = (
    "import sys; from pathlib import Path; from tutor.retrieval.encoder import Encoder\n"
    "Encoder(Path(sys.argv[1])).encode(['What is RAG?'])"
)


def main() -> None:
    """Print one line for each wait."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    encoder_option(parser)
    parser.add_argument("--runs", type=int, default=9, help="fresh processes of each kind")
    options = parser.parse_args()
    folder, encoder = given_encoder(options, parser)
    fresh_processes(folder, options.runs)
    library = load_library([(shipped_root(), True)]).library
    shipped = [passage for chapter in library.chapters() for passage in to_index(chapter)]
    encoding(encoder, [indexed_text(passage) for passage in shipped[::12]])
    keeping_step(shipped, encoder)


def fresh_processes(encoder: Path, runs: int) -> None:
    """What each verb takes from nothing to its last line, in a home that is prepared."""
    with tempfile.TemporaryDirectory() as home:
        shutil.copytree(encoder, Path(home) / "cache" / "encoder")
        tutor = [sys.executable, "-m", "tutor", "--home", home]
        subprocess.run([*tutor, "index"], check=True, capture_output=True)
        commands = {
            'python -c "import sqlite3"': [sys.executable, "-c", "import sqlite3"],
            "tutor search --engine keyword": [*tutor, "search", "--engine", "keyword", QUERIES[0]],
            "tutor search": [*tutor, "search", QUERIES[0]],
            "tutor ask --engine local": [*tutor, "ask", "--engine", "local", QUERIES[0]],
            "first vector": [sys.executable, "-c", FIRST_VECTOR, str(encoder)],
        }
        taken: dict[str, list[tuple[float, float]]] = {label: [] for label in commands}
        for _ in range(runs):  # in turn, so that a busy moment of the machine meets them all
            for label, command in commands.items():
                taken[label].append(in_a_process(command))
    floor = [statistics.median(column) for column in zip(*taken['python -c "import sqlite3"'], strict=True)]
    for label, each in taken.items():
        clock, cpu = (statistics.median(column) for column in zip(*each, strict=True))
        ratios = f"{clock / floor[0]:6.1f} x {cpu / floor[1]:6.1f} x"
        print(f"{label:34}{1000 * clock:8.0f} ms {1000 * cpu:8.0f} ms of a processor {ratios}")


def in_a_process(command: Sequence[str]) -> tuple[float, float]:
    """Seconds on the clock and of a processor that a command takes."""
    # An installed program keeps its bytecode; some machines forbid that.
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    clock = timed(lambda: subprocess.run(command, check=True, capture_output=True, env=environ))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def encoding(encoder: Encoder, texts: Sequence[str]) -> None:
    """The encoder beside its own session fed with batches made beforehand."""
    batches = list(encoder._batches(texts, BATCH))

    def bare() -> None:
        for _, feed, _ in batches:
            encoder._session.run(["embedding"], feed)

    times = [(timed(bare), timed(lambda: encoder.encode(texts))) for _ in range(5)]
    loop, whole = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"{'encoding':34}{len(texts) / whole:8.1f} passages a second {loop / whole:6.2f} of the bare loop's")


def keeping_step(passages: Sequence[Passage], encoder: Encoder) -> None:
    """The index of the shipped chapters, from their own vectors."""
    files = sorted(shipped_root().glob(f"*/{FILE}"))
    with tempfile.TemporaryDirectory() as scratch:
        cache = Path(scratch)
        report("first index", [timed(lambda: SearchIndex(cache, shipped=files).sync(passages, encoder=encoder))])
        index = SearchIndex(cache)
        report("sync, nothing changed", repeated(lambda _: index.sync(passages, encoder=encoder)))
        report("search by words", repeated(lambda query: index.search(query, encoder=None)))
        report("search by words and meaning", repeated(lambda query: index.search(query, encoder=encoder)))
        report("... of it the question's vector", repeated(lambda query: encoder.encode([query])))


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
    """One line: median and 99th percentile."""
    ordered = sorted(seconds)
    worst = ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]
    print(f"{label:34}{1000 * statistics.median(ordered):8.1f} ms   p99 {1000 * worst:8.1f} ms")


if __name__ == "__main__":
    main()
