"""Owns how a verb speaks: JSON or plain text to stdout, narration and progress to stderr."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import textwrap
from functools import partial
from typing import Self

from tutor.domain.settings import EngineChoice
from tutor.domain.text import visible


def json_flag(parser: argparse.ArgumentParser) -> None:
    """`--json`, on every reading verb."""
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")


def engine_flag(parser: argparse.ArgumentParser) -> None:
    """`--engine`, on every verb that asks or grades."""
    parser.add_argument(
        "--engine",
        type=_engine,
        metavar="local|ollama|auto",
        help="which engine answers; the settings decide otherwise",
    )


def _engine(word: str) -> EngineChoice:
    try:
        return EngineChoice(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{word}" is no engine; it is one of local|ollama|auto') from None


def emit(shape: object) -> None:
    """One JSON document on one line of stdout."""
    print(json.dumps(shape, ensure_ascii=False))


def tell(text: str = "", *, indent: str = "", hang: str | None = None) -> None:
    """A paragraph of plain text on stdout, wrapped to the terminal and free of control characters."""
    width = max(40, min(shutil.get_terminal_size((80, 24)).columns, 100))
    after = indent if hang is None else hang
    fill = partial(textwrap.fill, width=width, initial_indent=indent, subsequent_indent=after, break_on_hyphens=False)
    for line in visible(text).split("\n"):
        print(fill(line) if line.strip() else "")


def counted(number: int, noun: str) -> str:
    """`1 question`, `2 questions`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def narrate(text: str) -> None:
    """A sentence on stderr."""
    print(visible(text), file=sys.stderr, flush=True)


class Narrator:
    """Progress on stderr: a line that rewrites itself in a terminal, one line per new label elsewhere."""

    def __init__(self) -> None:
        self._label = ""
        self._open = False

    def __call__(self, done: int, total: int, label: str) -> None:
        """Show that `done` of `total` steps of `label` are over."""
        if sys.stderr.isatty():
            filled = 24 * done // total if total else 0
            bar = "━" * filled + "─" * (24 - filled)
            print(f"\r\x1b[K{bar} {visible(label)}", end="", file=sys.stderr, flush=True)
            self._open = True
        elif label != self._label:
            narrate(label)
        self._label = label

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the line that rewrites itself, also before an error is told."""
        if self._open:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._open = False
