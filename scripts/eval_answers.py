"""Measure the path from a learner's question to a grounded answer, on questions that were labelled by hand.

    python scripts/eval_answers.py [--encoder FOLDER] [--ablate] [--answers] [--model NAME [--host URL] [--few N]]

`tests/answering/data/learners.jsonl` holds questions with the places that answer each, and others that the chapters do
not answer. They were written from the chapters' titles before looking at any passage, and labelled by reading what five
kinds of search put forward. Weights, floors and word lists were chosen on those with odd ids; the others are held out.

`--ablate` searches without each part too, and for questions with two words misspelt, as they are and as they are read;
`--answers` checks what the local engine says, or `--model` an Ollama model.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from completeness import Completeness  # noqa: E402
from given_encoder import encoder_option, given_encoder  # noqa: E402
from misspelling import misspelt  # noqa: E402

from tutor.answering.answerer import Answerer  # noqa: E402
from tutor.answering.citations import claims_in  # noqa: E402
from tutor.answering.relevance import Relevance, judge  # noqa: E402
from tutor.answering.vocabulary import Vocabulary  # noqa: E402
from tutor.domain.answer import Answer  # noqa: E402
from tutor.domain.content import Library  # noqa: E402
from tutor.domain.errors import ModelError  # noqa: E402
from tutor.domain.passage import ANSWERING, FOUND, Passage, PassageKind, SearchResult  # noqa: E402
from tutor.domain.settings import EngineChoice  # noqa: E402
from tutor.library.catalogue import load_library  # noqa: E402
from tutor.llm.client import OllamaClient  # noqa: E402
from tutor.retrieval.encoder import Encoder  # noqa: E402
from tutor.retrieval.index import SearchIndex  # noqa: E402
from tutor.retrieval.passages import to_index  # noqa: E402
from tutor.retrieval.reading import Reading  # noqa: E402
from tutor.retrieval.shipped import FILE  # noqa: E402

CONTENT = ROOT / "content"
DATA = ROOT / "tests" / "answering" / "data"
PASSAGES = 12
"""As many as the answerer looks at."""
JUDGING = ("as the app asks", "nothing beyond", "no questions")
"""Ways that differ in whether the material answers."""
FIGURES: tuple[Callable[[int], float], ...] = (
    lambda rank: float(1 <= rank <= 5),
    lambda rank: float(rank == 1),
    lambda rank: 1 / rank if rank else 0.0,
)
"""Of the rank of the first right place, 0 when there is none: among the best five, first, reciprocal rank."""


@dataclass(frozen=True, slots=True)
class Question:
    """A labelled question."""

    id: str
    kind: str
    text: str
    places: frozenset[str]
    """`track/chapter > heading` or `track/chapter#question`; empty when the chapters do not answer it."""

    @property
    def development(self) -> bool:
        """True for the half that choices were made on."""
        return int(self.id.rpartition("-")[2]) % 2 == 1


@dataclass(frozen=True, slots=True)
class Way:
    """A way to search for an answer."""

    index: SearchIndex
    vocabulary: Vocabulary
    encoder: Encoder | None
    read: Callable[[str], str]
    kinds: frozenset[PassageKind] = ANSWERING

    def find(self, question: str, k: int = PASSAGES) -> SearchResult:
        """The best passages for a question, read as this way reads it."""
        return self.index.search(self.read(question), k, encoder=self.encoder, kinds=self.kinds)

    def judge(self, question: str) -> Relevance:
        """Whether the material answers it."""
        return judge(self.read(question), self.find(question), self.vocabulary, self.encoder)


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    encoder_option(parser)
    parser.add_argument("--ablate", action="store_true", help="also without each part of the search")
    parser.add_argument("--answers", action="store_true", help="also what is answered, and what it rests on")
    parser.add_argument("--model", default="", help="answer with this Ollama model instead of the local engine")
    parser.add_argument("--host", default="", help="where Ollama is; else $OLLAMA_HOST, else this machine")
    parser.add_argument("--few", type=int, default=0, help="answer only so many questions of each half")
    options = parser.parse_args()
    _, encoder = given_encoder(options, parser)
    client = asked_model(options, parser) if options.model else None
    library = load_library([(CONTENT, True)]).library
    with tempfile.TemporaryDirectory() as scratch:
        ways = all_ways(library, encoder, Path(scratch), options.ablate)
        questions = labelled()
        search_table(ways, questions)
        way = next(iter(ways.values()))
        kinds_table(way, questions)
        refusal_table(ways, questions)
        if options.answers or options.model:
            answers_table(way, library, questions, client, options.few)


def asked_model(options: argparse.Namespace, parser: argparse.ArgumentParser) -> OllamaClient:
    """The model that was named. Ends the script with a sentence when it cannot answer."""
    try:
        client = OllamaClient(options.host or os.environ.get("OLLAMA_HOST", ""), model=options.model)
        client.choose_model()
    except ModelError as error:
        parser.error(str(error))
    return client


def labelled() -> list[Question]:
    """The labelled questions."""
    rows = [json.loads(line) for line in (DATA / "learners.jsonl").read_text("utf-8").splitlines()]
    return [Question(row["id"], row["kind"], row["question"], frozenset(row["answers"])) for row in rows]


def all_ways(library: Library, encoder: Encoder, scratch: Path, ablate: bool) -> dict[str, Way]:
    """The search as the answerer does it, and without each of its parts."""
    passages = [passage for chapter in library.chapters() for passage in to_index(chapter)]
    index = indexed(passages, encoder, scratch / "whole")
    reading = Reading(index.lexicon())
    whole = Way(index, Vocabulary(library, index.lexicon), encoder, reading.read_as)
    if not ablate:
        return {"as the app asks": whole}
    nameless = [replace(passage, aliases=()) for passage in passages]
    known = [passage for passage in passages if passage.kind is not PassageKind.BEYOND]
    unasked = [replace(passage, answers=()) for passage in known]
    return {
        "as the app asks": whole,
        "no spelling": replace(whole, read=reading.widened),
        "two words off": replace(whole, read=lambda text: reading.read_as(misspelt(text))),
        "the same, unread": replace(whole, read=lambda text: reading.widened(misspelt(text))),
        "no sayings": replace(whole, read=reading.respelt),
        "no aliases": replace(whole, index=indexed(nameless, encoder, scratch / "nameless")),
        "nothing beyond": replace(whole, index=indexed(known, encoder, scratch / "known")),
        "no questions": replace(whole, index=indexed(unasked, encoder, scratch / "unasked")),
        "asides too": replace(whole, kinds=FOUND),
        "no reading": replace(whole, read=str),
        "keywords alone": replace(whole, encoder=None),
    }


def indexed(passages: Sequence[Passage], encoder: Encoder, folder: Path) -> SearchIndex:
    """An index of its own; the vectors come with the chapters."""
    index = SearchIndex(folder, sorted(CONTENT.glob(f"*/{FILE}")))
    index.sync(passages, encoder=encoder)
    return index


def place(passage: Passage) -> str:
    """Where a passage stands, as labels say it."""
    return passage.question_id or f"{passage.chapter_id} > {passage.heading_path[-1] if passage.heading_path else ''}"


def rank(way: Way, question: Question) -> int:
    """Rank of the first right passage among the best; 0 when none is."""
    hits = way.find(question.text, 10).hits
    return next((n for n, hit in enumerate(hits, 1) if place(hit.passage) in question.places), 0)


def search_table(ways: Mapping[str, Way], questions: Sequence[Question]) -> None:
    """Right places by rank, for each way and both halves."""
    answerable = [one for one in questions if one.places]
    print(f"{len(answerable)} answerable questions; top 5, first, MRR@10 with 95 % bootstrap intervals")
    for name, way in ways.items():
        ranks = {one.id: rank(way, one) for one in answerable}
        for half in (True, False):
            mine = [ranks[one.id] for one in answerable if one.development == half]
            figures = (interval([figure(r) for r in mine]) for figure in FIGURES)
            print(f"{name:16} {'development' if half else 'held out':11} {'  '.join(figures)}")


def interval(values: Sequence[float]) -> str:
    """The mean with its 95 % percentile bootstrap interval."""
    chance = random.Random(1)
    means = sorted(sum(chance.choices(values, k=len(values))) / len(values) for _ in range(1000))
    return f"{sum(values) / len(values):.3f} [{means[25]:.3f}, {means[974]:.3f}]"


def kinds_table(way: Way, questions: Sequence[Question]) -> None:
    """The same by kind of question, both halves together."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for one in questions:
        if one.places:
            place_of = rank(way, one)
            kinds[one.kind].append(place_of)
            kinds[f"writer {one.id[0]}"].append(place_of)
    print("by kind and by writer, both halves: top 5, first, MRR@10")
    for kind, ranks in kinds.items():
        shares = (sum(figure(r) for r in ranks) / len(ranks) for figure in FIGURES)
        print(f"  {kind:12} {len(ranks):3}  {'  '.join(f'{share:.3f}' for share in shares)}")


