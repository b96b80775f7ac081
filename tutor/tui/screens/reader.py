"""Owns reading: a chapter as one surface, its outline, words found in it, the place one was at, one's own notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, OptionList

from tutor.domain.content import Chapter
from tutor.domain.text import visible
from tutor.tui import opening
from tutor.tui.keys import key_of
from tutor.tui.screens.place import Place
from tutor.tui.screens.reader_keys import FINDING, READER_BINDINGS, bar
from tutor.tui.widgets.bars import Key
from tutor.tui.widgets.chapter import place_of
from tutor.tui.widgets.chapter_view import ChapterView
from tutor.tui.widgets.document import Document
from tutor.tui.widgets.find_line import FindLine
from tutor.tui.widgets.outline import Outline
from tutor.tui.widgets.words import counted

REMEMBER_AFTER = 1.5
"""Seconds of stillness after which the place is written down."""


class Reader(Place):
    """One chapter."""

    BINDINGS: ClassVar[list[BindingType]] = READER_BINDINGS

    def __init__(self, chapter: Chapter, *, quote: str = "", heading: str = "") -> None:
        super().__init__()
        self.chapter = chapter
        self._quote = quote
        self._heading = heading
        self._timer: Timer | None = None
        self._came_to = 0

    def compose_place(self) -> Iterable[Widget]:
        """The outline beside the text, the line to find words below."""
        with Horizontal():
            yield Outline()
            yield ChapterView("text", centred=True)
        yield FindLine()

    def on_mount(self) -> None:
        """Show the text, at the quoted passage or where one left it."""
        self.show_chapter()
        self.outline.fill(self.document.entries, self.app.size.width)
        self.document.focus()
        self.go_to_start()

    def on_resize(self, event: events.Resize) -> None:
        """The outline comes and goes with the room for it."""
        self.outline.fit(event.size.width)

    @property
    def outline(self) -> Outline:
        """The headings."""
        return self.query_one(Outline)

    @property
    def document(self) -> ChapterView:
        """The text."""
        return self.query_one("#text", ChapterView)

    def place_name(self) -> str:
        """The chapter's title."""
        return self.chapter.title

    def bar(self) -> tuple[str, ...]:
        """Quiz first; then moving about."""
        return bar(finding=bool(self.query_one(FindLine).words))

    def keys_now(self) -> list[Key]:
        """While words are looked for, next and previous mean places of theirs."""
        finding = bool(self.query_one(FindLine).words)
        return [replace(key, label=FINDING.get(key.id, key.label)) if finding else key for key in super().keys_now()]

    def show_chapter(self) -> None:
        """The chapter's text with the quoted passage marked, and the learner's notes in it."""
        store = self.workspace.store
        read = self.chapter.id in store.read_chapters()
        notes = store.notes(self.chapter.id)
        self.document.open(self.chapter, read=read, quote=self._quote, heading=self._heading, notes=notes)

    def go_to_start(self) -> None:
        """To the passage one came for, else to the place one left, else to the top."""
        if not self.document.go_to_quote() and (line := self.workspace.store.place_in(self.chapter.id)) > 1:
            self.document.go_to_line(line)
        if self._quote:
            self.call_after_refresh(self._glance)
        else:
            self.remember()

    def _glance(self) -> None:
        self._came_to = self.document.line

    @on(Document.Moved)
    def remember_soon(self) -> None:
        """The learner scrolled: show where that is, and write it down once they pause."""
        outline = self.outline
        if outline.display and not outline.has_focus:
            outline.highlighted = self.document.entry if self.document.entry >= 0 else None
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(REMEMBER_AFTER, self.remember)

    def remember(self) -> None:
        """Write down which line is at the top; a look at a quoted passage is no reading until one goes on from it."""
        if self.document.line != self._came_to:
            self._came_to = 0
            self.workspace.store.remember_place(self.chapter.id, self.document.line)

    def on_unmount(self) -> None:
        """Leaving is a pause too."""
        if self._timer is not None:
            self._timer.stop()

    def action_back(self) -> None:
        """Close what is open over the text, then leave, with the place written down."""
        find = self.query_one(FindLine)
        if self.outline.has_focus:
            self.action_outline()
        elif find.display:
            find.display = False
            self.document.find("", 0)
            self.document.focus()
            self.refresh_frame()
        else:
            if self._timer is not None:
                self.remember()
            super().action_back()

    def action_next(self, step: int) -> None:
        """To the next or previous place of the words found, else heading."""
        find, text = self.query_one(FindLine), self.document
        if find.words:
            find.say(text.find(find.words, step))
            return
        on = text.entry + (step if step > 0 or text.at_heading else 0)
        if 0 <= on < len(text.entries):
            text.go_to_entry(on)
        else:
            text.action_edge(1 if step > 0 else 0)

    def action_page(self, step: int) -> None:
        """By a page, as in every pager."""
        self.document.action_page(step)

    def action_outline(self) -> None:
        """Into the outline, and out of it."""
        outline = self.outline
        outline.opened = not outline.has_focus and outline.option_count > 0
        outline.fit(self.app.size.width)
        if not outline.opened:
            self.document.focus()
            return
        outline.highlighted = max(0, self.document.entry)
        outline.focus()

    @on(OptionList.OptionSelected, "#outline")
    def jump(self, event: OptionList.OptionSelected) -> None:
        """To the chosen heading."""
        self.document.go_to_entry(event.option_index)
        self.action_outline()

    # Finding

    def action_find(self) -> None:
        """Words to find, in the line below."""
        self.document.begin_finding()
        self.query_one(FindLine).begin()

    @on(Input.Changed, "#find")
    def find_as_typed(self, event: Input.Changed) -> None:
        """The first place at or after the one in view."""
        self.query_one(FindLine).say(self.document.find(event.value, 0))

    @on(Input.Submitted, "#find")
    def found(self) -> None:
        """Back to the text, with n and N between the places."""
        self.document.focus()

    # What one leaves behind

    def action_mark_read(self) -> None:
        """Written down at once; the roadmap shows it."""
        self.workspace.store.mark_read(self.chapter.id)
        self.refresh_chapter()
        count = counted(len(self.chapter.questions), "key question")
        self.app.notify(f"Marked as read. {key_of('reader.quiz')} answers its {count}.", markup=False)

    def refresh_chapter(self) -> None:
        """The same place, with what has changed around it."""
        line = self.document.line
        self.show_chapter()
        self.document.go_to_line(line)

    def action_note(self) -> None:
        """Write on the section one is in."""
        from tutor.tui.screens.note import Note

        title, place = self.here()
        text = self.workspace.store.notes(self.chapter.id).get(place, "")

        def keep(written: str | None) -> None:
            if written is not None and written != text:
                self.workspace.store.save_note(self.chapter.id, place, written)
                self.refresh_chapter()

        self.app.push_screen(Note(f"Your note on {visible(title)}", text), keep)

    def here(self) -> tuple[str, str]:
        """The title of the section in view, and what a note on it is kept under; the chapter's above the first."""
        entry = self.document.entry
        at = self.document.entries[entry].line if entry >= 0 else -1
        section = next((each for each in self.chapter.sections if each.heading and each.line == at), None)
        return (section.heading, place_of(section)) if section is not None else (self.chapter.title, "")

    def action_quiz(self) -> None:
        """This chapter's questions."""
        opening.start_quiz(self.tutor, self.chapter)

    def action_cram(self) -> None:
        """This chapter's weakest questions, on a schedule that stays as it is."""
        opening.start_quiz(self.tutor, self.chapter, cram=True)

    def action_ask(self) -> None:
        """Ask with what is in view in mind."""
        from tutor.tui.screens.ask import Ask

        section = self.here()[0]
        self.tutor.action_visit("ask")
        screen = self.app.screen
        if isinstance(screen, Ask):
            screen.about(visible(self.chapter.title), section="" if section == self.chapter.title else section)
