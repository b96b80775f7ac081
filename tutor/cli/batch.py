"""Owns `--batch`: a JSON object in per line, one out per line, in order; a bad line is answered and skipped."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tutor.cli.output import emit, narrate
from tutor.cli.shapes import Shape
from tutor.domain.errors import TutorError

MAX_LINE = 1_000_000
"""Characters in one line; a longer one is refused rather than held in memory again and again."""


class BadLine(TutorError):
    """A line of a batch that cannot be used."""


def run_batch(source: str, handle: Callable[[dict[str, object]], Shape]) -> int:
    """Answer every line of a file (`-` for stdin) with `handle`; the answer carries the line's id. Returns 0.

    Raises TutorError when the file cannot be read at all.
    """
    failed = 0
    for number, line in enumerate(read_lines(source), 1):
        identity: object = None
        try:
            item = parse_line(line, number)
            identity = item.get("id")
            emit({"id": identity, **handle(item)})
        except TutorError as error:
            failed += 1
            emit({"id": identity, "error": str(error)})
        sys.stdout.flush()
    if failed:
        narrate(f"{failed} of the lines could not be used; each says why in its error.")
    return 0


def read_lines(source: str) -> Iterator[str]:
    """The lines of a file or stdin that hold anything."""
    if source == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        yield from (line for line in sys.stdin if line.strip())
        return
    try:
        with Path(source).open(encoding="utf-8", errors="replace") as lines:
            yield from (line for line in lines if line.strip())
    except OSError as error:
        reason = error.strerror or str(error)
        raise TutorError(f"{source}: cannot be read ({reason}). Name a JSON Lines file, or - for stdin.") from error


def parse_line(line: str, number: int) -> dict[str, object]:
    """The object on one line. Raises BadLine."""
    if len(line) > MAX_LINE:
        raise BadLine(f"line {number} is longer than {MAX_LINE:,} characters. Shorten it.")
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"line {number} is not JSON ({error}). Write one object per line.") from error
    if not isinstance(item, dict):
        raise BadLine(f"line {number} is not a JSON object. Write one object per line, with an id.")
    return item


def text_field(item: dict[str, object], name: str) -> str:
    """A string field of a line. Raises BadLine when it is missing or not text."""
    value = item.get(name)
    if not isinstance(value, str):
        raise BadLine(f'the line has no text under "{name}". Add "{name}": "...".')
    return value
