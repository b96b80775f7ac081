"""Copies are kept by age, looked into before they replace anything, and damage costs no more than it must."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.doubles.clock import FrozenClock, counting_entropy
from tests.doubles.grades import STRONG, grade, question
from tests.store.test_database import WRITER
from tutor.domain.errors import StoreError
from tutor.domain.grade import PointStatus
from tutor.domain.review import Rating, RatingSource
from tutor.store.backups import backups, kept_days
from tutor.store.contents import look_into
from tutor.store.home import Home
from tutor.store.recovery import recover
from tutor.store.restoring import restore
from tutor.store.store import Store
from tutor.study.schedule import following, replay


def filled(home: Home, clock: FrozenClock, number: int = 40) -> list[str]:
    """A closed database with so many attempts, graded and rated. Returns the ids of the attempts."""
    ids = []
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        for n in range(number):
            clock.forward(minutes=1)
            asked = question(f"rag/a#{n}")
            attempt = store.add_attempt(asked, f"answer {n} " + "with many words in it " * 20)
            store.add_grade(attempt.id, STRONG)
            store.add_review(
                asked.id, Rating.GOOD, RatingSource.LEARNER, attempt.id, follow=following(asked.id, Rating.GOOD)
            )
            ids.append(attempt.id)
    return ids


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as raw:
        return raw.execute(query).fetchall()


def test_copies_thin_out_with_age() -> None:
    today = date(2026, 11, 22)
    kept: set[date] = set()
    for n in range(400, -1, -1):
        kept = kept_days(kept | {today - timedelta(days=n)})
    ages = sorted((today - day).days for day in kept)
    assert ages[:10] == list(range(10))
    assert 20 <= len(kept) <= 30
    assert ages[-1] > 300


def test_a_copy_asked_for_is_whole_and_replaces_nothing(home: Home, clock: FrozenClock, tmp_path: Path) -> None:
    filled(home, clock, 3)
    with Store.open(home, clock=clock, entropy=counting_entropy()) as store:
        first, second = store.backup(), store.backup()
        assert look_into(first).attempts == look_into(second).attempts == 3
        with pytest.raises(StoreError, match="is there already"):
            store.backup(first)
        with pytest.raises(StoreError, match="there is no folder"):
            store.backup(tmp_path / "nowhere" / "copy.db")


def test_a_restored_copy_takes_the_place_and_what_stood_there_is_kept(home: Home, clock: FrozenClock) -> None:
    filled(home, clock, 3)
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        copy = store.backup()
        store.add_attempt(question(), "written after the copy")
    done = restore(home, copy, clock())
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        assert len(store.attempts(limit=10)) == done.contents.attempts == 3
        assert len(store.reviews()) == 3
    assert done.kept is not None
    assert rows(done.kept / "progress.db", "SELECT count(*) FROM attempts") == [(4,)]


def broken(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def newer(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 99")


def orphaned(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TRIGGER attempts_no_delete")
        raw.execute("DELETE FROM attempts WHERE seq = 1")


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (broken, "damaged, or not a progress database"),
        (emptied, "it is empty"),
        (newer, "a newer tutor wrote it"),
        (orphaned, "lost what it belongs to"),
        (Path.unlink, "there is no such file"),
    ],
    ids=["half a file", "an empty file", "a newer schema", "a row without its owner", "no file"],
)
def test_a_copy_that_cannot_be_trusted_replaces_nothing(
    home: Home, clock: FrozenClock, tmp_path: Path, harm: object, sentence: str
) -> None:
    filled(home, clock)
    copy = shutil.copy(home.database, tmp_path / "copy.db")
    harm(copy)  # type: ignore[operator]
    before = home.database.read_bytes()
    with pytest.raises(StoreError, match=sentence):
        restore(home, copy, clock())
    assert home.database.read_bytes() == before
    assert [path.name for path in home.path.glob("*restoring*")] == []


def test_nothing_is_replaced_while_a_tutor_has_it_open_and_a_killed_one_has_let_go(
    home: Home, clock: FrozenClock
) -> None:
    filled(home, clock, 3)
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        copy = store.backup()
    code = "print('open', flush=True)\nimport time; time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", WRITER + code, str(home.path)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline()
        with pytest.raises(StoreError, match="Close every tutor"):
            restore(home, copy, clock())
        other.send_signal(signal.SIGKILL)
    assert restore(home, copy, clock()).contents.attempts == 3


def test_a_missing_database_with_copies_is_said(home: Home, clock: FrozenClock) -> None:
    filled(home, clock, 1)
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        store.backup()
    home.database.unlink()
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        assert 'was not there, but copies of it are. "tutor restore"' in store.notice


def wreck(path: Path, table: str) -> None:
    """Overwrite two pages in the middle of a table."""
    with sqlite3.connect(path) as raw:
        query = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno"
        try:
            pages = [page for (page,) in raw.execute(query, [table])]
        except sqlite3.OperationalError:
            pytest.skip("this SQLite cannot say where a table lies")
    content = bytearray(path.read_bytes())
    for page in pages[len(pages) // 2 : len(pages) // 2 + 2]:
        content[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
    path.write_bytes(content)


def test_recovery_reads_around_lost_pages_and_replays_the_memory(home: Home, clock: FrozenClock) -> None:
    filled(home, clock, 120)
    whole = rows(home.database, "SELECT id FROM attempts")
    wreck(home.database, "attempts")
    before = home.database.read_bytes()
    found = recover(home, clock(), replay)
    assert home.database.read_bytes() == before
    assert 80 < found.read["attempts"] < 120
    assert found.left_out == {"grades": 120 - found.read["attempts"]}, "grades of the lost attempts, and nothing else"
    assert found.contents.reviews == 120
    restore(home, found.path, clock())
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        assert {(attempt.id,) for attempt in store.attempts(limit=200)} < set(whole)
        assert store.memories() == replay(store.reviews())
        assert len(store.memories()) == 120


def test_recovery_takes_from_the_copies_what_the_file_lost(home: Home, clock: FrozenClock) -> None:
    filled(home, clock, 100)
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        store.backup()
        newest = store.add_attempt(question(), "after the copy")
        given = store.add_grade(newest.id, grade(PointStatus.MISSING, PointStatus.COVERED))
        store.add_decision(given, "override", "first", PointStatus.COVERED)
    wreck(home.database, "attempts")
    found = recover(home, clock(), replay)
    assert found.from_copies["attempts"] > 0 and found.left_out == {}
    assert found.contents.attempts == 101
    restore(home, found.path, clock())
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        assert store.attempt(newest.id).text == "after the copy"
        assert [decision.point_id for decision in store.decisions(given)] == ["first"]


def test_a_file_of_which_nothing_is_left_is_made_of_its_copies(home: Home, clock: FrozenClock) -> None:
    filled(home, clock, 5)
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        store.backup()
    home.database.write_bytes(b"\0" * 40960)
    found = recover(home, clock(), partial(replay, retention=0.8))
    assert (found.contents.attempts, found.contents.reviews) == (5, 5)
    assert not found.read


def test_without_a_database_there_is_nothing_to_recover(home: Home, clock: FrozenClock) -> None:
    home.prepare()
    with pytest.raises(StoreError, match="nothing to recover"):
        recover(home, clock(), replay)
    assert backups(home) == []
