"""Owns which words the material uses, and how much each tells its parts apart."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from tutor.answering import sayings, spelling
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

_SHORTENED = re.compile(
    r"(?:\w+n't|(?:i|you|we|they|he|she|it|that|what|who|how|where|when|there|let)'\w+)$"
    r"|(?:do|does|is|ca|wo|did|has|have|are|was)nt$"
)
"""Contractions, with and without their apostrophe."""


class Vocabulary:
    """The words of one library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._stems: dict[str, frozenset[str]] = {}

    @cached_property
    def _shares(self) -> dict[str, float]:
        """Share of the sections and reference answers that hold each stem, 0..1."""
        sections = [set(content_stems(text)) for text in _texts(self._library)]
        counts = Counter(one for section in sections for one in section)
        return {one: count / len(sections) for one, count in counts.items()}

    @cached_property
    def _used(self) -> dict[str, int]:
        """How often each word stands in the material and its names; the parts of hyphenated words count too."""
        counts = Counter(word for text in _texts(self._library) for word in _parts(text))
        names = ((chapter.title, *chapter.aliases) for chapter in self._library.chapters())
        # A name counts like two uses: one alias is enough to know how a term is spelt.
        return dict(counts + Counter(2 * [word for each in names for word in _parts(" ".join(each))]))

    @cached_property
    def _acronyms(self) -> frozenset[str]:
        """Names in capitals, in lower case."""
        names = (name for chapter in self._library.chapters() for name in (chapter.title, *chapter.aliases))
        return frozenset(one.lower() for name in names for one in re.findall(r"\b[A-Z]{3,4}\b", name))

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

    def held_by(self, chapter_id: str, subject: Mapping[str, float]) -> float:
        """`coverage` of a subject by the whole of a chapter, its names included; 0 for a chapter not of the library."""
        held = self._stems_of(chapter_id)
        whole = sum(subject.values())
        return sum(weight for one, weight in subject.items() if one in held) / whole if whole else 0.0

    def read_as(self, question: str) -> str:
        """What to search for: the question respelt and widened."""
        return self.widened(self.respelt(question))

    def widened(self, question: str) -> str:
        """The question with the chapters' words for what it says; see `sayings`."""
        return sayings.widened(question, self.knows, self._acronyms)

    def respelt(self, question: str) -> str:
        """The question with misspelt words as the material spells them; the question itself when all are known."""
        return spelling.respelt(question, lambda: self._used, self)

    def _stems_of(self, chapter_id: str) -> frozenset[str]:
        if chapter_id not in self._stems:
            texts = (
                " ".join((one.title, *one.aliases, one.markdown))
                for one in self._library.chapters()
                if one.id == chapter_id
            )
            self._stems[chapter_id] = frozenset(content_stems(" ".join(texts)))
        return self._stems[chapter_id]

    def __contains__(self, word: object) -> bool:
        """True when a word is spelt right as far as anybody here knows."""
        if not isinstance(word, str) or word in STOP_WORDS or word in ASKING_WORDS:
            return True
        return all(self.knows(one) or one in ASKING_STEMS for one in content_stems(word))


def naming_words(text: str) -> list[str]:
    """The words of a text that name a subject, in order."""
    return [one for one in words(text) if one not in STOP_WORDS and not set(content_stems(one)) <= ASKING_STEMS]


def _parts(text: str) -> Iterator[str]:
    return (part for word in words(text) for part in {word, *word.split("-")})


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
