"""The learner's say on a grade in the shell, and what comes of it: agreement, exports, recalibration."""

import io
import json
import sys
from pathlib import Path

import pytest

from tutor.cli.contesting import call_in
from tutor.cli.graded import show_beside
from tutor.cli.main import main
from tutor.domain.grade import Outcome, PointStatus
from tutor.domain.review import Rating
from tutor.store.decision import DecisionKind
from tutor.workspace import Workspace

CHAPTER = "rag-vs-fine-tuning"
GOOD = "RAG looks documents up when the question arrives. Fine-tuning trains the weights of the model on examples."


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def sitting(monkeypatch: pytest.MonkeyPatch, *calls: str, answer: str = GOOD) -> None:
    """One question answered, these calls on its grade, then rated."""
    typed(monkeypatch, answer, ".", *calls)
    assert main(["quiz", "--chapter", CHAPTER, "-n", "1", "--engine", "local"]) == 0


def lines(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert main(words) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_call_in_the_shell_is_the_decision_of_the_app(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting(monkeypatch, "had 1 2", "missed 9", "undo", "right the paper says so", "receipt", "3")
    shown = capsys.readouterr()
    assert "You hold that your answer is right. the paper says so" in shown.out
    assert "the points are numbered 1 to" in shown.err and "version: local" in shown.out
    with Workspace.open() as workspace:
        [attempt] = workspace.store.attempts()
        [kept] = workspace.store.kept_grades(attempt.id)
        assert [d.kind for d in kept.decisions] == [DecisionKind.OVERRIDE, DecisionKind.DISPUTE]
        assert kept.decisions[0].point_id == kept.given.points[0].id
        assert [review.rating for review in workspace.store.reviews()] == [Rating.GOOD]


def test_a_second_engine_that_fails_takes_nothing_away(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared_home.joinpath("settings.toml").write_text('ollama_host = "127.0.0.1:1"\n')  # nothing listens there
    sitting(monkeypatch, "other", "")
    assert "The one before still counts." in capsys.readouterr().err
    with Workspace.open() as workspace:
        [attempt] = workspace.store.attempts()
        assert len(workspace.store.kept_grades(attempt.id)) == 2
        [(_, counted)] = workspace.store.latest_grades()
        assert counted.outcome is Outcome.GRADED


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("had 1", ("had", "1")),
        ("VOID", ("void", "")),
        ("right it is", ("right", "it is")),
        ("3", None),
        ("hadn't", None),
    ],
)
def test_which_lines_are_calls(line: str, call: tuple[str, str] | None) -> None:
    assert call_in(line) == call


def test_an_unsure_grade_lays_both_answers_side_by_side(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    show_beside("mine\nsecond", "theirs")
    wide = capsys.readouterr().out.splitlines()
    assert any(line.startswith("mine") and line.endswith("│ theirs") for line in wide)
    monkeypatch.setenv("COLUMNS", "80")
    show_beside("mine", "theirs")
    assert [line.strip() for line in capsys.readouterr().out.split("\n") if line.strip()] == [
        "Your answer",
        "mine",
        "Reference answer",
        "theirs",
    ]


def test_an_attempt_is_graded_again_and_the_learner_says_which_grade_counts(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting(monkeypatch, "3")
    with Workspace.open() as workspace:
        before = workspace.store.memories()
    [shape] = lines(capsys, "grade", "--attempt", "last", "--engine", "local", "--json")
    first, second = shape["grades"]
    assert (first["engine"], first["counts"], second["counts"]) == ("local", False, True)
    [chosen] = lines(capsys, "grade", "--attempt", shape["attempt_id"], "--count", first["grade_id"], "--json")
    assert [grade["counts"] for grade in chosen["grades"]] == [True, False]
    with Workspace.open() as workspace:
        assert workspace.store.memories() == before, "no grade moves the schedule, only a rating does"
    assert main(["grade", "--attempt", "last", "--list"]) == 0
    assert f"▸ counts  {first['grade_id']}" in capsys.readouterr().out
    assert main(["grade", "--attempt", "last", "--count", "none"]) == 2
    assert 'has no grade "none"' in capsys.readouterr().err


def test_grading_again_before_anything_was_answered_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", "--attempt", "last"]) == 2
    assert "No attempt has the id last" in capsys.readouterr().err


def test_stats_of_the_grader_say_how_far_the_learner_agrees(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting(monkeypatch, "had 1 2 3", "3")
    [shape] = lines(capsys, "stats", "--grader", "--json")
    [engine] = shape["engines"]
    assert (engine["engine"], engine["model"], engine["grades"]) == ("local", None, 1)
    assert sum(counts["had"] for counts in engine["statuses"].values()) == 3
    assert shape["recalibration"] == {
        "on": True, "active": False, "labels": shape["recalibration"]["labels"], "active_from": 20, "slope": 1.0,
        "shift": 0.0,
    }  # fmt: skip
    assert main(["stats", "--grader"]) == 0
    assert "learns from your decisions once you have judged 20 points" in capsys.readouterr().out


def test_twenty_decisions_move_the_local_engine_and_the_receipt_says_so(
    prepared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Workspace.open() as workspace:
        question = workspace.question("rag/rag-vs-fine-tuning#difference")
        judged = 0
        while judged < 20:
            attempt = workspace.store.add_attempt(question, GOOD)
            grade = workspace.grade(workspace.task(question, GOOD), engine="local")
            grade_id = workspace.store.add_grade(attempt.id, grade)
            for point in grade.points:
                if point.probability is not None:
                    workspace.store.add_decision(grade_id, "override", point.id, PointStatus.COVERED)
                    judged += 1
    [shape] = lines(capsys, "grade", "--question", question.id, "--answer", GOOD, "--json", "--engine", "local")
    assert shape["receipt"]["options"]["recalibrated"] == f"from {judged} of your decisions"
    before = {p.id: p for p in grade.points}
    doubted = [p for p in shape["points"] if (before[p["id"]].probability or 1.0) < 0.5]
    assert doubted and all(p["credit"] > before[p["id"]].credit for p in doubted)
    assert [p["probability"] for p in shape["points"]] == [
        None if p.probability is None else round(p.probability, 4) for p in grade.points
    ], "the engine's own probability is kept beside"
    (prepared_home / "settings.toml").write_text("recalibrate = false\n")
    [off] = lines(capsys, "grade", "--question", question.id, "--answer", GOOD, "--json", "--engine", "local")
    assert "recalibrated" not in off["receipt"]["options"]
    assert main(["stats", "--grader"]) == 0
    assert "recalibrate = false" in capsys.readouterr().out


def test_export_gives_the_whole_history_in_order(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sitting(monkeypatch, "missed 1", "undo", "void", "2")
    found = lines(capsys, "export")
    assert [line["record"] for line in found] == ["attempt", "grade", "decision", "decision", "review"]
    attempt, grade, undone, void, review = found
    assert attempt["answer"] == GOOD and grade["attempt_id"] == attempt["id"] == review["attempt_id"]
    assert (grade["counts"], undone["undone"], void["undone"], void["kind"]) == (True, True, False, "void")
    assert (review["rating"], review["undone"]) == ("hard", False)
    target = tmp_path / "history.jsonl"
    assert main(["export", str(target)]) == 0
    assert [json.loads(line) for line in target.read_text().splitlines()] == found
    assert target.stat().st_mode & 0o777 == 0o600
    target.write_text("my own notes")
    assert main(["export", str(target)]) == 2
    assert target.read_text() == "my own notes"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_export_of_disputes_holds_what_is_needed_to_judge_and_warns(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sitting(monkeypatch, "right it is in the book", "3")
    [line] = lines(capsys, "export", "--disputes")
    assert (line["decision"]["kind"], line["note"], line["answer"]) == ("dispute", "it is in the book", GOOD)
    assert line["question"] and line["reference"] and line["points"] and line["receipt"]["engine"] == "local"
    assert line["revised"] is False
    assert main(["export", "--disputes", str(tmp_path / "disputes.jsonl")]) == 0
    assert "Read it before you share it." in capsys.readouterr().err


def test_an_export_that_cannot_be_written_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(tmp_path / ("x" * 255))]) == 2
    assert "cannot be written (File name too long)" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    assert lines(capsys, "export") == []
