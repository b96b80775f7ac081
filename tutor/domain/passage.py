"""Owns the nouns of retrieval: a piece of a chapter that can be found and cited, and how well it was found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class PassageKind(StrEnum):
    """What a passage is for."""

    BODY = "body"
    """Text of a chapter; the only kind that feedback cites."""
    REFERENCE = "reference"
    """The reference answer of a key question; hidden while that question is being asked."""
    ASIDE = "aside"
    """Text about the chapter and not its subject: sources, exercises, what to say aloud. Found by a search, never
    looked at for an answer."""
    BEYOND = "beyond"
    """Questions near a chapter's subject that no chapter answers. Never found: a query is only compared with them."""


FOUND = frozenset(PassageKind) - {PassageKind.BEYOND}
"""Kinds of passages that a search may find."""
ANSWERING = frozenset(PassageKind) - {PassageKind.ASIDE}
"""Kinds to look at for an answer."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable piece of a chapter."""

    id: str
    """`track/chapter:hash`, from the chapter and the passage's own text, so that an edit elsewhere leaves it alone."""
    chapter_id: str
    chapter: str
    """The chapter's title."""
    heading_path: tuple[str, ...]
    """Headings from the outermost to the one it stands under, without the chapter's title."""
    text: str
    """The Markdown as written: a quote from it is a quote from the chapter."""
    kind: PassageKind = PassageKind.BODY
    question_id: str | None = None
    """The key question whose reference answer this is."""
    line: int = 0
    """Line in the chapter file where it starts, from 1."""
    aliases: tuple[str, ...] = ()
    """Other names of its chapter's subject, by which it can be found too."""
    answers: tuple[str, ...] = ()
    """Questions that its section answers, in learners' words; of what is beyond a chapter, the questions."""

    @property
    def track_id(self) -> str:
        """The track of its chapter."""
        return self.chapter_id.partition("/")[0]

    @property
    def heading(self) -> str:
        """The heading path as one line, innermost last."""
        return " › ".join(self.heading_path) or self.chapter

    @property
    def hash(self) -> str:
        """Changes exactly when what is embedded of it does: its text, or a question it answers."""
        from tutor.domain.content import digest  # the chapters' nouns are a tenth of what a search by words imports

        own = self.id.rpartition(":")[2]
        return digest(own, *self.answers) if self.answers else own


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with how well it answers a query."""

    passage: Passage
    score: float
    """Fused, 0..1 within one query; comparable inside one result only."""
    keyword: float = 0.0
    """BM25 score over the best of this query, 0..1."""
    cosine: float | None = None
    """Cosine of query and passage, -1..1; None while the encoder is not ready."""
    asked: float | None = None
    """How near the query is to questions that the passage answers, a soft maximum of cosines; None when no such
    question is known."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found, and with which means."""

    query: str
    engine: str
    """`hybrid`, or `keyword` until the encoder is ready."""
    hits: tuple[Hit, ...]
    """Best first."""
    respelt: str = ""
    """What was searched for instead of the query, when some of its words were misspelt."""
    beyond: Mapping[str, float] = field(default_factory=dict)
    """By track, how near the query is to questions that none of its chapters answers, a soft maximum of cosines;
    without tracks of which none are known, and empty when they were not looked at."""
