"""Owns how a passage reads on a line of a list: its words without markup, tables as rows of words, code left out.

A passage may begin or end inside a table or a code fence, so each line is read by itself.
"""

import re
from collections.abc import Iterator

from tutor.answering.shown import plain

_FENCE = re.compile(r"\s*(?:```|~~~)(.*)")
_RULE = re.compile(r"[\s|:=-]*[=-]{2,}[\s|:=-]*$|(?:[*_]\s*){3,}$")
_MARKER = re.compile(r"^(?:#{1,6}\s+|>\s?|[-*+•]\s+)+")


def readable(markdown: str) -> str:
    """The words of a passage on one line; of one that is all code, the code."""
    return " ".join(_words(markdown)) or " ".join(line for line in _lines_of_code(markdown))


def _words(markdown: str) -> Iterator[str]:
    lines = [line.strip() for line, code in _read(markdown) if not code]
    for number, line in enumerate(lines):
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if _RULE.match(line):
            continue
        if not line.startswith("|"):
            yield from filter(None, [_bare(line)])
        elif not (below.startswith("|") and _RULE.match(below)):
            yield _row(line) + (";" if below.startswith("|") else ".")


def _row(line: str) -> str:
    """A row of a table: what it is of, then its cells. Its head, which the rows below explain, is left out before."""
    first, *rest = [_bare(cell.strip()) for cell in re.split(r"(?<!\\)\|", line.strip("|"))]
    return f"{first}: {' · '.join(cell for cell in rest if cell)}" if any(rest) else first


def _bare(line: str) -> str:
    return plain(_MARKER.sub("", line)).replace("`", "").replace("\\|", "|")


def _lines_of_code(markdown: str) -> Iterator[str]:
    return (" ".join(line.split()) for line, code in _read(markdown) if code and line.strip())


def _read(markdown: str) -> Iterator[tuple[str, bool]]:
    """Each line with whether it is code. A bare fence without a partner closes code that began before the passage."""
    lines = markdown.splitlines()
    fences = [found[1].strip() for line in lines if (found := _FENCE.match(line))]
    code = len(fences) % 2 == 1 and not fences[0]
    for line in lines:
        if _FENCE.match(line):
            code = not code
        else:
            yield line, code
