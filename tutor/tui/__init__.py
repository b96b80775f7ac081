"""Everything drawn in the terminal, and nothing else. `start` opens the app on a home and returns the exit code."""

from __future__ import annotations

from pathlib import Path


def start(home: Path | None) -> int:
    """Paint the first frame at once, load the rest behind it, and stay until the learner leaves.

    Raises SettingsError and StoreError, with the terminal given back.
    """
    import os
    from datetime import UTC, datetime

    from tutor.store.home import Home
    from tutor.store.settings_file import load_settings
    from tutor.tui.first_paint import first_paint

    place = Home.locate(home, os.environ)
    with first_paint(place, load_settings(place.settings_file), datetime.now(UTC)) as due:
        from tutor.workspace import Workspace

        with Workspace.open(home) as workspace:
            from tutor.tui.running import run

            return run(workspace, due=due)
