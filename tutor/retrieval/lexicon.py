"""Owns which words the material uses: its keyword index counts them, and only those asked for are looked up."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.retrieval.keywords import KeywordIndex


class Lexicon:
    """The words of the passages that can be searched; of none, when there is no index yet."""

    def __init__(self, index: "KeywordIndex | None") -> None:
        self._index = index

    def share(self, stem: str) -> float:
        """Share of the passages that hold a stem, 0..1."""
        return self._index.holding(stem) / max(1, len(self._index)) if self._index else 0.0

    def knows(self, stem: str) -> bool:
        """True when some passage holds a stem."""
        return self.share(stem) > 0

    def spelt(self, beginning: str) -> Mapping[str, int]:
        """The words that begin so, each with how many passages use it or are named by it."""
        return self._index.words(beginning) if self._index else {}

    def is_acronym(self, word: str) -> bool:
        """True when a chapter is named by this word, in lower case here, in capitals there."""
        return self._index is not None and self._index.acronym(word)
