"""Everything drawn with Textual, and nothing else. `run` opens the app on a workspace and returns the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.workspace import Workspace


def run(workspace: Workspace) -> int:
    """Open the app and stay until the learner leaves."""
    from tutor.tui.running import run as run_app

    return run_app(workspace)
