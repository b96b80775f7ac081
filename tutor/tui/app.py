"""Owns the running app: the way between places, and the facts every place shares. Screens do the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.constants import TEXTUAL_ANIMATIONS
from textual.filter import LineFilter, NoColor
from textual.screen import Screen

from tutor.domain.errors import TutorError
from tutor.domain.text import visible
from tutor.tui import collector, flat, opening, theme, upkeep
from tutor.tui.guard import TerminalGuard
from tutor.tui.inks import INKS
from tutor.tui.keymap import FILE, load_keymap
from tutor.tui.keys import adopt
from tutor.tui.messages import ChaptersEdited, EngineKnown, Failed, IndexMoved, IndexProgress, LibraryLoaded
from tutor.tui.screens.place import Place
from tutor.tui.screens.today import Today
from tutor.tui.sheet import Sheet
from tutor.tui.widgets.words import engine_words

if TYPE_CHECKING:
    from textual.actions import ActionParseResult
    from textual.dom import DOMNode

    from tutor.tui.facts import TodayFacts
    from tutor.tui.widgets.linked import Linked
    from tutor.workspace import Workspace


class TutorApp(App[int]):
    """Atlas Tutor in a terminal."""

    TITLE = "Atlas Tutor"
    CSS_PATH = "atlas.tcss"
    ENABLE_COMMAND_PALETTE = True
    SCREENS: ClassVar[dict[str, Callable[[], Screen[Any]]]] = {**opening.LASTING}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+o", "jump", "Jump", id="app.jump", tooltip="A letter over every part of the screen; it goes there"
        ),
        Binding("ctrl+q", "quit", "Quit", id="app.quit", priority=True, tooltip="Leave; everything is saved"),
        Binding("ctrl+p", "command_palette", "Actions", show=False, priority=True, tooltip="Every action by name"),
    ]

    def __init__(self, workspace: Workspace, *, due: int | None = None) -> None:
        super().__init__()
        self.stylesheet = Sheet(self.get_css_variables())
        self.workspace = workspace
        self.due = due
        self.engine: EngineKnown | None = None
        self.index_progress = IndexProgress()
        self.library_ready = False
        self.today: TodayFacts | None = None
        self.keymap = load_keymap(workspace.home.path / FILE)
        adopt(self.keymap.keys)
        self._guard = TerminalGuard()
        self._colourless = NoColor()
        self._flattened = flat.Flattened()
        for each in theme.THEMES:
            self.register_theme(each)
        wanted = workspace.settings.theme
        self.theme = wanted if wanted in self.available_themes else theme.THEMES[0].name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own names for colours, for themes that do not know them."""
        return dict.fromkeys(("quiet", "highlight"), INKS["atlas-dark"].marker)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Whatever is painted passes the guard last."""
        colours = [self._colourless] if self.no_color else super().get_line_filters()
        flattened = [self._flattened] if self.workspace.settings.flat else []
        return [*colours, *flattened, self._guard]

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: everything that can be done here, then everything that can be done anywhere."""
        from tutor.tui.palette import commands

        return commands(self, screen)

    def on_mount(self) -> None:
        """The first screen; the disk and the network only once that is painted and what was typed is answered."""
        self.keymap.apply(self)
        self.lay_out()
        for problem in self.keymap.problems:
            self.notify(problem, severity="warning", markup=False, timeout=12)
        self.push_screen(Today())
        self.call_after_refresh(self.set_timer, upkeep.BEGIN_AFTER, partial(upkeep.begin, self))

    def on_unmount(self) -> None:
        """Nothing of this app is needed any more."""
        collector.release()

    def lay_out(self) -> None:
        """As the settings want it: drawn, or flat for a screen reader."""
        is_flat = self.workspace.settings.flat
        self.animation_level = "none" if is_flat else TEXTUAL_ANIMATIONS
        if is_flat or self.no_color:
            flat.show_cursor(self)
        self.refresh_css(animate=False)

    @property
    def engine_words(self) -> str:
        """Which engine answers, for people."""
        return engine_words(self.engine.active) if self.engine is not None else ""

    def unsaid(self, reason: str) -> str:
        """A reason without what the first screen already says of the engine: said once, it need not be repeated."""
        known = self.engine.detail if self.engine is not None else ""
        return reason.replace(known, "", 1).strip() if known else reason

    def on_engine_known(self, message: EngineKnown) -> None:
        """Every place says which engine answers."""
        self.engine = message
        self._tell_places()

    def on_index_moved(self, message: IndexMoved) -> None:
        """Every place may say how far the index is."""
        if message.state.ready and not message.state.label:
            collector.settle()
        self.index_progress = message.state
        self._tell_places()

    def on_library_loaded(self, _: LibraryLoaded) -> None:
        """Now there is something to count."""
        self.library_ready = True
        self._tell_places()

    def on_chapters_edited(self, _: ChaptersEdited) -> None:
        """Go on with what the files say now; what is open stays as it was."""
        if self.workspace.edited():
            self.workspace.reload()
            upkeep.begin(self)
            self.notify("Chapter files changed; they were read again.", markup=False, timeout=4)

    def on_app_focus(self) -> None:
        """Back from another window, which may have been an editor."""
        upkeep.look_for_edits(self)

    def on_failed(self, message: Failed) -> None:
        """Nothing the learner did; said where it matters, once."""
        if message.request == "index":
            self.on_index_moved(IndexMoved(IndexProgress(trouble=message.sentence)))
        else:
            self.notify(message.sentence, severity="error", markup=False, timeout=12)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key asks for. What cannot be done is said, and what is on the screen stays there."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except TutorError as error:
            self.tell_trouble(error)
            return True

    def tell_trouble(self, error: TutorError) -> None:
        """Say what went wrong and how to mend it, over what was said before."""
        self.clear_notifications()
        self.notify(visible(str(error)), severity="error", markup=False, timeout=8)

    def _tell_places(self) -> None:
        if self.is_running and isinstance(self.screen, Place):
            self.screen.facts_changed()

    def action_visit(self, name: str) -> None:
        """Go to a lasting place; when one came through it, back to it."""
        opening.visit(self, name)

    def action_home(self) -> None:
        """Back to the first screen."""
        upkeep.look_for_edits(self)
        while len(self.screen_stack) > 2:
            self.pop_screen()

    def action_jump(self) -> None:
        """To any part of the place in front, or any row of its lists, by a letter over it."""
        opening.jump(self, self.screen.targets() if isinstance(self.screen, Place) else [])

    def action_links(self) -> None:
        """To where a link in the focused text leads."""
        opening.links(self)

    def on_linked_followed(self, message: Linked.Followed) -> None:
        """Say where it leads, and ask."""
        opening.follow(self, message.link)

    def action_help(self) -> None:
        """The keys of the place in front."""
        from tutor.tui.screens.help import Help

        self.push_screen(Help(self.screen))
