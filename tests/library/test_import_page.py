"""A chapter page saved from the web as plain text becomes a chapter of the packs, whole."""

from datetime import date
from pathlib import Path

import pytest

from tutor.domain.content import Chapter
from tutor.domain.errors import ContentError
from tutor.library.catalogue import load_library
from tutor.library.importers import ImportReport, import_source
from tutor.library.lint import check_library

PAGE = Path(__file__).parent / "data" / "rag-vs-fine-tuning.txt"
TODAY = date(2026, 11, 22)


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    return tmp_path / "packs"


def imported(packs: Path) -> Chapter:
    import_source(PAGE, packs, today=TODAY)
    return next(load_library([(packs, False)]).library.chapters())


def test_the_page_becomes_one_chapter_of_the_atlas_track(packs: Path):
    report = import_source(PAGE, packs, today=TODAY)
    file = packs / "atlas" / "01-evaluation-and-failure-modes" / "01-rag-vs-fine-tuning.md"
    assert report == ImportReport("atlas", ("atlas/rag-vs-fine-tuning",), (file,), 0, ())
    loaded = load_library([(packs, False)])
    assert loaded.problems == ()
    track = loaded.library.tracks[0]
    assert (track.id, track.title, track.shipped) == ("atlas", "Atlas", False)
    assert [(section.id, section.title) for section in track.sections] == [
        ("evaluation-and-failure-modes", "Evaluation and Failure Modes")
    ]
    chapter = track.sections[0].chapters[0]
    assert (chapter.title, chapter.updated) == ("RAG vs Fine-tuning", date(2026, 3, 30))
    assert check_library([(packs, False)]) == []


def test_files_are_the_owners_only(packs: Path):
    import_source(PAGE, packs, today=TODAY)
    files = [path for path in packs.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_every_heading_bullet_and_paragraph_arrives(packs: Path):
    sections = imported(packs).sections
    assert [section.heading for section in sections] == [
        "In This Chapter",
        "The Core Difference",
        "When RAG Is the Better Choice",
        "When Fine-tuning Helps More",
        "The Common Interview Mistake",
        "They Can Work Together",
    ]
    body = "\n".join(section.text for section in sections)
    lines = [line.strip() for line in PAGE.read_text(encoding="utf-8").split("\n") if line.strip()]
    lines = lines[lines.index("Mar 30, 2026") + 1 : lines.index("Key Questions")]
    headings = {section.heading for section in sections}
    wanted = ["- " + line[1:].strip() if line.startswith("•") else line for line in lines if line not in headings]
    assert [line for line in body.split("\n") if line] == wanted
    assert sum(line.startswith("- ") for line in wanted) == 15


def test_the_key_questions_have_their_answers_and_derived_points(packs: Path):
    difference, choice, together = imported(packs).questions
    assert difference.text == "What is the difference between RAG and fine-tuning?"
    assert difference.reference == (
        "RAG injects external knowledge at inference time by retrieving relevant documents. "
        "Fine-tuning changes the model itself through training. "
        "RAG is mainly for knowledge access, while fine-tuning is mainly for behavior shaping."
    )
    assert difference.contrast == choice.contrast == ("RAG", "fine-tuning")
    assert [(point.essential, point.text) for point in difference.points] == [
        (True, "RAG injects external knowledge at inference time by retrieving relevant documents."),
        (True, "Fine-tuning changes the model itself through training."),
        (False, "RAG is mainly for knowledge access."),
        (False, "Fine-tuning is mainly for behavior shaping."),
    ]
    assert choice.text == "When would you choose RAG over fine-tuning?"
    assert [(point.essential, point.text) for point in choice.points] == [
        (True, "I would choose RAG when the knowledge base changes frequently."),
        (False, "I would choose RAG when I need source traceability."),
        (False, "I would choose RAG when answers must come from a controlled document set."),
        (False, "Those are all cases where external retrieval is more practical than retraining."),
    ]
    assert together.text == "Can RAG and fine-tuning be used together?"
    assert together.reference.startswith("Yes. A common pattern") and together.contrast == ()
    assert [(point.essential, point.text) for point in together.points] == [
        (True, "RAG and fine-tuning can be used together."),
        (
            False,
            "A common pattern is to use RAG to provide current evidence and fine-tuning to shape answer style, "
            "workflow behavior, or tool use.",
        ),
        (False, "They solve different layers of the problem."),
    ]
    assert all(point.derived for question in (difference, choice, together) for point in question.points)
    assert [question.id.partition("#")[2] for question in (difference, choice, together)] == [
        "difference-between-rag-fine-tuning",
        "when-choose-rag-over-fine-tuning",
        "can-rag-fine-tuning-used-together",
    ]


def test_importing_again_changes_no_byte(packs: Path):
    import_source(PAGE, packs, today=TODAY)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in packs.rglob("*") if path.is_file()}
    report = import_source(PAGE, packs, today=date(2027, 1, 1))
    assert (report.written, report.unchanged, report.notes) == ((), 1, ())
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in packs.rglob("*") if path.is_file()} == before


def page(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "page.txt"
    file.write_text(text, encoding="utf-8")
    return file


HEADER = "Atlas\n\nRoadmap\n\nBasics\n\nTitle\n\n3 April 2026\n\n"


@pytest.mark.parametrize(
    ("body", "markdown"),
    [
        ("Why It Exists\n\nText.", "## Why It Exists\n\nText."),
        ("A weak answer is:\n\nEverything is fine", "A weak answer is:\n\nEverything is fine"),
        ("Steps:\n  1. One\n  2) Two", "Steps:\n\n1. One\n2. Two"),
        ("• One that\n    goes on\n• Two", "- One that\n  goes on\n- Two"),
        ("# not a heading, <b>not bold</b>.", "\\# not a heading, \\<b>not bold\\</b>."),
        ("Key points:\n\nAfterwards.", "Key points\\:\n\nAfterwards."),
    ],
    ids=["heading", "quote after a colon", "numbered", "wrapped bullet", "markup", "our own marker"],
)
def test_page_text_becomes_markdown_that_shows_the_same(tmp_path: Path, packs: Path, body: str, markdown: str):
    import_source(page(tmp_path, HEADER + body), packs, today=TODAY)
    chapter = next(load_library([(packs, False)]).library.chapters())
    assert chapter.updated == date(2026, 4, 3)
    assert chapter.markdown == markdown + "\n"


def test_answers_keep_their_paragraphs_and_lists_and_hostile_markers_stay_prose(tmp_path: Path, packs: Path):
    marked = "Key points:\n\n(essential) and {#x} are said, then ```."
    answer = f"It has parts:\n\n• one part here\n• another part\n\n{marked}"
    text = f"{HEADER}Key Questions\n\nQ: What has it?\n\n{answer}\n\nQ: And then?\n\nNothing follows that."
    import_source(page(tmp_path, text), packs, today=TODAY)
    loaded = load_library([(packs, False)])
    assert loaded.problems == ()
    first, second = next(loaded.library.chapters()).questions
    assert first.reference == (
        "It has parts:\n\n- one part here\n- another part\n\nKey points\\:\n\n"
        "\\(essential) and \\{#x} are said, then ```."
    )
    assert second.reference == "Nothing follows that."


def test_a_question_without_an_answer_is_named_by_its_line(tmp_path: Path, packs: Path):
    file = page(tmp_path, f"{HEADER}Key Questions\n\nQ: Why?\n\nQ: How?\n\nSo.")
    with pytest.raises(ContentError) as caught:
        import_source(file, packs, today=TODAY)
    assert str(caught.value) == f"{file}:13: question has no answer. Write it under the question."
    assert not packs.exists()
