"""Owns the list of everything that was answered: found by words, opened to look at its grades and to contest them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.domain.errors import NotFound, TutorError
from tutor.tui import opening
from tutor.tui.keys import key_of
from tutor.tui.screens.past_answer import PastAnswerPage
from tutor.tui.screens.place import Place
from tutor.tui.widgets.filter_line import FilterLine
from tutor.tui.widgets.listing import Listing
from tutor.tui.widgets.past_rows import about_past, past_row

if TYPE_CHECKING:
    from tutor.study.lookback import PastAnswer


class PastList(Listing):
    """A list that says what Enter does to its lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", id="history.open", tooltip="This answer with its grades"),
    ]


class History(Place):
    """What was answered, newest first."""

    NAME = "History"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "filter", "Filter", id="history.filter", tooltip="Only answers and questions with these words"),
        Binding("q", "quiz", "Quiz", id="go.quiz", tooltip="Start today's quiz"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._all: list[PastAnswer] = []
        self._shown: list[PastAnswer] = []

    def compose_place(self) -> Iterable[Widget]:
        """One list, above it the words that narrow it, below it the chosen answer."""
        yield FilterLine()
        yield PastList(id="past", markup=False)
        yield Static(id="about-past", markup=False)

    def on_screen_resume(self) -> None:
        """A grade may have been added or judged."""
        super().on_screen_resume()
        self._read()
        if not self.writing:
            self.query_one(PastList).focus()

    def facts_changed(self) -> None:
        """The chapters may only now have been read."""
        super().facts_changed()
        if self.is_mounted and not self._all:
            self._read()

    def _read(self) -> None:
        if self.tutor.library_ready:
            self._all = self.workspace.past_answers()
        self.fill()

    def on_resize(self, _: events.Resize) -> None:
        """Questions take the room there is."""
        if self.query("#past"):
            self.fill()

    def bar(self) -> tuple[str, ...]:
        """Open first."""
        if self.writing:
            return ("filter.keep", "go.back")
        return ("history.open", "history.filter", "go.back", "go.quiz", "go.progress")

    def fill(self) -> None:
        """The list anew, the highlight on the answer it was on."""
        listed, was = self.query_one(PastList), self.chosen
        words = self.query_one(FilterLine).words.casefold().split()
        self._shown = [past for past in self._all if all(word in _text(past) for word in words)]
        listed.clear_options()
        listed.add_options(self.options())
        ids = [past.attempt.id for past in self._shown]
        if ids:
            listed.highlighted = ids.index(was.attempt.id) if was and was.attempt.id in ids else 0
        self.describe()

    def options(self) -> Iterator[Option]:
        """A line each, or what to do when there is none."""
        width = self.app.size.width - 7
        for past in self._shown:
            yield Option(past_row(past, width))
        if not self._shown:
            start = f"No answer yet. {key_of('go.quiz')} starts today's quiz."
            told = f"No answer has these words. {key_of('go.back')} shows all." if self._all else start
            yield Option(Content.styled(told, "$text-muted"), disabled=True)

    @property
    def chosen(self) -> PastAnswer | None:
        """The answer under the highlight."""
        at = self.query_one(PastList).highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    @on(OptionList.OptionHighlighted)
    def describe(self) -> None:
        """Say more of the chosen answer."""
        past = self.chosen
        words = about_past(past, self._chapter(past)) if past else Content("")
        self.query_one("#about-past", Static).update(words)

    def _chapter(self, past: PastAnswer) -> str:
        try:
            return self.workspace.chapter(past.attempt.question_id.partition("#")[0]).title
        except NotFound:
            return past.attempt.question_id

    @on(FilterLine.Changed)
    def narrow(self) -> None:
        """Other words, other answers."""
        self.fill()

    @on(FilterLine.Left)
    def to_list(self) -> None:
        """What was found can be walked through."""
        self.query_one(PastList).focus()

    def action_filter(self) -> None:
        """Type words."""
        self.query_one(FilterLine).begin()

    @on(OptionList.OptionSelected)
    def open_answer(self) -> None:
        """This answer with its grades."""
        past = self.chosen
        if past is None:
            return
        try:
            self.app.push_screen(PastAnswerPage(self.workspace.look_back(past)))
        except TutorError as error:
            self.app.notify(str(error), severity="warning", markup=False, timeout=6)

    def action_quiz(self) -> None:
        """Today's."""
        opening.start_quiz(self.tutor)

    def action_back(self) -> None:
        """Every answer again, then out of here."""
        line = self.query_one(FilterLine)
        if line.display:
            line.clear()
            self.fill()
            self.query_one(PastList).focus()
        else:
            super().action_back()


def _text(past: PastAnswer) -> str:
    """What is looked through for words."""
    question = past.question.text if past.question else past.attempt.question_id
    return f"{question} {past.attempt.text}".casefold()