def refusal_table(ways: Mapping[str, Way], questions: Sequence[Question]) -> None:
    """What is answered and refused at the floor in use and at others; with the encoder and without."""
    judging = {name: way for name, way in ways.items() if name in JUDGING}
    judging["by words alone"] = replace(next(iter(ways.values())), encoder=None)
    earlier = [json.loads(line) for line in (DATA / "questions.jsonl").read_text("utf-8").splitlines()]
    for name, used in judging.items():
        groups: dict[str, list[tuple[float, bool]]] = defaultdict(list)
        for one in questions:
            half = "development" if one.development else "held out"
            groups[half].append((used.judge(one.text).statistic, bool(one.places)))
        for row in earlier:
            groups["earlier set"].append((used.judge(row["question"]).statistic, bool(row["chapter"])))
        floor = used.judge("What is RAG?").floor
        print(f"{name}: answered / refused at the floor {floor}, then at others")
        steps = [floor + step * 0.05 for step in range(-4, 5)]
        for half, rows in groups.items():
            inside, outside = [s for s, good in rows if good], [s for s, good in rows if not good]
            rates = [(share(inside, at), 1 - share(outside, at)) for at in (floor, *steps)]
            print(f"  {half:12} {'  '.join(f'{kept:.3f}/{caught:.3f}' for kept, caught in rates)}")


