"""Owns which questions an interview round may ask, and which of them it does: by weight, by weakness, and by chance.

A study path whose id is the round's says which chapters the round is about; a track without one is searched by the
wording of its questions.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tutor.domain.content import Chapter, KeyQuestion, Library
from tutor.domain.grade import Grade, Verdict
from tutor.domain.interview import Round
from tutor.domain.review import Attempt, Memory


@dataclass(frozen=True, slots=True)
class Format:
    """What a round is like."""

    title: str
    about: str
    """One line: what it asks of you."""
    minutes: int
    """Usual length."""
    minutes_a_question: int
    wording: str
    """A pattern of questions that are typical of it; empty when any question is."""


FORMATS = {
    Round.SCREENING: Format(
        "Screening",
        "Definitions, comparisons and reasons, one after another.",
        25,
        4,
        r"^(what|why|explain|name|how do)",
    ),
    Round.SYSTEM_DESIGN: Format(
        "System design", "Scope it, size it, draw it, defend it.", 30, 7, r"^(design|draw|size|plan|estimate)|\bwhere\b"
    ),
    Round.DEBUGGING: Format(
        "Debugging",
        "A system answers wrongly, and you find out why.",
        25,
        6,
        r"debug|investigate|find|wrong|fell|fail|rose|tripled|happened|explains?|symptom|notice",
    ),
    Round.TRADE_OFF: Format(
        "Trade-offs",
        "Two sound options, and what decides between them.",
        20,
        5,
        r"\bor\b|choose|decide|when |worth|prefer",
    ),
    Round.CODING: Format(
        "Coding",
        "Code in words: its cases, its tests, its measurements.",
        25,
        8,
        r"implement|write|compute|test|bugs?\b",
    ),
    Round.BEHAVIOURAL: Format(
        "Behavioural", "What you built, why, what went wrong, what you measured.", 25, 6, r"\byou\b"
    ),
    Round.MIXED: Format("Mixed", "A little of every round, as on a long day.", 30, 5, ""),
}

OTHERS = tuple(each for each in Round if each is not Round.MIXED)
"""What a mixed round is mixed from, in the order of a day of interviews."""

MOST_QUESTIONS = 20
"""No round asks more."""

WEIGHTS = {"high": 3.0, "medium": 2.0, "low": 1.0}
"""How much a chapter's weight counts when questions are chosen for an interview, or for the last hours before one."""

TYPICAL = 3.0
"""How much likelier a question is whose wording is typical of the round, or whose chapter opens its study path."""

_WEAKNESS = {Verdict.WRONG: 2.5, Verdict.WEAK: 2.5, Verdict.PARTIAL: 1.8, Verdict.GOOD: 0.7, Verdict.STRONG: 0.4}
LAPSED = 1.5
"""How much likelier a question is that was forgotten before and never graded."""

FRESH = 0.2
"""How much likelier a question is that the last interviews asked: a mock should not be a rerun."""


def format_of(round_: Round) -> Format:
    """What the round is like."""
    return FORMATS[round_]


def chapters_of(library: Library, round_: Round) -> list[Chapter]:
    """The chapters a round is about, in the order to study them; none when no track has a path for it.

    A mixed round is about those of every other round.
    """
    wanted = OTHERS if round_ is Round.MIXED else (round_,)
    chapters = {chapter.id: chapter for chapter in library.chapters()}
    paths = {path.id: path for track in library.tracks for path in track.paths}
    named = [name for each in wanted if each in paths for name in paths[each].chapters]
    return [chapters[name] for name in dict.fromkeys(named) if name in chapters]


def question_weights(
    library: Library, round_: Round, standing: Mapping[str, float], recent: Iterable[str] = ()
) -> dict[KeyQuestion, float]:
    """How likely each question of a round is to be asked, as a weight above 0, in the order to ask them.

    `standing` is what `weaknesses` gives; `recent` are ids of questions that the last interviews asked.
    """
    form, heard = FORMATS[round_], frozenset(recent)
    chapters = chapters_of(library, round_)
    opening = {chapter.id for chapter in chapters[:1]}
    pool = chapters or list(library.chapters())
    weights = {}
    for chapter in pool:
        for question in chapter.questions:
            typical = bool(form.wording and re.search(form.wording, question.text, re.IGNORECASE))
            weight = WEIGHTS.get(chapter.weight, 2.0) * standing.get(question.id, 1.0)
            weight *= TYPICAL if typical else 1.0
            weight *= TYPICAL if chapter.id in opening else 1.0
            weight *= FRESH if question.id in heard else 1.0
            if chapters or typical or not form.wording:
                weights[question] = weight
    return weights or {question: 1.0 for chapter in pool for question in chapter.questions}


def weaknesses(memories: Mapping[str, Memory], graded: Iterable[tuple[Attempt, Grade]]) -> dict[str, float]:
    """How much likelier than a new question each known one is asked, by id: above 1 for what goes badly.

    The newest decided grade counts, else lapses. `graded` is what `Store.latest_grades` gives, newest first.
    """
    found = {name: LAPSED for name, memory in memories.items() if memory.lapses or memory.state != "review"}
    judged: dict[str, float] = {}
    for attempt, grade in graded:
        if grade.verdict in _WEAKNESS:
            judged.setdefault(attempt.question_id, _WEAKNESS[grade.verdict])
    return found | judged


def draw_questions(
    library: Library,
    round_: Round,
    count: int,
    rng: random.Random,
    *,
    standing: Mapping[str, float],
    recent: Iterable[str] = (),
) -> list[KeyQuestion]:
    """The questions of one interview; a mixed one takes them from the other rounds in turn."""
    recent = tuple(recent)
    rounds = OTHERS if round_ is Round.MIXED else (round_,)
    chosen: list[KeyQuestion] = []
    for number, each in enumerate(rounds):
        share = len(range(number, count, len(rounds)))
        weights = question_weights(library, each, standing, recent)
        fresh = {question: weight for question, weight in weights.items() if question not in chosen}
        chosen += choose_questions(fresh, share, rng)
    return chosen


def choose_questions(weights: Mapping[KeyQuestion, float], count: int, rng: random.Random) -> list[KeyQuestion]:
    """Draw so many questions, heavier ones likelier, no chapter twice before every chapter once.

    They come in the order of `weights`: what a round is about first. The draw is Efraimidis and Spirakis's weighted
    sampling without replacement (2006): the highest of u^(1/w).
    """
    keys = {question: rng.random() ** (1 / weight) for question, weight in weights.items()}
    drawn = sorted(keys, key=lambda question: -keys[question])
    turns: Counter[str] = Counter()
    rounds = {}
    for question in drawn:
        rounds[question] = turns[question.chapter_id]
        turns[question.chapter_id] += 1
    chosen = sorted(drawn, key=lambda question: rounds[question])[: max(0, count)]
    return [question for question in weights if question in chosen]


def length_of(round_: Round, questions: int | None, minutes: int | None) -> tuple[int, int]:
    """Questions and minutes of a round: what is not given follows from the other, and both from the round's habit."""
    form = FORMATS[round_]
    if questions is not None:
        return questions, minutes or questions * form.minutes_a_question
    minutes = minutes or form.minutes
    return max(1, min(MOST_QUESTIONS, minutes // form.minutes_a_question)), minutes
