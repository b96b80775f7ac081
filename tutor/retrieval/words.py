"""Owns what a word is when texts are compared: which words carry content, and their stems."""

import re
from collections.abc import Callable
from functools import cache, lru_cache

_WORD = re.compile(r"[^\W_]+(?:[.'’+#-][^\W_]+)*[+#]*")

_COMMON = """
    a about above after again against all also am an and any are as at be because been before being below between
    both but by can could did do does doing down during each few for from further had has have having he her
    here hers him his how i if in into is it its itself just let me might more most must my no nor not of off on
    once only or other our out over own same shall she should so some such than that the their them then there
    these they this those through to too under until up us very was we were what when where which while who whom
    why will with would you your yours
"""
STOP_WORDS = frozenset(_COMMON.split())
"""Words too common to tell one text from another. Negations are among them: who compares polarity looks elsewhere."""


def words(text: str) -> list[str]:
    """The words of a text in order, lower case; hyphens, dots and apostrophes inside a word stay."""
    return [found.group().lower().replace("’", "'") for found in _WORD.finditer(text)]


@cache
def _stemmer() -> Callable[[str], str]:
    import snowballstemmer

    stem_of: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord
    return stem_of


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The Snowball English stem of one lower-case word."""
    return _stemmer()(word)


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry content, in order; hyphenated words count as their parts."""
    parts = (part for word in words(text) for part in word.split("-"))
    return [stem(part) for part in parts if part and part not in STOP_WORDS]
