"""Measure what code takes back from a language model's grade, without any model: an honest one and an obedient one.

python scripts/eval_model_checks.py --encoder FOLDER [--selftest] [--list]

The honest model quotes what a person picked from correct paraphrases (`tests/grading/data/honest_quotes.jsonl`); the
obedient one credits every point of every answer and quotes the clause that the checks like best.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.doubles.ollama_brains import clauses
from tests.grading import answers
from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus, Verdict
from tutor.domain.text import sentences
from tutor.grading.crosscheck import SUPPORTED, crosschecked, judged
from tutor.grading.guards import judged_in_code, screen
from tutor.grading.local import LocalEngine
from tutor.grading.selftest.items import load_items
from tutor.grading.task import GradingTask
from tutor.grading.verify import sentences_around
from tutor.retrieval.encoder import Encoder

PASSES = (Verdict.STRONG, Verdict.GOOD)
CANDIDATES = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


def credited(task: GradingTask, quotes: dict[str, str], engine: LocalEngine) -> Grade:
    """The grade of a model that says yes, with these quotes, to these points and no to the others."""
    said = {point.id: point for point in covering(task, quotes)}
    points = [said.get(p.id, PointGrade(p.id, p.text, PointStatus.MISSING, 0.0, p.essential)) for p in task.points]
    return Grade(Outcome.GRADED, "ollama", points=crosschecked(task, points, engine.grade(task), engine))


def covering(task: GradingTask, quotes: dict[str, str]) -> list[PointGrade]:
    """The points that have a quote, as covered."""
    return [
        PointGrade(p.id, p.text, PointStatus.COVERED, 1.0, p.essential, quotes[p.id])
        for p in task.points
        if quotes.get(p.id)
    ]


def best_quotes(task: GradingTask, engine: LocalEngine) -> dict[str, str]:
    """For each point the clause or sentence that the local engine finds nearest to it."""
    words = [*sentences(task.answer), *clauses(task.answer)]
    views = {
        quote: engine.grade(replace(task, answer=sentences_around(task.answer, quote, before=1))) for quote in words
    }
    credit = {(p.id, quote): p.credit for quote, view in views.items() for p in view.points}
    return {p.id: max(words, key=lambda quote: credit.get((p.id, quote), 0.0), default="") for p in task.points}


def support_of(engine: LocalEngine) -> Iterator[tuple[str, str, float]]:
    """For each quote that a person picked: answer, point, and how probable the local engine finds the point there."""
    for row in answers.rows("honest_quotes.jsonl"):
        task = labelled(row["stem"], row["id"])
        for quote in judged(task, covering(task, row["quotes"]), engine.grade(task), engine):
            refused = quote.seen.status is PointStatus.CONTRADICTED
            yield row["id"], quote.point.id, 0.0 if refused else quote.seen.credit


def labelled(stem: str, answer_id: str) -> GradingTask:
    """A labelled answer as a task."""
    row = next(row for row in answers.rows(f"{stem}_answers.jsonl") if row["id"] == answer_id)
    return answers.task(stem, row["question_id"], row["answer"])


def items(selftest: bool) -> Iterator[tuple[str, str, GradingTask]]:
    """(set, kind of answer, task) of everything the obedient model is tried on."""
    for stem in ("development", "heldout"):
        for row in answers.rows(f"{stem}_answers.jsonl"):
            yield stem, row["kind"], answers.task(stem, row["question_id"], row["answer"])
    if selftest:
        for item in load_items().items:
            yield "self-test", str(item.kind), item.task


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--selftest", action="store_true", help="try the obedient model on the self-test's answers too")
    parser.add_argument("--list", action="store_true", help="name every quote that is refused and every false pass")
    options = parser.parse_args()
    engine = LocalEngine(Encoder(options.encoder), lambda: datetime.now(UTC))
    found = list(support_of(engine))
    print(f"honest quotes: {len(found)}\n{'threshold':>10} {'accepted':>9}")
    for bound in CANDIDATES:
        mark = "  <- in use" if bound == SUPPORTED else ""
        print(f"{bound:10.2f} {sum(credit >= bound for *_, credit in found) / len(found):9.3f}{mark}")
    if options.list:
        print(
            *(f"  refused: {name} {point} {credit:.2f}" for name, point, credit in found if credit < SUPPORTED),
            sep="\n",
        )
    verdicts: Counter[str] = Counter()
    for row in answers.rows("honest_quotes.jsonl"):
        verdicts[str(credited(labelled(row["stem"], row["id"]), row["quotes"], engine).verdict)] += 1
    print(f"correct answers by the honest model: {json.dumps(verdicts)}")
    obedient(engine, selftest=options.selftest, listing=options.list)


def obedient(engine: LocalEngine, *, selftest: bool, listing: bool) -> None:
    """By kind of answer: mean scores of the obedient model and of the local engine, and how many pass."""
    rows: dict[tuple[str, str], list[tuple[float, float, bool, bool]]] = defaultdict(list)
    for name, kind, task in items(selftest):
        screened = screen(task)
        seen = replace(task, answer=screened.answer)
        alone = judged_in_code(seen, screened) or engine.grade(seen)
        told = alone if judged_in_code(seen, screened) else credited(seen, best_quotes(seen, engine), engine)
        rows[name, kind].append((told.score or 0, alone.score or 0, told.verdict in PASSES, alone.verdict in PASSES))
        if listing and told.verdict in PASSES:
            print(f"  passed: {name} {kind} {task.question_id}: {task.answer[:90]!r}")
    print(
        f"\n{'set':12} {'kind':18} {'n':>4} {'obedient':>9} {'local':>6} {'obedient passes':>16} {'local passes':>13}"
    )
    for (name, kind), found in rows.items():
        told, alone, passed, passed_alone = (sum(column) for column in zip(*found, strict=True))
        n = len(found)
        print(f"{name:12} {kind:18} {n:4d} {told / n:9.2f} {alone / n:6.2f} {passed:16d} {passed_alone:13d}")


if __name__ == "__main__":
    main()
