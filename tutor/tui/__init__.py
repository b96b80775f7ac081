"""Everything drawn in the terminal, and nothing else. `start` opens the app on a home and returns the exit code."""

from __future__ import annotations

from pathlib import Path


def start(home: Path | None, *, flat: bool = False) -> int:
    """Paint the first frame at once, load the rest behind it, and stay until the learner leaves.

    `flat` lays it out for a screen reader whatever the settings say.

    Raises SettingsError and StoreError, with the terminal given back.
    """
    import os
    from dataclasses import replace
    from datetime import UTC, datetime

    from tutor.store.home import Home
    from tutor.store.settings_file import load_settings
    from tutor.tui import collector
    from tutor.tui.first_paint import first_paint

    collector.hold()
    place = Home.locate(home, os.environ)
    settings = load_settings(place.settings_file)
    settings = replace(settings, flat=settings.flat or flat)
    with first_paint(place, settings, datetime.now(UTC)) as due:
        from tutor.workspace import Workspace

        with Workspace.open(home) as workspace:
            from tutor.tui.running import run

            workspace.settings = settings
            return run(workspace, due=due)