def share(values: Sequence[float], floor: float) -> float:
    """Share that reaches a floor."""
    return sum(value >= floor for value in values) / max(1, len(values))


def answers_table(
    way: Way, library: Library, questions: Sequence[Question], client: OllamaClient | None, few: int
) -> None:
    """What the answers rest on, for both halves."""
    choice = EngineChoice.OLLAMA if client else EngineChoice.LOCAL

    def search(query: str) -> SearchResult:
        return way.index.search(query, PASSAGES, encoder=way.encoder, kinds=ANSWERING)

    places = {passage.id: place(passage) for chapter in library.chapters() for passage in to_index(chapter)}
    answerer = Answerer(search, lambda: way.encoder, client, choice, library, lexicon=way.index.lexicon)
    assert way.encoder
    completeness = Completeness(library, way.encoder)
    for half in (True, False):
        mine = [one for one in questions if one.development == half]
        mine = mine[:: max(1, len(mine) // few)][:few] if few else mine
        answers = [(one, answerer.ask(one.text)) for one in mine]
        print(f"answers by {answers[0][1].engine}, {'development' if half else 'held out'}: {resting(answers, places)}")
        given = [(one, answer) for one, answer in answers if not answer.abstained]
        graded = [completeness.of(answer, one.places) for one, answer in given]
        held = [part for part in graded if part is not None]
        print(f"  {'key points they hold':30} {sum(held) / max(1, len(held)):.3f} in {len(held)} answers")


def resting(answers: Sequence[tuple[Question, Answer]], places: Mapping[str, str]) -> str:
    """Shares of sentences borne out, of citations at a labelled place, of answers that open with or cite one, and of
    refusals."""
    given = [(one, answer) for one, answer in answers if one.places and not answer.abstained]
    claims = sum(len(claims_in(answer.text)) for _, answer in given)
    bare = sum(len(answer.unsupported) for _, answer in given)
    right = [[places[cited.passage_id] in one.places for cited in answer.citations] for one, answer in given]
    refused = {
        good: [answer.abstained for one, answer in answers if bool(one.places) == good] for good in (True, False)
    }
    parts = {
        "sentences borne out": (claims - bare, claims),
        "citations of a labelled place": (sum(map(sum, right)), sum(map(len, right))),
        "answers that open with one": (sum(cited[0] for cited in right if cited), len(given)),
        "answers that cite one": (sum(map(any, right)), len(given)),
        "answerable refused": (sum(refused[True]), len(refused[True])),
        "others refused": (sum(refused[False]), len(refused[False])),
    }
    return "".join(f"\n  {name:30} {part}/{whole} {part / max(1, whole):.3f}" for name, (part, whole) in parts.items())


if __name__ == "__main__":
    main()
