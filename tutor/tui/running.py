"""Owns the life of the process around the app: its exit code, and what a person sees when it breaks."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import traceback
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tutor.tui.app import TutorApp

if TYPE_CHECKING:
    from tutor.workspace import Workspace


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
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self.exit, None, 128 + number)

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

    Returns the exit code: 0, 1 after a crash, 128 + n after signal n.
    """
    app = LiveApp(workspace, due=due)
    result = app.run()
    if app.broke is not None:
        report_crash(app.broke, workspace.home.logs)
        return 1
    return result or app.return_code or 0


def report_crash(error: BaseException, logs: Path) -> None:
    """Three lines to a person, the whole traceback (without values) to a file that only they can read."""
    try:
        logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = logs / "crash.log"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.writelines([*traceback.format_exception(error), "\n"])
        where = f"What happened is in {path}"
    except OSError as trouble:
        where = f"It could not be logged ({trouble.strerror})."
    sys.stderr.write(
        f"Atlas Tutor had to stop: {type(error).__name__}.\n"
        "Every answer you submitted and every rating is saved; start again with: tutor\n"
        f"{where}\n"
    )
