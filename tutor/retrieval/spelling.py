"""Owns how else a word is spelt: what a misspelt one was meant to be, and how the other side of the Atlantic has it.

A misspelt word is neither English nor the material's, and was meant to be one of these that a slip or two turns into
it; the material's come first. English is the word list of pyspellchecker, with how common each word is.
"""

import re
from collections.abc import Callable, Container, Mapping
from functools import cache
from typing import TYPE_CHECKING

from tutor.retrieval.words import content_stems, words

if TYPE_CHECKING:
    from spellchecker import SpellChecker

SHORTEST, LONG = 4, 9
"""Letters of a word that may be misspelt, and from which two slips are looked for, too, behind the first two letters.
Of the shortest only a likely slip is."""
LEAST_USED = 2
"""Times the material must use a word that is not English; what stands there once may be misspelt itself."""
LEAST_COMMON, COMMON_FROM = 1e-6, 7
"""Share of English from which a word the material lacks may be meant, and the letters of what was written then."""
LIKELY = 20
"""Times a word is likelier meant when the slip is one that hand and ear make. Restored as many of two words per
question that were misspelt at random as 5 to 50 did."""
ACRONYM = 5
"""Letters up to which a word in capitals is a name."""

_LETTERS = re.compile(r"(?<!\w)(?<!\w[.'’+#])[^\W\d_]+(?!\w|[.'’+#]\w)")
_MIXED = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]")
_ATLANTIC = re.compile(r"i[sz](?=(?:e[drs]?|ers|ing|ations?)$)|ou?r(?=(?:s|ed|ing|al)?$)")
_TURNED = {"is": "iz", "iz": "is", "or": "our", "our": "or"}
_VOWELS = frozenset("aeiouy")
_SAME_SOUND = tuple(frozenset(pair) for pair in ("ck", "cs", "sz", "gj"))


def respelt(text: str, used: Callable[[str], Mapping[str, int]], known: Container[str]) -> str:
    """The text with misspelt words as the material or English spells them; the text itself when all are known.

    `known` holds words that are spelt right; `used` counts the material's words with a given beginning and is called
    only for others. The parts of a hyphenated word are looked at one by one; names such as ResNet stay as they are.
    """
    read = cache(lambda part: _read(part, used, known))
    return _LETTERS.sub(lambda found: read(found.group()), text)


def other_spellings(text: str, knows: Callable[[str], bool]) -> list[str]:
    """The words of a text as they are spelt on the other side of the Atlantic, where the material knows them so.

    "quantization" brings "quantisation", "neighbors" brings "neighbours", and the other way round.
    """
    parts = dict.fromkeys(part for word in words(text) for part in word.split("-"))
    turned = (_ATLANTIC.sub(_turned, part) for part in parts if len(part) > SHORTEST)
    return [one for one in turned if one not in parts and all(knows(each) for each in content_stems(one))]


def _turned(found: re.Match[str]) -> str:
    return _TURNED[found.group()]


def _read(part: str, used: Callable[[str], Mapping[str, int]], known: Container[str]) -> str:
    """One word as it was meant."""
    word = part.lower()
    name = _MIXED.search(part) or (part.isupper() and len(part) <= ACRONYM)
    if name or len(word) < SHORTEST or word in known or word in _english():
        return part
    near = used(word[0])
    return part if word in near else _meant(word, near) or part


def _meant(word: str, used: Mapping[str, int]) -> str:
    """The word that this is a slip of; empty when there is none. The first letter is always right."""
    from rapidfuzz.distance import OSA

    most = 2 if len(word) >= LONG else 1
    near: dict[int, dict[str, float]] = {1: {}, 2: {}}
    for one, count in used.items():
        slips = OSA.distance(word, one) if _may_be(word, one) else LONG
        if slips <= most and (count >= LEAST_USED or one in _english()):
            near[slips][one] = count * (LIKELY if _likely(word, one) else 1)
    return _most(near[1]) or _most(_common(word)) or _most(near[2])


def _may_be(word: str, meant: str) -> bool:
    """True when a slip of one may be looked for in the other, whatever it is."""
    if not meant.isalpha() or len(meant) < SHORTEST:
        return False
    if len(word) >= LONG:
        return word[:2] == meant[:2]
    return _likely(word, meant) or SHORTEST < len(word) <= len(meant)


def _common(word: str) -> dict[str, float]:
    """The common English words that this is a likely slip of."""
    near = (_english().candidates(word) or ()) if len(word) >= COMMON_FROM else ()
    shares = {one: _english().word_usage_frequency(one) for one in near if one[0] == word[0] and _likely(word, one)}
    return {one: share for one, share in shares.items() if share >= LEAST_COMMON}


def _most(weights: Mapping[str, float]) -> str:
    return max(weights, key=lambda one: (weights[one], one), default="")


def _likely(word: str, meant: str) -> bool:
    """True when one slip of the hand or ear makes the word meant into what was written.

    Two letters changed places, one was left out or doubled, a vowel is another vowel or a letter one that sounds alike.
    """
    at = next((i for i, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b), min(len(word), len(meant)))
    rest, wanted = word[at:], meant[at:]
    if len(word) == len(meant):
        swapped = rest[:2] == wanted[:2][::-1] and rest[2:] == wanted[2:]
        pair = {rest[:1], wanted[:1]}
        alike = pair <= _VOWELS or any(pair <= sound for sound in _SAME_SOUND)
        return swapped or (rest[1:] == wanted[1:] and alike and len(word) > SHORTEST)
    if rest == wanted[1:]:
        return len(word) > SHORTEST or bool(rest)
    return rest[1:] == wanted and word[at : at + 1] == word[at - 1 : at]


@cache
def _english() -> "SpellChecker":
    from spellchecker import SpellChecker

    return SpellChecker(distance=1)
