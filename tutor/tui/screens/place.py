"""Owns what every screen shares: the frame of two bars, the way between places, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

from tutor.domain.errors import TutorError
from tutor.domain.text import visible
from tutor.tui import flat
from tutor.tui.keys import key_name, key_of
from tutor.tui.widgets.bars import Key, KeyBar, TitleBar
from tutor.tui.widgets.target import Target

if TYPE_CHECKING:
    from tutor.tui.app import TutorApp
    from tutor.workspace import Workspace


class Place(Screen[None]):
    """A full screen between a title and a line of keys. Esc always leads back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "app.visit('roadmap')", "Roadmap", id="go.roadmap", tooltip="Tracks, sections and chapters"),
        Binding("a", "ask", "Ask", id="go.ask", tooltip="Ask a question and get an answer from the chapters"),
        Binding("slash", "app.visit('search')", "Search", id="go.search", tooltip="Find a passage as you type"),
        Binding("t", "app.home", "Today", id="go.today", tooltip="Back to the first screen"),
        Binding("P", "visit('progress')", "Progress", id="go.progress", tooltip="How far you have come"),
        Binding("H", "visit('history')", "History", id="go.history", tooltip="Every answer you gave, with its grades"),
        Binding("S", "visit('settings')", "Settings", id="go.settings", tooltip="Everything you can choose"),
        Binding("M", "visit('models')", "Models", id="go.models", tooltip="Ollama's models, and a test of the grader"),
        Binding("escape", "back", "Back", id="go.back", tooltip="Back to where you came from"),
        Binding("question_mark,f1", "app.help", "Help", id="go.help", tooltip="Every key that works here"),
    ]

    AUTO_FOCUS = ""
    NAME = ""
    """What the title bar calls this place."""

    def compose(self) -> ComposeResult:
        """The frame, with the place's own widgets inside."""
        yield TitleBar()
        yield from self.compose_place()
        yield KeyBar()

    def compose_place(self) -> Iterable[Widget]:
        """The place's own widgets."""
        return ()

    def on_mount(self) -> None:
        """The learner's own keys, before any is pressed; nothing that blinks where a screen reader listens."""
        self.tutor.keymap.apply(self)
        if self.workspace.settings.flat:
            flat.still(self)

    @property
    def workspace(self) -> Workspace:
        """What everything is asked of."""
        return self.tutor.workspace

    @property
    def tutor(self) -> TutorApp:
        """The app, as what it is."""
        return cast("TutorApp", self.app)

    @property
    def writing(self) -> bool:
        """Whether letters typed now go into a text."""
        if self.focused is None:
            return False
        from textual.widgets import Input, TextArea

        return isinstance(self.focused, Input | TextArea)

    def keep(self) -> None:
        """Write down what is being written here; the program is about to end."""

    def safely(self, step: Callable[[], object]) -> bool:
        """Do a step that writes to the disk. One that fails is said and False; what is on the screen stays there."""
        try:
            step()
        except TutorError as error:
            self.tutor.tell_trouble(error)
            return False
        return True

    def arrive(self) -> None:
        """Make ready: one has come here anew, not back from somewhere deeper."""

    def targets(self) -> list[Target]:
        """What can be jumped to: rows of lists, links of texts, and whatever else can be focused."""
        from tutor.tui.widgets.linked import Linked
        from tutor.tui.widgets.listing import Listing

        found: list[Target] = []
        for widget in self.walk_children(Widget):
            if not widget.region:
                continue
            if isinstance(widget, Listing | Linked):
                found += widget.targets()
            elif widget.focusable:
                found.append(Target(widget.region.offset, widget.focus))
        return found

    def bar(self) -> tuple[str, ...]:
        """Ids of the bindings that matter now, the most important first."""
        return ("go.back",)

    def place_name(self) -> str:
        """What the title bar says."""
        return self.NAME

    def on_screen_resume(self) -> None:
        """Back in front: say what may have changed meanwhile."""
        self.refresh_frame()

    def on_descendant_focus(self) -> None:
        """Other keys matter in another widget."""
        self.refresh_frame()

    def on_descendant_blur(self) -> None:
        """Other keys matter in another widget."""
        self.refresh_frame()

    def refresh_frame(self) -> None:
        """Title and keys, from what is true now."""
        if not self.is_mounted:
            return
        self.query_one(TitleBar).say(visible(self.place_name()), self.tutor.engine_words)
        self.query_one(KeyBar).offer(self.keys_now())

    def facts_changed(self) -> None:
        """The engine, the index or the library changed."""
        self.refresh_frame()

    def keys_now(self) -> list[Key]:
        """The keys of `bar`, as they are bound now, with help at the end."""
        bound = self.bound()
        keys = [Key(key_name(a.binding.key), a.binding.description, i) for i in self.bar() if (a := bound.get(i))]
        return [*keys, Key(key_of("go.help", typing=self.writing), "Help", "go.help")]

    def bound(self) -> dict[str, ActiveBinding]:
        """What can be done now, by binding id; of two keys for one action, the one that works while writing."""
        found: dict[str, ActiveBinding] = {}
        for active in self.active_bindings.values():
            binding = active.binding
            if not binding.id or not active.enabled:
                continue
            if binding.id not in found or (self.writing and len(found[binding.id].binding.key) == 1):
                found[binding.id] = active
        return found

    async def on_key_bar_pressed(self, event: KeyBar.Pressed) -> None:
        """A click on a key does what the key does."""
        active = self.bound().get(event.binding_id)
        if active is not None:
            await self.app.run_action(active.binding.action, active.node)

    def action_back(self) -> None:
        """Leave this place."""
        self.dismiss()

    def action_visit(self, name: str) -> None:
        """To a lasting place."""
        self.tutor.action_visit(name)

    def action_ask(self) -> None:
        """Ask the tutor, about whatever this place is about."""
        self.tutor.action_visit("ask")
