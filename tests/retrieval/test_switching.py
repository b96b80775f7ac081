"""Going over to another encoder: any model, in the background, with search going on and nothing lost on the way."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.fixtures_encoder import PATIENCE, kept
from tests.retrieval import tiny_model
from tutor.cli.main import main
from tutor.domain.errors import EncoderRefused
from tutor.domain.settings import EngineChoice, Settings
from tutor.retrieval import encoder_export, model_source
from tutor.retrieval.chosen import ChosenEncoders
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.locks import writing
from tutor.retrieval.manifest import verified_manifest
from tutor.retrieval.model_source import state_of
from tutor.retrieval.prepare import prepare_chosen
from tutor.workspace import Workspace

ROOT = Path(__file__).parents[2]
SHIPPED = "all-MiniLM-L6-v2 0.1.0"


@pytest.fixture(scope="session")
def place() -> Path:
    """The small model, its vectors of the texts and its export, made once a machine. Nobody may write into it."""
    place = kept("tiny", tiny_model, encoder_export, model_source)
    with writing(place / "made.lock", patience=PATIENCE):
        if not (place / "vectors.json").exists() or verified_manifest(place / "exported" / "tiny") is None:
            for part in ("models", "exported"):
                shutil.rmtree(place / part, ignore_errors=True)
            vectors = made_in(place / "models" / "tiny")
            prepare_chosen(place / "exported" / "tiny", str(place / "models" / "tiny"), lambda *_: None)
            (place / "vectors.json").write_text(vectors)
    return place


def made_in(folder: Path) -> str:
    """Make the small model; the vectors sentence-transformers itself gives of the texts, as JSON."""
    command = [sys.executable, "-m", tiny_model.__name__, str(folder)]
    environ = {**os.environ, "HF_HUB_OFFLINE": "1"}
    process = subprocess.run(
        command, input=json.dumps(tiny_model.TEXTS), capture_output=True, text=True, cwd=ROOT, env=environ, check=True
    )
    return process.stdout


@pytest.fixture(scope="session")
def model(place: Path) -> Path:
    """The small model's folder."""
    return place / "models" / "tiny"


@pytest.fixture(scope="session")
def exported(place: Path) -> Path:
    """The small model as the encoder reads it."""
    return place / "exported" / "tiny"


@pytest.fixture
def home(prepared_home: Path, model: Path, exported: Path) -> Path:
    """A home whose settings choose the small model, which is exported and has no vector yet."""
    shutil.copytree(exported, prepared_home / "cache" / "encoders" / state_of(str(model)))
    (prepared_home / "settings.toml").write_text(f'encoder = "{model}"\nengine = "local"\n')
    return prepared_home


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    with Workspace.open(home, environ={}) as opened:
        yield opened


def searched_by(workspace: Workspace) -> str:
    """The version of the encoder search goes by."""
    encoder = workspace.search_encoder()
    return encoder.version if encoder else ""


def sets_of_vectors(home: Path) -> int:
    return len(list((home / "cache" / "vectors").glob("*/")))


def test_any_model_gives_the_vectors_sentence_transformers_gives(place: Path, exported: Path) -> None:
    encoder = Encoder(exported)
    as_passages, as_queries = np.array(json.loads((place / "vectors.json").read_text()), dtype=np.float32)
    assert encoder.dimensions == tiny_model.DIMENSIONS
    assert encoder.version.startswith("tiny ")
    np.testing.assert_allclose(encoder.encode(tiny_model.TEXTS), as_passages, atol=1e-5)
    np.testing.assert_allclose(
        np.stack([encoder.encode_query(text) for text in tiny_model.TEXTS]), as_queries, atol=1e-5
    )
    assert np.abs(as_passages - as_queries).max() > 0.01, "the prompts must make a difference for this to say anything"


def test_search_goes_by_the_old_encoder_until_every_passage_has_its_new_vector(workspace: Workspace) -> None:
    before = workspace.search("chunk overlap")
    seen: list[tuple[str, int]] = []

    def look(done: int, total: int, label: str) -> None:
        state = workspace.index_state()
        if state.coming:
            seen.append((state.encoder, state.coming_waiting))
            assert workspace.search("chunk overlap") == before

    workspace.prepare(look)
    assert {version for version, _ in seen} == {SHIPPED}
    waiting = [left for _, left in seen]
    assert waiting == sorted(waiting, reverse=True)
    assert waiting[0] > waiting[-1] == 0
    state = workspace.index_state()
    assert state.encoder == searched_by(workspace)
    assert state.encoder.startswith("tiny ")
    assert state.done
    after = workspace.search("chunk overlap")
    assert after.engine == "hybrid"
    assert after != before


