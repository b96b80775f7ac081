"""Measure whether passages that contradict each other are said to, and none that do not.

    python scripts/eval_conflicts.py [--encoder FOLDER]

`tests/answering/data/conflicts.jsonl` holds pairs of passages as notes of a learner's own would have them: pairs that
state different things of one thing, and pairs that only look so. Rules were chosen on those with odd ids; the others
are held out. The shipped chapters contradict each other nowhere known, so that every alarm there is false until read
otherwise: over all pairs of their sentences, and over the answers to the learners' questions.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from given_encoder import encoder_option, given_encoder  # noqa: E402

from tutor.answering.answerer import Answerer  # noqa: E402
from tutor.answering.conflicts import conflicts_among  # noqa: E402
from tutor.answering.statements import stated_in, statement  # noqa: E402
from tutor.domain.content import Library  # noqa: E402
from tutor.domain.passage import ANSWERING, Passage, SearchResult  # noqa: E402
from tutor.domain.settings import EngineChoice  # noqa: E402
from tutor.library.catalogue import load_library  # noqa: E402
from tutor.retrieval.encoder import Encoder  # noqa: E402
from tutor.retrieval.index import SearchIndex  # noqa: E402
from tutor.retrieval.passages import passages_of  # noqa: E402
from tutor.retrieval.polarity import polarity  # noqa: E402
from tutor.retrieval.shipped import FILE  # noqa: E402

CONTENT = ROOT / "content"
DATA = ROOT / "tests" / "answering" / "data"
PASSAGES = 12
"""As many as the answerer looks at."""


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    encoder_option(parser)
    _, encoder = given_encoder(parser.parse_args(), parser)
    pairs_table()
    library = load_library([(CONTENT, True)]).library
    passages = [one for chapter in library.chapters() for one in passages_of(chapter) if one.kind in ANSWERING]
    chapters_table(passages)
    with tempfile.TemporaryDirectory() as scratch:
        index = SearchIndex(Path(scratch), sorted(CONTENT.glob(f"*/{FILE}")))
        index.sync([one for chapter in library.chapters() for one in passages_of(chapter)], encoder=encoder)
        answers_table(library, index, encoder)


def rows(name: str) -> list[dict[str, object]]:
    """A labelled set."""
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def pairs_table() -> None:
    """Recall and precision on the labelled pairs, by half, and the kinds that were missed or wrongly told."""
    for half in (1, 0):
        mine = [row for row in rows("conflicts.jsonl") if int(str(row["id"])[2:]) % 2 == half]
        told = {str(row["id"]): bool(conflicts_among(passages_in(row))) for row in mine}
        hits = sum(told[str(row["id"])] for row in mine if row["conflict"])
        real, alarms = sum(bool(row["conflict"]) for row in mine), sum(told.values())
        wrong = Counter(str(row["kind"]) for row in mine if row["conflict"] != told[str(row["id"])])
        print(
            f"pairs, {'development' if half else 'held out':11} recall {hits}/{real} {hits / real:.2f}  precision "
            f"{hits}/{alarms} {hits / max(1, alarms):.2f}  wrong: {dict(wrong)}"
        )


def passages_in(row: dict[str, object]) -> list[Passage]:
    """The two passages of a labelled pair, each in a chapter of its own."""
    given = row["passages"]
    assert isinstance(given, list)
    return [Passage(f"t/{n}:{n}", f"t/{n}", "Notes", (one["heading"],), one["text"]) for n, one in enumerate(given)]


def chapters_table(passages: Sequence[Passage]) -> None:
    """Alarms over all pairs of sentences of the chapters, each to be read."""
    stated = sum(len(stated_in(one)) for one in passages)
    found = conflicts_among(passages)
    print(f"chapters: {len(passages)} passages, {stated} statements, {len(found)} alarms")
    for one in found:
        for side in one.sides:
            print(f"  {side.passage.chapter_id} > {side.passage.heading}: {side.quote}")


def answers_table(library: Library, index: SearchIndex, encoder: Encoder) -> None:
    """Alarms over the answers to the learners' questions, and what looking for conflicts costs of an answer's time."""

    def search(query: str) -> SearchResult:
        return index.search(query, PASSAGES, encoder=encoder, kinds=ANSWERING)

    answerer = Answerer(search, lambda: encoder, None, EngineChoice.LOCAL, library, lexicon=index.lexicon)
    given = alarms = 0
    whole: list[float] = []
    new: list[float] = []
    known: list[float] = []
    for row in rows("learners.jsonl"):
        begun = perf_counter()
        answer = answerer.ask(str(row["question"]))
        whole.append(perf_counter() - begun)
        given += not answer.abstained
        alarms += bool(answer.conflicts)
        for sentence in answer.conflicts:
            print(f"  {row['question']} -> {sentence}")
        passages = [hit.passage for hit in search(str(row["question"])).hits]
        statement.cache_clear()
        polarity.cache_clear()
        for times in (new, known):
            begun = perf_counter()
            conflicts_among(passages)
            times.append(perf_counter() - begun)
    print(f"answers: {given} given, {alarms} with an alarm")
    print(
        f"looking for conflicts takes {median(new) / median(whole):.3f} of an answer's time in passages not read "
        f"before, {median(known) / median(whole):.3f} in others (medians of {len(whole)})"
    )


if __name__ == "__main__":
    main()
