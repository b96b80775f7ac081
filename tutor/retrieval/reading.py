"""Owns how a question is read before it is searched for: respelt, and widened by the chapters' words for it."""

from tutor.retrieval import sayings, spelling
from tutor.retrieval.lexicon import Lexicon
from tutor.retrieval.words import ASKING_WORDS, STOP_WORDS, asking_stems, content_stems


class Reading:
    """Reads by the words of some material."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def read_as(self, question: str) -> str:
        """What to search for: the question respelt and widened."""
        return self.widened(self.respelt(question))

    def respelt(self, question: str) -> str:
        """The question with misspelt words as the material spells them; the question itself when all are known."""
        return spelling.respelt(question, self._lexicon.spelt, self)

    def widened(self, question: str) -> str:
        """The question with the material's other spellings, and the chapters' words for what it says; see `sayings`.

        To a question that a passage meets word for word no such words are added: they would lead away from that one.
        """
        both = " ".join((question, *spelling.other_spellings(question, self._lexicon.knows)))
        wider = sayings.widened(both, self._lexicon.knows, self._lexicon.is_acronym)
        return both if wider != both and self._lexicon.literal(question) else wider

    def __contains__(self, word: object) -> bool:
        """True when a word is spelt right as far as anybody here knows."""
        if not isinstance(word, str) or word in STOP_WORDS or word in ASKING_WORDS:
            return True
        return all(self._lexicon.knows(one) or one in asking_stems() for one in content_stems(word))
