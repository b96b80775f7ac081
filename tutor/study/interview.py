"""Owns a mock interview as a state machine without a terminal.

    AWAY --go_on--> ASKING --submit or pass_on--> LISTENING --advance--> ASKING of the next, or DONE
    ASKING or LISTENING --leave--> AWAY

The clock runs while a question is in front of the learner and at no other time. Every step is on the disk when its call
returns, so an interview can be taken up again wherever it stopped. Nothing here moves the schedule: a mock is evidence.
A call that its phase does not allow raises OutOfTurn and changes nothing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

from tutor.domain.content import KeyQuestion
from tutor.domain.grade import Grade
from tutor.domain.interview import Agenda, Reply
from tutor.store.store import Store
from tutor.study.exchange import Exchange, reread
from tutor.study.followups import FollowUp, follow_up
from tutor.study.prompted import Heard, heard
from tutor.study.quiz import OutOfTurn
from tutor.study.stopwatch import Stopwatch


class Stage(StrEnum):
    """Where an interview stands."""

    AWAY = "away"
    """Not begun, or left; the clock stands still and no question is shown."""
    ASKING = "asking"
    LISTENING = "listening"
    """The last question is closed; the next one waits for `advance`."""
    DONE = "done"


class Interview:
    """One mock interview, new or taken up again. Belongs to the thread that owns the store."""

    def __init__(
        self, agenda: Agenda, questions: Mapping[str, KeyQuestion], store: Store, *, clock: Callable[[], datetime]
    ) -> None:
        self.agenda = agenda
        self._store = store
        self.questions = [questions[name] for name in agenda.question_ids if name in questions]
        self._watch = Stopwatch(clock, agenda.spent)
        self._listening = False
        self._done = agenda.ended is not None
        self.exchanges = [
            reread(Exchange(put, questions[put.question_id], reply), store)
            for put, reply in store.puts(agenda.id)
            if put.question_id in questions
        ]

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        if self._done:
            return Stage.DONE
        if self._watch.runs:
            return Stage.ASKING
        return Stage.LISTENING if self._listening else Stage.AWAY

    @property
    def current(self) -> Exchange | None:
        """The question in front of the learner, or waiting for them while they are away."""
        last = self.exchanges[-1] if self.exchanges else None
        return last if last is not None and last.reply is None and not self._done else None

    @property
    def begun(self) -> bool:
        """Whether a question was put already."""
        return bool(self.exchanges)

    @property
    def elapsed(self) -> float:
        """Seconds of the clock that have run."""
        return self._watch.seconds

    @property
    def left(self) -> float:
        """Seconds until time is up; below 0 after."""
        return self.agenda.minutes * 60 - self.elapsed

    @property
    def on_this_question(self) -> float:
        """Seconds spent on the current question."""
        return self.elapsed - sum(each.reply.seconds for each in self.exchanges if each.reply)

    @property
    def allowance(self) -> float:
        """Seconds the current question may take for the others to get as much; never below 0."""
        waiting = len(self.not_reached) + 1
        return max(0.0, (self.left + self.on_this_question) / waiting)

    @property
    def number(self) -> tuple[int, int]:
        """Which question of the agenda is in front, or was last, from 1, and how many there are."""
        put = sum(each.put.follows is None for each in self.exchanges)
        return put, len(self.questions)

    @property
    def not_reached(self) -> list[KeyQuestion]:
        """Questions of the agenda that were not put yet."""
        put = {each.put.question_id for each in self.exchanges if each.put.follows is None}
        return [question for question in self.questions if question.id not in put]

    @property
    def to_grade(self) -> list[Exchange]:
        """Answered questions without any grade, oldest first."""
        return [each for each in self.exchanges if each.attempt is not None and each.grade is None]

    @property
    def draft(self) -> str:
        """What was written to the current question and not handed in."""
        return self._store.draft(self.current.put.id) if self.current else ""

    def go_on(self) -> Exchange | None:
        """Begin, or take up again: the clock runs from now. None when nothing is left to ask."""
        self._in(Stage.AWAY)
        if self.begun:
            self._store.count_break(self.agenda.id)
            self.agenda = self._store.interview(self.agenda.id)
        if self.current is None:
            self._listening = True
            return self.advance()
        self._watch.start()
        return self.current

    def keep(self, text: str) -> None:
        """Keep an unfinished answer, and how much of the clock has run."""
        if self.current is None or not self._watch.runs:
            return
        if text.strip():
            self._store.save_draft(self.current.put.id, text)
        else:
            self._store.clear_draft(self.current.put.id)
        self._store.keep_clock(self.agenda.id, self.elapsed)

    def leave(self) -> None:
        """Stop the clock; whatever is open waits."""
        if self._watch.runs:
            self._watch.stop()
            self._store.keep_clock(self.agenda.id, self.elapsed)
        self._listening = False

    def submit(self, text: str) -> Exchange:
        """Hand in the answer: it is on the disk when this returns, and waits for its grade."""
        exchange = self._open()
        seconds, elapsed = self.on_this_question, self.elapsed
        attempt = self._store.reply(exchange.put, exchange.question, text, seconds=seconds, spent=elapsed)
        exchange.attempt, exchange.reply = attempt, Reply(exchange.put.id, attempt.id, seconds)
        self._closed(exchange)
        return exchange

    def pass_on(self) -> Exchange:
        """Leave the question without an answer. It counts as nothing said."""
        exchange = self._open()
        seconds, elapsed = self.on_this_question, self.elapsed
        self._store.pass_on(exchange.put, seconds=seconds, spent=elapsed)
        exchange.reply = Reply(exchange.put.id, None, seconds)
        self._closed(exchange)
        return exchange

    def advance(self) -> Exchange | None:
        """Put the next question: a follow-up that is known by now, else the next of the agenda; None ends it."""
        self._in(Stage.LISTENING)
        self._listening = False
        waiting = self.not_reached
        if self.left <= 0:
            self.finish()
            return None
        if (next_up := self._follow_up()) is not None:
            after, follow = next_up
            put = self._store.put_question(
                self.agenda.id, after.question.id, follow.text, follows=after.put.id, probes=follow.probes
            )
            self.exchanges.append(Exchange(put, after.question))
        elif waiting:
            put = self._store.put_question(self.agenda.id, waiting[0].id, waiting[0].text)
            self.exchanges.append(Exchange(put, waiting[0]))
        else:
            self.finish()
            return None
        self._watch.start()
        return self.exchanges[-1]

    def record(self, attempt_id: str, grade: Grade) -> bool:
        """Keep a grade with its answer, whenever it arrives. True when the answer belongs to this interview."""
        self._store.add_grade(attempt_id, grade)
        found = next((each for each in self.exchanges if each.attempt and each.attempt.id == attempt_id), None)
        if found is not None:
            reread(found, self._store)
        return found is not None

    def finish(self) -> None:
        """End it, wherever it stands; what is open stays unanswered."""
        if self._done:
            return
        self.leave()
        self._store.end_session(self.agenda.id)
        self.agenda = self._store.interview(self.agenda.id)
        self._done = True

    def heard(self, first: Exchange) -> Heard | None:
        """What was said to one question of the agenda in all; None while its answer has no grade."""
        if first.grade is None:
            return None
        return heard(first.grade, (each.grade for each in self.follow_ups(first) if each.grade))

    def follow_ups(self, first: Exchange) -> list[Exchange]:
        """The follow-ups put after one question of the agenda."""
        return [each for each in self.exchanges if each.put.follows == first.put.id]

    def _follow_up(self) -> tuple[Exchange, FollowUp] | None:
        """The follow-up to put next, after the latest answer that has one."""
        for first in reversed(self.exchanges):
            if first.put.follows is not None or first.attempt is None:
                continue
            asked = self.follow_ups(first)
            settled = all(each.attempt is not None and each.grade is not None for each in asked)
            whole = self.heard(first)
            if whole is None or not settled:
                continue
            follow = follow_up(first.question, whole.grade, before=[each.put.text for each in asked])
            if follow is not None:
                return first, follow
        return None

    def _open(self) -> Exchange:
        self._in(Stage.ASKING)
        assert self.current is not None, "a question is in front of the learner"
        return self.current

    def _closed(self, exchange: Exchange) -> None:
        self._watch.stop()
        self._listening = True
        self._store.clear_draft(exchange.put.id)

    def _in(self, *stages: Stage) -> None:
        if self.stage not in stages:
            raise OutOfTurn(f"This works while the interview is {' or '.join(stages)}; now it is {self.stage}.")
