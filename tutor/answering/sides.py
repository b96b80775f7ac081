"""Owns the things that a comparison sets against each other, and which of them a text says something of.

A comparison that no passage draws is answered by what each of its sides is.
"""

import re
from collections.abc import Callable, Sequence

from tutor.answering.asking import Asking, Side
from tutor.answering.excerpts import Excerpt
from tutor.retrieval.words import content_stems

OPENING = 6
"""Words at the head of a clause among which what it is about is named."""
SENTENCES = 6
"""In a whole comparison; each side gets its share."""

_CLAUSE = re.compile(r"[.;:!?]\s+|,?\s+\b(?:while|whereas|but)\s+|,\s+(?:and|so)\s+")


def told(asking: Asking, text: str) -> set[int]:
    """Which of the compared things a text says something of: a clause of it opens with the name."""
    return {place for place, side in enumerate(asking.sides) if opens_with(side, text)}


def opens_with(subject: Side, text: str) -> bool:
    """True when the first words of a clause have all stems of a subject."""
    return any(subject <= set(content_stems(" ".join(clause.split()[:OPENING]))) for clause in _CLAUSE.split(text))


def completed(chosen: list[Excerpt], asking: Asking, about: Callable[[str], Sequence[Excerpt]]) -> list[Excerpt]:
    """The excerpts, if one passage of them says something of every side; else what each side is, one after the other.

    `about` answers a question of one thing. Where it finds nothing that is said of a side, the excerpts stay.
    """
    passages = {one.passage.id for one in chosen}
    together = (" ".join(one.text for one in chosen if one.passage.id == passage) for passage in passages)
    if any(len(told(asking, text)) == len(asking.sides) for text in together):
        return chosen
    each = [_of_side(place, asking, about(f"what is {name}")) for place, name in enumerate(asking.names)]
    return _in_order(each) if all(each) else chosen


def _of_side(place: int, asking: Asking, found: Sequence[Excerpt]) -> list[Excerpt]:
    """A side's share of an answer about it, out of one passage; empty when nothing there is said of the side."""
    share = SENTENCES // len(asking.sides)
    mine = [one for one in found if one.passage.id == found[0].passage.id][:share]
    return mine if any(place in told(asking, one.text) for one in mine) else []


def _in_order(each: Sequence[Sequence[Excerpt]]) -> list[Excerpt]:
    """The shares together, passage by passage, each in reading order and with nothing twice."""
    every = [one for share in each for one in share]
    order = list(dict.fromkeys(one.passage.id for one in every))
    kept: list[Excerpt] = []
    for one in sorted(every, key=lambda one: (order.index(one.passage.id), one.start, -one.end)):
        last = kept[-1] if kept else None
        if last is None or last.passage.id != one.passage.id or one.start >= last.end:
            kept.append(one)
    return kept
