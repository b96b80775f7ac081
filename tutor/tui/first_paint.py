"""Owns the first frame: title, greeting and what is due, on the screen before the framework is imported.

It is drawn where the first screen will draw the same words, on the same alternate screen, so that one grows out of the
other. Keys typed meanwhile stay in the terminal's queue and reach the app. Where a frame cannot be drawn (no terminal,
a plain one, a database that cannot be read) it is left out: the app says what is wrong.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from tutor.tui.greeting import due_words, greeting
from tutor.tui.inks import INKS, Inks

if TYPE_CHECKING:
    from types import FrameType

    from tutor.domain.settings import Settings
    from tutor.store.home import Home

LEAST_SIZE = (40, 8)
"""Columns and lines below which a frame would say less than it flickers."""

ENTER = "\x1b[?1049h\x1b[?25l"
LEAVE = "\x1b[0m\x1b[?25h\x1b[?1049l"


@contextmanager
def first_paint(home: Home, settings: Settings, now: datetime) -> Iterator[int | None]:
    """Hold the terminal from the first frame on; on leaving give it back as it was found, whatever happened inside.

    Gives the number of questions due, None when it could not be counted.
    """
    due = _due(home, now)
    if not _can_paint(os.environ):
        yield due
        return
    import termios

    before = termios.tcgetattr(0)
    with _ended_by_signals():
        try:
            _write(ENTER)
            _keep_keys(before)
            _write(frame(due, now.astimezone().hour, settings, os.get_terminal_size(2)))
            yield due
        finally:
            with suppress(OSError, termios.error):  # the terminal itself may be gone
                termios.tcsetattr(0, termios.TCSANOW, before)
                _write(LEAVE)


def _can_paint(environ: Mapping[str, str]) -> bool:
    """Whether this is a terminal that can show and take back a full screen."""
    if environ.get("TERM", "") in ("", "dumb", "unknown") or not all(os.isatty(stream) for stream in (0, 1, 2)):
        return False
    size = os.get_terminal_size(2)
    return size.columns >= LEAST_SIZE[0] and size.lines >= LEAST_SIZE[1]


def frame(due: int | None, hour: int, settings: Settings, size: os.terminal_size) -> str:
    """The bytes of the first frame as text; `due` is None when nobody could count."""
    plain = settings.flat or os.environ.get("NO_COLOR") or not _true_colour()
    inks = None if plain else INKS.get(settings.theme)
    ground, bar, name, place = _colours(inks) if inks is not None else ("", "", "", "")
    top = 4 if size.lines >= 24 else 3
    words = [f"{ground}\x1b[2J\x1b[H{bar}\x1b[K  \x1b[1m{name}Atlas Tutor\x1b[22m{place}  Today"]
    words.append(f"{ground}\x1b[{top};4H\x1b[1m{greeting(hour)}\x1b[22m")
    if due:
        words.append(f"\x1b[{top + 2};4H{due_words(due)}")
    return "".join(words)


def _colours(inks: Inks) -> tuple[str, str, str, str]:
    ground = _back(inks.background) + _fore(inks.text)
    return ground, _back(inks.surface), _fore(inks.primary), _fore(inks.text)


def _due(home: Home, now: datetime) -> int | None:
    from tutor.domain.errors import StoreError
    from tutor.store.counts import quick_counts

    try:
        return quick_counts(home, now).due
    except StoreError:
        return None


def _keep_keys(before: list[object]) -> None:
    """Let typed keys wait unechoed for the app, ctrl+q and ctrl+s among them."""
    import termios

    changed = list(before)
    assert isinstance(changed[0], int)
    assert isinstance(changed[3], int)
    changed[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL)
    changed[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(0, termios.TCSANOW, changed)  # type: ignore[arg-type]


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Turn the signals that would end the program on the spot into an exit that still gives the terminal back."""

    def leave(number: int, _: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
    before = {number: signal.signal(number, leave) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _true_colour() -> bool:
    return os.environ.get("COLORTERM", "") in ("truecolor", "24bit")


def _fore(colour: str) -> str:
    return f"\x1b[38;2;{_channels(colour)}m"


def _back(colour: str) -> str:
    return f"\x1b[48;2;{_channels(colour)}m"


def _channels(colour: str) -> str:
    return ";".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))


def _write(text: str) -> None:
    assert sys.__stderr__ is not None
    sys.__stderr__.write(text)
    sys.__stderr__.flush()
