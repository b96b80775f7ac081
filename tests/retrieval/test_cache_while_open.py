"""Files of a cache damaged in place while a process has them open: it goes on, hits are right, they are made again."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.retrieval import material
from tutor.domain.errors import TutorError
from tutor.retrieval import generations, keywords
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.index import SearchIndex
from tutor.retrieval.reports import SyncReport

ROOT = Path(__file__).parents[2]
PASSAGES = material.passages()


def write_over(path: Path) -> None:
    """Other bytes in the same file, as many."""
    with path.open("r+b") as file:
        content = file.read()
        file.seek(0)
        file.write(bytes(byte ^ 0x55 for byte in content))


CUTS: dict[str, Callable[[Path], object]] = {
    "cut short": lambda path: os.truncate(path, path.stat().st_size // 2),
    "emptied": lambda path: os.truncate(path, 0),
}
DAMAGE: dict[str, Callable[[Path], object]] = {
    "emptied": CUTS["emptied"],
    "written over": write_over,
    "deleted": lambda path: path.unlink(),
}


def damaged_while_open(
    whole: Path, caches: Path, encoder_folder: Path, kinds: dict[str, Callable[[Path], object]], small: int
) -> dict[str, dict[str, list[list[str]]]]:
    """What a process finds in a cache for each file and kind of damage, done while it has the file open.

    The files of its encoder are emptied meanwhile, too.
    """
    names = [file.relative_to(whole) for file in sorted(whole.rglob("*")) if file.is_file() and file.stat().st_size]
    assert {name.suffix for name in names} >= {".npy", ".graph", ".term", ".store", ".idx", ".json", ".rows", ".places"}
    each = [
        (f"{n:02} {name.name} {kind}", name, damage) for n, name in enumerate(names) for kind, damage in kinds.items()
    ]
    for place, _, _ in each:
        shutil.copytree(whole, caches / place)
    encoder = Path(shutil.copytree(encoder_folder, caches.with_name("encoder")))
    words = [sys.executable, "-m", "tests.retrieval.searching_on", str(encoder), str(caches), str(small)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        before = json.loads(process.stdout.readline())
        assert len(before) == len(each)
        for place, name, damage in each:
            damage(caches / place / name)
        for file in encoder.iterdir():
            os.truncate(file, 0)
        told = process.communicate("go on\n")[0].splitlines()
    assert process.returncode == 0, f"it ended at {told[-1]}"
    found = dict(json.loads(line) for line in told)
    assert list(found) == sorted(place for place, _, _ in each)
    return {place: {**says, "before": before[0]} for place, says in found.items()}


def test_what_is_done_to_an_open_index_is_not_felt(whole: Path, tmp_path: Path, encoder_folder: Path) -> None:
    told = damaged_while_open(whole, tmp_path / "caches", encoder_folder, DAMAGE, generations.SMALL)
    for place, each in told.items():
        assert each["found"] == [each["before"]] * 2, place
        assert (each["said"], each["after"]) == ("", each["before"]), place


def test_a_large_index_that_was_cut_short_is_noticed_before_the_next_search(
    whole: Path, tmp_path: Path, encoder_folder: Path
) -> None:
    for place, each in damaged_while_open(whole, tmp_path / "caches", encoder_folder, CUTS, 0).items():
        assert all(set(found) <= set(each["before"]) for found in each["found"]), place
        assert (each["said"], each["after"]) == ("", each["before"]), place


def test_a_file_cut_while_passages_are_embedded_loses_none_of_them(
    whole: Path, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written so far is linked into what is written next, so the damage would travel."""
    monkeypatch.setattr("tutor.retrieval.vector_upkeep.CHUNK", 1)
    cache = Path(shutil.copytree(whole, tmp_path / "cache"))
    shutil.rmtree(cache / "vectors")
    index = SearchIndex(cache)

    def cut(done: int, total: int, label: str) -> None:
        if done == 4:
            os.truncate(next(cache.glob("vectors/*/g-*/s*.codes.npy")), 40)

    with pytest.raises(TutorError, match="damaged meanwhile"):
        index.sync(PASSAGES, encoder=encoder, progress=cut)
    assert index.sync(PASSAGES, encoder=encoder) == SyncReport(0, 0, embedded=5, waiting=0, mended=True)


@pytest.mark.parametrize("damage", [*CUTS.values(), write_over], ids=[*CUTS, "written over"])
def test_a_file_damaged_while_the_keywords_are_written_is_made_again(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], object]
) -> None:
    cache = Path(shutil.copytree(whole, tmp_path / "cache"))
    index, update = SearchIndex(cache), keywords.update
    expected = index.search("overlap", encoder=None)
    store = next(cache.glob("keywords/g-*/*.store"))

    def update_amid_damage(folder: Path, **changes: Iterable[object]) -> None:
        update(folder, **changes)
        if store.exists():
            damage(store)

    monkeypatch.setattr(keywords, "update", update_amid_damage)
    some, new = PASSAGES[0].chapter_id, [replace(PASSAGES[0], text="Other words.")]
    with pytest.raises(LookupError):
        index.sync(new, encoder=None, chapters=[some])
    assert index.sync(PASSAGES, encoder=None).mended
    assert index.search("overlap", encoder=None) == expected
