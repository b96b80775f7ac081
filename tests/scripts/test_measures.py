"""Measuring scripts started the wrong way: a sentence that says what is lacking, and no measure."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
MEASURES = ("bench_retrieval", "bench_scale", "eval_answers", "eval_conflicts", "eval_retrieval")


def refused(script: str, *words: str) -> str:
    """What a script says when it stops at once."""
    command = [sys.executable, str(SCRIPTS / f"{script}.py"), *words]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert process.returncode == 2, process.stderr
    assert "Traceback" not in process.stderr
    assert not process.stdout
    return process.stderr


@pytest.mark.parametrize("script", MEASURES)
def test_a_folder_without_an_encoder_is_named_with_the_mend(script: str, tmp_path: Path) -> None:
    collection = [str(tmp_path)] if script == "eval_retrieval" else []
    said = refused(script, "--encoder", str(tmp_path), *collection)
    assert f"There is no whole encoder in {tmp_path}." in said
    assert '"tutor index"' in said


def test_a_folder_without_a_collection_is_named(encoder_folder: Path, tmp_path: Path) -> None:
    assert str(tmp_path) in refused("bench_scale", "--encoder", str(encoder_folder), str(tmp_path))
    assert str(tmp_path) in refused("eval_retrieval", "--encoder", str(encoder_folder), str(tmp_path))


def test_a_model_that_cannot_answer_is_told_before_anything_is_measured(encoder_folder: Path) -> None:
    nobody = ("--model", "any", "--host", "127.0.0.1:9")
    assert "Ollama is not running at 127.0.0.1:9." in refused("eval_answers", "--encoder", str(encoder_folder), *nobody)


def test_the_peers_alone_say_who_measures_them() -> None:
    assert "eval_retrieval.py --peers" in refused("eval_peers")
