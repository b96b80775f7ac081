"""Months of practice in the store of a fake workspace, the same every time."""

from __future__ import annotations

import random
from datetime import timedelta

from tests.tui.fakes import GOOD_GRADE, START, FakeWorkspace
from tutor.domain.review import Rating, RatingSource
from tutor.study.schedule import following

AGAIN, HARD, GOOD, EASY = Rating


def practise(workspace: FakeWorkspace, days: int = 120) -> None:
    """Most days up to today some questions are rated, a few of their answers graded."""
    chance = random.Random(3)
    for ago in range(days, -1, -1):
        if chance.random() < 0.35:
            continue
        for question in workspace.library.questions():
            for turn in range(chance.choice((0, 1, 1, 2, 4))):
                workspace.time = START - timedelta(days=ago, minutes=30 - turn)
                rating = chance.choice((AGAIN, HARD, GOOD, GOOD, GOOD, EASY))
                attempt = workspace.store.add_attempt(question, "rag looks things up")
                if chance.random() < 0.3:
                    workspace.store.add_grade(attempt.id, GOOD_GRADE)
                follow = following(question.id, rating)
                workspace.store.add_review(question.id, rating, RatingSource.LEARNER, attempt.id, follow=follow)
    workspace.time = START
