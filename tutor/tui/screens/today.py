"""Owns the first screen: what is due, what comes next, which engine answers, and one key to begin."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tutor.domain.settings import Settings
from tutor.tui import opening, upkeep
from tutor.tui.facts import WEAKEST, TodayFacts, today_facts
from tutor.tui.greeting import due_words, greeting
from tutor.tui.keys import key_of
from tutor.tui.screens.place import Place
from tutor.tui.widgets.target import Target
from tutor.tui.widgets.today_rows import engine_rows, in_columns, practice_rows
from tutor.tui.widgets.today_words import reading_words, start_words, summary

ROOMY = 24
"""Lines from which there is room for air."""


class Today(Place):
    """The place one starts from."""

    NAME = "Today"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "start", "Start", id="today.start", tooltip="Start today's quiz"),
        Binding("j,down", "scroll(1)", "Down", show=False),
        Binding("k,up", "scroll(-1)", "Up", show=False),
        Binding("i", "interview", "Interview", id="go.interview", tooltip="A mock round with a scorecard at the end"),
        Binding("d", "date", "Date", id="today.date", tooltip="When your interview is, and how long you have a day"),
        Binding(
            "w", "cram", "Cram", id="today.cram", tooltip="Weakest and heaviest first; your schedule stays as it is"
        ),
        Binding("x", "practise", "Practise", id="points.practise", tooltip="Answer what your weakest points belong to"),
        *(
            Binding(str(n), f"point({n})", "Read", show=False, id=f"today.point{n}", tooltip=f"Read weak point {n}")
            for n in range(1, WEAKEST + 1)
        ),
        Binding("c", "continue_reading", "Continue", id="today.continue", tooltip="Continue reading where you were"),
    ]

    _eager = False
    """Start was pressed before anybody had counted."""

    def compose_place(self) -> Iterable[Widget]:
        """Greeting, the one thing to do, and the state of things."""
        with VerticalScroll(id="today", can_focus=False):
            yield Static(id="greeting", markup=False)
            yield Static(id="summary", markup=False)
            yield Static(id="start", markup=False)
            yield Static(id="reading", markup=False)
            yield Static(id="state", markup=False)

    def on_mount(self) -> None:
        """Paint the frame first; whatever needs the disk comes a moment later."""
        hour = self.workspace.now().astimezone().hour
        self.query_one("#greeting", Static).update(Content.styled(greeting(hour), "bold $text"))
        due = self.tutor.due
        words = "Looking up what is due …" if due is None else f"{due_words(due)}." if due else ""
        self.query_one("#summary", Static).update(Content(words))

    def bar(self) -> tuple[str, ...]:
        """Start first."""
        facts = self.tutor.today
        weak = ("points.practise",) if facts and facts.weakest else ()
        going = ("go.roadmap", "go.interview", "go.ask", "go.search", "today.date", *weak, "go.progress")
        return ("today.start", "today.continue", *going)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no way back from here, and nothing to continue before something was read."""
        facts = self.tutor.today
        if action == "back":
            return False
        if action == "continue_reading":
            return bool(facts and facts.reading)
        if action in ("practise", "point"):
            return bool(facts and len(facts.weakest) >= int(str(parameters[0] if parameters else 1)))
        return True

    def on_screen_resume(self) -> None:
        """Count again: coming back from a quiz, other things are true, and Ollama may have come or gone."""
        super().on_screen_resume()
        if self.tutor.library_ready:
            upkeep.look_for_engine(self.tutor)
            self.facts_changed()

    def facts_changed(self) -> None:
        """Say everything anew."""
        if not self.is_mounted:
            return
        if self.tutor.library_ready and self.app.screen is self:
            self.tutor.today = today_facts(self.workspace)
        facts = self.tutor.today
        self.query_one("#state", Static).update(self.state_words(facts))
        if facts is not None:
            self.query_one("#summary", Static).update(summary(facts, self.workspace.now()))
            self.query_one("#start", Static).update(start_words(facts))
            self.query_one("#reading", Static).update(reading_words(facts, min(self.app.size.width - 10, 72) - 17))
            self.query_one("#reading").display = facts.reading is not None
            if self._eager:
                self._eager = False
                self.call_next(self.action_start)
        super().facts_changed()

    def state_words(self, facts: TodayFacts | None) -> Content:
        """The interview, the week, the engine and the search."""
        rows = practice_rows(facts)
        rows += engine_rows(self.tutor.engine_words, self.tutor.engine, self.tutor.index_progress)
        return in_columns(rows, max(24, min(self.app.size.width - 14, 64)))

    def on_resize(self, _: events.Resize) -> None:
        """Lines are wrapped by hand, so that they hang under their own words."""
        self.set_class(self.app.size.height < ROOMY, "-short")
        if self.is_mounted:
            self.query_one("#state", Static).update(self.state_words(self.tutor.today))

    def action_start(self) -> None:
        """Today's quiz, when there is one."""
        facts = self.tutor.today
        if facts is None:
            self._eager = True
            return
        if facts.due + facts.new + facts.unrated == 0:
            chapters, quiz = key_of("go.roadmap"), key_of("reader.quiz")
            words = f"Nothing is due. Read ahead with {chapters}, or open a chapter and press {quiz}."
            self.app.notify(words, markup=False)
            return
        opening.start_quiz(self.tutor)

    def action_practise(self) -> None:
        """The questions of the weakest points, due or not."""
        facts = self.tutor.today
        if facts is not None:
            opening.practise(self.tutor, facts.weakest)

    def action_point(self, number: int) -> None:
        """A weak point where it is stated."""
        facts = self.tutor.today
        if facts is not None:
            opening.read_point(self.tutor, facts.weakest[number - 1])

    def targets(self) -> list[Target]:
        """Every line that does something, by what its key does."""
        from tutor.tui.widgets.linked import spots

        does = {meant: at for words in self.query(Static) for meant, at in spots(words, "does").items()}
        return [Target(at, partial(self.do, str(meant))) for meant, at in does.items()]

    def on_click(self, event: events.Click) -> None:
        """A click on a line is its key."""
        if does := event.style.meta.get("does"):
            self.do(str(does))

    def do(self, action: str) -> None:
        """What a key of this place does."""
        self.call_next(self.run_action, action)

    def action_scroll(self, step: int) -> None:
        """On a small screen there is more below."""
        self.query_one("#today").scroll_relative(y=2 * step, animate=False)

    def action_cram(self) -> None:
        """The weakest and heaviest questions, on a schedule that stays as it is."""
        if self.tutor.library_ready:
            opening.start_quiz(self.tutor, cram=True)

    def action_date(self) -> None:
        """Ask when the interview is."""
        from tutor.tui.screens.interview_date import InterviewDate

        def keep(settings: Settings | None) -> None:
            if settings is not None:
                self.workspace.change_settings(settings)
                self.facts_changed()

        self.app.push_screen(InterviewDate(self.workspace), keep)

    def action_interview(self) -> None:
        """Choose a mock round."""
        opening.interviews(self.tutor)

    def action_continue_reading(self) -> None:
        """The chapter last opened, at the place one left it."""
        facts = self.tutor.today
        if facts is not None and facts.reading is not None:
            opening.read(self.tutor, facts.reading[0])
