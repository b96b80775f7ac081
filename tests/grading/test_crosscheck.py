"""How far a yes is believed: the quoted words must say the point, and not too many points at once."""

from dataclasses import replace

import pytest

from tests.grading import answers
from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus, Verdict
from tutor.grading.crosscheck import CONTRARY, NOT_ABOUT_IT, ON_ITS_WORD, SHARED, SUPPORTED, crosschecked, judged
from tutor.grading.local import LocalEngine
from tutor.grading.second_opinion import FOREIGN, NOBODY, second_opinion
from tutor.grading.task import GradingTask

COVERED, PARTIAL, MISSING = PointStatus.COVERED, PointStatus.PARTIAL, PointStatus.MISSING
UNSURE, CONTRADICTED = PointStatus.UNSURE, PointStatus.CONTRADICTED


def said_yes(task: GradingTask, quotes: dict[str, str]) -> list[PointGrade]:
    """The points as a model leaves them that says yes with these quotes, and no to the rest."""
    return [
        PointGrade(
            p.id, p.text, COVERED if p.id in quotes else MISSING, float(p.id in quotes), evidence=quotes.get(p.id, "")
        )
        for p in task.points
    ]


def labelled(row: dict) -> GradingTask:
    rows = answers.rows(f"{row['stem']}_answers.jsonl")
    found = next(answer for answer in rows if answer["id"] == row["id"])
    return answers.task(row["stem"], found["question_id"], found["answer"])


def test_quotes_that_a_person_picked_from_correct_paraphrases_are_accepted(engine: LocalEngine) -> None:
    """The bound is chosen so that 97 of 100 are; `scripts/eval_model_checks.py` prints the curve."""
    accepted = []
    for row in answers.rows("honest_quotes.jsonl"):
        task = labelled(row)
        points = [point for point in said_yes(task, row["quotes"]) if point.status is COVERED]
        for quote in judged(task, points, engine.grade(task), engine):
            accepted.append(quote.seen.status is not CONTRADICTED and quote.seen.credit >= SUPPORTED)
    assert len(accepted) == 136
    assert sum(accepted) / len(accepted) >= 0.97


class Table:
    """A local engine that finds what the table says, wherever the point's words may stand."""

    name = "local"

    def __init__(self, **seen: tuple[PointStatus, float]) -> None:
        self.seen = seen

    def grade(self, task: GradingTask, *, cancel: object = None) -> Grade:
        points = [
            PointGrade(p.id, p.text, *self.seen.get(p.id, (MISSING, 0.0)), evidence="another place")
            for p in task.points
        ]
        return Grade(Outcome.GRADED, "local", points=tuple(points))


WORDS = "One thing is said here. Then comes a second thing. A third thing ends it. There is a fourth one too."
TASK = answers.task("development", "difference", WORDS)
QUOTES = {"inference": "One thing is said here", "training": "comes a second thing", "access": "A third thing ends it"}


def notes(local: Table, quotes: dict[str, str] = QUOTES) -> dict[str, tuple[str, float]]:
    checked = crosschecked(TASK, said_yes(TASK, quotes), local.grade(TASK), local)
    return {point.id: (point.note, point.credit) for point in checked if point.id in quotes}


def test_what_the_local_engine_finds_in_the_quote_stands() -> None:
    found = notes(Table(inference=(COVERED, 0.9), training=(COVERED, 0.9), access=(COVERED, 0.9)))
    assert set(found.values()) == {("", 1.0)}


def test_words_that_do_not_say_the_point_earn_nothing() -> None:
    found = notes(Table(inference=(COVERED, 0.9), training=(MISSING, 0.0), access=(MISSING, SUPPORTED - 0.01)))
    assert found == {"inference": ("", 1.0), "training": (NOT_ABOUT_IT, 0.0), "access": (NOT_ABOUT_IT, 0.0)}


def test_a_contradiction_that_the_local_engine_sees_is_never_credited() -> None:
    assert notes(Table(inference=(CONTRADICTED, 0.0)))["inference"] == (CONTRARY, 0.0)


