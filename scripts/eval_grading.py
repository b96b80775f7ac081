"""Measure a grader, with its guards as the app has them, on human-graded answers or on our own labelled ones.

    python scripts/eval_grading.py --encoder FOLDER                       our own answers: self-test and tests
    python scripts/eval_grading.py --encoder FOLDER DIR|FILE... [--sample N]    collections, beside published figures
    python scripts/eval_grading.py --engine ollama --model NAME ...       the same by a language model

Rows of a collection: see `grading_eval/collections.py`. Key points are made from the reference sentence by sentence,
as for any question that no chapter asks.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from grading_eval import own
from grading_eval.collections import Outcomes, files_of, groups_of, guard_alarms, judge
from grading_eval.published import ELSEWHERE, published_for

from tutor.domain.errors import TutorError
from tutor.domain.settings import EngineChoice
from tutor.grading.grader import Grader
from tutor.grading.local import LocalEngine
from tutor.retrieval.encoder import Encoder

OWN = Path(__file__).resolve().parents[1] / "tests" / "grading" / "data"


def grader_of(given: argparse.Namespace) -> Grader:
    """The app's grader with one engine and no other to fall back on."""

    def clock() -> datetime:
        return datetime.now(UTC)

    encoder = Encoder(given.encoder)
    local = LocalEngine(encoder, clock)
    if given.engine is EngineChoice.LOCAL:
        return Grader(lambda: local, None, given.engine, clock)
    from tutor.grading.model import ModelEngine
    from tutor.llm.client import OllamaClient

    client = OllamaClient(given.host, model=given.model)
    return Grader(lambda: local, lambda: ModelEngine(client, clock, encoder), given.engine, clock)


def collection(grader: Grader, file: Path, sample: int | None) -> None:
    """Every figure on each split of a file, with published ones beside."""
    alarms, good = guard_alarms(file)
    shares = ", ".join(f"{words.rstrip('.')} {count / good:.2%}" for words, count in alarms.most_common())
    print(f"\n{file.name}: guards on the {good} answers that people scored 0.8 or more: {shares or 'no alarm'}")
    for name, rows in groups_of(file, sample).items():
        judged = [judge(row, grader.grade) for row in rows if row["answer"].strip()]
        print(f"\n== {name}: {len(judged)} answers to {len({row['question'] for row in rows})} questions")
        print(f"   {statistics.median(j.seconds for j in judged):.3f} s an answer\n")
        show_figures(name, judged)


def show_figures(name: str, judged: list[Outcomes]) -> None:
    """One figure a line with its interval, then what others reported."""
    from grading_eval.figures import figures_for

    for figure, found in figures_for(judged).items():
        print(f"{figure:20}{found.value:7.3f}  [{found.low:.3f}, {found.high:.3f}]")
        for other in published_for(name):
            if other.figure == figure:
                print(f"{'':20}{other.value:7.3f}  {other.system}")
    for source in sorted({other.source for other in published_for(name)}):
        print(f"  published: {source}")


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="*", type=Path, metavar="DIR|FILE", help="collections; none: our own answers")
    parser.add_argument("--encoder", type=Path, required=True, help="an exported encoder: cache/encoder of a home")
    parser.add_argument("--engine", type=EngineChoice, choices=list(EngineChoice), default=EngineChoice.LOCAL)
    parser.add_argument("--model", default="", help="of Ollama; the server's first otherwise")
    parser.add_argument("--host", default="", help="of Ollama; 127.0.0.1:11434 otherwise")
    parser.add_argument("--sample", type=int, help="at most so many answers of each split")
    parser.add_argument("--stem", action="append", help="only this set of the tests' answers")
    parser.add_argument("--list", action="store_true", help="print every point judged otherwise than its label")
    given = parser.parse_args()
    try:
        grader = grader_of(given)
    except TutorError as error:
        raise SystemExit(f"{given.encoder}: {error}") from error
    began = time.process_time()
    for file in files_of(given.places):
        collection(grader, file, given.sample)
    if given.places:
        print("", *ELSEWHERE, sep="\n")
    else:
        if not given.stem:
            own.selftest(grader, listing=given.list)
        for stem in given.stem or own.stems(OWN):
            for bare in (False, True):
                own.labelled(grader, OWN, stem, bare=bare, listing=given.list and not bare)
    print(f"\n{time.process_time() - began:.1f} s of CPU")


if __name__ == "__main__":
    main()
