"""Reading: a chapter as written, moving about, the place kept, questions folded, citations highlighted."""

from __future__ import annotations

from tests.tui.driving import Driver, driven
from tests.tui.fakes import SHAPES, VERSUS, WHAT, FakeWorkspace
from tutor.tui import opening
from tutor.tui.screens.reader import Reader
from tutor.tui.widgets.chapter import chapter_blocks, quote_marks
from tutor.tui.widgets.document import Document


async def opened(tutor: Driver, **how: str) -> Reader:
    """The longer chapter, open."""
    opening.read(tutor.app, VERSUS, **how)
    await tutor.until(lambda: isinstance(tutor.app.screen, Reader) and bool(tutor.app.screen.query(Document)))
    await tutor.sees("RAG vs Fine-tuning", "Quiz")
    assert isinstance(tutor.app.screen, Reader)
    return tutor.app.screen


async def test_the_roadmap_lists_chapters_and_enter_opens_one(workspace: FakeWorkspace) -> None:
    workspace.store.mark_read(WHAT.id)
    async with driven(workspace) as tutor:
        await tutor.press("r")
        await tutor.sees("Foundations", "◔ read What is RAG", "○ new RAG vs Fine-tuning")
        await tutor.sees("●●○ core · asked now and then", "1 key question")
        await tutor.press("j", "enter")
        await tutor.sees("core · asked often", "updated 2026-11-22", "In one breath")
        await tutor.press("escape")
        await tutor.sees("key question")


async def test_p_walks_through_the_study_paths_and_back_to_everything(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("r")
        await tutor.sees("Foundations", "What is RAG ", "p Path")
        await tutor.press("p")
        await tutor.sees("One evening For tomorrow's interview.", "RAG vs Fine-tuning")
        assert "What is RAG" not in tutor.text
        await tutor.press("p")
        await tutor.sees("Foundations", "What is RAG ")


async def test_an_empty_roadmap_names_the_next_step(workspace: FakeWorkspace) -> None:
    from tutor.domain.content import Library

    workspace.shelf = Library(())
    async with driven(workspace) as tutor:
        await tutor.press("r")
        await tutor.sees("There are no chapters yet.", "tutor import FILE")


async def test_text_in_brackets_is_text(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("r", "enter")
        await tutor.sees("Types like list[int], a [/] and [@click=app.quit]quit[/] are text.")


async def test_moving_by_line_page_and_section(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        reader = await opened(tutor)
        text = reader.document
        await tutor.press("j", "j")
        assert text.scroll_offset.y == 2
        await tutor.press("k", "ctrl+d")
        assert text.scroll_offset.y == 1 + text.size.height // 2
        await tutor.press("G")
        assert text.scroll_offset.y == text.max_scroll_y
        await tutor.press("g")
        assert text.scroll_offset.y == 0
        await tutor.press("n", "n")
        assert tutor.line(2) == "When RAG is the better choice"
        await tutor.press("p")
        assert tutor.line(2) == "In one breath"


async def test_the_outline_jumps(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await opened(tutor)
        await tutor.press("o")
        await tutor.sees("When fine-tuning helps")
        await tutor.press("down", "down", "enter")
        assert tutor.line(2) == "When fine-tuning helps more"


async def test_the_outline_stands_beside_the_text_on_a_wide_screen(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (120, 40)) as tutor:
        await opened(tutor)
        await tutor.sees("│")
        assert "In one breath" in tutor.lines[2]


async def test_the_place_survives_leaving(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await opened(tutor)
        await tutor.press("n", "n", "n", "escape")
        await tutor.sees("Continue RAG vs Fine-tuning · When fine-tuning helps more")
    assert workspace.store.last_opened() == (VERSUS.id, 24)


async def test_key_questions_are_folded_at_the_end(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await opened(tutor)
        await tutor.press("G")
        await tutor.sees("1. What is the difference between RAG and fine-tuning?", "Sources")
        shown = "".join(block.content.plain for block in chapter_blocks(VERSUS, read=False))
        assert VERSUS.questions[0].reference not in shown
        await tutor.press("q")
        await tutor.sees("1 of 2", "Submit")


async def test_marking_as_read_is_kept(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await opened(tutor)
        await tutor.press("m")
        await tutor.sees("✓ read")
    assert VERSUS.id in workspace.store.read_chapters()


async def test_a_citation_opens_at_its_passage_highlighted(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await opened(tutor, quote=SHAPES, heading="When fine-tuning helps more")
        marked = [line for line in tutor.lines if "▌" in line]
        assert [line.strip() for line in marked] == [f"▌ {SHAPES}"]


async def test_asking_from_a_chapter_is_about_it(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await opened(tutor)
        await tutor.press("a")
        await tutor.sees("Ask about RAG vs Fine-tuning …")


def test_a_quote_is_found_inside_its_block() -> None:
    blocks = chapter_blocks(VERSUS, read=False)
    marks = quote_marks(blocks, "you need *traceable* sources")
    [(number, [(start, end)])] = marks.items()
    assert blocks[number].content.plain[start:end] == "you need traceable sources"


def test_a_whole_passage_marks_each_of_its_blocks() -> None:
    blocks = chapter_blocks(VERSUS, read=False)
    marks = quote_marks(blocks, VERSUS.sections[1].text)
    assert next(blocks[number].content.plain for number in marks).startswith("RAG is usually the better choice")
    assert len(marks) == 5


def test_a_quoted_reference_answer_unfolds_and_only_that_one() -> None:
    quote = "When knowledge changes often, when sources must be traceable."
    blocks = chapter_blocks(VERSUS, read=False, quote=quote)
    [number] = quote_marks(blocks, quote)
    assert blocks[number].content.plain == quote
    assert VERSUS.questions[0].reference not in "".join(block.content.plain for block in blocks)


def test_a_passage_that_is_gone_falls_back_to_its_heading() -> None:
    blocks = chapter_blocks(VERSUS, read=False)
    [number] = quote_marks(blocks, "Nobody wrote this.", "Parent › Together")
    assert blocks[number].content.plain == "Together"


def test_long_chapters_open_fast_and_page_fast() -> None:
    import time

    from tutor.tui.widgets.blocks import markdown_blocks
    from tutor.tui.widgets.measure import Measure

    section = "\n\n".join(f"## Part {n}\n\n" + "Some words that go on for a while. " * 30 for n in range(200))
    begun = time.process_time()
    blocks = markdown_blocks(section)
    parsed = time.process_time()
    Measure(blocks, 100, centred=False)
    assert len(section) > 200_000
    assert parsed - begun < 2.0
    assert time.process_time() - parsed < 1.0


async def test_space_turns_the_page(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (60, 20)) as tutor:
        await opened(tutor)
        await tutor.sees("asked often")
        await tutor.press("space")
        await tutor.until(lambda: "asked often" not in tutor.text)