def test_on_its_word_alone_a_model_is_believed_for_one_point_in_three() -> None:
    assert notes(Table(inference=(UNSURE, 0.6), training=(UNSURE, 0.5))) == {
        "inference": (ON_ITS_WORD, 0.6),
        "training": (ON_ITS_WORD, 0.5),
        "access": (NOT_ABOUT_IT, 0.0),
    }
    borne_out = dict.fromkeys(QUOTES, (COVERED, 0.9))
    quotes = QUOTES | {"behaviour": "There is a fourth one too"}
    assert notes(Table(**borne_out, behaviour=(UNSURE, 0.4)), quotes)["behaviour"] == ("", 1.0)


def test_quotes_that_overlap_bear_out_few_points_and_those_they_say_best() -> None:
    same = {"inference": "comes a second thing", "training": "Then comes a second thing", "access": "a second thing"}
    found = notes(Table(inference=(COVERED, 0.8), training=(COVERED, 0.95), access=(COVERED, 0.9)), same)
    assert found == {"inference": (SHARED, 0.0), "training": ("", 1.0), "access": (SHARED, 0.0)}


def test_without_a_local_view_one_quote_still_carries_no_two_points() -> None:
    same = dict.fromkeys(QUOTES, "comes a second thing")
    checked = crosschecked(TASK, said_yes(TASK, same), None, None)
    assert [point.note for point in checked if point.id in same] == [SHARED] * 3


def graded(*statuses: PointStatus) -> Grade:
    points = [
        PointGrade(str(n), f"Point {n}.", status, float(status is COVERED), essential=n == 1)
        for n, status in enumerate(statuses)
    ]
    return Grade(Outcome.GRADED, "", points=tuple(points))


OPINIONS = {
    "the same": (graded(COVERED, COVERED, COVERED), graded(COVERED, COVERED, COVERED), ""),
    "one point apart": (graded(COVERED, COVERED, COVERED), graded(MISSING, COVERED, COVERED), ""),
    "unsure is not apart": (graded(COVERED, COVERED, COVERED), graded(UNSURE, UNSURE, UNSURE), ""),
    "two points apart": (
        graded(COVERED, COVERED, COVERED),
        graded(MISSING, MISSING, COVERED),
        "The local engine reads this answer as weak: it does not find “Point 1”, and differs on 1 more.",
    ),
    "two steps apart by a contradiction": (
        graded(COVERED, COVERED, COVERED),
        graded(COVERED, CONTRADICTED, COVERED),
        "The local engine reads this answer as weak: it doubts “Point 1”.",
    ),
    "more found than the model finds": (
        graded(MISSING, MISSING, MISSING),
        graded(COVERED, COVERED, COVERED),
        "The local engine reads this answer as strong: it finds “Point 1”, and differs on 2 more.",
    ),
    "nobody to ask": (graded(COVERED), None, NOBODY),
    "another language": (graded(COVERED), Grade(Outcome.NOT_GRADED, "local"), FOREIGN),
}


@pytest.mark.parametrize(("grade", "view", "sentence"), OPINIONS.values(), ids=OPINIONS.keys())
def test_a_large_disagreement_is_said_in_one_sentence(grade: Grade, view: Grade | None, sentence: str) -> None:
    assert second_opinion(grade, view) == sentence


def test_a_swapped_answer_credited_throughout_is_shown_with_the_local_engines_doubts(engine: LocalEngine) -> None:
    row = next(row for row in answers.rows("development_answers.jsonl") if row["kind"] == "swapped")
    task = answers.task("development", row["question_id"], row["answer"])
    view = engine.grade(task)
    told = Grade(Outcome.GRADED, "ollama:m", points=tuple(replace(p, status=COVERED, credit=1.0) for p in view.points))
    assert told.verdict is Verdict.STRONG
    assert second_opinion(told, view).startswith("The local engine reads this answer as")
