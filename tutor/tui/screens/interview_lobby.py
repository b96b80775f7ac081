"""Owns the place one chooses an interview in: which round, how long, and those of the past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.domain.errors import TutorError
from tutor.domain.interview import Agenda, Round
from tutor.domain.text import visible
from tutor.study.hiring import Hire
from tutor.study.readiness import standing_words
from tutor.study.report import verdict_words
from tutor.study.rounds import FORMATS, MOST_QUESTIONS, format_of, length_of
from tutor.study.scorecard import scorecard
from tutor.tui.keys import key_of
from tutor.tui.screens.interview import InterviewRoom
from tutor.tui.screens.place import Place
from tutor.tui.widgets.bars import Key
from tutor.tui.widgets.listing import Listing
from tutor.tui.widgets.scorecard import HIRE_STYLES
from tutor.tui.widgets.time_line import minutes_words
from tutor.tui.widgets.words import counted

if TYPE_CHECKING:
    from tutor.study.interview import Interview

PAST = 8
"""Interviews back that are listed."""

STEP, SHORTEST, LONGEST = 5, 5, 90
"""Minutes a key adds or takes, and how far it goes."""

TITLE = 16
"""Cells for the name of a round."""


class RoundList(Listing):
    """A list that says what Enter and the arrows do to its lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "select", "Begin", id="lobby.begin", tooltip="Begin this round, or open this scorecard"),
        Binding("left", "screen.resize(-1)", "Shorter", id="lobby.shorter", tooltip="Five minutes less"),
        Binding("right", "screen.resize(1)", "Longer", id="lobby.longer", tooltip="Five minutes more"),
    ]


class InterviewLobby(Place):
    """Rounds above, past interviews below, and what is worth knowing of the chosen one."""

    NAME = "Interview"
    AUTO_FOCUS = "#rounds"

    def __init__(self) -> None:
        super().__init__()
        self._minutes = {round_: form.minutes for round_, form in FORMATS.items()}
        self._open: Agenda | None = None
        self._past: dict[str, tuple[Interview, str, Hire | None]] = {}

    def compose_place(self) -> Iterable[Widget]:
        """A list, and a few lines about what is chosen in it."""
        yield RoundList(id="rounds", markup=False)
        yield Static(id="about-round", markup=False)

    def on_screen_resume(self) -> None:
        """Back from an interview, there is one more to look at."""
        super().on_screen_resume()
        self.fill()

    def bar(self) -> tuple[str, ...]:
        """Begin first."""
        return ("lobby.begin", "lobby.longer", "lobby.shorter", "go.back")

    def keys_now(self) -> list[Key]:
        """What Enter does is said for the chosen line."""
        words = "Go on" if self.chosen == "open" else "Open" if self.chosen in self._past else "Begin"
        return [replace(key, label=words) if key.id == "lobby.begin" else key for key in super().keys_now()]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a round has a length to choose."""
        return self.chosen in list(Round) if action == "resize" else True

    @property
    def chosen(self) -> str:
        """The id of the highlighted line: a round, `open`, or the id of a past interview."""
        rounds = self.query_one(OptionList)
        return "" if rounds.highlighted is None else rounds.get_option_at_index(rounds.highlighted).id or ""

    def fill(self) -> None:
        """List everything anew, the cursor where it was."""
        rounds, was = self.query_one(OptionList), self.chosen
        self._look_back()
        options: list[Option | None] = []
        if self._open is not None:
            options += [Option(self._open_line(self._open), id="open"), None]
        options += [Option(self._round_line(round_), id=round_.value) for round_ in Round]
        if self._past:
            options.append(None)
        options += [Option(self._past_line(name), id=name) for name in self._past]
        rounds.clear_options()
        rounds.add_options(options)
        ids = [rounds.get_option_at_index(n).id for n in range(rounds.option_count)]
        rounds.highlighted = 0 if self._open is not None or was not in ids else ids.index(was)
        rounds.focus()
        self.explain()

    def _look_back(self) -> None:
        store, library = self.workspace.store, self.workspace.library
        self._open = store.open_interview()
        self._past = {}
        for agenda in store.interviews(PAST):
            interview = self.workspace.interview(agenda)
            if agenda.ended is None or not interview.begun:
                continue
            card = scorecard(interview, library)
            score = "" if card.finding.score is None or card.waiting else f"{card.finding.score:.0%}"
            self._past[agenda.id] = (interview, f"{verdict_words(card):15} {score:>4}", card.finding.verdict)

    def _open_line(self, agenda: Agenda) -> Content:
        interview = self.workspace.interview(agenda)
        number, count = interview.number
        told = f"  question {max(1, number)} of {count}, {minutes_words(interview.left)}"
        return Content.assemble((f"Go on: {format_of(agenda.round).title}", "bold $text-accent"), (told, "$text-muted"))

    def _round_line(self, round_: Round) -> Content:
        minutes = self._minutes[round_]
        count, _ = length_of(round_, None, minutes)
        told = f"{minutes:>2} min · {counted(count, 'question')}"
        return Content.assemble((FORMATS[round_].title.ljust(TITLE), "bold"), (told, "$text-muted"))

    def _past_line(self, name: str) -> Content:
        interview, told, verdict = self._past[name]
        agenda = interview.agenda
        when = f"{agenda.started.astimezone():%d %b %H:%M}".ljust(TITLE)
        title = f"{format_of(agenda.round).title:14} "
        return Content.assemble(
            (when, "$text-muted"), title, (told, HIRE_STYLES[verdict] if verdict else "$text-muted")
        )

    @on(OptionList.OptionHighlighted)
    def explain(self) -> None:
        """What the chosen line is about."""
        chosen, about = self.chosen, self.query_one("#about-round", Static)
        self.refresh_frame()
        begin = key_of("lobby.begin")
        if chosen == "open":
            about.update(f"{begin} goes on where you left, and the clock with it. Everything you wrote is saved.")
        elif chosen in list(Round):
            round_ = Round(chosen)
            practice = f"In memory: {standing_words(self.workspace.round_standing(round_))}."
            about.update(Content.assemble(FORMATS[round_].about, "\n", (practice, "$text-muted")))
        elif chosen in self._past:
            about.update(f"{begin} opens the scorecard.")

    def action_resize(self, step: int) -> None:
        """A shorter or a longer round."""
        if self.chosen not in list(Round):
            return
        round_ = Round(self.chosen)
        longest = min(LONGEST, FORMATS[round_].minutes_a_question * MOST_QUESTIONS)
        self._minutes[round_] = max(SHORTEST, min(longest, self._minutes[round_] + step * STEP))
        self.query_one(OptionList).replace_option_prompt(round_.value, self._round_line(round_))

    @on(OptionList.OptionSelected)
    def begin(self) -> None:
        """Begin, go on, or look back."""
        chosen = self.chosen
        try:
            if chosen == "open" and self._open is not None:
                interview = self.workspace.interview(self._open)
                if interview.begun:
                    interview.go_on()
            elif chosen in self._past:
                interview = self._past[chosen][0]
            elif chosen in list(Round):
                round_ = Round(chosen)
                interview = self.workspace.new_interview(round_, minutes=self._minutes[round_])
            else:
                return
        except TutorError as error:
            self.app.notify(visible(str(error)), severity="error", markup=False)
            return
        self.app.push_screen(InterviewRoom(interview))
