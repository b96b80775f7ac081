"""Owns the file that remembers which passages an index was made of: one JSON array a line."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from tutor.domain.passage import Passage, PassageKind

NAME = "passages.jsonl"


def mark_of(passages: Iterable[Passage]) -> str:
    """A SHA-256 that changes exactly when anything that would be saved does."""
    fingerprint = hashlib.sha256()
    for passage in passages:  # the id stands for title, headings, text and kind
        fingerprint.update(f"{passage.id}\x1f{passage.question_id}\x1f{passage.line}\n".encode("utf-8", "replace"))
    return fingerprint.hexdigest()


def save(folder: Path, passages: Iterable[Passage]) -> None:
    """Write the file into a folder that nobody reads yet. Raises OSError."""
    with (folder / NAME).open("w", encoding="utf-8") as file:
        for passage in passages:
            row = (
                passage.id,
                passage.chapter_id,
                passage.chapter,
                passage.heading_path,
                passage.text,
                passage.kind,
                passage.question_id,
                passage.line,
            )
            file.write(json.dumps(row) + "\n")


def load(folder: Path) -> Mapping[str, Passage]:
    """The passages by id, in the order they were saved. Raises OSError, or ValueError for anything but such a file."""
    passages = {}
    with (folder / NAME).open(encoding="utf-8") as file:
        for row in file:
            name, chapter_id, chapter, path, text, kind, question_id, line = json.loads(row)
            passages[name] = Passage(name, chapter_id, chapter, tuple(path), text, PassageKind(kind), question_id, line)
    return passages
