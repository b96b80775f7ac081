"""Reading: a chapter as written, moving about, the place kept, questions folded, citations highlighted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tui.driving import Driver, driven
from tests.tui.fakes import SHAPES, VERSUS, WHAT, FakeWorkspace
from tutor.domain.answer import Answer
from tutor.domain.content import BodySection, Chapter
from tutor.tui import opening
from tutor.tui.screens.reader import Reader
from tutor.tui.widgets.blocks import BlockKind, markdown_blocks
from tutor.tui.widgets.chapter import chapter_blocks, quote_marks
from tutor.tui.widgets.chapter_view import ChapterView
from tutor.tui.widgets.document import Document
from tutor.tui.widgets.pieces import cut


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


def long_chapter(sections: int) -> Chapter:
    """Sections of three screens each; every one but the last speaks of nothing but itself."""
    text = "Some words that go on for a while, number {}. " * 30
    made = tuple(
        BodySection(f"Part {n}", 2, (f"Part {n}",), text.replace("{}", str(n)), 10 + 4 * n) for n in range(sections)
    )
    questions = tuple(replace(question, line=9000 + n) for n, question in enumerate(VERSUS.questions))
    return replace(VERSUS, sections=made, questions=questions)


async def test_only_the_stretch_around_the_reader_is_made(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        opening.read(tutor.app, long_chapter(400))
        await tutor.sees("Part 0")
        text = tutor.app.screen.query_one(ChapterView)
        made = sum(len(block.content.plain) for block in text.blocks)
        assert made < 60_000
        for n in range(40):
            await tutor.press("n")
            await tutor.until(lambda n=n: tutor.line(2) == f"Part {n}")
        assert sum(len(block.content.plain) for block in text.blocks) < 120_000


async def test_a_long_chapter_is_one_text_from_end_to_end(workspace: FakeWorkspace) -> None:
    workspace.store.remember_place(VERSUS.id, 10 + 4 * 200)
    async with driven(workspace) as tutor:
        opening.read(tutor.app, long_chapter(400))
        await tutor.sees("Part 200")
        seen: list[str] = []
        while tutor.line(2) != "Part 199":
            await tutor.press("k")
            seen.insert(0, tutor.line(2))
            assert len(seen) < 60
        assert " ".join(" ".join(seen).split()).count("number 199") == 30
        await tutor.press("G")
        await tutor.sees("Fine-Tuning or Retrieval?", "Answer 2 questions")
        await tutor.press("g")
        await tutor.sees("core · asked often")


@pytest.mark.parametrize(
    "text",
    ["word " * 400_000, "x" * 300_000, "```\n" + "code = 1\n" * 40_000 + "```", "- item\n" * 20_000],
    ids=["one line of words", "one word", "one block of code", "one list"],
)
async def test_a_section_of_any_shape_opens(workspace: FakeWorkspace, text: str) -> None:
    chapter = replace(VERSUS, sections=(BodySection("All of it", 2, ("All of it",), text, 10),))
    async with driven(workspace) as tutor:
        opening.read(tutor.app, chapter)
        await tutor.sees("All of it")
        assert len(tutor.app.screen.query_one(ChapterView).blocks) < 30_000
        await tutor.press("G")
        await tutor.sees("Answer 2 questions")


async def test_words_are_found_as_one_types_and_n_goes_on(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await opened(tutor)
        await tutor.press("f")
        await tutor.type("fine-tuning")
        await tutor.sees("Find fine-tuning 1 of")
        await tutor.press("enter", "n", "n")
        await tutor.sees("3 of", "n Next", "p Previous")
        await tutor.press("N")
        await tutor.sees("2 of")
        await tutor.press("f")
        await tutor.type("nowhere at all")
        await tutor.sees("not found")
        await tutor.press("escape")
        await tutor.until(lambda: "Find nowhere" not in tutor.text and "q Quiz" in tutor.text)


async def test_found_words_far_away_are_gone_to(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        opening.read(tutor.app, long_chapter(400))
        await tutor.sees("Part 0")
        await tutor.press("ctrl+f")
        await tutor.type("number 377")
        await tutor.sees("1 of 1", "number 377")


async def test_a_look_at_a_passage_is_not_a_place_to_continue_until_one_reads_on(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (60, 12)) as tutor:
        opening.read(tutor.app, VERSUS, quote=SHAPES, heading="When fine-tuning helps more")
        await tutor.sees(SHAPES)
        await tutor.pilot.pause(0.1)
        await tutor.press("escape")
        assert workspace.store.last_opened() is None
        opening.read(tutor.app, VERSUS, quote=SHAPES, heading="When fine-tuning helps more")
        await tutor.sees(SHAPES)
        await tutor.pilot.pause(0.1)
        await tutor.press("G", "escape")
        await tutor.until(lambda: workspace.store.last_opened() is not None)


async def test_every_chapter_remembers_its_own_place(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await opened(tutor)
        await tutor.press("n", "n", "escape")
        opening.read(tutor.app, WHAT)
        await tutor.sees("What is RAG", "In one breath")
        await tutor.press("escape")
        reader = await opened(tutor)
        assert reader.document.line == 14
        assert tutor.line(2) == "When RAG is the better choice"


async def test_a_note_stands_under_its_heading_and_survives_leaving(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await opened(tutor)
        await tutor.press("n", "e")
        await tutor.sees("Your note on In one breath", "Esc keeps it")
        await tutor.type("ask about [/] costs")
        await tutor.press("escape")
        await tutor.sees("✎ ask about [/] costs")
        await tutor.press("escape")
        await opened(tutor)
        await tutor.sees("✎ ask about [/] costs")
        await tutor.press("e", "ctrl+u", "escape")
        await tutor.until(lambda: "✎" not in tutor.text)
    assert workspace.store.notes(VERSUS.id) == {}


async def test_asking_from_a_section_carries_it_along(workspace: FakeWorkspace) -> None:
    heard: list[str] = []
    answer = workspace.script.answer

    def ask(question: str, **_: object) -> Answer:
        heard.append(question)
        return answer

    workspace.ask = ask  # type: ignore[method-assign]
    async with driven(workspace) as tutor:
        await opened(tutor)
        await tutor.press("n", "n", "a")
        await tutor.sees("Ask about When RAG is the better choice …", "Backspace All chapters")
        await tutor.type("whyy")
        await tutor.until(lambda: "All chapters" not in tutor.text)
        await tutor.press("backspace", "enter")
        await tutor.sees("Tab Read", "Backspace All chapters")
        await tutor.press("backspace")
        await tutor.sees("Ask about the chapters …")
        await tutor.until(lambda: "All chapters" not in tutor.text)
        await tutor.type("how")
        await tutor.press("enter")
        await tutor.until(lambda: len(heard) == 2)
    assert heard == ["why (RAG vs Fine-tuning: When RAG is the better choice)", "how"]


def test_cut_text_is_the_same_text_and_code_stays_code() -> None:
    code = "```python\n" + "x = 1  # a comment\n\n" * 4000 + "```"
    text = "Before.\n\n" + code + "\n\nAfter.\n\n1. one\n\n2. two"
    stretches = list(cut(text))
    assert len(stretches) > 2
    blocks = [block for skipped, stretch in stretches for block in markdown_blocks(stretch, first_line=skipped + 1)]
    assert {block.kind for block in blocks[1:-3]} == {BlockKind.CODE}
    assert sum(block.content.plain.count("x = 1") for block in blocks) == 4000
    assert [block.content.plain for block in (blocks[0], *blocks[-3:])] == ["Before.", "After.", "one", "two"]
    assert blocks[-3].line == text[: text.index("After.")].count("\n") + 1


async def test_space_turns_the_page(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (60, 20)) as tutor:
        await opened(tutor)
        await tutor.sees("asked often")
        await tutor.press("space")
        await tutor.until(lambda: "asked often" not in tutor.text)


LONG = "How a reranker reads the question and the passage together before it says which is nearer"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (180, 40)], ids=str)
async def test_no_heading_is_cut_in_the_outline(workspace: FakeWorkspace, size: tuple[int, int]) -> None:
    chapter = replace(VERSUS, sections=(BodySection(LONG, 2, (LONG,), "Text.", 10), *VERSUS.sections[:2]))
    async with driven(workspace, size) as tutor:
        opening.read(tutor.app, chapter)
        await tutor.sees("q Quiz")
        await tutor.press("o")
        await tutor.until(lambda: getattr(tutor.app.screen.focused, "id", "") == "outline")
        x, y, width, height = tutor.app.screen.query_one("#outline").region
        beside = " ".join(line[x : x + width - 1] for line in tutor.lines[y : y + height])
        assert " ".join(beside.split()).startswith(LONG)
        assert "When RAG is the better choice" in " ".join(beside.split())
        await tutor.press("j", "enter")
        await tutor.until(lambda: getattr(tutor.app.screen.focused, "id", "") == "text")
        assert tutor.app.screen.query_one("#outline").display is (size[0] >= 110)


async def test_while_words_are_looked_for_the_bottom_line_says_what_n_goes_to(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await opened(tutor)
        assert "n Next " in tutor.lines[-1]
        await tutor.press("f")
        await tutor.type("rag")
        await tutor.press("enter")
        await tutor.sees("n Next match", "p Previous match")
        await tutor.press("escape")
        await tutor.until(lambda: "match" not in tutor.lines[-1])


@pytest.mark.parametrize("keys", [("r", "j", "w"), ("r", "j", "enter", "w"), ("P", "w")], ids=str)
async def test_cramming_begins_where_one_is_and_moves_nothing(workspace: FakeWorkspace, keys: tuple[str, ...]) -> None:
    async with driven(workspace) as tutor:
        await tutor.walk(*keys)
        await tutor.sees("1 of 3" if keys[0] == "P" else "1 of 2", "^s Submit")
        await tutor.type("rag")
        await tutor.press("ctrl+s")
        await tutor.sees("3 Good")
        await tutor.press("3")
        await tutor.sees("your schedule stays")
    assert workspace.store.memories() == {}
