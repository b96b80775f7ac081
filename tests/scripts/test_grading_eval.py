"""The figures that compare a grader with people, on cases whose answers are known."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.grading_eval import figures
from scripts.grading_eval.collections import Outcomes, files_of, groups_of, guard_alarms, judge, tasks_of
from scripts.grading_eval.figures import FIGURES, estimate, figures_for, selective_accuracy
from scripts.grading_eval.own import with_bound
from scripts.grading_eval.published import RESULTS, published_for
from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus
from tutor.grading.task import GradingTask

SOME = Outcomes(
    human=1.0,
    correct=True,
    label3="correct",
    score=1.0,
    passed=True,
    abstained=False,
    contradicted=False,
    stopped=False,
    seconds=0.1,
)
WRONG = replace(SOME, human=0.0, correct=False, label3="incorrect", score=0.0, passed=False)
ROW = {
    "id": "1",
    "dataset": "beetle",
    "split": "UA",
    "question": "Why is the bulb dark?",
    "references": ["The path has a gap.", "The circuit is open."],
    "answer": "There is a gap in the path.",
    "score": 1.0,
    "label3": "correct",
}


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "DRAWS", 40)


PERFECT = {"Pearson r": 1, "RMSE": 0, "QWK": 1, "2-way macro-F1": 1, "3-way macro-F1": 1, "ECE": 0, "false passes": 0}


@pytest.mark.parametrize(("figure", "value"), PERFECT.items(), ids=PERFECT.keys())
def test_a_grader_that_says_what_people_say_is_perfect(figure: str, value: float) -> None:
    contradictory = replace(WRONG, label3="contradictory", contradicted=True)
    assert FIGURES[figure]([SOME, WRONG, contradictory, SOME]) == pytest.approx(value)


def test_figures_tell_a_lenient_grader() -> None:
    rows = [SOME, replace(WRONG, score=1.0, passed=True), WRONG, WRONG]
    assert FIGURES["false passes"](rows) == pytest.approx(1 / 3)
    assert FIGURES["RMSE"](rows) == pytest.approx(0.5)
    assert FIGURES["ECE"](rows) == pytest.approx(0.25)
    assert FIGURES["passes, full marks"](rows) == 1.0


def test_an_answer_that_was_not_graded_counts_as_called_incorrect_and_as_abstained() -> None:
    silent = replace(SOME, score=None, passed=False, abstained=True)
    assert FIGURES["2-way macro-F1"]([silent, WRONG]) < 0.5
    assert FIGURES["abstained"]([silent, WRONG]) == 0.5
    assert FIGURES["RMSE"]([silent, WRONG]) == 0.0, "only graded answers have a score to compare"


def test_selective_accuracy_leaves_out_the_scores_nearest_a_half() -> None:
    doubtful = replace(WRONG, score=0.51)
    assert selective_accuracy([SOME] * 7 + [doubtful] * 3) == 1.0
    assert selective_accuracy([SOME] * 4 + [doubtful] * 6) == pytest.approx(4 / 7)


def test_intervals_hold_the_value_and_are_the_same_every_time() -> None:
    rows = [SOME] * 20 + [WRONG] * 20 + [replace(WRONG, score=1.0)] * 10
    found = estimate(FIGURES["2-way macro-F1"], rows)
    assert found.low < found.value < found.high
    assert estimate(FIGURES["2-way macro-F1"], rows) == found


def test_three_classes_are_left_out_where_the_source_has_none() -> None:
    assert "3-way macro-F1" not in figures_for([replace(SOME, label3=""), replace(WRONG, label3="")])
    assert "3-way macro-F1" in figures_for([SOME, WRONG])


def test_one_sentence_references_are_other_ways_to_say_one_point() -> None:
    [task] = tasks_of(ROW)
    assert [point.phrasings for point in task.points] == [("The path has a gap.", "The circuit is open.")]
    assert len(tasks_of(ROW | {"references": ["One. Two.", "Three."]})) == 2


def test_the_best_reference_counts() -> None:
    def grade(task: GradingTask) -> Grade:
        credit = 1.0 if "Three" in task.reference else 0.2
        status = PointStatus.COVERED if credit == 1.0 else PointStatus.MISSING
        points = tuple(PointGrade(p.id, p.text, status, credit) for p in task.points)
        return Grade(Outcome.GRADED, "local", points=points)

    judged = judge(ROW | {"references": ["One. Two.", "Three. Four."]}, grade)
    assert (judged.score, judged.passed, judged.called3, judged.correct) == (1.0, True, "correct", True)


def test_files_are_found_in_folders_and_parted_by_split(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    rows = [ROW | {"id": str(n), "split": split} for n, split in enumerate(["UA", "UQ", "UQ"])]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert files_of([tmp_path]) == files_of([file]) == [file]
    assert {name: len(held) for name, held in groups_of(file, None).items()} == {"beetle UA": 1, "beetle UQ": 2}
    assert len(groups_of(file, 1)["beetle UQ"]) == 1 and groups_of(file, 1) == groups_of(file, 1)
    with pytest.raises(SystemExit, match="no such file"):
        files_of([tmp_path / "other"])


def test_published_figures_have_a_source_and_stand_beside_their_own_collection() -> None:
    assert {result.figure for result in RESULTS} <= set(FIGURES)
    assert all(result.source and 0 < result.value < 1 for result in RESULTS)
    assert {result.value for result in published_for("beetle UA")} >= {0.833, 0.715}
    assert published_for("saf_en UA") == []


def test_a_class_that_nobody_is_in_gives_no_share() -> None:
    assert math.isnan(FIGURES["false passes"]([SOME]))


def test_a_higher_bound_covers_less_and_leaves_contradictions_alone() -> None:
    points = tuple(
        PointGrade(str(p), "A claim.", status, 0.95 if status is PointStatus.COVERED else 0.0, probability=p)
        for p, status in [(0.9, PointStatus.COVERED), (0.6, PointStatus.UNSURE), (0.95, PointStatus.CONTRADICTED)]
    )
    grade = Grade(Outcome.GRADED, "local", points=points)
    assert [str(p.status) for p in with_bound(grade, 0.5).points] == ["covered", "covered", "contradicted"]
    assert [str(p.status) for p in with_bound(grade, 0.92).points] == ["unsure", "unsure", "contradicted"]


def test_false_alarms_of_the_guards_are_counted_on_good_answers_only(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    answers = [("There is a gap in the path.", 1.0), ("I don't know.", 0.9), ("I don't know.", 0.0), ("", 1.0)]
    rows = [ROW | {"answer": answer, "score": score} for answer, score in answers]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    alarms, good = guard_alarms(file)
    assert (sum(alarms.values()), good) == (1, 2)
