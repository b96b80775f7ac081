"""Any file of the cache, damaged in any way: noticed before a library opens it, made again, and said."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.retrieval import material
from tutor.domain.errors import EncoderMissing
from tutor.domain.passage import SearchResult
from tutor.retrieval import encoder as encoder_module
from tutor.retrieval import prepare
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.index import SearchIndex
from tutor.retrieval.progress import Progress
from tutor.retrieval.reports import SyncReport
from tutor.workspace import Workspace

PASSAGES = material.passages()
MEANING = "finding an exact product code"


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "bit flipped": flip,
    "cut short": lambda path: os.truncate(path, path.stat().st_size // 2),
    "emptied": lambda path: os.truncate(path, 0),
    "replaced by something else": lambda path: path.write_bytes(b"\xffsomething else\x00" * 50),
    "deleted": lambda path: path.unlink(),
}


def same(one: SearchResult, other: SearchResult) -> bool:
    """Equal but for the last digits of cosines, which depend on the texts that were embedded together."""
    scores = [[hit.score for hit in result.hits] for result in (one, other)]
    return [hit.passage for hit in one.hits] == [hit.passage for hit in other.hits] and scores[0] == pytest.approx(
        scores[1], abs=2e-3
    )


damaged = pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())


@damaged
def test_damage_to_any_one_file_of_the_index_is_noticed_mended_and_said(
    whole: Path, tmp_path: Path, encoder: Encoder, damage: Callable[[Path], object]
) -> None:
    expected = SearchIndex(whole).search(MEANING, encoder=encoder)
    names = [file.relative_to(whole) for file in sorted(whole.rglob("*")) if file.is_file() and file.stat().st_size]
    assert len(names) > 14
    for number, name in enumerate(names):
        cache = Path(shutil.copytree(whole, tmp_path / str(number)))
        damage(cache / name)
        unsynced = SearchIndex(cache).search(MEANING, encoder=encoder)
        assert {hit.passage for hit in unsynced.hits} <= set(PASSAGES), name
        index = SearchIndex(cache)
        report = index.sync(PASSAGES, encoder=encoder)
        assert report.mended == (name.suffix != ".lock"), name
        assert report.waiting == 0, name
        assert same(index.search(MEANING, encoder=encoder), expected), name
        assert SearchIndex(cache).sync(PASSAGES, encoder=encoder) == SyncReport(0, 0, 0, 0), name


def test_damage_to_every_file_at_once_is_mended_by_starting_over(whole: Path, tmp_path: Path, encoder: Encoder) -> None:
    cache = Path(shutil.copytree(whole, tmp_path / "cache"))
    for file in cache.rglob("*"):
        if file.is_file() and file.stat().st_size:
            flip(file)
    index = SearchIndex(cache)
    assert index.sync(PASSAGES, encoder=encoder) == SyncReport(5, 0, 5, 0, mended=True)
    assert same(index.search(MEANING, encoder=encoder), SearchIndex(whole).search(MEANING, encoder=encoder))


def test_a_bit_of_the_manifest_cannot_lie_about_the_rest(whole: Path, encoder: Encoder) -> None:
    """Whatever bit of a manifest is flipped, what is then read is either refused or true."""
    for file in sorted(whole.rglob("manifest.json")):
        content = file.read_bytes()
        truth = encoder_module.read_manifest(file.parent)
        try:
            for place in range(0, len(content), 7):
                file.write_bytes(content[:place] + bytes([content[place] ^ 2]) + content[place + 1 :])
                read = encoder_module.read_manifest(file.parent)
                assert read is None or {key: read.get(key) for key in truth or {}} == truth
        finally:
            file.write_bytes(content)


of_the_encoder = pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "manifest.json"])


def linked(source: Path, target: Path, apart: str = "") -> Path:
    """The encoder's 90 MB in another folder, without their bytes but for the file that stays apart."""
    target.mkdir(parents=True)
    for file in source.iterdir():
        (shutil.copyfile if file.name == apart else os.link)(file, target / file.name)
    return target


@damaged
@of_the_encoder
def test_a_damaged_encoder_is_refused_before_onnxruntime_sees_it(
    encoder_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    damage: Callable[[Path], object],
) -> None:
    folder = linked(encoder_folder, tmp_path / "encoder", apart=name)
    damage(folder / name)
    monkeypatch.setattr(encoder_module, "_open_session", lambda _: pytest.fail("a damaged graph was opened"))
    with pytest.raises(EncoderMissing, match="tutor index"):
        Encoder(folder)
    assert not Encoder.ready(folder)


@damaged
@of_the_encoder
def test_a_damaged_encoder_is_made_again_and_said(
    encoder_folder: Path,
    tutor_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    damage: Callable[[Path], object],
) -> None:
    """The export takes half a minute; its result, which the other tests go by, stands in for it here."""

    def exported(folder: Path, progress: Progress, chosen: str) -> str:
        shutil.rmtree(folder)
        progress(1, 1, "exported")
        linked(encoder_folder, folder)
        return ""

    monkeypatch.setattr(prepare, "_export", exported)
    folder = linked(encoder_folder, tutor_home / "cache" / "encoder", apart=name)
    damage(folder / name)
    heard: list[str] = []
    with Workspace.open(tutor_home, environ={}) as workspace:
        monkeypatch.setattr(workspace, "refresh_index", lambda *_, **__: None)
        workspace.prepare(lambda done, total, label: heard.append(label), most=0)
        encoder = workspace.encoder()
    assert heard == ["exported"]
    assert encoder is not None and encoder.encode(["caching"]).shape == (1, 384)


@pytest.mark.parametrize("pattern", ["keywords/g-*/*.term", "vectors/*/g-*/*.codes.npy"], ids=["keywords", "vectors"])
def test_the_program_says_that_it_mends_a_damaged_index(prepared_home: Path, pattern: str) -> None:
    def search() -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "tutor", "search", "chunk overlap", "--json"]
        return subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=True)

    expected = search()
    assert "damaged" not in expected.stderr
    flip(next((prepared_home / "cache").glob(pattern)))
    runs = [search(), search(), search()]
    assert sum("damaged" in run.stderr for run in runs) == 1
    assert [run.stdout for run in runs[1:]] == [expected.stdout] * 2
