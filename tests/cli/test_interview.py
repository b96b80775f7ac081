"""`tutor interview` as scripts and people use it: piped answers, leaving and going on, the scorecard and its report."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from tutor.cli.main import main
from tutor.workspace import Workspace

ANSWER = (
    "RAG retrieves documents at question time and puts them in the prompt so the model answers from evidence. "
    "Companies pay because knowledge stays fresh and answers can be cited."
)


def hold(monkeypatch: pytest.MonkeyPatch, typed: str, *words: str) -> int:
    """Hold an interview with these lines as input; the exit code."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    return main(["interview", "--engine", "local", *words])


def test_a_round_is_held_from_piped_answers(
    prepared_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = tmp_path / "card.html"
    typed = f"{ANSWER}\n\n:pass\nI have\n.\n"
    code = hold(
        monkeypatch, typed, "--round", "screening", "--questions", "3", "--seed", "2", "--json", "--report", str(page)
    )
    out, told = capsys.readouterr()
    assert code == 0
    card = json.loads(out)
    assert (card["round"], card["minutes"], card["seed"], card["breaks"]) == ("screening", 12, 2, 0)
    assert card["questions"][0]["answers"][0]["answer"] == ANSWER
    assert card["questions"][0]["grade"]["engine"] == "local" and card["questions"][0]["score"] > 0.5
    assert (card["questions"][1]["passed"], card["questions"][1]["score"]) == (True, 0.0)
    assert card["verdict"] in ("no hire", "strong no hire", "hire") and card["plan"]
    evidence = [point["evidence"] for point in card["questions"][0]["grade"]["points"] if point["evidence"]]
    assert evidence and all(words in ANSWER for words in evidence)
    assert "Question 1 of 3" in told and page.read_text().startswith("<!doctype html>")
    assert card["questions"][0]["reading"] not in told.split("Question 3")[0], "no feedback before the end"
    with Workspace.open(prepared_home) as workspace:
        assert workspace.store.memories() == {}
    assert main(["interview", "--last", "--again"]) == 0
    again = capsys.readouterr()
    assert "Mock interview: Screening" in again.out and "will be asked again today" in again.err
    with Workspace.open(prepared_home) as workspace:
        missed = {question for step in card["plan"] for question in step["questions"]}
        assert set(workspace.store.memories()) == missed
    assert main(["interview", "--last", "--again"]) == 0
    assert "0 questions will be asked again" in capsys.readouterr().err


def test_the_same_seed_asks_the_same(prepared_home: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    asked = []
    for home in ("one", "two"):
        words = ("--round", "coding", "--seed", "5", "--json", "--home", str(prepared_home.parent / home))
        (prepared_home.parent / home).mkdir()
        os.symlink(prepared_home / "cache", prepared_home.parent / home / "cache")
        assert hold(monkeypatch, ":end\n", *words) == 0
        asked.append(json.loads(capsys.readouterr().out)["not_reached"])
    assert asked[0] == asked[1] and len(asked[0]) == 3


def test_an_interview_that_was_left_goes_on(
    prepared_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hold(monkeypatch, f"{ANSWER}\n.\n:leave\n", "--round", "screening", "--questions", "2", "--seed", "2") == 0
    out, told = capsys.readouterr()
    assert "go on with: tutor interview --resume" in told and "Mock interview" not in out
    assert hold(monkeypatch, ":pass\n:pass\n:pass\n", "--resume", "--json") == 0
    card = json.loads(capsys.readouterr().out)
    assert (card["breaks"], card["questions"][0]["answers"][0]["answer"]) == (1, ANSWER)
    assert hold(monkeypatch, "", "--resume") == 2
    assert "no interview to go on with" in capsys.readouterr().err


def test_a_killed_interview_goes_on_where_it_was(
    prepared_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["interview", "--engine", "local", "--round", "screening", "--questions", "2", "--seed", "2"]
    started = subprocess.Popen(
        [sys.executable, "-c", "import sys; from tutor.cli.main import main; sys.exit(main(sys.argv[1:]))", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert started.stdin is not None and started.stdout is not None
    started.stdin.write(f"{ANSWER}\n.\n")
    started.stdin.flush()
    puts = 0
    end = time.monotonic() + 60
    while puts < 2 and time.monotonic() < end:
        puts += started.stdout.readline().startswith(("Question", "Follow-up"))
    started.send_signal(signal.SIGKILL)
    started.wait()
    assert hold(monkeypatch, ":end\n", "--resume", "--json") == 0
    card = json.loads(capsys.readouterr().out)
    assert (card["questions"][0]["answers"][0]["answer"], card["breaks"]) == (ANSWER, 1)
    assert card["questions"][0]["score"] is not None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--round", "lunch"], '"lunch" is no round; it is one of screening, system-design'),
        (["--questions", "0"], "--questions is 0; give a number from 1 to 20."),
        (["--minutes", "500"], "--minutes is 500; give a number from 1 to 180."),
        (["--resume"], "there is no interview to go on with."),
        (["--last"], "there is no finished interview yet."),
        (["--resume", "--last"], "exclude each other"),
        (["--report", "card.pdf"], "ending .md or .html"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_is_refused_before_anything_begins(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(["interview", *words])
    except SystemExit as stop:
        code = stop.code
    captured = capsys.readouterr()
    assert (code, captured.out) == (2, "")
    assert sentence in captured.err


def test_the_plan_needs_a_date_and_says_where_the_pace_leads(
    tutor_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["due", "--plan"]) == 2
    assert 'settings.toml: there is no interview date to plan for. Add a line like: interview_date = "' in (
        capsys.readouterr().err
    )
    day = (date.today() + timedelta(days=10)).isoformat()
    (tutor_home / "settings.toml").write_text(f'interview_date = {day}\ntarget_rounds = ["screening"]\n')
    assert main(["due", "--plan", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert (plan["interview_date"], plan["days"], plan["minutes_a_day"]) == (day, 10, 30)
    assert 0 < plan["reached"] < plan["wanted"] and plan["minutes_needed"] > 30
    assert plan["today"]["read"][0] == "rag/what-is-rag"
    assert {each["readiness"] for each in plan["readiness"]} == {"not started"}
    assert main(["due", "--plan"]) == 0
    out = capsys.readouterr().out
    assert "10 days to the interview." in out and "Foundations: 0 of 27 practised, too few to say" in out


def test_cramming_in_the_shell_leaves_the_schedule_alone(
    prepared_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{ANSWER}\n.\n1\n:quit\n"))
    assert main(["quiz", "--cram", "-n", "1", "--engine", "local"]) == 0
    told = capsys.readouterr()
    assert "1 again  2 hard  3 good  4 easy" in told.err, "no interval, since nothing is scheduled"
    with Workspace.open(prepared_home) as workspace:
        assert (workspace.store.memories(), workspace.store.reviews()) == ({}, [])
        assert [attempt.text for attempt in workspace.store.attempts()] == [ANSWER]


def test_a_report_replaces_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "notes.md"
    mine.write_text("my own notes")
    assert main(["interview", "--report", str(mine)]) == 2
    assert "a report replaces nothing" in capsys.readouterr().err
    assert mine.read_text() == "my own notes"
