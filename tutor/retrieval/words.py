"""Owns what a word is when texts are compared: which words carry content, which only ask, and their stems."""

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

_ASKING = """
    able actually already although always anybody anyone answer ask bad best better big bit boss bot came chatbot choose
    come compare day define describe differ difference differently different do draw even ever everything exactly
    example explain find first get give go gone good got great guess happen hello help hey hi keep kind know last like
    look lot make many matter maybe mean month much need never new nothing now ok okay old one people pick please
    practical practice prefer probably question quite reason really say seem show simple simply smart somebody someone
    something start step still stuff summarise summarize sure take talk tell term thanks thing think though today
    together try two understand use user versus vs want way week went whole wonder work worth write wrong yet
    hows idk im pls plz r thats u ur waht wat wen whats wich
"""
ASKING_WORDS = frozenset(_ASKING.split())
"""Words that say what is done with a subject, or that are only said along, not which subject; they carry no coverage.
Chosen by reading learners' questions; the last line is how they are typed in haste."""


def words(text: str) -> list[str]:
    """The words of a text in order, lower case; hyphens, dots and apostrophes inside a word stay."""
    return [found.group().lower().replace("’", "'") for found in _WORD.finditer(text)]


@cache
def _stemmer() -> Callable[[str], str]:
    import Stemmer

    stem_of: Callable[[str], str] = Stemmer.Stemmer("english").stemWord
    return stem_of


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The Snowball English stem of one lower-case word."""
    return _stemmer()(word)


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry content, in order; hyphenated words count as their parts."""
    parts = (part for word in words(text) for part in word.split("-"))
    return [stem(part) for part in parts if part and part not in STOP_WORDS]


def only_asks(word: str) -> bool:
    """True of a word that says what is done with a subject: its stem is that of one of `ASKING_WORDS`."""
    return set(content_stems(word)) <= asking_stems()


@cache
def asking_stems() -> frozenset[str]:
    """The stems of `ASKING_WORDS`."""
    return frozenset(stem(word) for word in ASKING_WORDS)


def naming_words(text: str) -> list[str]:
    """The words of a text that name a subject, in order."""
    return [one for one in words(text) if one not in STOP_WORDS and not only_asks(one)]
