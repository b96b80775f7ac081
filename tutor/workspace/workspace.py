"""Owns one learner's whole tutor: opens and closes it, and hands out the database and the sittings.

Methods marked thread-safe may run in a worker; everything else belongs to the thread that opened the workspace.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tutor.domain.errors import NotFound, StoreError
from tutor.domain.settings import EngineChoice, Settings
from tutor.store.home import Home
from tutor.workspace.engines import Engines

if TYPE_CHECKING:
    from tutor.domain.interview import Agenda, Round
    from tutor.domain.review import Attempt
    from tutor.grading.recalibration import Recalibration
    from tutor.store.store import Store
    from tutor.study.cram import CramSession
    from tutor.study.interview import Interview
    from tutor.study.lookback import LookBack, PastAnswer
    from tutor.study.plan import Plan
    from tutor.study.quiz import QuizSession
    from tutor.study.readiness import Standing
    from tutor.study.record import Record

RECENT = 3
"""Interviews back that a new one avoids repeating."""


class Workspace(Engines):
    """Everything one learner's tutor is made of. Use as a context manager, or call `close`."""

    def __init__(self, home: Home, settings: Settings, *, environ: Mapping[str, str]) -> None:
        super().__init__(home, settings, environ=environ)
        self._store: Store | None = None

    @classmethod
    def open(cls, home: Path | None = None, environ: Mapping[str, str] = os.environ) -> Self:
        """The workspace of one home folder, made when it is not there yet. Raises SettingsError, StoreError."""
        unset = cls.without_settings(home, environ)
        place = unset.home
        if not os.path.lexists(place.settings_file):  # a first search need not learn how the file is read
            return unset
        from tutor.store.settings_file import load_settings

        return cls(place, load_settings(place.settings_file), environ=environ)

    @classmethod
    def without_settings(cls, home: Path | None = None, environ: Mapping[str, str] = os.environ) -> Self:
        """The same as it comes, for copies of progress, whatever the settings file says. Raises StoreError."""
        place = Home.locate(home, environ)
        place.prepare()
        return cls(place, Settings(), environ=environ)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database; the workspace can be used again and would reopen it."""
        if self._store is not None:
            self._store.close()
            self._store = None

    @property
    def store(self) -> Store:
        """The learner's database. Raises StoreError."""
        from tutor.store.store import Store

        if self._store is None:
            self._store = Store.open(self.home, clock=self.now, entropy=os.urandom)
        return self._store

    def change_settings(self, settings: Settings) -> None:
        """Use these settings from now on, and keep them. Raises SettingsError when they cannot be written."""
        from tutor.store.settings_file import save_settings

        save_settings(self.home.settings_file, settings)
        with self._lock:
            self.settings = settings
            self._ollama = None
            self._answerers.clear()

    def recalibrate(self) -> Recalibration:
        """Let the local engine grade by what the learner's decisions have taught up to now; says what that is.

        Reads the newest 500 answers, some 20 ms: call it before a grade, on the thread that owns the store. Progress
        that is not there yet, or cannot be read, teaches nothing and stops no grade.
        """
        from tutor.grading.recalibration import IDENTITY, recalibrate
        from tutor.grading.weights import load_weights
        from tutor.study.agreement import labels

        self._learned = IDENTITY
        if self.settings.recalibrate and self.home.database.exists():
            with suppress(StoreError):
                rated = {review.attempt_id for review in self.store.reviews() if review.attempt_id}
                self._learned = recalibrate(list(labels(self.store.graded(), rated, load_weights().version)))
        return self._learned

    def unrated(self) -> list[Attempt]:
        """Graded answers of the last days that a quiz was left with before they were rated, oldest first."""
        from tutor.study.queue import UNRATED_FOR

        known = self.library.questions_by_id()
        return [left for left in self.store.unrated(self.now() - UNRATED_FOR) if left.question_id in known]

    def practice(self, question_ids: Sequence[str]) -> QuizSession:
        """A sitting over these questions, due or not; those that are gone are left out."""
        from tutor.study.quiz import QuizSession

        known = self.library.questions_by_id()
        chosen = [known[name] for name in dict.fromkeys(question_ids) if name in known]
        return QuizSession(chosen, self.store, clock=self.now, retention=self.settings.retention)

    def quiz(
        self, *, limit: int | None = None, chapter: str | None = None, left: Sequence[Attempt] = ()
    ) -> QuizSession:
        """A sitting over what is due and new, or over one chapter's questions. Raises NotFound.

        It begins with the answers in `left`, of those that `unrated` gives, to be rated.
        """
        from tutor.study.queue import build_queue
        from tutor.study.quiz import QuizSession

        now = self.now()
        chapter_id = self.chapter(chapter).id if chapter else None
        rng = random.Random(now.date().toordinal())  # the day's order stays when the quiz is left and opened again
        queue = build_queue(
            self.library,
            self.store.memories(),
            now,
            new_limit=max(0, self.settings.new_per_day - self.store.counts(now).new_today),
            rng=rng,
            chapter_id=chapter_id,
        )
        known = self.library.questions_by_id()
        again = {
            attempt.question_id: attempt
            for attempt in left
            if chapter_id in (None, known[attempt.question_id].chapter_id)
        }
        queue = [*(known[name] for name in again), *(question for question in queue if question.id not in again)]
        session = QuizSession(queue[:limit], self.store, clock=self.now, retention=self.settings.retention)
        session.pick_up(again.values())
        return session

    def cram(self, *, limit: int | None = None, chapter: str | None = None) -> CramSession:
        """A sitting over the weakest and heaviest questions that leaves the schedule as it is. Raises NotFound."""
        from tutor.study.cram import USUAL, CramSession, build_cram

        now, store = self.now(), self.store
        queue = build_cram(
            self.library,
            store.memories(),
            store.latest_grades(),
            now,
            rng=random.Random(now.date().toordinal()),
            chapter_id=self.chapter(chapter).id if chapter else None,
            limit=limit or USUAL,
        )
        return CramSession(queue, store, clock=self.now, retention=self.settings.retention)

    def past_answers(self) -> list[PastAnswer]:
        """The newest answers, newest first, each with its grades."""
        from tutor.study.lookback import past_answers

        return past_answers(self.library, self.store)

    def look_back(self, past: PastAnswer) -> LookBack:
        """An answer of the past to contest, or to have graded again. Raises OutOfTurn when its question is gone."""
        from tutor.study.lookback import LookBack

        return LookBack(past, self.store, clock=self.now)

    def plan(self) -> Plan | None:
        """The way to the interview from today; None while no date is set."""
        from tutor.domain.interview import Round
        from tutor.study.plan import NEW_MINUTES, REVIEW_MINUTES, make_plan

        if not self.settings.interview_date:
            return None
        now, store, settings = self.now(), self.store, self.settings
        counts = store.counts(now)
        done = counts.new_today * NEW_MINUTES + (counts.reviews_today - counts.new_today) * REVIEW_MINUTES
        return make_plan(
            self.library,
            store.memories(),
            store.read_chapters(),
            now,
            interview=date.fromisoformat(settings.interview_date),
            minutes=settings.minutes_a_day,
            rounds=[Round(name) for name in settings.target_rounds],
            spent=done,
        )

    def record(self) -> Record:
        """Every figure of progress as of now."""
        from tutor.study.record import make_record

        return make_record(self.library, self.store, self.settings, self.now())

    def new_interview(
        self,
        round_: Round,
        *,
        questions: int | None = None,
        minutes: int | None = None,
        seed: int | None = None,
        engine: EngineChoice | None = None,
    ) -> Interview:
        """A mock interview, its questions drawn by weight and weakness; the round's habit gives what is left out.

        The same seed on the same progress draws the same questions. Raises NotFound when there is nothing to ask.
        """
        from tutor.study.interview import Interview
        from tutor.study.rounds import draw_questions, length_of, weaknesses

        store, known = self.store, self.library.questions_by_id()
        seed = random.SystemRandom().randrange(10_000) if seed is None else seed
        count, minutes = length_of(round_, questions, minutes)
        recent = [name for agenda in store.interviews(RECENT) for name in agenda.question_ids]
        standing = weaknesses(store.memories(), store.latest_grades())
        chosen = draw_questions(self.library, round_, count, random.Random(seed), standing=standing, recent=recent)
        if not chosen:
            raise NotFound("No chapter has a question to ask. Import one that has: tutor import FILE.")
        wanted = (engine or self.settings.engine).value
        agenda = store.begin_interview(round_, chosen, minutes=minutes, seed=seed, engine=wanted)
        return Interview(agenda, known, store, clock=self.now)

    def interview(self, agenda: Agenda) -> Interview:
        """An interview of the past, or the open one, as the store has it."""
        from tutor.study.interview import Interview

        return Interview(agenda, self.library.questions_by_id(), self.store, clock=self.now)

    def round_standing(self, round_: Round) -> Standing:
        """How ready the learner is for a round, from the questions it may ask."""
        from tutor.study.readiness import group_standing
        from tutor.study.rounds import format_of, question_weights

        questions = question_weights(self.library, round_, {})
        return group_standing(round_.value, format_of(round_).title, questions, self.store.memories(), self.now())
