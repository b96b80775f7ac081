"""Owns keeping the keyword index in step with the passages, and making it again when it is gone or damaged."""

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.domain.errors import TutorError
from tutor.domain.passage import Passage
from tutor.retrieval import keyword_fields, keywords
from tutor.retrieval.generations import Generation, Generations
from tutor.retrieval.locks import owner, writing
from tutor.retrieval.passage_rows import stamp_of, text_number

PATIENCE = 15.0
"""Seconds to wait for another process that is writing the keyword index; it needs about one for 5,000 passages."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The passages that can be searched, as one finished index."""

    generation: Generation
    index: keywords.KeywordIndex

    @property
    def mark(self) -> str:
        """Changes whenever any passage does."""
        return self.generation.folder.name

    @property
    def sources(self) -> Mapping[str, object]:
        """What the passages were read from, as given when they were written."""
        sources = self.generation.about.get("sources")
        return sources if isinstance(sources, dict) else {}


@dataclass(frozen=True, slots=True)
class Change:
    """What bringing the keyword index in step changed."""

    came: tuple[Passage, ...] = ()
    """Passages whose text is new."""
    went: int = 0
    """How many texts are no more."""


class KeywordUpkeep:
    """The keyword side of a search index. Every method may be called from any thread."""

    def __init__(self, cache: Path) -> None:
        """Use a cache folder; nothing is read or written yet."""
        self._files = Generations(cache / "keywords")
        self._lock_file = cache / "keywords.lock"
        self._guard = threading.RLock()
        self._shelf: Shelf | None = None
        self.damaged = False
        """True from when a damaged index was found until it was made again."""

    def shelf(self, *, look_again: bool = False) -> Shelf | None:
        """The index, opened once; None when there is none or it is damaged."""
        shelf = self._shelf
        look_again = look_again or (shelf is not None and shelf.generation.cut())
        if shelf is not None and not look_again:
            return shelf  # without waiting for a writer
        with self._guard:
            if self._shelf is None or look_again:
                known = self._shelf.generation if self._shelf else None
                current = self._files.current(known)
                if current is None or current is not known:
                    self._shelf = _opened(current)
                    self.damaged = self.damaged or (current is None and self._files.damaged())
            return self._shelf

    def replace(
        self, passages: Iterable[Passage], chapters: Collection[str] | None, sources: Mapping[str, object]
    ) -> Change:
        """Make these the passages of these chapters, or of the whole index. Raises OSError, TutorError when locked out.

        Raises LookupError when some chapters are to be replaced and the index that holds the others is gone. `sources`
        is kept beside them for whoever asks what they were read from.
        """
        wanted = {stamp_of(passage): passage for passage in passages}
        with self._guard, writing(self._lock_file, patience=PATIENCE) as won:
            if not won:
                raise TutorError(
                    f"The search index is being written by {owner(self._lock_file)}. Try again when it is done."
                )
            shelf = self.shelf(look_again=True)
            if shelf is None and chapters is not None:
                raise LookupError("there is no index to change")
            held = _entries(shelf, chapters)
            came = [wanted[stamp] for stamp in wanted.keys() - {entry.stamp for entry in held}]
            went = [entry for entry in held if entry.stamp not in wanted]
            if shelf is None or came or went or sources != shelf.sources:
                self._publish(shelf, came, went, sources)
            if self._shelf is None:  # files taken over from the index before were damaged since it was looked at
                self.damaged = True
                if chapters is not None:
                    raise LookupError("the index that holds the others is damaged")
                self._publish(None, list(wanted.values()), [], sources)
        old, new = {entry.text for entry in held}, {text_number(passage.hash) for passage in wanted.values()}
        fresh = tuple(passage for passage in came if text_number(passage.hash) not in old)
        return Change(fresh, len(old - new))

    def _publish(
        self,
        shelf: Shelf | None,
        came: Sequence[Passage],
        went: Sequence[keywords.Entry],
        sources: Mapping[str, object],
    ) -> None:
        base = shelf.generation if shelf else None
        folder = self._files.begin(base.folder if base else None, leave_out=keywords.LOCKS)
        if came or went or base is None:
            keywords.update(folder, add=came, remove=[entry.stamp for entry in went])
        about = {"index": keyword_fields.VERSION, "sources": dict(sources)}
        self._shelf = _opened(self._files.publish(folder, about, leave_out=keywords.LOCKS, base=base))


def _opened(generation: Generation | None) -> Shelf | None:
    if generation is None or generation.about.get("index") != keyword_fields.VERSION:
        return None
    try:
        with generation.to_open() as folder:
            return Shelf(generation, keywords.KeywordIndex(folder))
    except (OSError, ValueError):
        return None


def _entries(shelf: Shelf | None, chapters: Collection[str] | None) -> list[keywords.Entry]:
    if shelf is None:
        return []
    if chapters is None:
        return shelf.index.entries()
    return [entry for chapter_id in chapters for entry in shelf.index.entries(chapter_id)]
