"""Noticing which chapters changed: what is read again, and what is not."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.library.catalogue import load_library
from tutor.retrieval.index import SearchIndex
from tutor.retrieval.passages import to_index
from tutor.workspace import Workspace, chapter_files
from tutor.workspace.chapter_files import Changed, changed_since, stamps

CHAPTER = """---
id: {name}
title: {title}
---
## In one breath

{text}

## Key questions

### Why {title}? {{#why}}

Because {text}

Key points:
- {text} {{#point}}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A track of three chapters."""
    track = tmp_path / "packs" / "notes"
    for number, (folder, name) in enumerate((("01-first", "bees"), ("01-first", "wasps"), ("02-second", "ants")), 1):
        (track / folder).mkdir(parents=True, exist_ok=True)
        text = CHAPTER.format(name=name, title=name.capitalize(), text=f"{name} build nests of paper number {number}.")
        (track / folder / f"0{number}-{name}.md").write_text(text)
    sections = "[{id: first, title: First}, {id: second, title: Second}]"
    (track / "track.yaml").write_text(f"id: notes\ntitle: Notes\nsections: {sections}\n")
    return tmp_path / "packs"


@pytest.fixture
def bees(root: Path) -> Path:
    return root / "notes" / "01-first" / "01-bees.md"


def look(root: Path, known: dict[str, list[object]]) -> Changed | None:
    return changed_since(known, [(root, False)])


def changes(root: Path, act: Callable[[], object]) -> Changed | None:
    """What is noticed after the act by somebody who saw everything before it."""
    before = look(root, {})
    assert before is not None
    act()
    return look(root, before.sources)


def test_the_first_look_reads_everything(root: Path) -> None:
    found = look(root, {})
    assert found is not None
    assert found.chapters is None
    assert {passage.chapter_id for passage in found.passages} == {"notes/bees", "notes/wasps", "notes/ants"}


def test_what_nobody_touched_is_not_even_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = look(root, {})
    assert before is not None
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("a file was read"))
    assert look(root, before.sources) is None


def test_an_edited_chapter_is_read_alone(root: Path, bees: Path) -> None:
    found = changes(root, lambda: bees.write_text(bees.read_text().replace("paper", "wax")))
    assert found is not None
    assert found.chapters == {"notes/bees"}
    assert all("wax" in passage.text for passage in found.passages)


def test_a_chapter_that_was_only_touched_changes_nothing_but_its_time(root: Path, bees: Path) -> None:
    found = changes(root, lambda: os.utime(bees, ns=(1, 1)))
    assert found is not None
    assert (found.passages, found.chapters) == ([], frozenset())
    assert look(root, found.sources) is None


def test_an_edit_that_keeps_time_and_size_is_seen_once_the_time_moves(root: Path, bees: Path) -> None:
    found = changes(root, lambda: bees.write_text(bees.read_text().replace("paper", "waxen")))
    assert found is not None
    assert found.chapters == {"notes/bees"}


def test_a_deleted_chapter_goes_and_no_other_is_read(root: Path, bees: Path) -> None:
    found = changes(root, bees.unlink)
    assert found is not None
    assert (found.passages, found.chapters) == ([], {"notes/bees"})


@pytest.mark.parametrize("target", ["01-first/09-bees.md", "02-second/01-honey.md"], ids=["renamed", "moved"])
def test_a_chapter_under_another_name_is_not_read_again(root: Path, bees: Path, target: str) -> None:
    found = changes(root, lambda: bees.rename(root / "notes" / target))
    assert found is not None
    assert (found.passages, found.chapters) == ([], frozenset())


def test_a_new_chapter_is_read_alone(root: Path, bees: Path) -> None:
    new = root / "notes" / "02-second" / "04-moths.md"
    found = changes(root, lambda: new.write_text(bees.read_text().replace("bees", "moths").replace("Bees", "Moths")))
    assert found is not None
    assert found.chapters == {"notes/moths"}
    assert {passage.chapter_id for passage in found.passages} == {"notes/moths"}


def test_a_chapter_that_becomes_another_takes_the_place_of_the_old(root: Path, bees: Path) -> None:
    found = changes(root, lambda: bees.write_text(bees.read_text().replace("bees", "moths")))
    assert found is not None
    assert found.chapters == {"notes/bees", "notes/moths"}


ALL_AGAIN: dict[str, Callable[[Path], object]] = {
    "a track file": lambda track: (track / "track.yaml").write_text((track / "track.yaml").read_text() + "\n"),
    "two chapters of one id": lambda track: shutil.copy(track / "01-first/01-bees.md", track / "02-second/05-bees.md"),
    "a chapter that broke": lambda track: (track / "01-first/01-bees.md").write_text("no front matter"),
    "a name that is no chapter's": lambda track: (track / "01-first/01-bees.md").rename(track / "01-first/bees.md"),
    "a new track": lambda track: shutil.copytree(track, track.with_name("other")),
}


@pytest.mark.parametrize("act", ALL_AGAIN.values(), ids=ALL_AGAIN.keys())
def test_where_others_may_be_concerned_all_are_read(root: Path, act: Callable[[Path], object]) -> None:
    found = changes(root, lambda: act(root / "notes"))
    assert found is not None
    assert found.chapters is None


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["a named pipe", "a folder"])
def test_what_is_no_file_is_not_waited_for(root: Path, make: Callable[[Path], None]) -> None:
    make(root / "notes" / "01-first" / "04-bumblebees.md")
    assert not [path for path in stamps([(root, False)]) if "bumblebees" in path], "opening it would hang"
    assert changes(root, lambda: make(root / "notes" / "01-first" / "05-hornets.md")) is None


