"""Asking: answers grow in view, numbers open passages, strangers are dropped, nothing is claimed without support."""

from __future__ import annotations

from dataclasses import replace

from tests.tui.driving import Driver, driven
from tests.tui.fakes import ABSTAINED, ANSWER, SHAPES, SUPPLIES, VERSUS, FakeWorkspace
from tutor.domain.errors import ModelNotRunning
from tutor.library.catalogue import load_library
from tutor.tui.messages import Answered, AnswerGrew, Failed
from tutor.tui.screens.ask import Ask
from tutor.workspace import EngineStatus


async def asked(tutor: Driver, question: str = "why rag") -> Ask:
    """A question, sent."""
    await tutor.press("a")
    await tutor.sees("Ask about the chapters")
    await tutor.type(question)
    await tutor.press("enter")
    assert isinstance(tutor.app.screen, Ask)
    return tutor.app.screen


async def test_an_empty_page_says_what_to_ask(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("a")
        await tutor.sees("The answer comes from the chapters alone.", "When would you not use RAG?")


async def test_an_answer_has_numbered_citations_and_marks_what_has_no_support(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.sees("why rag", "by retrieving documents. [1]", "Both can win prizes. ⟨not in the chapters⟩")
        await tutor.sees("[2] RAG vs Fine-tuning · When fine-tuning helps more", f"“{SHAPES}”", "Ollama · llama3.2:3b")


async def test_sources_that_disagree_are_said_to_under_the_answer(workspace: FakeWorkspace) -> None:
    disagree = "The sources disagree: [1] says “3 %”, [2] says “5 %”."
    workspace.script.answer = replace(ANSWER, conflicts=(disagree,))
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.sees(disagree, "[2] RAG vs Fine-tuning · When fine-tuning helps more")


async def test_an_answer_grows_in_view(workspace: FakeWorkspace) -> None:
    workspace.script.pieces = ("RAG supplies",)
    workspace.script.gate.clear()
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.sees("RAG supplies", "Answering", "Esc stops it")
        workspace.script.gate.set()
        await tutor.sees("Ollama · llama3.2:3b")


async def test_a_number_opens_the_passage_in_the_reader(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.sees("Tab Read")
        await tutor.press("tab", "2")
        await tutor.sees("f Find")
        assert any(line.strip() == f"▌ {SHAPES}" for line in tutor.lines)
        await tutor.press("escape")
        await tutor.sees("why rag")


async def test_a_number_opens_the_passage_side_by_side_on_a_wide_screen(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (120, 40)) as tutor:
        await asked(tutor)
        await tutor.sees("Tab Read")
        await tutor.press("tab", "2")
        await tutor.sees("why rag", "[2] RAG vs Fine-tuning")
        await tutor.until(lambda: any(f"▌ {SHAPES}" in line for line in tutor.lines))
        await tutor.press("2")
        await tutor.sees("f Find")
        await tutor.press("escape", "escape")
        await tutor.until(lambda: "o Open chapter" not in tutor.text)


async def test_a_follow_up_can_be_typed_at_once(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        ask = await asked(tutor)
        await tutor.sees("Ollama · llama3.2:3b", "Tab Read, open Esc Back F1 Help")
        await tutor.type("2 more a1")
        assert tutor.app.screen is ask
        await tutor.until(lambda: any(line.strip(" ▌") == "2 more a1" for line in tutor.lines))
        await tutor.press("enter")
        await tutor.until(lambda: len(workspace.script.history) == 1)
        await tutor.press("escape")
        await tutor.sees("Today")


async def test_tab_leads_to_reading_and_back_and_keeps_what_was_begun(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.sees("Tab Read")
        await tutor.type("what of")
        await tutor.press("tab")
        await tutor.sees("Tab Write 1 Open [1]")
        await tutor.press("1")
        await tutor.sees("f Find")
        await tutor.press("escape", "tab")
        await tutor.type(" costs")
        await tutor.until(lambda: any(line.strip(" ▌") == "what of costs" for line in tutor.lines))


async def test_the_arrows_scroll_a_long_answer_from_the_line(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (60, 12)) as tutor:
        ask = await asked(tutor)
        await tutor.sees("Tab Read")
        begun = ask.transcript.scroll_offset.y
        await tutor.press("down")
        await tutor.until(lambda: ask.transcript.scroll_offset.y == begun + 1)
        await tutor.press("up", "pagedown")
        await tutor.until(lambda: ask.transcript.scroll_offset.y > begun + 1)


async def test_a_number_without_citation_does_nothing(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        ask = await asked(tutor)
        await tutor.sees("Tab Read")
        await tutor.press("tab", "7")
        assert tutor.app.screen is ask


async def test_abstention_names_the_nearest_chapters(workspace: FakeWorkspace) -> None:
    workspace.script.answer = ABSTAINED
    async with driven(workspace) as tutor:
        await asked(tutor, "how long do i rest a steak")
        await tutor.sees("The chapters say nothing about steaks.", "Nearest chapters", "[1] What is RAG")
        await tutor.press("tab", "1")
        await tutor.sees("Types like list[int]")


async def test_escape_stops_an_answer_and_drops_what_comes_late(workspace: FakeWorkspace) -> None:
    workspace.script.gate.clear()
    async with driven(workspace) as tutor:
        ask = await asked(tutor)
        await tutor.sees("Looking in the chapters")
        await tutor.press("escape")
        await tutor.sees("Stopped.")
        workspace.script.gate.set()
        ask.post_message(AnswerGrew(1, "late words"))
        ask.post_message(Answered(1, workspace.script.answer))
        ask.post_message(Failed(1, "late trouble"))
        await tutor.pilot.pause(0.1)
        assert "late words" not in tutor.text
        assert "late trouble" not in tutor.text
        assert "[1]" not in tutor.text


async def test_messages_of_another_question_are_dropped(workspace: FakeWorkspace) -> None:
    workspace.script.gate.clear()
    async with driven(workspace) as tutor:
        ask = await asked(tutor)
        await tutor.sees("Looking in the chapters")
        ask.post_message(AnswerGrew(99, "a stranger"))
        ask.post_message(Answered(99, workspace.script.answer))
        await tutor.pilot.pause(0.1)
        assert "a stranger" not in tutor.text
        await tutor.sees("Looking in the chapters")
        workspace.script.gate.set()
        await tutor.sees("[1]")


async def test_a_failure_says_what_to_do_and_the_question_stays(workspace: FakeWorkspace) -> None:
    workspace.script.error = ModelNotRunning('Ollama is not running. Start it with "ollama serve".')
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.sees("why rag", 'Start it with "ollama serve".')


async def test_history_of_the_sitting_stays_and_numbers_mean_the_chosen_one(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 40)) as tutor:
        await asked(tutor, "first")
        await tutor.sees("[2]")
        workspace.script.answer = ABSTAINED
        await tutor.type("second")
        await tutor.press("enter")
        await tutor.sees("first", "second", "Nearest chapters")
        await tutor.press("escape")
        await tutor.sees("Today")
        await tutor.press("a", "tab")
        await tutor.sees("first", "second")
        await tutor.press("p", "p", "2")
        await tutor.sees("f Find", SHAPES)


async def test_a_question_is_asked_after_the_answers_before_it(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.sees("Ollama · llama3.2:3b")
        assert workspace.script.history == ()
        await tutor.type("and what does it cost")
        await tutor.press("enter")
        await tutor.until(lambda: len(workspace.script.history) == 1)
        assert workspace.script.history[0].text == ANSWER.text


async def test_that_no_server_runs_is_not_repeated_with_every_answer(workspace: FakeWorkspace) -> None:
    detail = "Ollama is not running at 127.0.0.1:11434."
    workspace.engine = EngineStatus("local", detail)
    workspace.script.answer = replace(ANSWER, engine="extractive", note=f"Read as “why”. {detail} From the chapters.")
    async with driven(workspace, (80, 40)) as tutor:
        await asked(tutor)
        await tutor.sees("Read as “why”. From the chapters.", "the chapters' own sentences")
        assert detail not in tutor.text


async def test_an_abstention_says_how_the_question_was_read_and_which_model_found_nothing(
    workspace: FakeWorkspace,
) -> None:
    workspace.script.answer = replace(ABSTAINED, engine="ollama:llama3.2:3b", note="Read as “steak”.")
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.sees("Read as “steak”.", "nothing about steaks", "Nearest chapters", "Ollama · llama3.2:3b")


async def test_an_answer_is_kept_as_a_note_where_it_stands_once(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (120, 40)) as tutor:
        await asked(tutor)
        await tutor.sees("Tab Read")
        await tutor.press("tab")
        await tutor.sees("e Keep")
        await tutor.press("e")
        await tutor.sees("Kept as your note")
        await tutor.press("e")
        note = workspace.store.notes(VERSUS.id)["In one breath"]
        assert note == f"why rag\n{SUPPLIES} Fine-tuning shapes behaviour."


async def test_an_answer_becomes_a_key_question_of_ones_own(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (120, 40)) as tutor:
        await asked(tutor, "why rag?")
        await tutor.sees("Tab Read")
        await tutor.press("tab")
        await tutor.sees("w Make a question")
        await tutor.press("w")
        await tutor.sees("A key question of yours now")
    loaded = load_library([(workspace.home.packs, False)])
    assert not loaded.problems
    (question,) = loaded.library.questions()
    assert question.id == "my-questions/why-rag#why-rag"
    assert question.reference == f"{SUPPLIES} Fine-tuning shapes behaviour."
    assert question.points[0].text == SUPPLIES


async def test_what_the_chapters_do_not_answer_cannot_be_kept(workspace: FakeWorkspace) -> None:
    workspace.script.answer = ABSTAINED
    async with driven(workspace, (120, 40)) as tutor:
        await asked(tutor)
        await tutor.sees("Nearest chapters")
        await tutor.press("tab", "e", "w")
        await tutor.sees("Only a question the chapters answer")
    assert not list(workspace.home.packs.iterdir())
