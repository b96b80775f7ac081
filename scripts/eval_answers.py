"""Measure abstention on the development questions: answered and refused rates, and what every floor would give.

    python scripts/eval_answers.py [--encoder FOLDER] [--all] [--keyword] [--wrong]

Only the chapters that the questions were written for are searched, so that figures stay comparable; `--all` searches
every shipped chapter. Without `--encoder` the encoder of the learner's home is used; `--keyword` uses none.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tutor.answering.relevance import Relevance, judge  # noqa: E402
from tutor.answering.vocabulary import Vocabulary  # noqa: E402
from tutor.domain.content import Library  # noqa: E402
from tutor.domain.passage import SearchResult  # noqa: E402
from tutor.library.catalogue import load_library  # noqa: E402
from tutor.retrieval.encoder import Encoder  # noqa: E402
from tutor.retrieval.index import SearchIndex  # noqa: E402
from tutor.retrieval.passages import passages_of  # noqa: E402
from tutor.store.home import Home  # noqa: E402

QUESTIONS = ROOT / "tests" / "answering" / "data" / "questions.jsonl"
PASSAGES = 12


@dataclass(frozen=True, slots=True)
class Judged:
    """One development question with what was found for it."""

    question: str
    kind: str
    wanted: str | None
    """The chapter that answers it; None when none does."""
    found: SearchResult
    relevance: Relevance


def main() -> None:
    """Print the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", type=Path, help="folder of an exported encoder")
    parser.add_argument("--all", action="store_true", help="search every shipped chapter")
    parser.add_argument("--keyword", action="store_true", help="search by words only")
    parser.add_argument("--wrong", action="store_true", help="list the questions on the wrong side of the floor")
    options = parser.parse_args()
    rows = read_questions()
    library = load_library([(ROOT / "content", True)]).library
    library = library if options.all else only(library, {str(row["chapter"]) for row in rows})
    encoder = None if options.keyword else Encoder(options.encoder or Home.locate(None, os.environ).cache / "encoder")
    judged = judge_all(library, encoder, rows)
    report(judged, show_wrong=options.wrong)


def read_questions() -> list[dict[str, str | None]]:
    """The rows of the development set."""
    return [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]


def only(library: Library, ids: Container[str]) -> Library:
    """The library with no chapters but these."""
    tracks = []
    for track in library.tracks:
        sections = [
            replace(section, chapters=tuple(chapter for chapter in section.chapters if chapter.id in ids))
            for section in track.sections
        ]
        tracks.append(replace(track, sections=tuple(sections)))
    return Library(tuple(tracks))


def judge_all(library: Library, encoder: Encoder | None, rows: Sequence[dict[str, str | None]]) -> list[Judged]:
    """Search for every question the way the answerer does."""
    vocabulary = Vocabulary(library)
    chapters = {chapter.id: chapter for chapter in library.chapters()}
    with tempfile.TemporaryDirectory() as folder:
        index = SearchIndex(Path(folder))
        passages = [passage for chapter in library.chapters() for passage in passages_of(chapter)]
        index.sync(passages, encoder=encoder, progress=None)
        judged = []
        for row in rows:
            text = vocabulary.read_as(str(row["question"]))
            found = index.search(text, PASSAGES, encoder=encoder)
            relevance = judge(text, found, vocabulary, chapters)
            judged.append(Judged(str(row["question"]), str(row["kind"]), row["chapter"], found, relevance))
    return judged


def report(judged: Sequence[Judged], *, show_wrong: bool) -> None:
    """Rates at the floor in use, by kind; then the curve; then a check with half the questions held out."""
    inside = [one for one in judged if one.wanted]
    outside = [one for one in judged if not one.wanted]
    floor = judged[0].relevance.floor
    print(f"{len(inside)} answerable, {len(outside)} not; floor {floor}")
    print(f"answered {rate(inside, floor):.3f} of the answerable; refused {1 - rate(outside, floor):.3f} of the others")
    right = sum(one.wanted in {hit.passage.chapter_id for hit in one.found.hits[:3]} for one in inside)
    print(f"wanted chapter among the best 3 passages: {right / len(inside):.3f}")
    kinds: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        kinds[one.kind].append(one)
    for kind, group in kinds.items():
        print(f"  {kind:12} {len(group):3}  answered {rate(group, floor):.2f}")
    print("floor  answered  refused  balanced")
    for step in range(10, 101, 4):
        kept, caught = rate(inside, step / 100), 1 - rate(outside, step / 100)
        print(f" {step / 100:.2f}   {kept:.3f}    {caught:.3f}    {(kept + caught) / 2:.3f}")
    print("held out:", ", ".join(f"{held_out(judged, parity):.3f}" for parity in (0, 1)), "balanced")
    wrong = [one for one in judged if (one.relevance.statistic >= floor) != bool(one.wanted)]
    for one in sorted(wrong, key=lambda one: one.relevance.statistic) if show_wrong else ():
        seen = one.relevance
        print(f"  {seen.statistic:.3f} cos {seen.cosine or 0:.2f} cov {seen.coverage:.2f} {one.kind:10} {one.question}")


def rate(group: Sequence[Judged], floor: float) -> float:
    """Share of a group that reaches a floor."""
    return sum(one.relevance.statistic >= floor for one in group) / max(1, len(group))


def balanced(group: Sequence[Judged], floor: float) -> float:
    """Mean of the shares decided rightly among answerable and other questions."""
    inside, outside = [o for o in group if o.wanted], [o for o in group if not o.wanted]
    return (rate(inside, floor) + 1 - rate(outside, floor)) / 2


def held_out(judged: Sequence[Judged], parity: int) -> float:
    """The balanced rate of one half of the questions at the floor that is best on the other half."""
    chosen = max((step / 100 for step in range(5, 121)), key=lambda f: balanced(judged[parity::2], f))
    return balanced(judged[1 - parity :: 2], chosen)


if __name__ == "__main__":
    main()
