"""Two tutors on one home: neither meets a lock, nothing is lost or doubled, and the memory follows from the reviews."""

import subprocess
import sys
from pathlib import Path

from tutor.library.catalogue import load_library
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


def test_imports_at_once_write_each_chapter_once_and_lose_no_section(tutor_home: Path, tmp_path: Path) -> None:
    """Three read the same notes, which stand in two sections of one track."""
    notes = tmp_path / "notes"
    for number in range(20):
        folder = notes / "own" / f"{number % 2 + 1:02}-{('first', 'second')[number % 2]}"
        folder.mkdir(parents=True, exist_ok=True)
        body = "## Body\n\nA cache keeps results.\n"
        (folder / f"{number:02}-c{number}.md").write_text(f"---\nid: c{number}\ntitle: Caching {number}\n---\n{body}")
    (notes / "own" / "track.yaml").write_text(
        "id: own\ntitle: Own\nsections:\n  - {id: first, title: First}\n  - {id: second, title: Second}\n"
    )
    words = [sys.executable, "-m", "tutor", "--home", str(tutor_home), "import", str(notes)]
    imports = [
        subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in "123"
    ]
    said = [each.communicate(timeout=150) for each in imports]
    assert [each.returncode for each in imports] == [0] * 3, said
    assert sum("20 written" in out for out, _ in said) == 1 and sum("20 unchanged" in out for out, _ in said) == 2
    assert all("importing" in err for _, err in said)
    loaded = load_library([(tutor_home / "packs", False)])
    assert loaded.problems == ()
    assert sorted(chapter.slug for chapter in loaded.library.chapters()) == sorted(f"c{n}" for n in range(20))
