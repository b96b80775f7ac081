"""Owns what kind of answer a question wants: both sides of a comparison, a condition, a cause, steps, a definition."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from tutor.retrieval.words import STOP_WORDS, content_stems, only_asks, words

Side = frozenset[str]


class Kind(StrEnum):
    """What a question asks for; one question may ask for several."""

    COMPARE = "compare"
    WHEN = "when"
    WHY = "why"
    HOW = "how"
    AMOUNT = "amount"
    WHAT = "what"
    MISTAKE = "mistake"
    """About wrong answers themselves; otherwise a chapter's list of mistakes is never quoted."""


_KINDS = {
    Kind.WHEN: re.compile(
        r"\b(when|which (?:case|situation|condition)s?|should (?:i|we|you)|do (?:i|we) (?:even )?need)\b"
    ),
    Kind.WHY: re.compile(r"\b(why|how come|reasons?|causes?|what makes)\b"),
    Kind.AMOUNT: re.compile(r"\bhow (?:many|much|long|often|large|big|fast)\b"),
    Kind.HOW: re.compile(
        r"\bhow (?!many|much|long|often|large|big|fast|come)|\b(steps?|stages?|order|process|procedure)\b"
    ),
    Kind.WHAT: re.compile(r"^\W*(?:what(?:'s| is| are| does)|whats|define|explain|describe|who)\b"),
    Kind.MISTAKE: re.compile(r"\b(mistakes?|misconceptions?|red flags?|pitfalls?|traps?|(?:wrong|weak) answers?)\b"),
}

CUES = {
    Kind.WHEN: re.compile(r"\b(when|if|unless|whenever|choose|prefer|use|fits?|worth|better|until|case)\b", re.I),
    Kind.WHY: re.compile(r"\b(because|since|so|therefore|cannot|means that|reason|cause[sd]?|comes? from|due)\b", re.I),
    Kind.HOW: re.compile(r"\b(by|first|then|next|finally|before|after|each|step|start|measure|add|write)\b|->|→", re.I),
    Kind.AMOUNT: re.compile(r"\d|\b(two|three|four|five|ten|dozens?|hundreds?|thousands?|half)\b", re.I),
    Kind.WHAT: re.compile(r"^\W*[\w\s,()-]{2,60}?\b(is|are|means?|looks?|gives?|supplies|refers|stands|holds?|was)\b"),
}
"""Words by which a sentence shows that it is of the kind asked for."""

_HOW_IT_WORKS = re.compile(r"\W*how do(?:es)? [^,;?]+ work\W*$", re.I)
_JOINS = re.compile(
    r"\s+(?:vs\.?|versus|or|instead of|rather than|compared (?:to|with)|the same (?:thing )?as|differ(?:ent)? from)\s+"
)
_CHOICE = re.compile(r"\b(?:cho+se|choosing|pick|prefer|favou?r|use|select|take)\b(.*?)\bover\b(.*)")
_BETWEEN = re.compile(r"\b(?:between|betwen|compare|of)\s+(.*?)\s+(?:and|with|to)\s+(.*)")
_CONTRASTS = re.compile(
    r"\b(?:diff?erence?s?|differ|compare[ds]?|comparison|contrast|distinguish|trade-?offs?|decide|choose)\b"
)
_AND = re.compile(r"(.*?)\s+and\s+(.*?)\s+differ\b")


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, read."""

    text: str
    kinds: frozenset[Kind]
    sides: tuple[Side, ...] = ()
    """Stems of the things a comparison sets against each other; empty or two and more."""
    names: tuple[str, ...] = ()
    """These things as the question writes them."""

    @property
    def plain(self) -> bool:
        """True of a question that asks what something is or how it works, or only names it."""
        return self.kinds <= {Kind.WHAT} or bool(_HOW_IT_WORKS.match(self.text))

    def fits(self, sentence: str) -> float:
        """Share of the asked kinds that a sentence shows a cue for, 0..1."""
        wanted = [kind for kind in self.kinds if kind in CUES]
        return sum(bool(CUES[kind].search(sentence)) for kind in wanted) / len(wanted) if wanted else 0.0


def read(question: str, knows: Callable[[str], bool]) -> Asking:
    """What a question wants. Sides count only when the material knows all their words (`knows`, by stem)."""
    asked = " ".join(question.casefold().replace("’", "'").split())
    kinds = {kind for kind, pattern in _KINDS.items() if pattern.search(asked)}
    names = tuple(_name(*part) for part in _parts(asked))
    sides = tuple(frozenset(content_stems(name)) for name in names)
    distinct = len(sides) >= 2 and all(sides) and len(set(sides)) == len(sides)
    if distinct and all(knows(one) for side in sides for one in side):
        return Asking(question, frozenset(kinds | {Kind.COMPARE}), sides, names)
    return Asking(question, frozenset(kinds))


def _parts(asked: str) -> tuple[tuple[str, bool], ...]:
    """The stretches that name the compared things, and whether each name stands at the end of its stretch."""
    choice = _CHOICE.search(asked)
    if choice:
        return (choice[1], True), (choice[2], False)
    if _CONTRASTS.search(asked):
        between = _BETWEEN.search(asked)
        if between:
            return (*((part, True) for part in between[1].split(",")), (between[2], False))
    both = _AND.search(asked)
    if both:
        return (both[1], True), (both[2], True)
    joined = _JOINS.search(asked)
    return ((asked[: joined.start()], True), (asked[joined.end() :], False)) if joined else ()


def _name(part: str, at_end: bool) -> str:
    """The run of at most three naming words nearest to the join."""
    run: list[str] = []
    for word in reversed(words(part)) if at_end else words(part):
        if word not in STOP_WORDS and not only_asks(word):
            run.append(word)
        elif run:
            break
    return " ".join(reversed(run[:3]) if at_end else run[:3])
