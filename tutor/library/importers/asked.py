"""Owns making a chapter of the learner's own out of a question they asked and the answer they got."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tutor.domain.answer import Answer
from tutor.domain.content import BodySection
from tutor.library.importers.draft import Draft, composed, literal, unmarked
from tutor.library.importers.pack import Placed, place

TRACK = ("my-questions", "My questions")
_SECTION = ("asked", "Asked in the tutor")
_LONGEST_TITLE = 80
_NUMBER = re.compile(r"\s*\[\d+\]")


def keep_asked(question: str, answer: Answer, places: Sequence[str], packs: Path, *, today: date) -> Placed:
    """Write the question into the packs, with what the chapters bear out of the answer as its reference.

    `places` say where each citation comes from. Keeping it again changes nothing; a chapter edited since is left alone
    and said so. Raises ContentError when there is nothing to keep or it cannot be written.
    """
    return place(_draft(question, answer, places), "asked in the tutor", packs, today)


def _draft(question: str, answer: Answer, places: Sequence[str]) -> Draft:
    asked = unmarked(" ".join(question.split()))
    reference = unmarked("\n".join(literal(line) for line in borne_out(answer).split("\n")))
    body = [BodySection("Where it stands", 2, ("Where it stands",), "\n".join(f"- {unmarked(p)}" for p in places), 0)]
    title = asked if len(asked) <= _LONGEST_TITLE else asked[:_LONGEST_TITLE].rpartition(" ")[0] + " …"
    return composed(TRACK, _SECTION, title, body if places else [], [(asked, reference)])


def borne_out(answer: Answer) -> str:
    """The answer without the sentences no passage supports, and without the numbers of its citations."""
    text = answer.text
    for sentence in answer.unsupported:
        text = text.replace(sentence, "")
    return re.sub(r"\n{3,}", "\n\n", _NUMBER.sub("", text)).strip()
