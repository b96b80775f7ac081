"""Owns the life of the process around the app: its exit code, and what a person sees when it breaks."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import threading
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tutor.domain.errors import TutorError
from tutor.tui.app import TutorApp
from tutor.tui.crash import write_down
from tutor.tui.screens.place import Place

if TYPE_CHECKING:
    from tutor.workspace import Workspace


ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""Signals that end the app, each with 128 more than its number as the exit code."""

TWICE_WITHIN = 2.0
"""Seconds between two presses of ctrl+c that mean it."""


class LiveApp(TutorApp):
    """The app in a process: signals end it cleanly, ctrl+c twice leaves it, a crash is three lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", "Copy, or quit", show=False, priority=True, tooltip="Copy; twice: leave"),
    ]

    broke: Exception | None = None
    """What ended the app against its will."""

    _interrupted = -TWICE_WITHIN

    def on_mount(self) -> None:
        """The framework would leave a terminal in disorder on these."""
        for number in ENDINGS:
            asyncio.get_running_loop().add_signal_handler(number, self.exit, None, 128 + number)
        if not self.is_headless:
            threading.Thread(target=self._watch_terminal, daemon=True, name="tutor-terminal").start()

    def exit(self, result: int | None = None, return_code: int = 0, message: object = None) -> None:
        """Leave, with whatever is being written on the disk first."""
        self.keep_all()
        super().exit(result, return_code, message)  # type: ignore[arg-type]

    def keep_all(self) -> None:
        """Let every place write down what is being written in it."""
        for screen in self.screen_stack:
            if isinstance(screen, Place):
                screen.keep()

    def _watch_terminal(self) -> None:
        """Wait until the terminal is gone, window closed or line dropped; without a signal nobody else would notice."""
        watched = select.poll()
        watched.register(0, 0)
        if any(event & select.POLLHUP for _, event in watched.poll()):
            self.call_from_thread(self._hang_up)

    def _hang_up(self) -> None:
        # There is nothing to restore and nobody to say goodbye to; waiting to write to such a terminal would never end.
        self.keep_all()
        self.workspace.close()
        os._exit(128 + signal.SIGHUP)

    def action_interrupt(self) -> None:
        """Copy what is selected; else the second press in a row leaves."""
        selected = getattr(self.focused, "selected_text", "") or self.screen.get_selected_text() or ""
        if selected:
            self.copy_to_clipboard(selected)
            self.notify("Copied.", markup=False)
        elif monotonic() - self._interrupted <= TWICE_WITHIN:
            self.exit(0)
        else:
            self._interrupted = monotonic()
            self.notify("Press ctrl+c again to leave. What you wrote is saved.", markup=False, timeout=TWICE_WITHIN)

    def _handle_exception(self, error: Exception) -> None:
        # The framework would render a traceback with the values of all locals, which takes seconds on a frozen screen
        # and may print what nobody should see.
        self._return_code = 1
        self.broke = self.broke or error
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()


def run(workspace: Workspace, *, due: int | None = None) -> int:
    """Run the app until the learner leaves; `due` is what the first frame has counted, if it could.

    Returns the exit code: 0, 1 after a crash, 128 + n after signal n. Raises TutorError, if one ended it.
    """
    if not os.environ.get("NO_COLOR", "unset"):
        del os.environ["NO_COLOR"]  # no-color.org: an empty one means nothing; the framework would obey it
    app = LiveApp(workspace, due=due)
    result = app.run()
    if isinstance(app.broke, TutorError):
        raise app.broke  # a sentence to the learner, with its remedy
    if app.broke is not None:
        report_crash(app.broke, workspace.home.logs)
        return 1
    return result or app.return_code or 0


def report_crash(error: BaseException, logs: Path) -> None:
    """Three lines to a person; the rest is in a file."""
    sys.stderr.write(
        f"Atlas Tutor had to stop: {type(error).__name__}.\n"
        "Every answer you submitted and every rating is saved; start again with: tutor\n"
        f"{write_down(error, logs)}\n"
    )
