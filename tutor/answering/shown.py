"""Owns the words of a piece of Markdown as they are shown on a line."""

import re

from tutor.domain.text import visible


def plain(text: str) -> str:
    """The words of a piece of Markdown on one line: no emphasis, links as their text, nothing that looks like `[1]`."""
    shown = re.sub(r"!\[[^\]]*\]\([^)]*\)|\[\^[^\]]*\]|<[^<>]+>", "", visible(text))
    shown = re.sub(r"\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])", r"\1", shown)
    shown = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", shown, flags=re.DOTALL)
    shown = re.sub(r"(?<![\w*])([*_])(?=\S)([^*_]+?)(?<=\S)\1(?!\w)", r"\2", shown)
    return " ".join(re.sub(r"\[(\s*\d[\d\s,–-]*)\]", r"(\1)", shown).split())
