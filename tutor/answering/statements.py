"""Owns what one sentence of a passage states: its figures, and the words it states them of.

Only a sentence that can be understood by itself and is the passage's own word is read: not one that leans on the one
before it, tells an example, or reports what others get wrong.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from tutor.answering.excerpts import excerpts_of
from tutor.answering.figures import Figure, figures_in
from tutor.answering.shown import plain
from tutor.answering.taking import LEANS
from tutor.domain.passage import Passage
from tutor.retrieval.opposites import word_set
from tutor.retrieval.words import content_stems, stem

_BREAK = re.compile(
    r"[,;:()]|\s[–-]\s|—|[.!?](?=\s)|\b(?:and|but|so|which|because|while|whereas|although|though|as)\b", re.I
)
"""Between two stretches of a sentence."""
_CONDITION = re.compile(
    r"\W*(?:if|when|whenever|where|unless|until|once|after|before|during|while|for|with|without|in|on|at|under|over|by"
    r"|from|through|except|only|provided|given|per|assuming|even)\b",
    re.I,
)
"""What opens a stretch that says when, or of what, the rest holds."""
_NOT_ITS_OWN = re.compile(
    r"\b(?:e\.g|for example|for instance|examples?|suppose|imagine|say(?:s|ing)?|said|claim(?:s|ed|ing)?|believes?"
    r"|assumes?|thinks?|thought|mistakes?|myths?|misconceptions?|wrong(?:ly)?|traps?|would|instead of"
    r"|rather than|not (?:only|just|merely|always|necessarily|every|all)|whether|or not|no matter"
    r"|one|another|others?|I|my|yours?)\b",
    re.I,
)
_USUAL = re.compile(r"\b(?:usually|typically|often|normally|generally|commonly|on average|mostly|tends?)\b", re.I)
_SAYS_NOTHING = frozenset(
    map(
        stem,
        word_set(
            """
            about actually already also always cannot currently even ever exactly generally however just longer never
            normally now often really simply still therefore thus today typically usually yes
            """
        ),
    )
)
"""Words that neither name what is spoken of nor say anything of it; what is denied is read apart."""
_WORD = re.compile(r"[^\W_]+(?:[.'’+#/_-][^\W_]+)*[+#]*")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, read."""

    text: str
    """Without markup, on one line."""
    figures: tuple[Figure, ...]
    """In order; what it only calls usual reaches farther."""
    breaks: tuple[int, ...]
    """Where its stretches begin; the first is 0."""
    places: tuple[tuple[int, str], ...]
    """Where the words that say something stand, and their stems; figures are none of them."""
    stems: frozenset[str]
    """All these stems."""

    def core(self, place: int) -> frozenset[str]:
        """The stems of what belongs to what is said at a place."""
        return frozenset(one for at, one in self.places if self.belongs(at, place))

    def belongs(self, at: int, place: int) -> bool:
        """True when the stretch of one place bears on another: it is no later, or a condition."""
        begin = max(one for one in self.breaks if one <= at)
        return begin <= place or bool(_CONDITION.match(self.text, begin))

    def place(self, wanted: str, after: int = 0) -> int:
        """Where a stem, that of a stop word too, stands first after a place; -1 where it does not."""
        parts = re.compile(r"[^\W_]+").finditer(self.text, after)
        return next((one.start() for one in parts if stem(one.group().lower()) == wanted), -1)


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement with the place where a passage makes it."""

    statement: Statement
    passage: Passage
    start: int
    end: int

    @property
    def quote(self) -> str:
        """The sentence exactly as the passage has it."""
        return self.passage.text[self.start : self.end]


def stated_in(passage: Passage) -> list[Stated]:
    """The sentences and list items of a passage that state something by themselves."""
    found: dict[tuple[int, int], Stated] = {}
    for one in excerpts_of(passage):
        for start, end in one.items or ((one.start, one.end),):
            read = statement(plain(passage.text[start:end]))
            if read is not None:
                found.setdefault((start, end), Stated(read, passage, start, end))
    return list(found.values())


@lru_cache(maxsize=4_096)
def statement(text: str) -> Statement | None:
    """A sentence without markup, read; None for one that states nothing of its own."""
    if LEANS.match(text) or _NOT_ITS_OWN.search(text) or text.endswith("?"):
        return None
    figures = figures_in(text)
    bare = text
    for one in figures:
        bare = bare[: one.start] + " " * (one.end - one.start) + bare[one.end :]
    places = tuple(
        (found.start(), one)
        for found in _WORD.finditer(bare)
        for one in content_stems(found.group())
        if one not in _SAYS_NOTHING and not one.endswith("n't")
    )
    usual = _USUAL.search(text) is not None
    return Statement(
        text,
        tuple(one.hedged() if usual else one for one in figures),
        (0, *(found.end() for found in _BREAK.finditer(bare))),
        places,
        frozenset(one for _, one in places),
    )
