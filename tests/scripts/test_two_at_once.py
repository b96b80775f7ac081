"""Two tutors on one home: neither meets a lock, nothing is lost or doubled, and the memory follows from the reviews."""

import subprocess
import sys
from pathlib import Path

from tutor.study.schedule import astray
from tutor.workspace import Workspace

ROOT = Path(__file__).parents[2]
ANSWERS = "RAG looks documents up when the question comes in.\n.\n3\n" * 3


def test_two_sittings_at_once_on_the_same_questions_lose_and_double_nothing(prepared_home: Path) -> None:
    words = [sys.executable, "-m", "tutor", "--home", str(prepared_home), "quiz", "-n", "3", "--engine", "local"]
    sittings = [
        subprocess.Popen(
            words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for sitting in sittings:
        assert sitting.stdin is not None
        sitting.stdin.write(ANSWERS)
        sitting.stdin.close()
        sitting.stdin = None
    said = [sitting.communicate(timeout=150) for sitting in sittings]
    assert [sitting.returncode for sitting in sittings] == [0, 0], said
    assert not any("locked" in out + err for out, err in said)
    with Workspace.open(prepared_home, environ={}) as workspace:
        reviews = workspace.store.reviews()
        assert len(workspace.store.attempts(limit=100)) == len(reviews) == 6
        assert len({review.question_id for review in reviews}) == 3, "both sittings asked the same"
        assert astray(workspace.store.memories(), reviews) == []
