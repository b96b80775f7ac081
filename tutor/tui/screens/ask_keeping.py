"""Owns what can be kept of an answer: a note on the section it stands on, or a key question of the learner's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.domain.errors import TutorError
from tutor.domain.text import visible
from tutor.tui import upkeep
from tutor.tui.keys import key_of
from tutor.tui.widgets.chapter import place_of

if TYPE_CHECKING:
    from tutor.domain.answer import Citation
    from tutor.tui.screens.ask import Ask
    from tutor.tui.widgets.transcript import Exchange


def keep_note(ask: Ask, exchange: Exchange) -> None:
    """Add the exchange to the note on the section that is cited first."""
    from tutor.library.importers.asked import borne_out

    answer = exchange.answer
    if answer is None or not answer.citations:
        _say(ask, "There is no passage this answer stands on, so there is no section to keep it at.")
        return
    cited, store = answer.citations[0], ask.workspace.store
    words = f"{exchange.asked.content.plain}\n{borne_out(answer)}"
    try:
        place = _place(ask, cited)
        before = store.notes(cited.chapter_id).get(place, "")
        if words not in before:
            store.save_note(cited.chapter_id, place, f"{before}\n\n{words}".strip())
        opens = f"In the chapter, {key_of('reader.note')} opens it."
        _say(ask, f"Kept as your note in {ask.title_of(cited.chapter_id)}, at [1]. {opens}")
    except TutorError as error:
        _say(ask, str(error))


def keep_question(ask: Ask, exchange: Exchange) -> None:
    """Write the exchange as a chapter of the learner's own; it is asked from then on."""
    from tutor.library.importers.asked import keep_asked

    answer = exchange.answer
    if answer is None or answer.abstained:
        _say(ask, "Only a question the chapters answer can become a key question.")
        return
    places = [f"{ask.title_of(cited.chapter_id)}, {cited.heading}" for cited in answer.citations]
    asked, today = exchange.asked.content.plain, ask.workspace.now().astimezone().date()
    try:
        with ask.workspace.writing_packs() as packs:
            placed = keep_asked(asked, answer, list(dict.fromkeys(places)), packs, today=today)
    except TutorError as error:
        _say(ask, str(error))
        return
    if placed.written:
        ask.workspace.reload()
        upkeep.begin(ask.tutor)
    told = "A key question of yours now" if placed.written else "It was a key question already"
    _say(ask, placed.note or f"{told}: {placed.file}. Edit it as you like; the roadmap lists it.")


def _place(ask: Ask, cited: Citation) -> str:
    """The section's name for notes; the chapter's own place when the heading is gone."""
    places = [place_of(section) for section in ask.workspace.chapter(cited.chapter_id).sections]
    ending = [place for place in places if place == cited.heading or place.endswith(cited.heading)]
    return ending[0] if ending else ""


def _say(ask: Ask, words: str) -> None:
    ask.app.notify(visible(words), markup=False, timeout=8)
