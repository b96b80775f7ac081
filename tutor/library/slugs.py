"""Owns what an id looks like, and how one is made from words when nobody authored it."""

import re
import unicodedata

from tutor.domain.content import digest

ID_RULE = "Use lower-case letters, digits and single hyphens, at most 80 of them"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST = 80
_WORD = re.compile(r"[a-z0-9]+")
_LITTLE_WORDS = "a an and are as at be by do does for from i in is it of or that the to what which would you your"


def is_id(text: str) -> bool:
    """True for an id of a track, section, chapter, question or point."""
    return len(text) <= _LONGEST and bool(_ID.fullmatch(text))


def slug(title: str) -> str:
    """An id holding every word of a title, as far as 80 characters go."""
    return _joined(_words(title), title)


def slug_of_sentence(text: str) -> str:
    """An id for a question or a point from the first eight words that carry content.

    It depends on the words alone: neither place, case nor punctuation changes it.
    """
    words, little = _words(text), _LITTLE_WORDS.split()
    telling = [word for word in words if word not in little]
    return _joined((telling or words)[:8], text)


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", "")).encode("ascii", "ignore").decode()
    return _WORD.findall(folded.lower())


def _joined(words: list[str], text: str) -> str:
    """Whole words only; a text without Latin letters is named by its digest."""
    name = "-".join(words)
    if len(name) > _LONGEST:
        name = name[: _LONGEST + 1].rpartition("-")[0] or name[:_LONGEST]
    return name or f"x-{digest(text)}"
