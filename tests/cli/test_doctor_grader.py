"""`tutor doctor --grader`: the learner's own engine on the labelled answers, and what that does to later grades."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.ollama_server import FakeOllama
from tutor.cli.main import main
from tutor.domain.text import sentences
from tutor.grading.selftest import items

QUESTION = "rag/rag-vs-fine-tuning#difference"
ANSWER = "RAG looks documents up when a question comes in. Fine-tuning trains the model and changes its weights."


@pytest.fixture(autouse=True)
def _few_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """One answer of most kinds is enough to see how an outcome travels."""
    monkeypatch.setattr(items, "QUICK_SHARE", 0.05)


def yes_to_everything(body: dict[str, Any]) -> str:
    """A model that finds every point in some sentence of the answer, whatever it says."""
    asked = body["messages"][-1]["content"]
    found = re.search(r"<(answer-[^>]*)>\n(.*?)\n</\1>", asked, re.DOTALL)
    said = sentences(found[2]) if found else []
    reply: dict[str, Any] = {}
    for part, shape in body["format"]["properties"].items():
        keys = shape.get("required", [])
        reply[part] = {key: _yes(said, n) for n, key in enumerate(keys)} if keys else ""
    return json.dumps(reply)


def _yes(said: list[str], n: int) -> dict[str, str]:
    return {"evidence": said[n % len(said)] if said else "", "reason": "It says so.", "verdict": "yes"}


def report(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    code = main(["doctor", "--grader", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def graded(capsys: pytest.CaptureFixture[str], engine: str) -> dict[str, Any]:
    assert main(["grade", "--question", QUESTION, "--answer", ANSWER, "--engine", engine, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def use_server(home: Path, server: FakeOllama) -> None:
    (home / "settings.toml").write_text(f'ollama_host = "{server.url}"\n', encoding="utf-8")


def test_without_a_server_the_local_engine_is_tested_and_the_outcome_kept(
    prepared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (prepared_home / "settings.toml").write_text('ollama_host = "127.0.0.1:1"\n', encoding="utf-8")
    code, found = report(capsys, "--quick")
    assert code == (0 if found["meets_bar"] else 1)
    assert (found["engine"], found["quick"]) == ("local", True)
    assert (
        found["answers"]
        == len(items.quick(items.load_items()).items)
        == sum(kind["answers"] for kind in found["kinds"])
    )
    assert set(found["false_passes"]) == {"value", "hits", "of"}
    kept = json.loads((prepared_home / "cache" / "selftest.json").read_text(encoding="utf-8"))
    assert [row["engine"] for row in kept["reports"]] == ["local"]
    assert graded(capsys, "local")["advisory"] == found["advisory"]
    assert main(["doctor", "--json"]) in (0, 1)
    checks = {check["name"]: check["detail"] for check in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["grader"].startswith("self-test: local " + ("meets" if found["meets_bar"] else "falls short"))


def test_a_model_that_says_yes_to_everything_falls_short_and_its_grades_say_so(
    prepared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeOllama(["agreeable:latest"], brain=yes_to_everything) as server:
        use_server(prepared_home, server)
        assert main(["doctor", "--grader", "--quick", "--engine", "ollama"]) == 1
        shown = capsys.readouterr()
        assert re.search(r"^swapped +1 +[01] +[01] +[01] +\S+$", shown.out, re.MULTILINE)
        assert re.search(r"answers passed that should not: \d\.\d{3} \(\d of 8\), at most 0\.03", shown.out)
        assert "Grading" in shown.err
        later = graded(capsys, "ollama")
        assert "in its self-test this engine" in later["advisory"]
        assert later["advisory"] in " ".join(shown.out.split())


def test_without_the_encoder_it_says_how_to_get_it(tutor_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--grader", "--engine", "local"]) == 1
    shown = capsys.readouterr()
    assert shown.out == "" and "tutor index" in shown.err
    assert not (tutor_home / "cache" / "selftest.json").exists()


def test_without_a_server_a_model_that_was_asked_for_is_not_tested(
    prepared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (prepared_home / "settings.toml").write_text('ollama_host = "127.0.0.1:1"\n', encoding="utf-8")
    assert main(["doctor", "--grader", "--quick", "--engine", "ollama"]) == 1
    shown = capsys.readouterr()
    assert shown.out == "" and "ollama serve" in shown.err
    assert not (prepared_home / "cache" / "selftest.json").exists()


@pytest.mark.parametrize("words", [("--quick",), ("--engine", "local")], ids=["quick", "engine"])
def test_its_options_alone_are_bad_input(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", *words]) == 2
    assert "Add --grader" in capsys.readouterr().err
