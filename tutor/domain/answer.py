"""Owns the nouns of asking: a grounded answer and the citations that carry it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """A pointer from a claim to the passage that supports it."""

    n: int
    """The number in the text, `[n]`, from 1."""
    passage_id: str
    chapter_id: str
    heading: str
    quote: str
    """Words of the passage, exactly as they stand there."""
    verified: bool
    """True when code found the quote in the passage."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the material says to a question, or that it says nothing."""

    question: str
    engine: str
    """`extractive`, or `ollama:MODEL`."""
    text: str
    """Markdown with `[n]` after each supported claim. For an abstention, one sentence that says so."""
    citations: tuple[Citation, ...] = ()
    abstained: bool = False
    nearest: tuple[str, ...] = ()
    """Ids of the chapters closest to the question, best first."""
    unsupported: tuple[str, ...] = ()
    """Sentences of `text` that no given passage supports."""
    note: str = ""
    """Why another engine than the wanted one answered, or what was weak about the search; empty when nothing was."""
    conflicts: tuple[str, ...] = ()
    """What the passages contradict each other in, a sentence each, with the numbers of the citations that say so."""
