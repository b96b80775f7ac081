"""Run by test_full_disk.py inside a tiny file system: fill it, write on, make room, and tell what was kept."""

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import UTC, datetime
from pathlib import Path

from tests.doubles.grades import question
from tutor.cli.main import main
from tutor.domain.errors import StoreError
from tutor.store.home import Home
from tutor.store.store import Store


def said(*words: str) -> str:
    """What a verb says on stderr when the disk is full; it must exit with 2."""
    err = io.StringIO()
    with redirect_stderr(err), redirect_stdout(io.StringIO()):
        code = main(words)
    assert code == 2, (words, code, err.getvalue())
    return err.getvalue()


def fill(folder: Path) -> Path:
    """Take every byte that is left."""
    filler = folder / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
    return filler


def run(folder: Path) -> None:
    """Raises AssertionError when something acknowledged is lost or something half written stays."""
    home = Home(folder / "home")
    with Store.open(home, clock=lambda: datetime.now(UTC), entropy=os.urandom) as store:
        kept = [store.add_attempt(question(), f"answer {n}").id for n in range(5)]
        filler = fill(folder)
        try:
            while True:
                kept.append(store.add_attempt(question(), "words " * 500).id)
        except StoreError as error:
            assert "the disk is full" in str(error), error
        filler.unlink()
        kept.append(store.add_attempt(question(), "after").id)
        assert [attempt.id for attempt in reversed(store.attempts(limit=1000))] == kept
    filler = fill(folder)
    notes = folder.parent / "notes.md"
    notes.write_text("Q: What is a cache?\nA: A cache keeps results.\n")
    words = ("--home", str(home.path))
    assert "the disk is full" in said(*words, "stats")
    assert "No space left on device" in said(*words, "import", str(notes))
    assert list(home.packs.iterdir()) == [], "nothing half imported"
    filler.unlink()
    assert main([*words, "stats"]) == 0


if __name__ == "__main__":
    run(Path(sys.argv[1]))
