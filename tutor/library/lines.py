"""Owns what a line of Markdown is: its number, whether it stands in a code fence, and whether it is a heading."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tutor.library.problem import Faults

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chapter."""

    number: int
    """In the file, from 1."""
    text: str
    fenced: bool = False
    """Inside a code fence or one of its two borders; never a heading or a marker."""
    level: int = 0
    """Number of `#` of a heading; 0 for any other line."""

    @property
    def heading(self) -> str:
        """The heading's words."""
        words = self.text.strip()[self.level :]
        unclosed = words.rstrip("#")
        # A heading may end in `#` marks after a blank, which are no part of it; those of "C#" are.
        return " ".join((words if unclosed and not unclosed[-1].isspace() else unclosed).split())


def number_lines(texts: Iterable[str], first: int, faults: Faults) -> list[Line]:
    """The lines with their numbers, fences followed; a fence that never closes is a fault."""
    lines: list[Line] = []
    fence, opened = "", 0
    for number, text in enumerate(texts, first):
        found = _FENCE.match(text) if "`" in text or "~" in text else None
        if fence:
            lines.append(Line(number, text, fenced=True))
            if found and found[1].startswith(fence) and not found[2].strip():
                fence = ""
        elif found:
            fence, opened = found[1], number
            lines.append(Line(number, text, fenced=True))
        else:
            heading = _HEADING.match(text) if "#" in text else None
            lines.append(Line(number, text, level=len(heading[1]) if heading else 0))
    if fence:
        faults.error(opened, f"the code fence opened here is never closed. Add a line `{fence}` where the code ends.")
    return lines


def joined(lines: Sequence[Line]) -> str:
    """The text of the lines as written, without blank lines at both ends."""
    texts = [line.text for line in lines]
    start, end = 0, len(texts)
    while start < end and not texts[start].strip():
        start += 1
    while end > start and not texts[end - 1].strip():
        end -= 1
    return "\n".join(texts[start:end])
