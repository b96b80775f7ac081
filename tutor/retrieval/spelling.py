"""Owns how else a word is spelt: what a misspelt one was meant to be, and how the other side of the Atlantic has it.

A misspelt word was meant to be a word of the material that one slip of the hand or ear turns into it.
"""

import re
from collections.abc import Callable, Container, Mapping

from tutor.retrieval.words import content_stems, words

SHORTEST = 5
"""Letters; shorter words are too often another word spelt correctly."""
LEAST_USED = 2
"""Times the material must use a word; what stands there once may be misspelt itself."""
VOWELS_FROM, ANY_FROM = 6, 8
"""Letters from which a wrong vowel, and any one wrong or needless letter, counts as a slip: "bread" is not "broad"."""
LONG, ALIKE = 9, 0.88
"""From so many letters, two slips are one word still when the words are this much alike (difflib ratio)."""

_ATLANTIC = re.compile(r"i[sz](?=(?:e[drs]?|ers|ing|ations?)$)|ou?r(?=(?:s|ed|ing|al)?$)")
_TURNED = {"is": "iz", "iz": "is", "or": "our", "our": "or"}
_VOWELS = frozenset("aeiouy")
_SAME_SOUND = tuple(frozenset(pair) for pair in ("ck", "cs", "sz", "gj"))


def respelt(text: str, used: Callable[[str], Mapping[str, int]], known: Container[str]) -> str:
    """The text with misspelt words as the material spells them; the text itself when all are known.

    `known` holds words that are spelt right; `used` counts the material's words with a given beginning and is called
    only for others. The parts of a hyphenated word are looked at one by one.
    """
    for part in dict.fromkeys(part for word in words(text) for part in word.split("-")):
        if len(part) >= SHORTEST and part.isalpha() and part not in known:
            near = used(part[0])
            meant = "" if part in near else _meant(part, near)
            text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", meant, text, flags=re.IGNORECASE) if meant else text
    return text


def other_spellings(text: str, knows: Callable[[str], bool]) -> list[str]:
    """The words of a text as they are spelt on the other side of the Atlantic, where the material knows them so.

    "quantization" brings "quantisation", "neighbors" brings "neighbours", and the other way round.
    """
    parts = dict.fromkeys(part for word in words(text) for part in word.split("-"))
    turned = (_ATLANTIC.sub(_turned, part) for part in parts if len(part) >= SHORTEST)
    return [one for one in turned if one not in parts and all(knows(each) for each in content_stems(one))]


def _turned(found: re.Match[str]) -> str:
    return _TURNED[found.group()]


def _meant(word: str, used: Mapping[str, int]) -> str:
    """The most used word that this is a slip of; empty when there is none. The first letter is always right."""
    near = [
        one
        for one, count in used.items()
        if count >= LEAST_USED and one[0] == word[0] and abs(len(one) - len(word)) <= 2 and one.isalpha()
    ]
    meant = [one for one in near if _slip(word, one)]
    if not meant and len(word) >= LONG:
        from difflib import SequenceMatcher

        meant = [one for one in near if one[:2] == word[:2] and SequenceMatcher(None, word, one).ratio() >= ALIKE]
    return max(meant, key=lambda one: (used[one], one), default="")


def _slip(word: str, meant: str) -> bool:
    """True when one slip makes the word meant into what was written.

    Two letters changed places, one was left out or doubled, a vowel is another vowel or a letter one that sounds like
    it; in a long word any one letter may be wrong or too many.
    """
    at = next((i for i, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b), min(len(word), len(meant)))
    rest, wanted = word[at:], meant[at:]
    if len(word) == len(meant):
        swapped = rest[:2] == wanted[:2][::-1] and rest[2:] == wanted[2:]
        pair = {rest[:1], wanted[:1]}
        alike = (len(word) >= VOWELS_FROM and pair <= _VOWELS) or any(pair <= sound for sound in _SAME_SOUND)
        return swapped or (rest[1:] == wanted[1:] and (alike or len(word) >= ANY_FROM))
    if rest == wanted[1:]:
        return True
    return rest[1:] == wanted and (len(word) >= ANY_FROM or word[at : at + 1] == word[at - 1 : at])
