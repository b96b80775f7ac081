"""Owns keeping the keyword index in step with the passages, and making it again when it is gone or damaged."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tutor.domain.errors import TutorError
from tutor.domain.passage import Passage
from tutor.retrieval import keywords, manifest, passage_file
from tutor.retrieval.generations import Generation, Generations
from tutor.retrieval.locks import owner, writing

PATIENCE = 15.0
"""Seconds to wait for another process that is writing the keyword index; it needs about one for 5,000 passages."""
NOT_LINKED = (*keywords.LOCKS, manifest.NAME, passage_file.NAME)
"""Files of a generation that the next one has its own of."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The passages that are searched, with the index over their words."""

    passages: Mapping[str, Passage]
    """By id, in reading order."""
    mark: str
    """`passage_file.mark_of` the passages."""
    index: keywords.KeywordIndex | None = None
    """None until something is looked up."""
    by_hash: dict[str, list[Passage]] = field(default_factory=dict)
    """Passages of equal text share a hash."""

    def __post_init__(self) -> None:
        """Fill `by_hash`."""
        for passage in self.passages.values():
            self.by_hash.setdefault(passage.hash, []).append(passage)


class KeywordUpkeep:
    """The keyword side of a search index. Every method may be called from any thread."""

    def __init__(self, cache: Path) -> None:
        """Use a cache folder; nothing is read or written yet."""
        self._files = Generations(cache / "keywords")
        self._lock_file = cache / "keywords.lock"
        self._guard = threading.RLock()
        self._shelf: Shelf | None = None

    def sync(self, passages: Mapping[str, Passage]) -> tuple[int, int]:
        """Bring the index in step: how many passages came and went. Raises OSError, and TutorError when locked out."""
        mark = passage_file.mark_of(passages.values())
        with self._guard:
            if self._shelf is not None and self._shelf.mark == mark:
                return 0, 0
            came, went = 0, 0
            if _mark(self._files.current()) != mark:
                came, went = self._write(passages, mark)
            self._shelf = Shelf(passages, mark)
            return came, went

    def shelf(self) -> Shelf:
        """The passages last synced, else those of the last process that did; empty when there never was one."""
        with self._guard:
            if self._shelf is None:
                self._shelf = _stored(self._files.current())
            return self._shelf

    def opened(self) -> Shelf:
        """The shelf with its index open, made again first if it is gone or damaged. Raises as `sync` does."""
        with self._guard:
            shelf = self.shelf()
            if shelf.index is not None or not shelf.passages:
                return shelf
            index = self._open(shelf.mark)
            if index is None:
                self._write(shelf.passages, shelf.mark, afresh=True)
                index = self._open(shelf.mark)
            self._shelf = Shelf(shelf.passages, shelf.mark, index)
            return self._shelf

    def _open(self, mark: str) -> keywords.KeywordIndex | None:
        current = self._files.current()
        if current is None or _mark(current) != mark:
            return None
        try:
            return keywords.KeywordIndex(current.folder)
        except (OSError, ValueError):
            return None

    def _write(self, passages: Mapping[str, Passage], mark: str, *, afresh: bool = False) -> tuple[int, int]:
        with writing(self._lock_file, patience=PATIENCE) as won:
            if not won:
                raise TutorError(
                    f"The search index is being written by {owner(self._lock_file)}. Try again when it is done."
                )
            current = None if afresh else self._files.current()
            if current is not None and _mark(current) == mark:
                return 0, 0
            try:
                return self._publish(current, passages, mark)
            except ValueError:
                return self._publish(None, passages, mark)

    def _publish(self, base: Generation | None, passages: Mapping[str, Passage], mark: str) -> tuple[int, int]:
        """A new generation from the last one, or from nothing."""
        old = _stored(base).passages
        base = base if old else None
        came = [passage for name, passage in passages.items() if name not in old]
        went = [name for name in old if name not in passages]
        folder = self._files.begin(base.folder if base else None, leave_out=NOT_LINKED)
        if came or went or base is None:
            keywords.update(folder, add=came, remove=went)
        passage_file.save(folder, passages.values())
        self._files.publish(folder, {"mark": mark, "index": keywords.VERSION}, leave_out=keywords.LOCKS)
        return len(came), len(went)


def _mark(generation: Generation | None) -> str | None:
    """What the generation was made of; None for one of another shape of index."""
    if generation is None or generation.about.get("index") != keywords.VERSION:
        return None
    return str(generation.about.get("mark"))


def _stored(generation: Generation | None) -> Shelf:
    if generation is None or _mark(generation) is None:
        return Shelf({}, "")
    try:
        return Shelf(passage_file.load(generation.folder), str(_mark(generation)))
    except (OSError, ValueError, TypeError):
        return Shelf({}, "")
