"""Owns the command palette: every action of the place in front, every place, and the colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.screen import Screen

from tutor.tui import opening, upkeep
from tutor.tui.keys import key_name, key_of
from tutor.tui.screens.place import Place

if TYPE_CHECKING:
    from tutor.tui.app import TutorApp

MOTIONS = ("text.", "list.")
"""Ids of what only a key does well: a palette of single lines down helps nobody."""

COLOURS = {
    "atlas-dark": "Theme: dark colours (Atlas)",
    "atlas-light": "Theme: light colours (Atlas)",
    "atlas-night": "Theme: dark, highest contrast (Atlas)",
    "atlas-paper": "Theme: light, highest contrast (Atlas)",
    "ansi-dark": "Theme: your terminal's own colours, on dark",
    "ansi-light": "Theme: your terminal's own colours, on light",
}


def commands(app: TutorApp, screen: Screen[object]) -> Iterator[SystemCommand]:
    """What can be done from here, the nearest first."""
    seen = set()
    if isinstance(screen, Place):
        for identity, active in screen.bound().items():
            binding = active.binding
            seen.add(identity)
            if identity.startswith(MOTIONS):
                continue
            words = f"{binding.tooltip or binding.description}  ({key_name(binding.key)})"
            run = partial(app.run_action, binding.action, active.node)
            yield SystemCommand(binding.description, words, run)
    cram = partial(opening.start_quiz, app, cram=True)
    for identity, title, words, action in (
        ("go.today", "Today", "What is due, and where you were", app.action_home),
        ("go.quiz", "Quiz", "Start today's quiz", partial(opening.start_quiz, app)),
        ("today.cram", "Cram", "Weakest and heaviest first; your schedule stays as it is", cram),
        ("go.interview", "Interview", "A mock round with a scorecard", partial(opening.interviews, app)),
        ("app.quit", "Quit", f"Leave; everything is saved  ({key_of('app.quit')})", app.action_quit),
        ("go.index", "Prepare search", "Bring the index and the encoder up to date", partial(upkeep.begin, app)),
    ):
        if identity not in seen:
            yield SystemCommand(title, words, action)
    flat = app.workspace.settings.flat
    title = "Layout: drawn" if flat else "Layout: flat, for screen readers"
    yield SystemCommand(title, "No lines, boxes or moving signs; remembered", partial(change_layout, app))
    for name, title in COLOURS.items():
        if name in app.available_themes and name != app.theme:
            yield SystemCommand(title, "Change the colours and remember the choice", partial(choose_theme, app, name))


def change_layout(app: TutorApp) -> None:
    """Flat or drawn, now and for the next start."""
    settings = app.workspace.settings
    app.workspace.change_settings(replace(settings, flat=not settings.flat))
    app.lay_out()


def choose_theme(app: TutorApp, name: str) -> None:
    """Change the colours now and for the next start."""
    app.theme = name
    app.workspace.change_settings(replace(app.workspace.settings, theme=name))
