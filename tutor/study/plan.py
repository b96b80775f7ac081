"""Owns the way to the interview: what fits into today, and how far the pace leads by the day, said honestly.

The days ahead are played through: first what is due, then new questions by weight with the reading they need. Every
review is taken as good, so a forecast is the best case of its pace.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tutor.domain.content import Chapter, Library
from tutor.domain.interview import Round
from tutor.domain.review import Memory
from tutor.store.days import day_of, is_due
from tutor.study.rounds import chapters_of

REVIEW_MINUTES = 2.0
"""A known question: an answer of spoken length, its grade, a look at it."""

NEW_MINUTES = 4.0
"""A new one: more to think, more to compare."""

WORDS_A_MINUTE = 200
"""Reading with attention."""

GOOD_INTERVALS = (2, 11, 46, 163)
"""Days after which a question comes back when every answer is good: FSRS-6 with its default weights at 0.9."""

LONGEST = 365
"""Days that are played through at most."""

MOST_MINUTES = 240
"""Minutes a day beyond which no pace is recommended."""

_ORDER = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, slots=True)
class Plan:
    """Today, and where this pace leads."""

    days: int
    """Days until the interview: 0 on its day, below 0 after it."""
    minutes: int
    """A day."""
    due: int
    """Questions due today."""
    fits: int
    """Of them, so many fit into the minutes."""
    new: int
    """New questions to begin today."""
    read: tuple[Chapter, ...]
    """Chapters to read today, before their questions."""
    wanted: int
    """High-weight questions of the rounds ahead; all of them when none is of high weight."""
    reached: int
    """Of them, so many will have been practised by the interview."""
    high: bool
    """Whether `wanted` counts high-weight questions only."""
    needed: int | None
    """Minutes a day that would reach all of them; None when this pace does, or none up to four hours would."""


def make_plan(
    library: Library,
    memories: Mapping[str, Memory],
    read: Iterable[str],
    now: datetime,
    *,
    interview: date,
    minutes: int,
    rounds: Sequence[Round] = (),
    spent: float = 0.0,
) -> Plan:
    """The plan of a day. `read` are ids of chapters read to their end; without rounds the whole library is meant.

    `spent` are minutes that were practised today already.
    """
    chapters = _scope(library, rounds)
    days = (interview - day_of(now)).days
    high = [c for c in chapters if c.weight == "high"]
    wanted = {question.id for chapter in high or chapters for question in chapter.questions}
    begin = _Begin(chapters, memories, frozenset(read), now, spent)
    first = begin.play(1 if days > 0 else 0, minutes)
    whole = begin.play(days, minutes)
    reached = len(wanted & whole.practised)
    needed = None
    if reached < len(wanted) and days > 0:
        paces = range(minutes + 5 - minutes % 5, MOST_MINUTES + 1, 5)
        enough = bisect_left(paces, True, key=lambda pace: wanted <= begin.play(days, pace).practised)
        needed = paces[enough] if enough < len(paces) else None
    return Plan(
        days=days,
        minutes=minutes,
        due=begin.due_today,
        fits=first.reviews if days > 0 else begin.due_today,
        new=len(first.begun),
        read=tuple(first.read),
        wanted=len(wanted),
        reached=reached,
        high=bool(high),
        needed=needed,
    )


@dataclass(slots=True)
class _Played:
    """What some days came to."""

    practised: set[str]
    begun: list[str]
    read: list[Chapter]
    reviews: int = 0


class _Begin:
    """Where the days ahead start from."""

    def __init__(
        self,
        chapters: Sequence[Chapter],
        memories: Mapping[str, Memory],
        read: frozenset[str],
        now: datetime,
        spent: float,
    ) -> None:
        self._spent = spent
        self._chapters = sorted(chapters, key=lambda chapter: _ORDER.get(chapter.weight, 1))
        self._memories = memories
        self._read = read
        today = day_of(now)
        self._due: dict[int, int] = defaultdict(int)
        for memory in memories.values():
            ahead = 0 if is_due(memory, now) else max(0, (day_of(memory.due) - today).days)
            self._due[ahead] += 1
        self.due_today = self._due[0]

    def play(self, days: int, minutes: int) -> _Played:
        """So many days at so many minutes."""
        played = _Played(set(self._memories), [], [])
        waiting = [(c, q.id) for c in self._chapters for q in c.questions if q.id not in self._memories]
        # For each day, how often each question that comes back was answered well before.
        coming: dict[int, list[int]] = {day: [1] * count for day, count in self._due.items()}
        read, left, at = set(self._read), -self._spent, 0
        for day in range(min(days, LONGEST)):
            left = minutes + min(0.0, left)
            due = coming.pop(day, [])
            fits = min(len(due), int(max(0.0, left) // REVIEW_MINUTES))
            left -= fits * REVIEW_MINUTES
            played.reviews += fits
            for answered in due[:fits]:
                _return(coming, day, answered)
            coming.setdefault(day + 1, []).extend(due[fits:])
            started = 0
            while at < len(waiting):
                chapter, question = waiting[at]
                cost = NEW_MINUTES + (0.0 if chapter.id in read else reading_minutes(chapter))
                # What does not fit into any day is begun on one and paid for on the next.
                if cost > left and (started or left < minutes / 2):
                    break
                if chapter.id not in read:
                    read.add(chapter.id)
                    played.read.append(chapter)
                left -= cost
                played.practised.add(question)
                played.begun.append(question)
                _return(coming, day, 0)
                at, started = at + 1, started + 1
        return played


def reading_minutes(chapter: Chapter) -> float:
    """How long a chapter takes to read."""
    return sum(len(section.text.split()) for section in chapter.sections) / WORDS_A_MINUTE


def plan_words(plan: Plan) -> str:
    """Where the pace leads, in a sentence or two."""
    if plan.days < 0:
        return "The interview date is past. Set the next one, or take it out."
    if plan.days == 0:
        return "The interview is today. Warm up with a few questions you know; nothing new. Good luck."
    what = "high-weight questions" if plan.high else "questions"
    if plan.reached == plan.wanted:
        return f"At {plan.minutes} minutes a day you will have practised all {plan.wanted} {what}."
    words = f"At {plan.minutes} minutes a day you reach {plan.reached} of {plan.wanted} {what}"
    if plan.needed is not None:
        return f"{words}; {plan.needed} minutes a day would reach them all."
    return f"{words}, and no pace would reach them all. The heaviest come first."


def today_words(plan: Plan) -> str:
    """What fits into today, in one line; empty from the interview's day on."""
    if plan.days <= 0:
        return ""
    parts = []
    if plan.due:
        parts.append(f"{plan.due} due" if plan.fits == plan.due else f"{plan.fits} of {plan.due} due")
    if plan.new:
        parts.append(f"{plan.new} new")
    if plan.read:
        parts.append("read " + "; ".join(chapter.title for chapter in plan.read))
    return " · ".join(parts) or "nothing left to do today"


def _scope(library: Library, rounds: Sequence[Round]) -> list[Chapter]:
    named = [chapter for round_ in rounds for chapter in chapters_of(library, round_)]
    return list({chapter.id: chapter for chapter in named}.values()) or list(library.chapters())


def _return(coming: dict[int, list[int]], day: int, answered: int) -> None:
    after = GOOD_INTERVALS[min(answered, len(GOOD_INTERVALS) - 1)]
    coming.setdefault(day + after, []).append(answered + 1)
