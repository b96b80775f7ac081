"""Owns what the search index says of itself: what keeping it in step took, and what it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What keeping step took."""

    added: int
    """Passages new to the keyword index."""
    removed: int
    """Passages no longer in it."""
    embedded: int
    """Vectors computed now."""
    waiting: int
    """Passages without a vector, which are found by keywords only."""
    mended: bool = False
    """A file of the index was damaged, and the index was made again."""


@dataclass(frozen=True, slots=True)
class Made:
    """What an index was made of, and by what."""

    passages: int
    sources: Mapping[str, object]
    """As given to `SearchIndex.sync`."""
    encoder: str
    """Version of the encoder that was asked about."""
    waiting: int
    """Texts without a vector of this encoder."""
