"""Owns the place of the grader's self-test: begins it, stops it, and shows what came out."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tutor.domain.settings import EngineChoice
from tutor.domain.text import visible
from tutor.tui.background import in_background
from tutor.tui.keys import key_of
from tutor.tui.messages import Failed, SelfTestDone, SelfTestMoved
from tutor.tui.screens.place import Place
from tutor.tui.widgets.document import Document
from tutor.tui.widgets.selftest import cost_words, selftest_blocks
from tutor.tui.widgets.words import engine_words, progress_bar

if TYPE_CHECKING:
    from tutor.llm.cancel import Cancel

BAR = 16


class SelfTest(Place):
    """One test at a time, of the engine in use or the one that was chosen; it goes on when one leaves."""

    NAME = "Self-test"
    AUTO_FOCUS = "#test"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "test(True)", "Quick test", id="selftest.quick", tooltip="A quarter of the labelled answers"),
        Binding("f", "test(False)", "Full test", id="selftest.full", tooltip="Every labelled answer"),
        Binding("x", "stop", "Stop", id="selftest.stop", tooltip="Stop; nothing of this test is kept"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._request = 0
        self._cancel: Cancel | None = None
        self._state = Content("")
        self._about = ""

    def compose_place(self) -> Iterable[Widget]:
        """A page, and how far a test is."""
        yield Document("test", centred=True)
        yield Static(id="testing", markup=False)

    def on_screen_resume(self) -> None:
        """Another engine may be in use."""
        super().on_screen_resume()
        self.draw()

    def facts_changed(self) -> None:
        """Another engine may be in use."""
        super().facts_changed()
        self.draw()

    def draw(self) -> None:
        """What is kept, and what Enter does."""
        if not self.is_mounted:
            return
        self.query_one(Document).show(selftest_blocks(self.workspace.grader_standing(), self.engine))
        idle = Content.styled(cost_words(self.engine), "$text-muted")
        self.query_one("#testing", Static).update(self._state if self._cancel is not None else idle)
        self.refresh_frame()

    def arrive(self) -> None:
        """For the engine in use, unless one comes for another."""
        self.about("")

    def about(self, engine: str) -> None:
        """Come to test this engine, `local` or `ollama:MODEL`; none for the one in use. A running test goes on."""
        if self._cancel is None:
            self._about = engine
            self.draw()

    @property
    def engine(self) -> str:
        """The one that is tested."""
        return self._about or (self.tutor.engine.active if self.tutor.engine is not None else "local")

    def bar(self) -> tuple[str, ...]:
        """Stopping, or beginning."""
        first = ("selftest.quick", "selftest.full") if self._cancel is None else ("selftest.stop",)
        return (*first, "go.back", "go.models")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One test at a time."""
        if action == "test":
            return self._cancel is None
        return self._cancel is not None if action == "stop" else True

    def action_test(self, quick: bool) -> None:
        """Begin, in the background."""
        from tutor.llm.cancel import Cancel

        self._request += 1
        self._cancel = Cancel()
        name = visible(engine_words(self.engine))
        self._state = Content.assemble(
            (f"Testing {name} …", "bold"), (f"   {key_of('selftest.stop')} stops it", "$text-muted")
        )
        work = partial(self._work, self._request, self._cancel, self._about, quick=quick)
        in_background(self, self._request, work)
        self.draw()

    def _work(self, request: int, cancel: Cancel, about: str, *, quick: bool) -> None:
        def progress(done: int, total: int, _: str) -> None:
            self.post_message(SelfTestMoved(request, done, total))

        engine = EngineChoice.LOCAL if about == "local" else None
        model = about.removeprefix("ollama:") if engine is None else ""
        self.workspace.test_grader(engine, model=model, quick=quick, progress=progress, cancel=cancel)
        self.post_message(SelfTestDone(request))

    def on_self_test_moved(self, message: SelfTestMoved) -> None:
        """It came further."""
        if message.request == self._request and self._cancel is not None:
            done = f"{message.done} of {message.total} answers"
            bar = progress_bar(message.done, message.total, BAR)
            self._state = Content.assemble(
                ("Testing  ", "bold"), bar, (f"{done}   {key_of('selftest.stop')} stops it", "$text-muted")
            )
            self.query_one("#testing", Static).update(self._state)

    def on_self_test_done(self, message: SelfTestDone) -> None:
        """Show what came out."""
        if message.request == self._request and self._cancel is not None:
            self._end(f"The self-test is done: {key_of('go.models')}, then {key_of('models.test')} shows it.")
            self.query_one(Document).action_edge(0)

    def on_failed(self, message: Failed) -> None:
        """The engine could not."""
        message.stop()
        if message.request == self._request and self._cancel is not None:
            self._end(message.sentence)

    def action_stop(self) -> None:
        """No further."""
        if self._cancel is not None:
            self._cancel.cancel()
            self._end("Stopped. Nothing of this test is kept.")

    def _end(self, sentence: str) -> None:
        self._cancel = None
        self.app.notify(visible(sentence), markup=False, timeout=6)
        self.draw()
