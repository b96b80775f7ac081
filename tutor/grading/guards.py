"""Owns what is judged without any engine: empty, evasive and evading answers, and what is kept from the engines.

A guard is allowed to stop an answer only where human answers with full marks practically never look like that; the
false alarms are measured by `scripts/eval_grading.py`. Everything else is graded, with a word to the learner at most.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus, Receipt
from tutor.domain.text import sentence_spans
from tutor.grading.languages import foreign_language
from tutor.grading.orders import speaks_to_grader
from tutor.grading.task import GradingTask
from tutor.retrieval.words import STOP_WORDS, content_stems, stem, words

GUARD_VERSION = "guards-1"
READ_LIMIT = 120_000
"""Characters of an answer that are read at all."""
SOUP_RUN, SOUP_STOP_SHARE = 8, 0.22
"""So many content words in a row with so few function words are a list of terms."""
LIST_STOP_SHARE, LIST_ITEMS = 0.12, 6
"""The same for terms between commas."""
BARE_STOP_SHARE = 0.0
"""So many words without a single function word are one however they are divided."""
STRUNG_SHARE = 0.9
ECHO_ORDER, ECHO_NEW, ECHO_HELD = 0.7, 1, 0.4
"""An echo keeps this share of the question's word order, brings at most so many new stems, and holds less than this
share of the reference's."""
ECHO_ALL = 3
"""An answer made of the question's content words alone, so many of them, is one in whatever order."""
PASTE_WORDS, PASTE_RUN, PASTE_SHARE = 20, 6, 0.8
"""An answer of so many words, this share of whose runs of six stand in one text, was pasted from it."""

_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_NO_ANSWER = re.compile(
    r"(?<![\"“'‘])(?<!say )(?<!saying )\bi\s+(?:really\s+|honestly\s+)?(?:do\s*n[o']?t|don[’']?t)\s+(?:really\s+)?"
    r"(?:know|remember|recall)\b"
    r"|\b(?:dunno|idk|(?:no|not\s+a)\s+(?:idea|clue)|not\s+(?:sure|familiar)|unsure|beats\s+me|foggiest"
    r"|skip\s+this|next\s+(?:question|one)\s*(?:please|$)|move\s+on\s+to\s+the\s+next"
    r"|i\s+(?:forgot|have\s+forgotten|give\s+up|have\s+no\s+(?:idea|knowledge))|never\s+(?:heard\s+of|came\s+across)"
    r"|drawing\s+a\s+blank|have\s+to\s+look\s+(?:that|it|this)\s+up|i\s+don[’']?t\s+have\s+an\s+answer"
    r"|i\s+haven[’']?t\s+(?:studied|learned|read)|did\s*(?:not|n[’']?t)\s+cover\s+(?:this|that|it)|rather\s+not\s+say)\b"
    r"|(?:^|\bi\s+|\bsorry,?\s+)(?:can(?:no|[’']?)t|couldn[’']?t)\s+(?:remember|say|recall|answer|tell)\b"
    r"|^\W*no\s+(?:answer|submission|comment)\b|^\s*(?:pass|skip|n/?a|blank|none|see\s+above)\W*(?:\w+\W*){0,2}$",
    re.IGNORECASE,
)
LONG_MATTER = 12
"""A reference with its points of so many different content words asks for more than a word or two."""
SHORT_MATTER = 8
"""One of fewer may itself be made of the question's words."""
FEW_WORDS = 3
"""An answer of fewer different content words, none of which the question, the reference or a point holds, says nothing;
nor does one such word again and again."""


@dataclass(frozen=True, slots=True)
class Screened:
    """An answer as the engines may see it."""

    answer: str
    """As long as what was written, character for character in place; what is kept from the engines is blank."""
    quarantined: tuple[str, ...] = ()
    """Sentences that speak to the grader instead of the question."""
    pasted: str = ""
    """`reference` or `chapter` when the answer stands there word for word; else empty."""


def screen(task: GradingTask) -> Screened:
    """Blank out hidden characters and sentences that speak to the grader, and notice pasted text."""
    text = _HIDDEN.sub(" ", task.answer[:READ_LIMIT])
    matter = _matter(task)
    taken = []
    for start, end in sentence_spans(text):
        if speaks_to_grader(_HIDDEN.sub("", task.answer[start:end]), matter):
            taken.append(task.answer[start:end])
            blank = "\n\n" + " " * (end - start - 2) if end - start > 2 else " " * (end - start)
            text = text[:start] + blank + text[end:]
    return Screened(text, tuple(taken), _pasted(task, text))


def _matter(task: GradingTask) -> frozenset[str]:
    phrasings = (phrasing for point in task.points for phrasing in point.phrasings)
    return frozenset(content_stems(" ".join((task.reference, *phrasings))))


def judged_in_code(
    task: GradingTask, screened: Screened | None = None, *, clock: Callable[[], datetime] | None = None
) -> Grade | None:
    """A grade for what needs no engine, or None. Without a clock the grade has no receipt."""
    answer = (screened or screen(task)).answer
    found = _finding(task, answer, bool(screened and screened.quarantined))
    if found is None or not task.points:
        return None
    note, feedback = found
    points = tuple(PointGrade(p.id, p.text, PointStatus.MISSING, 0.0, p.essential, note=note) for p in task.points)
    receipt = Receipt("local", GUARD_VERSION, task.revision, clock(), 0.0) if clock else None
    return Grade(Outcome.GRADED, "local", "", points, feedback=feedback, confidence=1.0, receipt=receipt)


