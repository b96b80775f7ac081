"""Preparing the encoder: a process of its own, whose progress and failures reach the caller."""

import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from tutor.domain.errors import EncoderMissing
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.locks import writing
from tutor.retrieval.prepare import encoder_folder as folder_in
from tutor.retrieval.prepare import prepare_encoder


@pytest.fixture
def broken_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which importing sentence_transformers fails."""
    shadow = tmp_path / "shadow"
    shadow.mkdir()
    (shadow / "sentence_transformers.py").write_text(
        "import os\nassert os.environ['ORT_DISABLE_TELEMETRY'] == os.environ['HF_HUB_OFFLINE'] == '1'\n"
        "raise ImportError('no such wheel for this machine')"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(shadow), os.environ.get("PYTHONPATH", "")]))


@pytest.mark.usefixtures("broken_library")
def test_a_failed_export_says_why_and_leaves_nothing_behind(tmp_path: Path) -> None:
    heard: list[tuple[int, int, str]] = []
    with pytest.raises(EncoderMissing, match=r"no such wheel for this machine.*keywords"):
        prepare_encoder(tmp_path / "cache", lambda *step: heard.append(step))
    assert heard == [(0, 5, "loading sentence-transformers")]
    assert not Encoder.ready(folder_in(tmp_path / "cache"))
    assert [file.name for file in (tmp_path / "cache").iterdir()] == ["encoder.lock"]


@pytest.mark.usefixtures("broken_library")
def test_an_encoder_that_is_ready_is_not_made_again(tmp_path: Path, encoder_folder: Path) -> None:
    shutil.copytree(encoder_folder, folder_in(tmp_path))
    prepare_encoder(tmp_path, lambda *_: pytest.fail("nothing was to be done"))


def test_the_process_runs_this_package_wherever_the_learner_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken_library: None
) -> None:
    elsewhere = tmp_path / "elsewhere" / "tutor"
    elsewhere.mkdir(parents=True)
    (elsewhere / "__init__.py").write_text("raise SystemExit('somebody else')")
    monkeypatch.chdir(elsewhere.parent)
    with pytest.raises(EncoderMissing, match="no such wheel"):
        prepare_encoder(Path("cache"))


@pytest.mark.usefixtures("broken_library")
def test_what_a_killed_export_left_behind_is_removed(tmp_path: Path) -> None:
    (tmp_path / "encoder.new-abc").mkdir()
    (tmp_path / "encoder.new-abc" / "plain.onnx").write_bytes(b"half")
    with pytest.raises(EncoderMissing):
        prepare_encoder(tmp_path)
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith("encoder.")] == ["encoder.lock"]


def test_a_cache_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(EncoderMissing, match="cannot be written"):
        prepare_encoder(tmp_path / "cache")


def test_while_another_tutor_exports_it_waits_and_takes_what_comes(
    tmp_path: Path, encoder_folder: Path, broken_library: None
) -> None:
    started = threading.Event()

    def other_tutor() -> None:
        with writing(tmp_path / "encoder.lock"):
            started.set()
            time.sleep(0.3)
            shutil.copytree(encoder_folder, folder_in(tmp_path))

    other = threading.Thread(target=other_tutor)
    other.start()
    started.wait()
    prepare_encoder(tmp_path)
    other.join()
    assert Encoder.ready(folder_in(tmp_path))
