"""Owns the place of models: which there are, which one is used, and having another downloaded meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.domain.errors import TutorError
from tutor.domain.settings import EngineChoice, Settings
from tutor.domain.text import visible
from tutor.llm.suggested import AS_OF, SUGGESTED, Suggestion
from tutor.tui import upkeep
from tutor.tui.background import in_background
from tutor.tui.messages import Failed, ServerSeen
from tutor.tui.screens.model_name import ModelName
from tutor.tui.screens.place import Place
from tutor.tui.widgets import model_rows as rows
from tutor.tui.widgets.download import Download
from tutor.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from tutor.llm.nouns import ModelInfo, ServerStatus


ROOMY = 32
"""Lines from which the whole list fits above what is said of one line."""


class ModelList(Listing):
    """A list that says what Enter does to its lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Use, get", id="models.choose", tooltip="Use this model, or download it"),
    ]


class Models(Place):
    """The local engine, what is installed, what could be."""

    NAME = "Models"
    AUTO_FOCUS = "#models"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "test", "Test grader", id="models.test", tooltip="How well the chosen engine grades"),
        Binding("x", "stop", "Stop", id="models.stop", tooltip="Stop the download; a later one goes on where it was"),
        Binding("l", "look", "Look again", id="models.look", tooltip="See whether Ollama runs and what it has now"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._status: ServerStatus | None = None

    def compose_place(self) -> Iterable[Widget]:
        """The server, the list, the chosen line, a download."""
        yield Static(id="server", markup=False)
        yield ModelList(id="models", markup=False)
        yield Static(id="about-model", markup=False)
        yield Download()

    def on_screen_resume(self) -> None:
        """Models come and go outside the program."""
        super().on_screen_resume()
        self.action_look()
        self.fill()

    def on_resize(self, event: events.Resize) -> None:
        """Lines are cut to the width; on a small screen the list gives way."""
        self.set_class(event.size.height < ROOMY, "-short")
        if self.is_mounted:
            self.fill()

    def facts_changed(self) -> None:
        """Another engine may answer."""
        super().facts_changed()
        if self.is_mounted:
            self.fill()

    def bar(self) -> tuple[str, ...]:
        """Stopping first, while there is something to stop."""
        stop = ("models.stop",) if self.query_one(Download).running else ()
        return (*stop, "models.choose", "models.test", "go.back", "models.look", "go.settings")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to stop unless something runs."""
        return self.query_one(Download).running if action == "stop" else True

    def action_look(self) -> None:
        """Ask the server, without waiting for it."""

        def look() -> None:
            self.post_message(ServerSeen(self.workspace.ollama.status()))

        in_background(self, "look", look)
        upkeep.look_for_engine(self.tutor)

    def on_failed(self, message: Failed) -> None:
        """The address is none."""
        message.stop()
        self.app.notify(message.sentence, severity="warning", markup=False, timeout=8)

    def on_server_seen(self, message: ServerSeen) -> None:
        """Say what is there."""
        self._status = message.status
        self.fill()

    @property
    def chosen(self) -> str:
        """The id of the highlighted line: `local`, or a model's name; empty for none."""
        listed = self.query_one(ModelList)
        return "" if listed.highlighted is None else listed.get_option_at_index(listed.highlighted).id or ""

    def installed(self) -> dict[str, ModelInfo]:
        """By name."""
        return {model.name: model for model in self._status.models} if self._status else {}

    def suggested(self) -> dict[str, Suggestion]:
        """What is not installed, by name."""
        there = {name.removesuffix(":latest") for name in self.installed()}
        return {each.name: each for each in SUGGESTED if each.name not in there}

    @property
    def running(self) -> bool:
        """Whether there was an Ollama when one last looked."""
        return self._status is not None and self._status.running

    def used(self, name: str) -> bool:
        """Whether this one answers now."""
        active = self.tutor.engine.active if self.tutor.engine is not None else ""
        return active == (name if name == rows.LOCAL else f"ollama:{name}")

    def fill(self) -> None:
        """Everything anew, the highlight where it was."""
        host = "its address"
        try:
            host = self.workspace.ollama.host
        except TutorError as error:
            host = str(error)
        self.query_one("#server", Static).update(rows.server_words(self._status, host))
        listed, was = self.query_one(ModelList), self.chosen
        listed.clear_options()
        listed.add_options(self.options())
        ids = [option.id for option in listed.options]
        listed.highlighted = ids.index(was if was in ids else rows.LOCAL)
        self.describe()

    def options(self) -> Iterator[Option]:
        """The local engine, what is installed, what could be."""
        width = self.app.size.width - 7
        yield Option(rows.local_row(used=self.used(rows.LOCAL), width=width), id=rows.LOCAL)
        for name, model in self.installed().items():
            yield Option(rows.model_row(model, used=self.used(name), width=width), id=name)
        suggested = self.suggested()
        if suggested:
            title = Content.assemble("\n", ("To begin with", "bold $text-primary"))
            aside = (f"   suggestions, not measured here; sizes of {AS_OF}", "$text-muted")
            yield Option(Content.assemble(title, aside).truncate(width, ellipsis=True), disabled=True)
        for name, suggestion in suggested.items():
            yield Option(rows.suggestion_row(suggestion, width), id=name)
        yield Option(rows.another_row(width), id=rows.ANOTHER)

    @on(OptionList.OptionHighlighted)
    def describe(self) -> None:
        """What Enter would do."""
        name = self.chosen
        words = Content(rows.ABOUT_LOCAL)
        if name in self.installed():
            model = self.installed()[name]
            words = rows.about_model(model, used=self.used(name), refusal=self.refusal(name))
        elif name in self.suggested():
            words = rows.about_suggestion(self.suggested()[name], running=self.running)
        elif name == rows.ANOTHER:
            words = rows.about_another(running=self.running)
        self.query_one("#about-model", Static).update(words)
        self.refresh_frame()

    def refusal(self, name: str) -> str:
        """Why an installed model cannot be used; empty when it can."""
        from tutor.llm.models import choose

        try:
            remote = self.workspace.settings.allow_remote
            choose(self.installed().values(), name, allow_remote=remote, deciding=True)
        except TutorError as error:
            return str(error)
        return ""

    @on(OptionList.OptionSelected)
    def choose(self) -> None:
        """Use what is there, get what is not."""
        name, settings = self.chosen, self.workspace.settings
        if name == rows.LOCAL:
            self._use(replace(settings, engine=EngineChoice.LOCAL), "The local engine")
        elif name in self.installed():
            if refusal := self.refusal(name):
                self.app.notify(visible(refusal), severity="warning", markup=False, timeout=8)
                return
            engine = EngineChoice.AUTO if settings.engine is EngineChoice.LOCAL else settings.engine
            self._use(replace(settings, engine=engine, model=name), name)
        elif name == rows.ANOTHER:
            if self.can_pull():
                self.app.push_screen(ModelName(), self.pull)
        elif name:
            self.pull(name)

    def _use(self, settings: Settings, name: str) -> None:
        try:
            self.workspace.change_settings(settings)
        except TutorError as error:
            self.app.notify(visible(str(error)), severity="error", markup=False, timeout=8)
            return
        self.app.notify(f"{name} answers and grades from now on.", markup=False, timeout=4)
        upkeep.look_for_engine(self.tutor)

    def pull(self, name: str | None) -> None:
        """Download a model, which goes on when one leaves this place."""
        if name and self.can_pull():
            self.query_one(Download).begin(name)
            self.refresh_frame()

    def can_pull(self) -> bool:
        """Whether one may be downloaded now: one at a time, by an Ollama; says why not."""
        download = self.query_one(Download)
        if download.running:
            words = f"{download.name_of_model} is being downloaded; one at a time."
            self.app.notify(words, markup=False, timeout=4)
        elif not self.running:
            self.app.notify("There is no Ollama to download it. Start it with: ollama serve", markup=False, timeout=6)
        return self.running and not download.running

    def action_test(self) -> None:
        """How well the chosen one grades, in use or not; of one that is not installed, the engine in use."""
        from tutor.tui.screens.selftest import SelfTest

        name = self.chosen
        installed = name in self.installed()
        if installed and (refusal := self.refusal(name)):
            self.app.notify(visible(refusal), severity="warning", markup=False, timeout=8)
            return
        self.tutor.action_visit("selftest")
        place = self.app.get_screen("selftest")
        if isinstance(place, SelfTest):
            place.about(name if name == rows.LOCAL else f"ollama:{name}" if installed else "")

    def action_stop(self) -> None:
        """No further with the download."""
        self.query_one(Download).stop()

    @on(Download.Ended)
    def ended(self, event: Download.Ended) -> None:
        """Say so wherever one is, and look what is there now."""
        self.app.notify(visible(event.sentence), markup=False, timeout=8)
        self.action_look()