_EMPTY = (
    "Nothing was said.",
    "There is no answer here yet. Write what you know, even one sentence; a start can be graded.",
)
_ORDERS = (
    "Nothing in the answer speaks about the question.",
    "This speaks to the grader instead of answering the question. Answer in your own words; a start can be graded.",
)
_FEW = (
    "Too little was said.",
    "That is too little to grade. Say in a sentence or two what you would tell an interviewer.",
)
_UNKNOWN = (
    "Nothing was said.",
    "Fair enough: you do not know this one yet. Read the reference answer, then try it in your own words.",
)
_SOUP = (
    "Terms alone claim nothing.",
    "These are words of the field, but a list of terms claims nothing. Say in sentences what does what, and why.",
)
_ECHO = (
    "This only repeats the question.",
    "This repeats the question without answering it. Add what it asks for, in your own words.",
)


def _finding(task: GradingTask, answer: str, quarantined: bool) -> tuple[str, str] | None:
    """A note for each point and the feedback, or None where an engine is needed."""
    said = content_stems(answer)
    if not said:
        return _ORDERS if quarantined else _EMPTY
    wanted, different = _matter(task), set(said)
    too_few = len(different) < FEW_WORDS and len(wanted) >= LONG_MATTER
    repeated = len(different) == 1 < len(said)
    if (too_few or repeated) and not different & {*wanted, *content_stems(task.question)}:
        return _FEW
    if foreign_language(answer):
        return None
    checks = (
        (_no_answer(answer), _UNKNOWN),
        (is_soup(answer), _SOUP),
        (is_echo(task.question, answer, task.reference), _ECHO),
    )
    return next((words for holds, words in checks if holds), None)


def _no_answer(answer: str) -> bool:
    if not _NO_ANSWER.search(answer):
        return False
    rest = [answer[a:b] for a, b in sentence_spans(answer) if not _NO_ANSWER.search(answer[a:b])]
    beside = content_stems(_NO_ANSWER.sub(" ", answer))
    return len(beside) < 5 or (len(beside) < 12 and not content_stems(" ".join(rest)) and " but " not in answer.lower())


def is_echo(question: str, answer: str, reference: str) -> bool:
    """True when an answer keeps the question's words in their order and brings next to nothing of its own.

    Where the reference itself is made of the question's words, or the question offers a choice, that is no echo.
    """
    if re.search(r"\bor\b", question, re.IGNORECASE):
        return False
    asked, said, wanted = content_stems(question), content_stems(answer), set(content_stems(reference))
    if len(wanted) < SHORT_MATTER:
        return False
    new = {s for s in said if s not in asked}
    if len(new) > ECHO_NEW or len(wanted & set(said)) >= ECHO_HELD * len(wanted):
        return False
    bare = not new and len(set(said)) >= ECHO_ALL and len(wanted) >= LONG_MATTER
    return bare or _in_order(words(question), words(answer)) >= ECHO_ORDER


def is_soup(answer: str) -> bool:
    """True for terms strung together without the words that make claims of them."""
    said = words(answer)
    if len(said) < SOUP_RUN:
        return False
    share = sum(word in STOP_WORDS for word in said) / len(said)
    if share <= BARE_STOP_SHARE or _strung_together(answer):
        return True
    if share < SOUP_STOP_SHARE and _longest_run(answer) >= SOUP_RUN:
        return True
    items = [item for item in re.split(r"[,;/|\n•]+", answer) if item.strip()]
    short = sum(len(item.split()) <= 3 for item in items)
    return share < LIST_STOP_SHARE and len(items) >= LIST_ITEMS and short >= 0.8 * len(items)


def _strung_together(answer: str) -> bool:
    """True for single terms between any marks or "and"s."""
    items = [item for item in re.split(r"[,;/|\n•.#>→+&-]+|\band\b|\bor\b", answer, flags=re.I) if item.strip()]
    return len(items) >= SOUP_RUN and sum(len(item.split()) == 1 for item in items) >= STRUNG_SHARE * len(items)


def _longest_run(text: str) -> int:
    best = run = 0
    for token in re.findall(r"[\w'’-]+|[^\s\w]|\n", text):
        content = token[0].isalnum() and token.lower() not in STOP_WORDS
        run = run + 1 if content else 0
        best = max(best, run)
    return best


def _in_order(question: list[str], answer: list[str]) -> float:
    """Longest common subsequence of stems over the answer's words."""
    left, right = [stem(word) for word in question], [stem(word) for word in answer[:400]]
    row = [0] * (len(left) + 1)
    for said in right:
        diagonal = 0
        for n, asked in enumerate(left, 1):
            above = row[n]
            row[n] = diagonal + 1 if asked == said else max(row[n], row[n - 1])
            diagonal = above
    return row[-1] / max(1, len(right))


def _pasted(task: GradingTask, answer: str) -> str:
    said = words(answer)
    if not PASTE_WORDS <= len(said) <= 2_000:
        return ""
    runs = _runs(said)
    if len(runs & _runs(words(task.reference))) >= PASTE_SHARE * len(runs):
        return "reference"
    source = set().union(*(_runs(words(passage.text)) for passage in task.passages))
    return "chapter" if len(runs & source) >= PASTE_SHARE * len(runs) else ""


def _runs(said: list[str]) -> set[tuple[str, ...]]:
    return {tuple(said[i : i + PASTE_RUN]) for i in range(len(said) - PASTE_RUN + 1)}
