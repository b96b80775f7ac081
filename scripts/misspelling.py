"""Owns misspelling questions as hands and ears do, the same way every time, so that reading them can be measured."""

import random
import re

from tutor.retrieval.words import STOP_WORDS, words

MISSPELT = 2
"""Words of a question."""
TWICE = 0.3
"""Share of the long words in which there are two slips."""
LONG = 9
SLIPS = {"swap": 3, "leave out": 3, "vowel": 2, "neighbour": 1.5, "double": 1, "add": 0.5}
"""Kinds of slips with how often each is made, against the others."""
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def misspelt(text: str) -> str:
    """The text with some of its longer words misspelt; which and how is decided by the text alone."""
    chance = random.Random(text)
    long = [one for one in dict.fromkeys(words(text)) if len(one) >= 5 and one.isalpha() and one not in STOP_WORDS]
    for word in chance.sample(long, min(MISSPELT, len(long))):
        slipped = _slipped(word, chance)
        if len(word) >= LONG and chance.random() < TWICE:
            slipped = _slipped(slipped, chance)
        text = re.sub(rf"\b{word}\b", slipped, text, flags=re.IGNORECASE)
    return text


def _slipped(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    match chance.choices(list(SLIPS), list(SLIPS.values()))[0]:
        case "swap":
            return before + after[0] + letter + after[1:]
        case "vowel" if letter in "aeiou":
            return before + chance.choice("aeiou".replace(letter, "")) + after
        case "neighbour":
            return before + _beside(letter, chance) + after
        case "double":
            return before + 2 * letter + after
        case "add":
            return before + chance.choice("abcdefghijklmnopqrstuvwxyz") + letter + after
    return before + after


def _beside(letter: str, chance: random.Random) -> str:
    row = next((keys for keys in _ROWS if letter in keys), letter)
    at = row.index(letter)
    return chance.choice(row[max(0, at - 1) : at] + row[at + 1 : at + 2] or letter)
