"""Owns the place one changes settings in: each with its value and effect, saved the moment it is changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tutor.domain.errors import TutorError
from tutor.domain.settings import Settings
from tutor.domain.text import visible
from tutor.store.days import day_of
from tutor.store.settings_file import allowed, with_value
from tutor.study.dates import parse_day
from tutor.tui import upkeep
from tutor.tui.keymap import FILE
from tutor.tui.keys import key_of
from tutor.tui.palette import COLOURS
from tutor.tui.screens.place import Place
from tutor.tui.widgets.listing import Listing
from tutor.tui.widgets.setting_words import GROUPS, WORDS, choices, value_words

LABEL = 16
"""Cells for the names."""

ENGINE = ("engine", "model", "ollama_host", "allow_remote")
"""Settings after which another engine may answer."""


ROOMY = 32
"""Lines from which the whole list fits above what is said of one line."""


class SettingList(Listing):
    """A list that says what its keys do to a line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,space", "select", "Change", id="settings.change", tooltip="The next choice, or a line to type in"
        ),
        Binding("left", "screen.turn(-1)", "Previous", show=False, id="settings.previous", tooltip="The choice before"),
        Binding("right", "screen.turn(1)", "Next", show=False, id="settings.next", tooltip="The next choice"),
        Binding("u,backspace", "screen.reset", "Usual", id="settings.reset", tooltip="Back to the usual value"),
    ]


class SettingsPlace(Place):
    """Everything one can choose."""

    NAME = "Settings"
    AUTO_FOCUS = "#settings"

    def compose_place(self) -> Iterable[Widget]:
        """A list, what the chosen line does, and a line to type in while one types."""
        yield SettingList(id="settings", markup=False)
        yield Static(id="about-setting", markup=False)
        yield Input(id="value")

    def on_mount(self) -> None:
        """Ready before anybody can have pressed a key."""
        self.query_one("#value").display = False
        self.fill()

    def on_resize(self, event: events.Resize) -> None:
        """Values are cut to the width; on a small screen the list gives way."""
        self.set_class(event.size.height < ROOMY, "-short")
        if self.is_mounted:
            self.fill()

    def on_screen_resume(self) -> None:
        """Another place may have changed something."""
        super().on_screen_resume()
        self.fill()
        if not self.writing:
            self.query_one(SettingList).focus()

    def bar(self) -> tuple[str, ...]:
        """Change first."""
        return ("go.back",) if self.writing else ("settings.change", "settings.reset", "go.back", "go.models")

    @property
    def key(self) -> str:
        """The chosen setting; empty for none."""
        listed = self.query_one(SettingList)
        return "" if listed.highlighted is None else listed.get_option_at_index(listed.highlighted).id or ""

    def fill(self) -> None:
        """The list anew, the highlight where it was."""
        listed, was = self.query_one(SettingList), self.key
        listed.clear_options()
        listed.add_options(self.options())
        ids = [option.id for option in listed.options]
        listed.highlighted = ids.index(was or "engine")
        self.describe()

    def options(self) -> Iterator[Option]:
        """Groups as quiet headings, settings as lines; a sign where it is not the usual value."""
        settings, usual = self.workspace.settings, Settings()
        for number, (group, keys) in enumerate(GROUPS.items()):
            title = Content.styled(group, "bold $text-primary")
            yield Option(Content.assemble("\n", title) if number else title, disabled=True)
            for key, (name, _) in keys.items():
                value = getattr(settings, key)
                own = value != getattr(usual, key)
                sign = Content.styled("● " if own else "  ", "$text-accent")
                shown = Content.styled(visible(value_words(key, value)), "bold" if own else "")
                room = max(8, self.app.size.width - LABEL - 8)
                words = Content.assemble(sign, name.ljust(LABEL), shown.truncate(room, ellipsis=True))
                yield Option(words, id=key)

        yield Option(Content.styled(f"\n● is your own choice, kept in {self._file}.", "$text-muted"), disabled=True)
        told = f"  Keys of your own stand in {FILE} beside it, read at each start."
        yield Option(Content.styled(told, "$text-muted"), disabled=True)

    @property
    def _file(self) -> str:
        return self.workspace.home.settings_file.name

    @on(OptionList.OptionHighlighted)
    def describe(self) -> None:
        """What the chosen setting does and may be."""
        key = self.key
        if key:
            _, effect = WORDS[key]
            usual = value_words(key, getattr(Settings(), key))
            self.say(effect, f"{key}: {allowed(key)}. Usually {usual}.")

    def say(self, effect: str, aside: str, style: str = "$text-muted") -> None:
        """Two thoughts under the list."""
        words = Content.assemble(effect, "\n", (visible(aside), style))
        self.query_one("#about-setting", Static).update(words)

    @on(OptionList.OptionSelected)
    def change(self) -> None:
        """The next choice, or a line to type in."""
        if choices(self.key, tuple(COLOURS)):
            self.action_turn(1)
            return
        line = self.query_one("#value", Input)
        value = getattr(self.workspace.settings, self.key)
        line.value = ", ".join(value) if isinstance(value, tuple) else str(value)
        line.display = True
        line.focus()
        line.action_select_all()
        leaves = f"Enter keeps it, {key_of('go.back')} leaves it as it was."
        self.say(WORDS[self.key][1], f"{self.key}: {allowed(self.key)}. {leaves}")

    def action_turn(self, step: int) -> None:
        """Another of few choices."""
        values = choices(self.key, tuple(COLOURS))
        if values:
            now = getattr(self.workspace.settings, self.key)
            at = values.index(now) + step if now in values else 0
            changed: dict[str, object] = {self.key: values[at % len(values)]}
            self.save(replace(self.workspace.settings, **changed))  # type: ignore[arg-type]

    def action_reset(self) -> None:
        """The usual value."""
        usual: dict[str, object] = {self.key: getattr(Settings(), self.key)}
        self.save(replace(self.workspace.settings, **usual))  # type: ignore[arg-type]

    @on(Input.Submitted)
    def typed(self, event: Input.Submitted) -> None:
        """Keep what was typed, or say what is wrong with it."""
        text = event.value
        try:
            if self.key == "interview_date":
                day = parse_day(text, day_of(self.workspace.now()))
                text = day.isoformat() if day else ""
            settings = with_value(self.workspace.settings, self.key, text)
        except TutorError as error:
            self.say(WORDS[self.key][1], str(error), "$text-error")
            return
        if self.save(settings):
            self._close()

    def save(self, settings: Settings) -> bool:
        """Save, and let the app follow at once. What cannot be saved is said and changes nothing."""
        key, before = self.key, self.workspace.settings
        try:
            self.workspace.change_settings(settings)
        except TutorError as error:
            self.say(WORDS[key][1], str(error), "$text-error")
            return False
        if settings.theme != before.theme:
            self.app.theme = settings.theme
        if settings.flat != before.flat:
            self.tutor.lay_out()
        if any(getattr(settings, name) != getattr(before, name) for name in ENGINE):
            upkeep.look_for_engine(self.tutor)
        if settings.encoder != before.encoder:
            upkeep.look_after_index(self.tutor, rechosen=True)
        self.fill()
        return True

    def action_back(self) -> None:
        """Leave the line as it was, else the place."""
        if self.writing:
            self._close()
        else:
            super().action_back()

    def _close(self) -> None:
        self.query_one("#value").display = False
        self.query_one(SettingList).focus()
        self.describe()
