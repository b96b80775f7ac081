"""Owns how a passage is written into an index and read from it, and the numbers it is known by there."""

import hashlib
import json

from tutor.domain.passage import Passage, PassageKind


def stamp_of(passage: Passage) -> int:
    """64 bits that change exactly when anything of the passage does, its line included."""
    # The id stands for title, headings, text and kind.
    return _number(
        "\x1f".join((passage.id, str(passage.question_id), str(passage.line), *passage.aliases, "", *passage.answers))
    )


def text_number(text_hash: str) -> int:
    """64 bits for a passage's hash: the name of its vector."""
    return _number(text_hash)


def to_row(passage: Passage) -> bytes:
    """Everything about a passage as one JSON array."""
    row = (
        passage.id,
        passage.chapter_id,
        passage.chapter,
        passage.heading_path,
        passage.text,
        passage.kind,
        passage.question_id,
        passage.line,
        passage.aliases,
        passage.answers,
    )
    return json.dumps(row).encode()


def from_row(row: bytes) -> Passage:
    """What `to_row` wrote."""
    name, chapter_id, chapter, path, text, kind, question_id, line, *also = json.loads(row)
    aliases, answers = map(tuple, also)
    return Passage(name, chapter_id, chapter, tuple(path), text, PassageKind(kind), question_id, line, aliases, answers)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
