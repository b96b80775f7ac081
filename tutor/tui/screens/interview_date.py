"""Owns the small form that asks when the interview is, how long a day one has, and which rounds are ahead."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tutor.domain.errors import TutorError
from tutor.domain.interview import Round
from tutor.domain.settings import Settings
from tutor.domain.text import visible
from tutor.store.days import day_of
from tutor.study.dates import parse_day
from tutor.tui.keys import key_of
from tutor.tui.screens.dialog import Dialog, field
from tutor.workspace import Workspace

LEAST, MOST = 5, 600
"""Minutes a day, as the settings allow."""


class InterviewDate(Dialog[Settings | None]):
    """Gives the settings as they should become; None when the form is left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close", id="date.close", tooltip="Change nothing"),
        Binding("ctrl+s", "save", "Save", id="date.save", tooltip="Keep it"),
    ]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace

    def compose(self) -> ComposeResult:
        """Three lines to fill, each with what it may hold."""
        settings = self._workspace.settings
        with Vertical(classes="form"):
            yield Static(Content.styled("Your interview", "bold $text-primary"), markup=False)
            day = "The day, as 2026-12-05, 5 Dec or in 12 days; empty for none"
            yield from field(day, Input(settings.interview_date, id="day"))
            yield from field("Minutes a day", Input(str(settings.minutes_a_day), id="minutes"))
            rounds = f"Rounds ahead, or empty for all: {', '.join(Round)}"
            yield from field(rounds, Input(", ".join(settings.target_rounds), id="ahead"))
            yield Static(
                Content.styled(f"Enter keeps it, {key_of('date.close')} closes.", "$text-muted"),
                classes="form-word",
                markup=False,
            )

    def on_mount(self) -> None:
        """At the day."""
        self.query_one("#day", Input).focus()

    @on(Input.Submitted)
    def action_save(self) -> None:
        """Keep it, or say what is wrong."""
        try:
            self.dismiss(self._read())
        except TutorError as error:
            self.query_one(".form-word", Static).update(Content.styled(visible(str(error)), "$text-error"))

    def _read(self) -> Settings:
        day = parse_day(self.query_one("#day", Input).value, day_of(self._workspace.now()))
        minutes = self.query_one("#minutes", Input).value.strip()
        if not minutes.isdecimal() or not LEAST <= int(minutes) <= MOST:
            raise TutorError(f"Minutes a day are a whole number from {LEAST} to {MOST}.")
        names = [name.strip() for name in self.query_one("#ahead", Input).value.split(",") if name.strip()]
        for name in names:
            if name not in list(Round):
                raise TutorError(f'"{name}" is no round. There are: {", ".join(Round)}.')
        return replace(
            self._workspace.settings,
            interview_date=day.isoformat() if day else "",
            minutes_a_day=int(minutes),
            target_rounds=tuple(dict.fromkeys(names)),
        )
