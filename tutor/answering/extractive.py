"""Owns the answer without a language model: the sentences of the material that answer best, in reading order.

A sentence is worth what its passage and it itself contribute; `taking` decides which of them make an answer.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.answering.asking import CUES, Asking, Kind
from tutor.answering.excerpts import Excerpt, excerpts_of, follows
from tutor.answering.sides import opens_with, told
from tutor.answering.taking import Candidate, Taking
from tutor.answering.vocabulary import coverage
from tutor.domain.passage import Hit, Passage, PassageKind
from tutor.retrieval.words import content_stems, naming_words, words

if TYPE_CHECKING:
    from tutor.retrieval.encoder import Encoder

PASSAGES = 5
"""Passages whose sentences are looked at; encoding the sentences of more would take longer than half a second."""
VERY_QUESTION, VERY_BONUS = 0.80, 0.25
"""From this cosine of a learner's question and a key question they are one question in other words, and its reference
answer goes before any other passage."""

BY_SENTENCE, BY_WORDS, BY_PASSAGE = 0.18, 0.15, 1.0
"""What a sentence's own cosine, the weight of the subject's words in it (at most 1), and its passage contribute."""
NAMED = 0.5
"""Share of the subject's weight from which a key question names it."""
BY_HEADING = 0.2
"""What the cosine of the heading contributes to a passage's score; the search contributes the rest."""
CUE, SIDE, TOPIC = 0.07, 0.02, 0.12
"""Bonuses: it has the form asked for; for each compared thing it tells of; it opens a passage, which says first what
matters most."""
OPENING = 4
"""Sentences in which the bonus of an opening runs out."""
WHOLE_LIST = 0.08
"""Bonus of a list with the sentence that opens it, so that it is not quoted with holes."""
FIRST_PERSON = -0.04
"""The same claim without "I" reads better in an answer."""
SUMS_UP = 0.15
"""Bonus of the section that sums up the very topic asked about: it says what that is."""
SAYS_WHAT = 0.15
"""Bonus of a statement that opens with the subject, when a question asks what that is."""
TITLED = 0.12
"""Bonus of a section whose heading is what a question plainly asks about."""
ASIDE = -0.08
"""A worked example shows; it seldom answers."""
MEASURED = -0.15
"""How something is measured answers few questions about it."""

_SUMMARY = re.compile(r"in one breath|summary|overview|main idea|nutshell", re.I)
_WRONG = re.compile(r"mistake|red flag|misconception|pitfall", re.I)
_MEASURES = re.compile(r"\b(?:evaluat(?:e|ing|ion)|measur(?:e|ing)|metric per)\b", re.I)
_ASKS_HOW_WELL = re.compile(r"evaluat|\beval|measur|metric|test|qualit|scor|good|know|check|accura|work", re.I)
_EXAMPLE = re.compile(r"worked example|\bdrill\b|exercise", re.I)


def choose(
    asking: Asking, subject: Mapping[str, float], hits: Sequence[Hit], encoder: "Encoder | None"
) -> list[Excerpt]:
    """The excerpts that answer a question, passage by passage, the best passage first. Empty when nothing is quotable.

    `subject` is the question's stems with their weights.
    """
    sources = _sources(asking, subject, hits, encoder)
    quotable = [(source, one) for source in sources for one in excerpts_of(source.passage) if source.may_say(one)]
    likeness = _Likeness(asking.text, [one.text for _, one in quotable], encoder)
    candidates: list[Candidate] = []
    for place, (source, one) in enumerate(quotable):
        so_far = [other for other in candidates if other.excerpt.passage.id == source.passage.id]
        own = _own_worth(asking, subject, one, likeness.cosine(place))
        own += TOPIC * max(0.0, 1 - len(so_far) / OPENING)
        names = len(subject) != 1 or not subject.keys().isdisjoint(content_stems(one.text))
        worth = BY_PASSAGE * source.worth + own
        replies = source.same_question and one.start == 0
        new = Candidate(one, worth, place, source.worth, _before(one, so_far), names, replies)
        if new.before is None or not new.leans or follows(new.before.excerpt, one):
            candidates.append(new)
    return [one.excerpt for one in Taking(asking, candidates, likeness.of).take()]


def _before(excerpt: Excerpt, so_far: Sequence[Candidate]) -> Candidate | None:
    """What a reader has just read when coming to an excerpt; None for the first item of a list that stands as one."""
    for one in reversed(so_far):
        if one.excerpt.end <= excerpt.start:
            return one
        if one.excerpt.items and one.excerpt.items[0][0] == excerpt.start:
            return None
    return None


@dataclass(frozen=True, slots=True)
class _Source:
    """A passage that may be quoted."""

    passage: Passage
    worth: float
    """How well it bears on the question, about 0..1.3."""
    same_question: bool
    """It is the reference answer to this very question."""

    def may_say(self, excerpt: Excerpt) -> bool:
        """False for a "yes" or "no" that answers another question."""
        return self.same_question or not re.match(r"\W*(?:yes|no)\b", excerpt.lead, re.I)


