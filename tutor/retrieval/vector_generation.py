"""Owns what a generation of vectors says of itself, and opening one."""

from collections.abc import Mapping
from dataclasses import dataclass

from tutor.retrieval import vectors
from tutor.retrieval.generations import Generation

LAYOUT = 3
"""Of the segments; others are made again."""


@dataclass(frozen=True, slots=True)
class Held:
    """An opened vector index, and what it is in step with."""

    generation: Generation
    index: vectors.VectorIndex

    @property
    def complete_for(self) -> str:
        """`Shelf.mark` of the passages that all have a vector here; empty while some lack."""
        return str(self.generation.about.get("complete_for") or "")


def open_generation(generation: Generation | None, version: str) -> Held | None:
    """The index of a generation; None when it is damaged, or of another layout or encoder version."""
    about = generation.about if generation else {}
    names = about.get("segments")
    if generation is None or not isinstance(names, list):
        return None
    if (about.get("layout"), about.get("version")) != (LAYOUT, version):
        return None
    try:
        with generation.to_open() as folder:
            return Held(generation, vectors.VectorIndex(folder, names))
    except (OSError, ValueError, RuntimeError):
        return None


def undrawn(about: Mapping[str, object]) -> list[str]:
    """The segments of a generation that want a graph and have none."""
    names = about.get("undrawn")
    return list(names) if about.get("layout") == LAYOUT and isinstance(names, list) else []
