"""Owns which words the material uses: its keyword index counts them, and only those asked for are looked up."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tutor.retrieval.words import content_stems, only_asks, words

if TYPE_CHECKING:
    from tutor.retrieval.keywords import KeywordIndex

RARE = 0.01
"""Share of the passages below which a word tells one from most others."""
NEAREST = 3
"""Passages looked at for a question's own words."""


class Lexicon:
    """The words of the passages that can be searched; of none, when there is no index yet."""

    def __init__(self, index: "KeywordIndex | None") -> None:
        self._index = index

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self._index) if self._index else 0

    def share(self, stem: str) -> float:
        """Share of the passages that hold a stem, 0..1."""
        return self._index.holding(stem) / max(1, len(self._index)) if self._index else 0.0

    def knows(self, stem: str) -> bool:
        """True when some passage holds a stem."""
        return self.share(stem) > 0

    def literal(self, question: str) -> bool:
        """True when one passage holds every word by which a question names its subject, two at least and one rare.

        Such a question speaks the material's language already. Searches once, in milliseconds.
        """
        naming = {one for word in words(question) if not only_asks(word) for one in content_stems(word)}
        if self._index is None or len(naming) < 2 or min(map(self.share, naming)) >= RARE:
            return False
        found = self._index.passages([entry.stamp for entry in self._index.search(question, NEAREST)]).values()
        texts = (f"{one.chapter} {' '.join(one.heading_path)} {one.text}" for one in found)
        return any(naming <= set(content_stems(text)) for text in texts)

    def spelt(self, beginning: str) -> Mapping[str, int]:
        """The words that begin so, each with how many passages use it or are named by it."""
        return self._index.words(beginning) if self._index else {}

    def is_acronym(self, word: str) -> bool:
        """True when a chapter is named by this word, in lower case here, in capitals there."""
        return self._index is not None and self._index.acronym(word)