def _sources(
    asking: Asking, subject: Mapping[str, float], hits: Sequence[Hit], encoder: "Encoder | None"
) -> list[_Source]:
    """The passages that may be quoted, best first, by their text, their heading and the search."""
    wrong_allowed = Kind.MISTAKE in asking.kinds
    kept = [hit for hit in hits if wrong_allowed or not _WRONG.search(hit.passage.heading)]
    likeness = _Likeness(asking.text, [_subject_of(hit.passage) for hit in kept], encoder)
    headings = [
        coverage(subject, [_subject_of(hit.passage)]) if (like := likeness.cosine(place)) is None else like
        for place, hit in enumerate(kept)
    ]
    asked = [h for h, hit in zip(headings, kept, strict=True) if hit.passage.kind is PassageKind.REFERENCE]
    sources = []
    for heading, hit in zip(headings, kept, strict=True):
        reference = hit.passage.kind is PassageKind.REFERENCE
        very = reference and heading >= VERY_QUESTION and heading == max(asked) and _names(subject, hit.passage)
        worth = BY_HEADING * heading + (1 - BY_HEADING) * hit.score
        worth += SUMS_UP * _sums_up(asking, subject, hit.passage)
        worth += TITLED * _titled(asking, subject, hit.passage)
        worth += VERY_BONUS * very + _beside(asking, hit.passage.heading)
        sources.append(_Source(hit.passage, worth, very))
    return sorted(sources, key=lambda source: -source.worth)[:PASSAGES]


def _names(subject: Mapping[str, float], passage: Passage) -> bool:
    """True when a key question has most words of a subject: contextual retrieval is not context and retrieval."""
    return coverage(subject, [passage.heading, passage.chapter, *passage.aliases]) >= NAMED


def _titled(asking: Asking, subject: Mapping[str, float], passage: Passage) -> bool:
    """True of a section whose heading, up to a colon, is what a question plainly asks about and at most a word more."""
    heading = set(content_stems(_subject_of(passage).partition(":")[0]))
    return _plainly(asking, subject) and subject.keys() <= heading and len(heading) <= len(subject) + 1


def _beside(asking: Asking, heading: str) -> float:
    """What a worked example loses, and how something is measured when the question does not ask for that."""
    measures = _MEASURES.search(heading) and not _ASKS_HOW_WELL.search(asking.text)
    return ASIDE * bool(_EXAMPLE.search(heading)) + MEASURED * bool(measures)


def _sums_up(asking: Asking, subject: Mapping[str, float], passage: Passage) -> bool:
    """True of the section that sums up a chapter, when a question asks what its topic is and nothing more."""
    summary = _plainly(asking, subject) and bool(_SUMMARY.search(passage.heading))
    joined = "".join(naming_words(asking.text)) in words(passage.chapter)
    return summary and (joined or subject.keys() <= set(content_stems(passage.chapter)))


def _plainly(asking: Asking, subject: Mapping[str, float]) -> bool:
    """True of a question that asks what something is or how it works, or only names it."""
    return asking.plain and bool(subject)


def _says_what(subject: Mapping[str, float], excerpt: Excerpt) -> bool:
    """True of a statement about the subject itself, which it opens with."""
    return opens_with(frozenset(subject), excerpt.lead) and bool(CUES[Kind.WHAT].search(excerpt.lead))


def _subject_of(passage: Passage) -> str:
    """What a passage is about: its heading, or its chapter's title where the heading only says that it sums up."""
    return passage.chapter if _SUMMARY.search(passage.heading) else passage.heading


class _Likeness:
    """How like a question some texts are, and each other; without an encoder, by their stems."""

    def __init__(self, question: str, texts: Sequence[str], encoder: "Encoder | None") -> None:
        self._vectors = encoder.encode([question, *texts]) if encoder is not None and texts else None
        self._stems = [] if self._vectors is not None else [set(content_stems(text)) for text in texts]

    def cosine(self, place: int) -> float | None:
        """Of the question and a text; None without an encoder."""
        return None if self._vectors is None else float(self._vectors[place + 1] @ self._vectors[0])

    def of(self, one: int, other: int) -> float:
        """Cosine of two texts; without an encoder, the share of stems of the shorter one that the other holds."""
        if self._vectors is not None:
            return float(self._vectors[one + 1] @ self._vectors[other + 1])
        a, b = self._stems[one], self._stems[other]
        return len(a & b) / max(1, min(len(a), len(b)))


def _own_worth(asking: Asking, subject: Mapping[str, float], excerpt: Excerpt, cosine: float | None) -> float:
    """What the sentence itself contributes to its score; a list is what such a question is often after."""
    held = set(content_stems(excerpt.text))
    named = min(1.0, sum(weight for one, weight in subject.items() if one in held))
    own = (BY_SENTENCE + BY_WORDS) * named if cosine is None else BY_SENTENCE * cosine + BY_WORDS * named
    own += CUE * asking.fits(excerpt.text) + SIDE * len(told(asking, excerpt.text))
    own += WHOLE_LIST * bool(excerpt.items) + SAYS_WHAT * (_plainly(asking, subject) and _says_what(subject, excerpt))
    return own + FIRST_PERSON * bool(re.search(r"\b(?:I|we|my)\b", excerpt.text))
