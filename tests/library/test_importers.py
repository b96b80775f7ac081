"""Other sources of chapters, whole folders, and the promise that an edited file is never overwritten."""

import os
from datetime import date
from pathlib import Path

import pytest

from tests.library.samples import CHAPTER, chapter_text, write_track
from tutor.domain.errors import ContentError, NotFound
from tutor.library.catalogue import load_library
from tutor.library.importers import import_source, sources

TODAY = date(2026, 11, 22)
LIST = """# Reranking questions

A few to begin with.

**Q:** What does a reranker
read?
A: The query and the passage together. It is slower than a bi-encoder.

```python
# A: not an answer
```

## Costs

Q2: Why not rerank everything?
A2: Each pair costs a forward pass.
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    return tmp_path / "packs"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


def file(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_questions_and_answers_become_a_chapter(source: Path, packs: Path):
    report = import_source(file(source, "list.md", LIST), packs, today=TODAY)
    assert (report.track_id, report.chapter_ids) == ("imported", ("imported/reranking-questions",))
    loaded = load_library([(packs, False)])
    assert loaded.problems == ()
    chapter = next(loaded.library.chapters())
    assert (chapter.title, chapter.section_id) == ("Reranking questions", "question-lists")
    assert [(section.heading, section.text) for section in chapter.sections] == [
        ("", "A few to begin with."),
        ("Costs", ""),
    ]
    first, second = chapter.questions
    assert first.text == "What does a reranker read?"
    assert first.reference.startswith("The query and the passage together. It is slower")
    assert "# A: not an answer" in first.reference
    assert first.points[0].text == "The query and the passage together." and first.points[0].essential
    assert (second.text, second.reference) == ("Why not rerank everything?", "Each pair costs a forward pass.")


def test_notes_become_a_chapter_without_questions(source: Path, packs: Path):
    text = "# Runbook\n\nRead first.\n\n# Caches\n\nPurge them.\n\n### Edge\n\nIt keeps 60 minutes. {#x}\n"
    report = import_source(file(source, "a.md", text), packs, today=TODAY)
    assert report.chapter_ids == ("imported/runbook",)
    loaded = load_library([(packs, False)])
    assert loaded.problems == ()
    chapter = next(loaded.library.chapters())
    assert (chapter.title, chapter.section_id, chapter.questions) == ("Runbook", "notes", ())
    assert [(section.path, section.text) for section in chapter.sections] == [
        ((), "Read first."),
        (("Caches",), "Purge them."),
        (("Caches", "Edge"), "It keeps 60 minutes. \\{#x}"),
    ]


@pytest.mark.parametrize(
    ("front", "title"),
    [("tags: [a]\ntitle: 'On-call: basics'\n", "On-call: basics"), ("tags: [a]\n", "On call"), ("", "On call")],
    ids=["title", "no title", "empty"],
)
def test_the_front_matter_of_another_program_is_left_out(source: Path, packs: Path, front: str, title: str):
    import_source(file(source, "on-call.md", f"---\n{front}---\nCall.\n\n## Who\n\nThem.\n"), packs, today=TODAY)
    chapter = next(load_library([(packs, False)]).library.chapters())
    assert (chapter.title, [section.text for section in chapter.sections]) == (title, ["Call.", "Them."])


def test_a_fault_below_other_front_matter_is_named_by_its_line(source: Path, packs: Path):
    path = file(source, "a.md", "---\ntags: a\n---\n# T\n\nQ: Why?\n\nQ: How?\nA: So.\n")
    with pytest.raises(ContentError, match=":6: question has no answer"):
        import_source(path, packs, today=TODAY)


def test_a_list_without_a_title_is_named_by_its_file(source: Path, packs: Path):
    import_source(file(source, "vector-stores.txt", "Q: Why?\nA: Because it is fast."), packs, today=TODAY)
    assert next(load_library([(packs, False)]).library.chapters()).title == "Vector stores"


def test_the_same_question_with_another_answer_is_another_question(source: Path, packs: Path):
    text = "Q: Why?\nA: It is fast.\n\nQ: Why?\nA: It is cheap.\n\nQ: Why?\nA: It is fast.\n"
    import_source(file(source, "a.md", text), packs, today=TODAY)
    questions = next(load_library([(packs, False)]).library.chapters()).questions
    assert [question.reference for question in questions] == ["It is fast.", "It is cheap."]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Q: Why?\n\nQ: How?\nA: So.", "1: question has no answer. Write it under the question, after `A:`."),
        ("Q: Why?\nA: So.\nA: Or so.", "3: this answer has no question. Write a `Q:` line above it."),
        ("Q:\nA: So.", "1: question has no text. Write it after `Q:`."),
        (
            "Q: Why?\nA: So.\n```\n",
            "3: the code fence opened here is never closed. Add a line ````` where the code ends.",
        ),
        ("---\nid: a\n---\n", "1: front matter has no title. Add a line `title: ...`."),
        (
            "Some notes.\n",
            "1: is in no format that can be imported. Write a heading, or `Q:` and `A:` lines, "
            "or save a chapter page with its date and Key Questions.",
        ),
        (
            "Issue # 5 stays open.\n\n```\n# a comment\n```\n",
            "1: is in no format that can be imported. Write a heading, or `Q:` and `A:` lines, "
            "or save a chapter page with its date and Key Questions.",
        ),
        ("a\0b", "1: is not text. Save it as plain text first."),
    ],
    ids=[
        "no answer",
        "two answers",
        "no question text",
        "open fence",
        "bad chapter",
        "no format",
        "no heading",
        "binary",
    ],
)
def test_a_source_that_cannot_be_imported_is_named_by_line(source: Path, packs: Path, text: str, sentence: str):
    path = file(source, "a.md", text)
    with pytest.raises(ContentError) as caught:
        import_source(path, packs, today=TODAY)
    assert str(caught.value) == f"{path}:{sentence}"
    assert not packs.exists()


def test_a_chapter_in_our_format_goes_to_the_track_it_stands_in(source: Path, packs: Path):
    track = write_track(source)
    report = import_source(track / "01-basics" / "01-chunking.md", packs, today=TODAY)
    assert report.written == (packs / "course" / "01-basics" / "01-chunking.md",)
    library = load_library([(packs, False)]).library
    assert [section.title for section in library.tracks[0].sections] == ["Basics"]
    text = report.written[0].read_text()
    assert CHAPTER.partition("---\n## ")[2] in text and 'imported: {from: "01-chunking.md", on: 2026-11-22,' in text


def test_a_chapter_of_a_shipped_track_goes_beside_it(source: Path, packs: Path):
    body = CHAPTER.partition("---\n## ")[2]
    text = chapter_text("chunking", "Chunking", "prerequisites: [what-is-rag]\n", f"## {body}")
    write_track(source, "rag", {"01-chunking.md": text})
    report = import_source(source, packs, today=TODAY)
    assert report.chapter_ids == ("my-rag/chunking",)
    chapter = next(load_library([(packs, False)]).library.chapters())
    assert chapter.questions[0].id == "my-rag/chunking#why-split"
    assert chapter.prerequisites == ("my-rag/what-is-rag",)


def test_a_folder_is_imported_file_by_file_and_each_refusal_is_a_sentence(source: Path, packs: Path, tmp_path: Path):
    file(source, "a.md", LIST)
    (source / "deeper").mkdir()
    file(source / "deeper", "b.txt", "Q: Why?\nA: Because it is fast.")
    file(source, "broken.md", "no format")
    file(source, ".hidden.md", LIST)
    (source / ".git").mkdir()
    file(source / ".git", "c.md", LIST)
    file(source, "picture.png", "x")
    file(source, "large.md", "x" * 2_000_001)
    os.mkfifo(source / "pipe.md")
    (source / "out.md").symlink_to(file(tmp_path, "secret.md", LIST))
    (source / "away").symlink_to(tmp_path)
    (source / "bytes.md").write_bytes(b"Q: a\nA: \xff\n")
    report = import_source(source, packs, today=TODAY)
    assert report.chapter_ids == ("imported/reranking-questions", "imported/b")
    assert sorted(note.replace(f"{source}/", "") for note in report.notes) == [
        ".git is a hidden folder and was left out.",
        ".hidden.md is a hidden file and was left out.",
        "away is a link to a folder and was left out. Import that folder itself.",
        "broken.md:1: is in no format that can be imported. Write a heading, or `Q:` and `A:` lines, "
        "or save a chapter page with its date and Key Questions. The file was left out.",
        "bytes.md:2: this line is not UTF-8 text. Save the file as UTF-8. The file was left out.",
        "large.md is larger than 2 MB and was left out. Split it.",
        "out.md is a link that leads out of the folder and was left out. Copy the file itself there.",
        "picture.png was left out: an import reads .md, .markdown, .txt.",
        "pipe.md is not an ordinary file and was left out.",
    ]
    again = import_source(source, packs, today=TODAY)
    assert (again.written, again.unchanged, len(again.notes)) == ((), 2, 9)


def test_a_folder_of_too_many_files_stops_with_a_sentence(source: Path, packs: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sources, "MOST_FILES", 2)
    for name in "abc":
        file(source, f"{name}.md", f"Q: Why {name}?\nA: Because it is fast.")
    report = import_source(source, packs, today=TODAY)
    assert len(report.written) == 2
    assert report.notes == (
        f"{source} holds more than 2 files; the rest were not read. Import its folders one by one.",
    )


def test_a_missing_source_and_the_packs_themselves_are_refused(source: Path, packs: Path):
    with pytest.raises(NotFound, match="There is no file or folder at"):
        import_source(source / "nothing.md", packs, today=TODAY)
    written = import_source(file(source, "a.md", LIST), packs, today=TODAY).written[0]
    with pytest.raises(NotFound, match="is among your packs already"):
        import_source(written, packs, today=TODAY)


def test_a_changed_source_replaces_what_its_import_left(source: Path, packs: Path):
    path = file(source, "a.md", LIST)
    first = import_source(path, packs, today=TODAY).written[0]
    path.write_text(LIST.replace("forward pass", "whole forward pass"))
    report = import_source(path, packs, today=TODAY)
    assert report.written == (first,)
    assert "whole forward pass" in first.read_text()
    assert [found.name for found in first.parent.iterdir()] == [first.name]


@pytest.mark.parametrize("change_source", [False, True], ids=["same source", "changed source"])
def test_a_file_the_learner_edited_is_left_alone(source: Path, packs: Path, change_source: bool):
    path = file(source, "a.md", LIST)
    written = import_source(path, packs, today=TODAY).written[0]
    edited = written.read_text().replace("A few to begin with.", "My own words.")
    written.write_text(edited)
    if change_source:
        path.write_text(LIST.replace("forward pass", "whole forward pass"))
    report = import_source(path, packs, today=TODAY)
    assert report.written == () and report.unchanged == 0
    assert report.notes == (
        f"{written} was edited since it was imported, so it was left alone. Delete it to import it afresh.",
    )
    assert written.read_text() == edited


def test_a_chapter_keeps_its_place_when_the_learner_moves_it(source: Path, packs: Path):
    path = file(source, "a.md", LIST)
    written = import_source(path, packs, today=TODAY).written[0]
    moved = written.with_name("07-reranking-questions.md")
    written.rename(moved)
    path.write_text(LIST.replace("forward pass", "whole forward pass"))
    assert import_source(path, packs, today=TODAY).written == (moved,)


def test_another_source_of_the_same_title_does_not_overwrite(source: Path, packs: Path):
    written = import_source(file(source, "a.md", LIST), packs, today=TODAY).written[0]
    before = written.read_text()
    other = file(source, "b.md", "# Reranking questions\n\nQ: Why?\nA: Because it is fast.\n")
    assert import_source(other, packs, today=TODAY).notes == (
        f'{written} was imported from "a.md", so it was left alone. Give one of the two another title.',
    )
    assert written.read_text() == before


def test_a_file_that_no_import_wrote_is_left_alone(source: Path, packs: Path):
    write_track(packs, "imported", {"01-reranking-questions.md": chapter_text("reranking-questions", "Mine")})
    report = import_source(file(source, "a.md", LIST), packs, today=TODAY)
    own = packs / "imported" / "01-basics" / "01-reranking-questions.md"
    assert report.notes == (
        f"{own} was not written by an import, so it was left alone. Rename one of the two chapters.",
    )


def test_a_second_section_is_added_to_the_track_unless_the_learner_edited_it(source: Path, packs: Path):
    for name in ("One", "Two", "Three"):
        page = f"Atlas\n\nSection {name}\n\nPage {name}\n\nMay 1, 2026\n\nText.\n"
        track = packs / "atlas" / "track.yaml"
        if name == "Three":
            edited = "# mine\n" + track.read_text()
            track.write_text(edited)
        report = import_source(file(source, f"{name}.txt", page), packs, today=TODAY)
        assert len(report.written) == 1
    assert track.read_text() == edited
    assert report.notes == (
        f'{track} was edited, so it was left alone. Add {{id: section-three, title: "Section Three"}} to its sections.',
    )
    library = load_library([(packs, False)]).library
    assert [section.id for section in library.tracks[0].sections] == ["section-one", "section-two", "section-three"]
    assert [path.name for path in sorted((packs / "atlas").glob("0*"))] == [
        "01-section-one",
        "02-section-two",
        "03-section-three",
    ]


def test_a_write_that_fails_leaves_nothing_behind(source: Path, packs: Path, monkeypatch: pytest.MonkeyPatch):
    def no_room(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(ContentError, match=r"cannot be written \(No space left on device\)"):
        import_source(file(source, "a.md", LIST), packs, today=TODAY)
    assert [path for path in packs.rglob("*") if path.is_file()] == []
