"""The roadmap: words narrow it, and the chosen chapter says how one stands and what comes before it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.events import AppFocus

from tests.tui.driving import driven
from tests.tui.fakes import LIBRARY, VERSUS, WHAT, FakeWorkspace
from tutor.domain.content import Library, Section


async def test_words_narrow_the_list_and_escape_shows_all_again(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("r")
        await tutor.sees("f Filter", "What is RAG", "RAG vs Fine-tuning")
        await tutor.press("f")
        await tutor.type("tuning rag")
        await tutor.until(lambda: "What is RAG" not in tutor.text)
        await tutor.sees("Filter tuning rag", "RAG vs Fine-tuning", "asked often")
        await tutor.type("x")
        await tutor.sees("No chapter has these words. Esc shows all.")
        await tutor.press("escape")
        await tutor.sees("What is RAG", "Foundations")
        assert "Filter tuning" not in tutor.text
        await tutor.press("escape")
        await tutor.sees("Start your first quiz")


async def test_what_was_found_is_read_and_still_there_afterwards(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("r", "f")
        await tutor.type("vs")
        await tutor.until(lambda: "What is RAG" not in tutor.text)
        await tutor.press("enter", "enter")
        await tutor.sees("f Find", "In one breath")
        await tutor.press("escape")
        await tutor.sees("Filter vs")
        await tutor.press("q")
        await tutor.sees("^s Submit")


async def test_the_chosen_chapter_says_how_one_stands_and_what_to_read_first(workspace: FakeWorkspace) -> None:
    track = LIBRARY.tracks[0]
    after = replace(VERSUS, prerequisites=(WHAT.id,))
    workspace.shelf = Library((replace(track, sections=(Section("foundations", "Foundations", (WHAT, after)),)),))
    async with driven(workspace) as tutor:
        await tutor.press("r")
        await tutor.sees("Readiness 0 of 1 practised, too few to say", "Read first nothing")
        await tutor.press("j")
        await tutor.sees("●●●", "0 of 2 practised, too few to say", "Read first What is RAG")


@pytest.mark.parametrize("back", ["by a key", "from an editor in another window"])
async def test_chapters_edited_meanwhile_are_read_again_on_the_way_to_a_place(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch, back: str
) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("r")
        await tutor.sees("What is RAG")
        if back == "by a key":
            await tutor.press("escape")
            await tutor.sees("Start your first quiz")
        renamed = replace(WHAT, title="What RAG is now")
        (track,) = LIBRARY.tracks
        sections = tuple(
            replace(one, chapters=tuple(renamed if c == WHAT else c for c in one.chapters)) for one in track.sections
        )
        edits = [Library((replace(track, sections=sections),))]
        monkeypatch.setattr(workspace, "edited", lambda: bool(edits))
        monkeypatch.setattr(workspace, "reload", lambda: setattr(workspace, "shelf", edits.pop()))
        if back == "by a key":
            await tutor.press("r")
        else:
            tutor.app.post_message(AppFocus())
        await tutor.sees("What RAG is now", "Chapter files changed")
