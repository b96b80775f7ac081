"""Owns whom each clause of a text goes on about, when a question sets things against each other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.grading.sides import CONNECTIVES, Sides
from tutor.retrieval.opposites import word_set

_PRONOUNS = word_set("it its they their this that these those which")
_PLURAL = word_set("they their these those")
_SPLIT = word_set("one both either each neither")
"""A clause that begins so speaks of none of the sides alone."""
_WORD = re.compile(r"[^\W_]+")
_OWN_PLURAL = re.compile(r"s(?!\w)", re.IGNORECASE)
_PLURAL_END = re.compile(r"s(?!\w)|\w[ -][^\W_]+[^\Wsui_]s\b", re.IGNORECASE)
"""From the last letter of a name on: its own plural; a plural behind the first word of one."""


def follow(sides: Sides, sentences: Sequence[Sequence[str]]) -> list[int | None]:
    """The side that each clause speaks of, for sentences given as clauses, in order.

    A clause that names nobody goes on about the one before it; a sentence does so only when it begins with a pronoun.
    """
    out: list[int | None] = []
    current, many = sides.default, False
    for clauses in sentences:
        first: int | None = None
        for n, clause in enumerate(clauses):
            opening = _opening(clause)
            named = _by_order(clause) if len(sides.names) == 2 else None
            named = sides.subject(clause) if named is None else named
            if opening in _SPLIT or sides.together(clause) or (opening in _PLURAL and not many):
                current = None
            elif opening in _PRONOUNS and not _names_at_once(sides, clause):
                pass
            elif named is not None:
                current = named
            elif n == 0:
                current = sides.default
            elif opening in ("when", "if"):
                current = first
            first = current if n == 0 else first
            many = current is not None and (_many(sides, clause, current) or (many and named != current))
            out.append(current)
    return out


def _many(sides: Sides, text: str, side: int) -> bool:
    """True when a text names a side in the plural, which "they" can stand for: "B-trees", "LSM engines"."""
    if any(name[-1].endswith("s") and len(name[-1]) > 3 for name in sides.names[side]):
        return True
    for other, start, end, _ in sides.mentions(text):
        short = text[start:end].lower() in sides.subjects[side]
        if other == side and (_PLURAL_END if short else _OWN_PLURAL).match(text[end - 1 :]):
            return True
    return False


def _opening(clause: str) -> str:
    said = (found.group() for found in _WORD.finditer(clause.lower()))
    return next((word for word in said if word not in CONNECTIVES), "")


def _names_at_once(sides: Sides, clause: str) -> bool:
    found = sides.mentions(clause)
    return bool(found) and not found[0][3] and len(_WORD.findall(clause[: found[0][1]])) <= 1


def _by_order(clause: str) -> int | None:
    lowered = f" {clause.lower()} "
    if re.search(r"\bthe (?:former|first(?: one)?)\b", lowered):
        return 0
    return 1 if re.search(r"\bthe (?:latter|second(?: one)?)\b", lowered) else None