def test_a_newer_program_reads_everything_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = look(root, {})
    assert before is not None
    monkeypatch.setattr(chapter_files, "_READERS", ("domain", "library"))
    found = look(root, before.sources)
    assert found is not None
    assert found.chapters is None


def test_many_small_steps_end_where_reading_everything_ends(root: Path, bees: Path, tmp_path: Path) -> None:
    """After each step the index holds exactly the passages of the library."""
    track, index = root / "notes", SearchIndex(tmp_path / "cache")
    steps: list[Callable[[], object]] = [
        lambda: None,
        lambda: bees.write_text(bees.read_text().replace("paper", "wax")),
        lambda: bees.rename(track / "02-second" / "07-bees.md"),
        lambda: shutil.copy(track / "02-second" / "07-bees.md", bees),
        (track / "02-second" / "07-bees.md").unlink,
        lambda: bees.write_text("broken"),
        lambda: bees.write_text((track / "01-first" / "02-wasps.md").read_text().replace("wasps", "bees")),
        (track / "02-second" / "03-ants.md").unlink,
        lambda: shutil.rmtree(track / "01-first"),
        (track / "track.yaml").unlink,
    ]
    for number, step in enumerate(steps):
        step()
        made = index.made("")
        found = changed_since(made.sources if made else {}, [(root, False)])
        if found is not None:
            index.sync(found.passages, encoder=None, chapters=found.chapters, sources=found.sources)
        wanted = [p for chapter in load_library([(root, False)]).library.chapters() for p in to_index(chapter)]
        assert index.made("").passages == len(wanted), number  # type: ignore[union-attr]
        assert all(index.passage(passage.id) == passage for passage in wanted), number


def test_a_workspace_says_whether_a_chapter_was_edited_since_it_was_read(root: Path, bees: Path) -> None:
    with Workspace.open(root.parent, environ={}) as workspace:
        assert not workspace.edited(), "nothing has been read yet"
        assert workspace.chapter("bees").title == "Bees"
        assert not workspace.edited()
        bees.write_text(bees.read_text().replace("title: Bees", "title: Honey bees"))
        assert workspace.edited()
        workspace.reload()
        assert workspace.chapter("bees").title == "Honey bees"
        assert not workspace.edited()
        bees.unlink()
        assert workspace.edited()


def test_the_version_of_the_content_is_of_what_the_chapters_hold(root: Path, bees: Path) -> None:
    with Workspace.open(root.parent, environ={}) as workspace:

        def version() -> str:
            workspace.refresh_index()
            return workspace.index_state().content

        before = version()
        bees.rename(bees.with_name("09-bees.md"))
        assert version() == before
        bees.with_name("09-bees.md").rename(bees.with_name("no chapter.md"))
        assert version() != before
        bees.with_name("no chapter.md").rename(bees)
        assert version() == before
        bees.write_text(bees.read_text().replace("paper", "wax"))
        assert version() != before
