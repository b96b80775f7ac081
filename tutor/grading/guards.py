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
from tutor.grading.task import GradingTask
from tutor.retrieval.words import STOP_WORDS, content_stems, stem, words

GUARD_VERSION = "guards-1"
READ_LIMIT = 120_000
"""Characters of an answer that are read at all."""
SOUP_RUN, SOUP_STOP_SHARE = 8, 0.22
"""So many content words in a row with so few function words are a list of terms."""
LIST_STOP_SHARE, LIST_ITEMS = 0.12, 6
"""The same for terms between commas."""
ECHO_ORDER, ECHO_NEW, ECHO_HELD = 0.7, 1, 0.4
"""An echo keeps this share of the question's word order, brings at most so many new stems, and holds less than this
share of the reference's."""
PASTE_WORDS, PASTE_RUN, PASTE_SHARE = 20, 6, 0.8
"""An answer of so many words, this share of whose runs of six stand in one text, was pasted from it."""

_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_NO_ANSWER = re.compile(
    r"\b(?:i\s+(?:really\s+|honestly\s+)?(?:do\s*n[o']?t|don[’']?t)\s+(?:really\s+)?(?:know|remember|recall)|dunno|idk"
    r"|no\s+(?:idea|clue|answer|submission)|not\s+sure|can(?:no|')t\s+(?:remember|say|recall|answer)|skip\s+this"
    r"|next\s+question|i\s+(?:forgot|have\s+forgotten|give\s+up|have\s+no\s+idea)|never\s+heard\s+of)\b"
    r"|^\s*(?:pass|skip|n/?a)\b",
    re.IGNORECASE,
)
_GRADER = r"(?:grader|evaluator|examiner|marker|grading\s+(?:assistant|system|model|engine)|ai\s+grad(?:er|ing))"
_MARKS = r"(?:marks?|scores?|points?|credits?|grades?|rating)"
_MINE = r"(?:this|my|mine|me|the\s+(?:answer|response|candidate|learner|student|following|above)|it|everything|all)"
_INJECTION = re.compile(
    rf"""\b(?:ignore|disregard|forget|override|bypass|skip)\b.{{0,30}}\b(?:rubric|key\s*points?|reference(?:\s+answer)?
    |grading|criteria|(?:previous|prior|above|earlier|preceding|your|all|system)\b.{{0,20}}\b(?:instructions?|prompts?|rules
    |guidelines))\b
    |\b(?:full|maximum|max|perfect)\s+(?:marks?|credits?|points|scores?|grades?)\b
    |\b(?:give|award|assign|grant)\b.{{0,20}}\b{_MINE}\b.{{0,40}}\b(?:{_MARKS}|verdict)\b
    |\b(?:award|output|return|respond\s+with|set)\b.{{0,25}}\b(?:{_MARKS}|verdict)\b.{{0,12}}(?:\d|strong|good|max|full|yes)
    |\b(?:mark|treat|count|grade|accept|consider|rate)\s+(?:\w+\s+){{0,2}}?{_MINE}\b.{{0,40}}
    \bas\s+(?:an?\s+)?(?:fully\s+)?(?:correct|covered|complete|perfect|passed|strong|right)\b
    |\b(?:dear|note\s+to|attention|hey|hello)\s+(?:the\s+)?{_GRADER}\b|^\W*{_GRADER}\s*[,:]
    |\bthe\s+{_GRADER}\s+(?:must|should|has\s+to|will)\b.{{0,30}}\b(?:accept|mark|award|give|pass|score|treat|count)\b
    |\byou\s+are\s+(?:now\s+)?(?:an?|the)\s+(?:\w+\s+)?(?:{_GRADER}|assistant)\b
    |\b(?:verdict|score|grade)["']?\s*[=:]\s*["']?(?:strong|good|\d)
    |<\s*/?\s*(?:answer|grade|system|score|rubric|instructions?)\s*>|^\s*\W*(?:system|assistant)\s*:
    |\bthis\s+(?:answer|response)\s+(?:is|should\s+be|deserves|matches)\b.{{0,40}}
    \b(?:correct|complete|perfect|full|exactly|strong)\b
    |\b(?:all|every)\s+(?:key\s+)?points?\s+(?:are|is|as|were)\b.{{0,20}}\b(?:covered|correct|met|satisfied)\b
    |\bcandidate\s+has\s+(?:answered|covered|passed)\b""",
    re.IGNORECASE | re.VERBOSE,
)
OWN_MATTER = 0.6
"""A sentence with this share of its content words in the reference or the points answers the question, whatever else
its words are used for: courses on evaluation and on injection speak of scores and instructions themselves."""

