"""The local engine on the real encoder, and our labelled answers graded once a session."""

from datetime import UTC, datetime

import pytest

from tests.grading import answers
from tutor.domain.settings import EngineChoice
from tutor.grading.grader import Grader
from tutor.grading.local import LocalEngine
from tutor.retrieval.encoder import Encoder


def noon() -> datetime:
    return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def engine(encoder: Encoder) -> LocalEngine:
    return LocalEngine(encoder, noon)


@pytest.fixture(scope="session")
def grader(engine: LocalEngine) -> Grader:
    return Grader(lambda: engine, None, EngineChoice.LOCAL, noon)


@pytest.fixture(scope="session")
def judged(grader: Grader) -> list[answers.Judged]:
    """Every set of labelled answers: two that the coefficients were fitted on, and three that they never saw."""
    out = []
    for stem in ("development", "varied", "heldout", "unseen", "fresh"):
        for row in answers.rows(f"{stem}_answers.jsonl"):
            task = answers.task(stem, row["question_id"], row["answer"])
            labels, contrasting = row["points"], bool(task.contrast)
            grade = grader.grade(task)
            out.append(answers.Judged(f"{stem}:{row['id']}", row["kind"], labels, row["answer"], contrasting, grade))
    return out
