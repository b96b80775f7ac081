"""Files made to hurt: each gets a sentence within bounded time and memory, and the rest of the folder is imported."""

import os
import socket
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tutor.domain.errors import ContentError
from tutor.library.importers import import_source, sources

TODAY = date(2026, 11, 22)
GOOD = "# Caching\n\nQ: What is a cache?\nA: A cache keeps results. It saves repeated work.\n"
FRONT = "---\nid: laughs\ntitle: Laughs\n{}\n---\n## Body\n\nText.\n"
LAUGHS = "a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\naliases: *c"
MEGABYTES = 1024 * 1024


def sparse(path: Path) -> None:
    """200 MB that take no room on the disk."""
    with path.open("wb") as file:
        file.truncate(200 * MEGABYTES)


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../../etc/chapter.md", b"0" * 20 * MEGABYTES)


def socket_file(path: Path) -> None:
    bound = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket may have at most 107 bytes
    try:
        bound.bind(path.name)
    finally:
        os.chdir(here)
        bound.close()


def of(content: bytes | str) -> Callable[[Path], object]:
    """A file with this content."""
    raw = content.encode() if isinstance(content, str) else content
    return lambda path: path.write_bytes(raw)


HOSTILE: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "a 200 MB file": ("big.md", sparse, "larger than 2 MB"),
    "a zip bomb that climbs out": ("bomb.zip", zip_bomb, "Unpack it and import the folder."),
    "a broken PDF": ("broken.pdf", of(b"%PDF-1.7\n\x00\xff/Encrypt"), "Save its text as a .txt file"),
    "a page with a script": ("page.html", of("<script>alert(1)</script>"), "Save its text as a .txt file"),
    "a billion laughs": ("laughs.md", of(FRONT.format(LAUGHS)), "uses a YAML alias or anchor"),
    "a tag that would run code": (
        "tag.md",
        of(FRONT.format("aliases: !!python/object/apply:os.system [ls]")),
        "YAML tag",
    ),
    "deep nesting": ("deep.md", of(FRONT.format("aliases: " + "[" * 5000)), "nested deeper than 5 levels"),
    "front matter without end": ("long.md", of("---\n" + "a: b\n" * 100_000), "never closed"),
    "not UTF-8": ("latin.md", of(b"# Caf\xe9\n\nQ: Why?\nA: So.\n"), "not UTF-8 text"),
    "a program": ("program.md", of(b"\x7fELF\x02\x01\x01\x00\x00"), "is not text"),
    "a named pipe": ("pipe.md", os.mkfifo, "not an ordinary file"),
    "a socket": ("socket.md", socket_file, "not an ordinary file"),
    "a device": ("device.md", lambda path: path.symlink_to("/dev/zero"), "link that leads out"),
    "a link out": ("out.md", lambda path: path.symlink_to("/etc/passwd"), "link that leads out"),
    "a link to itself": ("loop.md", lambda path: path.symlink_to(path), "left out"),
    "one line of a megabyte": ("line.md", of("# x\n\nQ: " + "why " * 400_000 + "?\nA: so.\n"), "longer than 2,000"),
}


@pytest.mark.parametrize(("name", "make", "sentence"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_gets_a_sentence_and_its_neighbour_is_imported(
    tmp_path: Path, name: str, make: Callable[[Path], object], sentence: str
) -> None:
    folder, packs = tmp_path / "notes", tmp_path / "packs"
    folder.mkdir()
    (folder / "good.md").write_text(GOOD)
    make(folder / name)
    tracemalloc.start()
    report = import_source(folder, packs, today=TODAY)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "imported/caching" in report.chapter_ids
    assert any(name in note and sentence in note for note in report.notes), report.notes
    assert {path.name for path in tmp_path.iterdir()} == {"notes", "packs"}
    assert peak < 60 * MEGABYTES


@pytest.mark.parametrize("case", ["a zip bomb that climbs out", "a broken PDF", "a named pipe", "a program"])
def test_alone_it_is_refused(tmp_path: Path, case: str) -> None:
    name, make, sentence = HOSTILE[case]
    make(tmp_path / name)
    with pytest.raises(ContentError, match=sentence.replace(".", r"\.")):
        import_source(tmp_path / name, tmp_path / "packs", today=TODAY)
    assert not (tmp_path / "packs").exists()


def test_of_a_flood_of_files_few_are_looked_at_and_few_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MOST_LOOKED_AT", 300)
    for number in range(400):
        (tmp_path / f"{number:03}.bin").touch()
    report = import_source(tmp_path, tmp_path / "packs", today=TODAY)
    assert len(report.notes) == sources.MOST_NOTES + 2
    assert report.notes[-2] == "250 more files or folders were left out."
    assert "holds more than 300 files; the rest were not read" in report.notes[-1]


@pytest.mark.parametrize("name", ["{:03}", ".{:03}", "000/{:03}"], ids=["folders", "hidden folders", "folders within"])
def test_of_a_flood_of_folders_few_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(sources, "MOST_LOOKED_AT", 300)
    for number in range(400):
        (tmp_path / "notes" / name.format(number)).mkdir(parents=True)
    (tmp_path / "notes" / "zzz.md").write_text(GOOD)
    report = import_source(tmp_path / "notes", tmp_path / "packs", today=TODAY)
    assert "holds more than 300 files; the rest were not read" in report.notes[-1]


def test_how_far_an_import_is_can_be_shown(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(GOOD.replace("Caching", name))
    heard: list[tuple[int, int, str]] = []
    import_source(tmp_path, tmp_path / "packs", today=TODAY, progress=lambda *step: heard.append(step))
    assert heard == [(0, 2, "importing"), (1, 2, "importing")]
