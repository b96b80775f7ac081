"""Owns what of a language model's grading is believed: only what the learner's own words bear out."""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tutor.domain.text import sentence_spans, sentences
from tutor.grading.planning import PASSAGES
from tutor.grading.prompt import shown_passages
from tutor.grading.task import GradingTask
from tutor.retrieval.words import content_stems

FEWEST_WORDS = 2
"""A single word is found in any answer and proves nothing."""
LIKENESS = 0.9
"""Share of equal letters (difflib) from which a quote with a slip counts as the learner's words."""
EXAM_WORDS = "answer question point key mark grade score credit correct full verdict yes learner student examiner"
"""Words that any plea to a grader shares with any question."""
PLAIN_WORDS = """
able actually add added adding again aim allow already also although always and answer another any ask bit both brief
briefly bring call careful carefully case cause change check choose clear clearly closely come compare complete
completely confuse connect consider correct correctly cover covered deal describe description detail different directly
discuss distinguish effect else enough especially essential even every exactly example explain explicit explicitly
explanation fact far find first focus follow forget full fully general get give given go good great happen hard have
help here hold how however idea important improve include instead involve it just keep key kind know last later lead
leave left less let link little look lose main mainly major make many matter mean meaning mention miss missing mix more
most much name near need never new next nice not note nothing now often one only other otherwise out over own part
partly piece place play point precise precisely put question quite rather read reader really reason relate remember rest
revisit right role same say second see seem sentence separate show side simply simple something sort specific
specifically speak start state stated statement still stop strong sure take talk tell term thing think third though
through together too topic touch true try turn two type understand understanding use useful value way well what whole
why word work worth would write wrong yet you
"""
"""Ordinary words that feedback may use though the material does not have them; they name no fact of any field."""
FEEDBACK_SENTENCES, FEEDBACK_LENGTH = 3, 240

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_GAP = re.compile(r"\s*(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*")
_NEGATION = re.compile(r"not?|never|nor|none|neither|cannot|without|.*n't")
_MARKS = re.compile(
    r"\b(?:score|marks?|grade[ds]?|points?|percent|perfect|full credit)\b|[%<>/]|https?:", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A word of a text and where it stands."""

    word: str
    start: int
    end: int


def quoted(answer: str, quote: str) -> str:
    """The words of the answer that a quote repeats, exactly as they stand there; empty when it does not.

    Case, blanks, punctuation and spelling variants of Unicode do not matter, nor one slip in ten letters, as long as
    negations and numbers agree and none was cut off in front. Of a quote with gaps ("...") every part must be there;
    the longest is returned.
    """
    spots = _spots(answer)
    found = [_find(answer, spots, _spots(part)) for part in _GAP.split(quote) if _WORD.search(part)]
    return max(found, key=len) if found and all(found) else ""


def speaks_of(evidence: str, *subject: str) -> bool:
    """True when the words share a content word with the subject; the words of exams do not count."""
    shared = set(content_stems(evidence)).intersection(content_stems(" ".join(subject)))
    return not shared.issubset(content_stems(EXAM_WORDS))


def only_asks(evidence: str, question: str, *subject: str) -> bool:
    """True when the words have nothing that the question does not give away, and the subject does."""
    given = set(content_stems(question))
    return set(content_stems(evidence)) <= given and not all(set(content_stems(text)) <= given for text in subject)


def sentences_around(answer: str, evidence: str, *, before: int = 0) -> str:
    """The sentences of the answer that the words stand in, and so many before them; the words alone if in none."""
    start = answer.find(evidence)
    spans = sentence_spans(answer)
    touched = [n for n, (a, b) in enumerate(spans) if a < start + len(evidence) and b > start]
    return answer[spans[max(0, touched[0] - before)][0] : spans[touched[-1]][1]] if touched else evidence


def grounded_feedback(text: str, task: GradingTask) -> str:
    """The model's own words to the learner, if they may be shown; else empty.

    They may when they are short, say nothing of marks, and every word that could name a fact, a number or a term stands
    in the question, its reference, its points or passages.
    """
    feedback = " ".join(text.split())
    if not feedback or len(feedback) > FEEDBACK_LENGTH or len(sentences(feedback)) > FEEDBACK_SENTENCES:
        return ""
    material = [task.question, task.reference, *(words for point in task.points for words in point.phrasings)]
    material += [passage.text for passage in shown_passages(task, PASSAGES)]
    known = set(content_stems(" ".join(material))) | _plain_stems()
    said = content_stems(feedback)
    return "" if _MARKS.search(feedback) or not known.issuperset(said) else feedback


@lru_cache(maxsize=1)
def _plain_stems() -> frozenset[str]:
    return frozenset(content_stems(PLAIN_WORDS))


def _find(answer: str, spots: list[_Spot], wanted: list[_Spot]) -> str:
    if len(wanted) < FEWEST_WORDS:
        return ""
    words = [spot.word for spot in wanted]
    best, likeness = "", LIKENESS
    for start, end in _windows(len(spots), len(words)):
        there = [spot.word for spot in spots[start:end]]
        if _polar(there) != _polar(words) or _negated(answer, spots, start):
            continue
        as_written = answer[spots[start].start : spots[end - 1].end]
        if there == words:
            return as_written
        matcher = difflib.SequenceMatcher(None, " ".join(there), " ".join(words), autojunk=False)
        if matcher.real_quick_ratio() >= likeness and matcher.quick_ratio() >= likeness:
            ratio = matcher.ratio()
            if ratio >= likeness:
                best, likeness = as_written, ratio
    return best


def _negated(answer: str, spots: list[_Spot], start: int) -> bool:
    """True when the word right before, with nothing but blanks between, is a negation."""
    if start == 0 or not _NEGATION.fullmatch(spots[start - 1].word):
        return False
    return not answer[spots[start - 1].end : spots[start].start].strip()


def _windows(there: int, length: int) -> Iterator[tuple[int, int]]:
    """Runs (start, end) of words as long as the quote, then one shorter and one longer."""
    for size in (length, length - 1, length + 1):
        if size >= FEWEST_WORDS:
            yield from ((at, at + size) for at in range(there - size + 1))


def _spots(text: str) -> list[_Spot]:
    return [_Spot(_plain(found.group()), found.start(), found.end()) for found in _WORD.finditer(text)]


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().replace("’", "'")


def _polar(words: Sequence[str]) -> list[str]:
    """The negations and numbers among the words."""
    return sorted(word for word in words if _NEGATION.fullmatch(word) or any(map(str.isdigit, word)))
