"""Owns the way out of the terminal: an address is handed to the learner's own browser, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from tutor.domain.errors import TutorError
from tutor.tui.background import in_background

if TYPE_CHECKING:
    from tutor.tui.app import TutorApp
    from tutor.tui.links import Destination


class BrowserMissing(TutorError):
    """There is nothing to open an address with."""


def open_in_browser(app: TutorApp, target: Destination) -> None:
    """Open the address as it was shown. Raises BrowserMissing."""
    # Isolated, so that no file of the folder one stands in is taken for a part of the program.
    command = [sys.executable, "-I", "-m", "webbrowser", target.url]
    if not _in_terminal():
        in_background(app, "browser", lambda: _run_quietly(command))
        return
    try:
        with app.suspend():
            subprocess.run(command, check=False)
    except SuspendNotSupported as error:
        raise BrowserMissing("This terminal cannot be lent to a browser. Copy the address instead.") from error


def _in_terminal() -> bool:
    """Whether the browser draws in the terminal itself, as w3m does. Raises BrowserMissing."""
    import webbrowser

    try:
        browser = webbrowser.get()
    except webbrowser.Error as error:
        raise BrowserMissing("There is no browser here. Copy the address, or name one in $BROWSER.") from error
    if isinstance(browser, webbrowser.UnixBrowser):
        return not browser.background
    return type(browser) is webbrowser.GenericBrowser


def _run_quietly(command: list[str]) -> None:
    """Without a word on the screen that the app draws."""
    nothing = subprocess.DEVNULL
    subprocess.run(command, check=False, stdin=nothing, stdout=nothing, stderr=nothing)
