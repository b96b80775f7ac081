"""Owns what a question's subject is, and how much each word of it tells the parts of the material apart."""

import math
import re
from collections.abc import Callable, Iterable, Mapping

from tutor.domain.content import Library
from tutor.retrieval.lexicon import Lexicon
from tutor.retrieval.words import asking_stems, content_stems

RAREST = 0.01
"""A word in this share of the passages, or less, weighs 1. A share and not a count, so that weights keep their
meaning while the learner imports more chapters."""

_SHORTENED = re.compile(
    r"(?:\w+n't|(?:i|you|we|they|he|she|it|that|what|who|how|where|when|there|let)'\w+)$"
    r"|(?:do|does|is|ca|wo|did|has|have|are|was)nt$"
)
"""Contractions, with and without their apostrophe."""


class Vocabulary:
    """The words of one library, as its index counts them."""

    def __init__(self, library: Library, lexicon: Callable[[], Lexicon]) -> None:
        """`lexicon` gives the words as they are now: the index may change while the library is in use."""
        self._library = library
        self._lexicon = lexicon
        self._stems: dict[str, frozenset[str]] = {}

    def knows(self, one: str) -> bool:
        """True when the material uses a stem."""
        return self._lexicon().knows(one)

    def weight(self, one: str) -> float:
        """How much a stem tells one part of the material from another: 0.05 when all use it, 1 when hardly any does.

        log(share) / log(RAREST), as an inverse document frequency that does not grow with the library. One that no
        passage holds counts as if the next would hold it: that a few notes lack a word says little.
        """
        lexicon = self._lexicon()
        share = max(lexicon.share(one) or 1 / (len(lexicon) + 1), RAREST)
        return max(0.05, math.log(share) / math.log(RAREST))

    def subject(self, question: str) -> dict[str, float]:
        """The stems of a question that name its subject, with their weights; asking words count only when alone."""
        stems = dict.fromkeys(content_stems(question))
        naming = [one for one in stems if one not in asking_stems() and not _SHORTENED.match(one)] or list(stems)
        return {one: self.weight(one) for one in naming}

    def held_by(self, chapter_id: str, subject: Mapping[str, float]) -> float:
        """`coverage` of a subject by the whole of a chapter, its names included; 0 for a chapter not of the library."""
        held = self._stems_of(chapter_id)
        whole = sum(subject.values())
        return sum(weight for one, weight in subject.items() if one in held) / whole if whole else 0.0

    def _stems_of(self, chapter_id: str) -> frozenset[str]:
        if chapter_id not in self._stems:
            texts = (
                " ".join((one.title, *one.aliases, one.markdown))
                for one in self._library.chapters()
                if one.id == chapter_id
            )
            self._stems[chapter_id] = frozenset(content_stems(" ".join(texts)))
        return self._stems[chapter_id]


def coverage(subject: Mapping[str, float], texts: Iterable[str]) -> float:
    """Share of the subject's weight whose stems stand in the texts, 0..1; 0 for a question without a subject."""
    whole = sum(subject.values())
    held = {one for text in texts for one in content_stems(text)}
    return sum(weight for one, weight in subject.items() if one in held) / whole if whole else 0.0