_FOREIGN = {
    "German": "der die das ein eine einen einem und in zu den von mit für auf ist sind nicht wenn wie oder als dem des "
    "es aus beide werden wird sich weil dass auch man kann",
    "French": "le la les un une des du de en que est sont avec pour par pas plus quand comme ou au aux sur dans ce qui "
    "il ne se et on son sa lui ou",
    "Spanish": "el la los las un una de del en que es son con para por no más cuando como o al se lo cada hay y su sus",
    "Portuguese": "o os um uma de do da dos das em no na nos que é são com para por não mais quando como ou ao "
    "pelo pela e se",
    "Italian": "il lo la gli le un una di del della in che è sono con per non più quando come o al si e nel",
    "Dutch": "de het een en van in is op te dat die voor met zijn niet aan er om ook als bij wordt of door naar",
    "Polish": "i w na do z się że jest to nie oraz który które jak dla przez po od są a może jego",
    "Swedish": "och i att det som en på är av för med till den har inte om ett kan från de eller vid",
}
_FOREIGN_SETS = {name: frozenset(text.split()) for name, text in _FOREIGN.items()}


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
    phrasings = (phrasing for point in task.points for phrasing in point.phrasings)
    matter = frozenset(content_stems(" ".join((task.reference, *phrasings))))
    taken = []
    for start, end in sentence_spans(text):
        if speaks_to_grader(_HIDDEN.sub("", task.answer[start:end]), matter):
            taken.append(task.answer[start:end])
            blank = "\n\n" + " " * (end - start - 2) if end - start > 2 else " " * (end - start)
            text = text[:start] + blank + text[end:]
    return Screened(text, tuple(taken), _pasted(task, text))


def speaks_to_grader(sentence: str, matter: frozenset[str] = frozenset()) -> bool:
    """True when a sentence gives orders to a grader; `matter` are the content stems of what is asked about."""
    if not _INJECTION.search(" ".join(sentence.split())):
        return False
    said = content_stems(sentence)
    return sum(word in matter for word in said) < OWN_MATTER * len(said) or not said


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


def foreign_language(text: str) -> str:
    """The name of the language an answer is in when it is plainly not English; else empty."""
    letters = [letter for letter in text[:5_000] if letter.isalpha()]
    if letters and sum(ord(letter) > 0x24F for letter in letters) > 0.3 * len(letters):
        return "another script"
    said = re.findall(r"[^\W\d_]+", text[:5_000].lower())
    if len(said) < 6:
        return ""
    name, count = max(((n, sum(w in s for w in said)) for n, s in _FOREIGN_SETS.items()), key=lambda pair: pair[1])
    english = sum(word in STOP_WORDS for word in said)
    return name if count > 0.16 * len(said) and count > 1.5 * english else ""


_EMPTY = (
    "Nothing was said.",
    "There is no answer here yet. Write what you know, even one sentence; a start can be graded.",
)
_ORDERS = (
    "Nothing in the answer speaks about the question.",
    "This speaks to the grader instead of answering the question. Answer in your own words; a start can be graded.",
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
    if not content_stems(answer):
        return _ORDERS if quarantined else _EMPTY
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
    if len({s for s in said if s not in asked}) > ECHO_NEW or len(wanted & set(said)) >= ECHO_HELD * len(wanted):
        return False
    return _in_order(words(question), words(answer)) >= ECHO_ORDER


def is_soup(answer: str) -> bool:
    """True for terms strung together without the words that make claims of them."""
    said = words(answer)
    if len(said) < SOUP_RUN:
        return False
    share = sum(word in STOP_WORDS for word in said) / len(said)
    if share < SOUP_STOP_SHARE and _longest_run(answer) >= SOUP_RUN:
        return True
    items = [item for item in re.split(r"[,;/|\n•]+", answer) if item.strip()]
    short = sum(len(item.split()) <= 3 for item in items)
    return share < LIST_STOP_SHARE and len(items) >= LIST_ITEMS and short >= 0.8 * len(items)


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
