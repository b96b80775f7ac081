"""Searching: hits as one types, the newest search wins, Enter opens the passage."""

from __future__ import annotations

from dataclasses import replace

from textual.content import Content
from textual.widgets import Input, OptionList

from tests.tui.driving import driven
from tests.tui.fakes import FakeWorkspace
from tutor.domain.passage import Hit, Passage, SearchResult
from tutor.tui.messages import Found
from tutor.tui.screens.search import hit_words


async def test_hits_come_while_typing_and_enter_opens_the_passage(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("slash")
        await tutor.sees("Type a word or a whole question.")
        await tutor.type("known corpus")
        await tutor.sees("1 passage, by meaning and keywords", "RAG vs Fine-tuning When RAG is the better choice")
        await tutor.press("enter")
        await tutor.sees("f Find")
        assert any("▌" in line and "known corpus" in line for line in tutor.lines)
        await tutor.press("escape")
        await tutor.sees("1 passage")


async def test_arrows_choose_while_one_goes_on_typing(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (120, 40)) as tutor:
        await tutor.press("slash")
        await tutor.type("rag")
        await tutor.sees("passages")
        first = tutor.text
        await tutor.press("down")
        await tutor.until(lambda: tutor.text != first)
        await tutor.type("x")
        await tutor.sees("ragx", "Nothing found.")


async def test_without_the_encoder_it_says_so(workspace: FakeWorkspace) -> None:
    workspace.encoder_ready = False
    workspace.preparing.clear()
    async with driven(workspace) as tutor:
        await tutor.press("slash")
        await tutor.type("corpus")
        await tutor.sees("by keywords until the encoder is ready")


async def test_of_a_misspelt_query_the_words_it_was_read_as_stand_out(workspace: FakeWorkspace) -> None:
    search = workspace.search

    def mended(query: str, k: int = 5, kinds: object = None) -> SearchResult:
        return replace(search("corpus", k, kinds), query=query, respelt="corpus")

    workspace.search = mended  # type: ignore[method-assign]
    async with driven(workspace) as tutor:
        await tutor.press("slash")
        await tutor.sees("Type a word or a whole question.")
        await tutor.type("crpus")
        await tutor.sees("Read as “corpus”. 1 passage")
        shown = tutor.app.screen.query_one("#hits", OptionList).get_option_at_index(0).prompt
        assert isinstance(shown, Content)
        bold = {shown.plain[span.start : span.end].casefold() for span in shown.spans if span.style == "bold $text"}
        assert bold == {"corpus"}


async def test_come_anew_one_types_another_query_and_come_back_one_goes_on(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("slash")
        await tutor.sees("Type a word or a whole question.")
        await tutor.type("corpu")
        await tutor.sees("1 passage")
        await tutor.press("enter")
        await tutor.sees("f Find")
        await tutor.press("escape")
        await tutor.sees("1 passage")
        await tutor.type("s")
        line = tutor.app.screen.query_one(Input)
        await tutor.until(lambda: line.value == "corpus")
        await tutor.press("escape")
        await tutor.sees("Enter Start")
        await tutor.walk("slash")
        await tutor.sees("1 passage", "corpus")
        await tutor.type("rag")
        await tutor.until(lambda: line.value == "rag")


async def test_an_older_search_is_dropped(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("slash")
        await tutor.type("corpus")
        await tutor.sees("1 passage")
        tutor.app.screen.post_message(Found(-1, SearchResult("old", "hybrid", ())))
        await tutor.pilot.pause(0.1)
        await tutor.sees("1 passage")


def test_a_hit_shows_a_table_and_code_as_words() -> None:
    text = "| Family | Cost |\n|---|---|\n| Flat | high |\n\n```python\nimport math\n```\n\nA *flat* index is exact."
    shown = hit_words(Hit(Passage("t/c:1", "t/c", "Indexes", ("Families",), text), 0.9), ["flat"]).plain
    assert shown.splitlines() == ["Indexes  Families", "Flat: high. A flat index is exact."]
