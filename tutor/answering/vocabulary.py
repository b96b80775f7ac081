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
ASKING_STEMS = frozenset(stem(word) for word in ASKING_WORDS)

_SAID = (
    (re.compile(r"\b(?:mak(?:e|es|ing) (?:\w+ ){0,2}up|lie|lies|lying|invents?|inventing)\b"), "hallucinate"),
    (re.compile(r"\bdocs?\b"), "documents"),
    (re.compile(r"\b(?:fine ?tun\w+|finetun\w+)\b"), "fine-tuning"),
    (re.compile(r"\bllms?\b"), "language model"),
    (re.compile(r"\b(?:outdated|out of date|old answers)\b"), "stale"),
    (re.compile(r"\bhallucinat\w+|confabulat\w+"), "hallucinate"),
)
"""What learners say, and the word of the chapters; the word is added to a question when the material knows it."""

_SHORTENED = re.compile(
    r"(?:\w+n't|(?:i|you|we|they|he|she|it|that|what|who|how|where|when|there|let)'\w+)$"
    r"|(?:do|does|is|ca|wo|did|has|have|are|was)nt$"
)
"""Contractions, with and without their apostrophe."""

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
        naming = [one for one in stems if one not in ASKING_STEMS and not _SHORTENED.match(one)] or list(stems)
        return {one: self.weight(one) for one in naming}

    def read_as(self, question: str) -> str:
        """What to search for: the question respelt and widened."""
        return self.widened(self.respelt(question))

    def widened(self, question: str) -> str:
        """The question, then the chapters' words for what it says in a learner's; for searching, not for showing."""
        asked = question.lower()
        held = set(content_stems(question))
        added = [word for said, word in _SAID if said.search(asked) and not set(content_stems(word)) <= held]
        return " ".join((question, *(word for word in added if all(self.knows(one) for one in content_stems(word)))))

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
