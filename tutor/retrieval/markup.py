"""Owns what is left of Markdown when only its words matter: for vectors and keywords, never for showing or quoting."""

import re

_FENCE = re.compile(r"^\s*(?:```|~~~).*$", re.MULTILINE)
_RULE_OR_TABLE_LINE = re.compile(r"^(?=.*\||[ \t]*-{3})(?=.*-)[ \t|:-]+$", re.MULTILINE)
_LINE_START = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+•][ \t]+|\d{1,3}[.)][ \t]+)+", re.MULTILINE)
_IMAGE_OR_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)|!?\[([^\]\n]+)\]\[[^\]\n]*\]")
_ANCHOR = re.compile(r"\{#[\w-]+\}")
_TAG = re.compile(r"</?[A-Za-z][^>\n]{0,200}>|<!--.*?-->", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\w*_\\])(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=[^\s\\])\1(?![\w*_])", re.DOTALL)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")


def plain(markdown: str) -> str:
    """The words of a Markdown text in reading order; link addresses, anchors, tags and marks are left out.

    Table rows become lines with their cells set off by commas, and lines stay lines.
    """
    text = _FENCE.sub("", markdown)
    text = _RULE_OR_TABLE_LINE.sub("", text)
    text = _TAG.sub(" ", text)
    text = _ANCHOR.sub("", text)
    text = _IMAGE_OR_LINK.sub(lambda found: found[1] or found[2] or "", text)
    text = _LINE_START.sub("", text)
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    text = _ESCAPE.sub(r"\1", text.replace("`", ""))
    lines = (_cells(line) if line.lstrip().startswith("|") else line for line in text.splitlines())
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def _cells(row: str) -> str:
    return ", ".join(cell.strip() for cell in row.strip().strip("|").split("|") if cell.strip())