def test_a_new_start_goes_by_the_new_encoder_and_has_nothing_to_do(workspace: Workspace, home: Path) -> None:
    workspace.prepare()
    with Workspace.open(home, environ={}) as again:
        assert again.index_state().done
        assert searched_by(again).startswith("tiny ")
        again.prepare(lambda *step: pytest.fail(f"nothing was to be done, yet {step}"))


def test_asking_and_grading_stay_with_the_encoder_they_were_measured_with(workspace: Workspace) -> None:
    question = "What does chunk overlap cost?"
    before = workspace.ask(question)
    workspace.prepare()
    assert searched_by(workspace).startswith("tiny ")
    assert workspace.ask(question) == before
    assert workspace.encoder().version == SHIPPED


def test_a_cancelled_switch_goes_on_where_it_was(workspace: Workspace) -> None:
    embedded: list[tuple[int, int]] = []

    def stop_at_the_third_step(done: int, total: int, label: str) -> None:
        embedded.append((done, total))
        if len(embedded) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        workspace.prepare(stop_at_the_third_step)
    done, total = embedded[-1]
    assert 0 < done < total
    assert searched_by(workspace) == SHIPPED
    assert workspace.index_state().coming_waiting == total - done
    again: list[int] = []
    workspace.prepare(lambda _, steps, label: again.append(steps))
    assert again[0] == total - done
    assert searched_by(workspace).startswith("tiny ")


KILLED = """
import os, signal, sys
from pathlib import Path
from tutor.workspace import Workspace

def die(done, total, label):
    if done > 100:
        os.kill(os.getpid(), signal.SIGKILL)

with Workspace.open(Path(sys.argv[1])) as workspace:
    workspace.prepare(die)
"""


def test_a_killed_switch_goes_on_where_it_was(home: Path) -> None:
    process = subprocess.run([sys.executable, "-c", KILLED, str(home)], cwd=ROOT, check=False)
    assert process.returncode == -signal.SIGKILL
    with Workspace.open(home, environ={}) as workspace:
        state = workspace.index_state()
        assert state.encoder == SHIPPED
        assert 0 < state.coming_waiting < state.passages
        assert workspace.search("chunk overlap").engine == "hybrid"
        workspace.prepare()
        assert searched_by(workspace).startswith("tiny ")


def test_choosing_the_old_one_again_ends_the_switch_and_leaves_nothing_of_it(workspace: Workspace, home: Path) -> None:
    def think_again(done: int, total: int, label: str) -> None:
        workspace.change_settings(replace(workspace.settings, encoder=""))

    workspace.prepare(think_again)
    assert searched_by(workspace) == SHIPPED
    assert sets_of_vectors(home) == 2
    workspace.prepare()
    assert sets_of_vectors(home) == 1
    assert not (home / "cache" / "encoders").exists()


def test_an_edited_chapter_is_found_by_the_new_encoder(workspace: Workspace, home: Path) -> None:
    workspace.prepare()
    section = home / "packs" / "mine" / "01-only"
    section.mkdir(parents=True)
    (section.parent / "track.yaml").write_text("id: mine\ntitle: Mine\nsections:\n  - {id: only, title: Only}\n")
    (section / "01-fresh.md").write_text(
        "---\nid: fresh\ntitle: Fresh\nlevel: core\nweight: low\nupdated: 2026-11-22\n---\n"
        "## In one breath\n\nZeppelins carry quixotic passengers.\n"
    )
    report = workspace.refresh_index()
    assert report.embedded >= 2, "one vector by each encoder"
    assert workspace.index_state().done
    assert workspace.search("quixotic zeppelins").hits[0].passage.chapter == "Fresh"


def test_the_old_choice_is_removed_once_the_new_one_is_in_use(workspace: Workspace, home: Path, tmp_path: Path) -> None:
    workspace.prepare()
    first = searched_by(workspace)
    other = Path(shutil.copytree(workspace.settings.encoder, tmp_path / "other"))
    (other / "added.txt").write_text("another model by one file")
    chosen = ChosenEncoders(workspace.home.cache)
    shutil.copytree(chosen.in_use(str(other)), chosen.folder_for(str(other)))
    manifest = chosen.folder_for(str(other)) / "manifest.json"
    says = json.loads(manifest.read_text()) | {"version": "other 1"}
    manifest.write_text(json.dumps({name: value for name, value in says.items() if name != "sum"}))
    workspace.change_settings(replace(workspace.settings, encoder=str(other)))
    assert searched_by(workspace) == first
    assert sets_of_vectors(home) == 2
    workspace.prepare()
    assert searched_by(workspace) == "other 1"
    assert sets_of_vectors(home) == 2
    assert len(list((home / "cache" / "encoders").glob("*/"))) == 1


