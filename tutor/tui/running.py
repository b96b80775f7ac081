"""Owns the life of the process around the app: its exit code, and what a person sees when it breaks."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.tui.app import TutorApp

if TYPE_CHECKING:
    from tutor.workspace import Workspace


class GuardedApp(TutorApp):
    """The app, with a short end instead of a long one when something breaks."""

    broke: BaseException | None = None
    """What ended the app against its will."""

    def _handle_exception(self, error: Exception) -> None:
        # The framework would render a traceback with the values of all locals, which takes seconds on a frozen screen
        # and may print what nobody should see.
        self._return_code = 1
        self.broke = self.broke or error
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()


def run(workspace: Workspace) -> int:
    """Run the app until the learner leaves. Returns the exit code: 0, 1 after a crash, 128 + n after signal n."""
    app = GuardedApp(workspace)
    result = app.run()
    if app.broke is not None:
        report_crash(app.broke, workspace.home.logs)
        return 1
    return result or app.return_code or 0


def report_crash(error: BaseException, logs: Path) -> None:
    """Three lines to a person, the whole traceback (without values) to a file that only they can read."""
    where = "It could not be logged."
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
