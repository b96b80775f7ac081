"""Owns which words the material uses: how much each tells its parts apart, and what a misspelt word was meant to be."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property

from tutor.domain.content import Library
from tutor.retrieval.words import STOP_WORDS, content_stems, stem, words

RAREST = 0.01
"""A word in this share of the sections, or in none, weighs 1. A share and not a count, so that weights keep their
meaning while the learner imports more chapters."""

ASKING_WORDS = frozenset(
    """anyone answer ask bad best better big choose compare define describe difference differ differently different do draw
    even ever example explain fine-grained find first get give go good happen help keep kind know like look make many
    matter mean much need one people pick practical practice prefer really reason say show simple simply start step still stuff
    summarise summarize take talk tell term thing think together try two understand use user versus vs want way
    whole work worth write wrong""".split()
)
"""Words that say what is done with a subject, not which subject; they carry no coverage. Chosen by reading learners'
questions: dropping one only loses weight, so the list may be wrong about a word without harm."""
ASKING_STEMS = frozenset(stem(word) for word in ASKING_WORDS)

SPELLING_RATIO = 0.88
"""How alike a misspelt word and the word meant must be (difflib ratio): "retreival" is 0.89 of "retrieval"."""
SHORTEST_CORRECTED = 5
"""Shorter words are too often another word spelt correctly."""


class Vocabulary:
    """The words of one library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @cached_property
    def _shares(self) -> dict[str, float]:
        """Share of the sections and reference answers that hold each stem, 0..1."""
        sections = [set(content_stems(text)) for text in _texts(self._library)]
        counts = Counter(one for section in sections for one in section)
        return {one: count / len(sections) for one, count in counts.items()}

    @cached_property
    def _words(self) -> frozenset[str]:
        found = {word for text in _texts(self._library) for word in words(text)}
        return frozenset(word for word in found if len(word) >= SHORTEST_CORRECTED - 1) | STOP_WORDS | ASKING_WORDS

    def knows(self, one: str) -> bool:
        """True when the material uses a stem."""
        return one in self._shares

    def weight(self, one: str) -> float:
        """How much a stem tells one part of the material from another: 0.05 when all use it, 1 when hardly any does.

        log(share) / log(RAREST), as an inverse document frequency that does not grow with the library.
        """
        share = max(self._shares.get(one, 0.0), RAREST)
        return max(0.05, math.log(share) / math.log(RAREST))

    def subject(self, question: str) -> dict[str, float]:
        """The stems of a question that name its subject, with their weights; asking words count only when alone."""
        stems = dict.fromkeys(content_stems(question))
        naming = [one for one in stems if one not in ASKING_STEMS] or list(stems)
        return {one: self.weight(one) for one in naming}

    def respelt(self, question: str) -> str:
        """The question with misspelt words as the material spells them; the question itself when all are known.

        A word is respelt when nobody knows its stem and a word of the material with the same first letter is at
        least SPELLING_RATIO alike. The first letter keeps "pretraining" from turning into "retraining".
        """
        text = question
        for word in dict.fromkeys(words(question)):
            meant = self._meant(word)
            if meant != word:
                text = _replaced(text, word, meant)
        return text

    def _meant(self, word: str) -> str:
        known = word in self._words or all(self.knows(one) or one in ASKING_STEMS for one in content_stems(word))
        if known or len(word) < SHORTEST_CORRECTED or not word.replace("-", "").isalpha():
            return word
        like = [one for one in self._words if one[0] == word[0] and abs(len(one) - len(word)) <= 2]
        return next(iter(get_close_matches(word, sorted(like), n=1, cutoff=SPELLING_RATIO)), word)


def _replaced(text: str, word: str, meant: str) -> str:
    """The text with a lower-case word replaced wherever it stands, in whatever case."""
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", meant, text, flags=re.IGNORECASE)


def _texts(library: Library) -> Iterator[str]:
    """One text for each section of the body and each reference answer, under its headings."""
    for chapter in library.chapters():
        for section in chapter.sections:
            yield " ".join((*section.path, section.text))
        for question in chapter.questions:
            yield f"{question.text} {question.reference}"


def coverage(subject: Mapping[str, float], texts: Iterable[str]) -> float:
    """Share of the subject's weight whose stems stand in the texts, 0..1; 0 for a question without a subject."""
    whole = sum(subject.values())
    held = {one for text in texts for one in content_stems(text)}
    return sum(weight for one, weight in subject.items() if one in held) / whole if whole else 0.0