def test_a_model_that_was_removed_after_the_switch_stays_in_use(home: Path, tmp_path: Path, model: Path) -> None:
    moved = Path(shutil.copytree(model, tmp_path / "moved"))
    (home / "settings.toml").write_text(f'encoder = "{moved}"\n')
    chosen = ChosenEncoders(home / "cache")
    shutil.copytree(chosen.folder_for(str(model)), chosen.folder_for(str(moved)))
    chosen.use(chosen.folder_for(str(moved)))
    manifest = chosen.in_use(str(moved)) / "manifest.json"
    says = json.loads(manifest.read_text()) | {"source": str(moved)}
    manifest.write_text(json.dumps({name: value for name, value in says.items() if name != "sum"}))
    shutil.rmtree(moved)
    assert chosen.coming(str(moved)) is None
    with Workspace.open(home, environ={}) as workspace:
        assert searched_by(workspace).startswith("tiny ")
        assert not workspace.index_state().trouble


def test_a_damaged_export_lets_search_go_by_the_shipped_encoder(workspace: Workspace, home: Path) -> None:
    workspace.prepare()
    graph = ChosenEncoders(workspace.home.cache).in_use(workspace.settings.encoder) / "encoder.onnx"
    content = bytearray(graph.read_bytes())
    content[len(content) // 2] ^= 1
    graph.write_bytes(content)
    with Workspace.open(home, environ={}) as again:
        assert searched_by(again) == SHIPPED
        assert again.search("chunk overlap").engine == "hybrid"
        assert again.index_state().coming == again.settings.encoder


def test_a_model_that_changed_is_another_one(model: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(model, tmp_path / "copy"))
    before = state_of(str(copy))
    assert state_of(str(copy)) == before
    os.utime(copy / "model.safetensors", ns=(1, 1))
    assert state_of(str(copy)) != before


def refused(encoder: str, home: Path) -> str:
    """What is said of a setting that cannot be followed; search is as it was."""
    (home / "settings.toml").write_text(f'encoder = "{encoder}"\n')
    with Workspace.open(home, environ={}) as workspace:
        with pytest.raises(EncoderRefused) as raised:
            workspace.prepare()
        assert searched_by(workspace) == SHIPPED
        assert workspace.search("chunk overlap").engine == "hybrid"
        assert workspace.index_state().coming == encoder
    assert sets_of_vectors(home) == 1
    return str(raised.value)


def test_a_folder_that_is_not_there(prepared_home: Path, tmp_path: Path) -> None:
    assert f"There is no folder {tmp_path}/nowhere" in refused(f"{tmp_path}/nowhere", prepared_home)


def test_a_folder_without_a_model(prepared_home: Path, tmp_path: Path) -> None:
    assert "holds no sentence-transformers model" in refused(str(tmp_path), prepared_home)


@pytest.mark.parametrize("name", ["nobody/made-this", "not a name at all", "../models/tiny"])
def test_a_name_that_was_never_downloaded(prepared_home: Path, name: str) -> None:
    said = refused(name, prepared_home)
    assert f'"{name}" is not on this machine' in said
    assert "the full path of a folder" in said


def test_broken_weights(prepared_home: Path, model: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(model, tmp_path / "broken"))
    with (broken / "model.safetensors").open("r+b") as file:
        file.truncate(5000)
    assert f"The model in {broken} cannot be read" in refused(str(broken), prepared_home)
    assert not list((prepared_home / "cache" / "encoders").glob("*/"))


def test_a_downloaded_model_is_known_by_its_name(model: Path, tmp_path: Path) -> None:
    stored = tmp_path / "hub" / "models--me--tiny"
    (stored / "refs").mkdir(parents=True)
    (stored / "refs" / "main").write_text("abc")
    shutil.copytree(model, stored / "snapshots" / "abc")
    script = "from tutor.retrieval.model_source import model_folder; print(model_folder('me/tiny'))"
    environ = {**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_CACHE": str(tmp_path / "hub")}
    process = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert process.stdout.strip() == str(stored / "snapshots" / "abc")


@pytest.mark.parametrize("name", ["", "all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"])
def test_the_shipped_model_by_any_of_its_names_is_the_shipped_one(prepared_home: Path, name: str) -> None:
    settings = Settings(engine=EngineChoice.LOCAL, encoder=name)
    with Workspace.open(prepared_home, environ={}) as workspace:
        workspace.settings = settings
        assert workspace.index_state().done
        workspace.prepare()
        assert searched_by(workspace) == SHIPPED


def test_the_shell_says_which_encoder_is_in_use_and_which_is_coming(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor"]) in (0, 1)
    said = " ".join(capsys.readouterr().out.split())
    assert SHIPPED in said
    assert "which is to follow" in said
    assert main(["index", "--json"]) == 0
    shape = json.loads(capsys.readouterr().out)
    assert shape["encoder"].startswith("tiny ")
    assert (shape["waiting"], shape["coming"], shape["trouble"]) == (0, "", "")
    (home / "settings.toml").write_text('encoder = "/no/such/folder"\n')
    assert main(["index"]) == 2
    assert main(["doctor"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "There is no folder /no/such/folder" in said
