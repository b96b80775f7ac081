"""The file survives: crashes, two processes at once, older and newer programs, damage and full disks."""

import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.doubles.clock import FrozenClock, counting_entropy
from tests.doubles.grades import question
from tutor.domain.errors import StoreError
from tutor.store import database, locks, migrations
from tutor.store.failures import explained
from tutor.store.home import Home
from tutor.store.store import Store

WRITER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from tests.doubles.grades import question
from tutor.store.home import Home
from tutor.store.store import Store
store = Store.open(Home(Path(sys.argv[1])), clock=lambda: datetime.now(UTC), entropy=os.urandom)
"""


def spawn(home: Home, code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER + code, str(home.path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def opened(home: Home, clock: FrozenClock | None = None) -> Store:
    return Store.open(home, clock=clock or FrozenClock(), entropy=counting_entropy(10**6))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_attempt_outlives_the_process_that_was_killed_right_after(home: Home) -> None:
    code = "print(store.add_attempt(question(), 'my answer').id, flush=True)\nimport time; time.sleep(60)"
    with spawn(home, code) as process:
        assert process.stdout is not None
        attempt_id = process.stdout.readline().strip()
        process.send_signal(signal.SIGKILL)
    with opened(home) as store:
        assert store.attempt(attempt_id).text == "my answer"


def test_a_commit_waits_for_the_disk(store: Store) -> None:
    def pragma(name: str) -> object:
        return store._database.rows(f"PRAGMA {name}")[0].popitem()[1]

    full = 2
    assert (pragma("journal_mode"), pragma("synchronous"), pragma("foreign_keys")) == ("wal", full, 1)


def test_processes_that_write_at_once_lose_nothing_and_never_meet_a_lock(home: Home) -> None:
    code = "\nfor n in range(40): store.add_attempt(question(), f'{os.getpid()} {n}')"
    processes = [spawn(home, code) for _ in range(3)]
    errors = [process.communicate()[1] for process in processes]
    assert errors == ["", "", ""]
    with opened(home) as store:
        texts = [attempt.text for attempt in store.attempts(limit=1000)]
    assert sorted(texts) == sorted(f"{process.pid} {n}" for process in processes for n in range(40))


def test_what_one_store_commits_another_sees_at_once(store: Store, home: Home) -> None:
    with opened(home) as other:
        attempt = store.add_attempt(question(), "seen")
        assert other.attempts() == [attempt]


def test_files_are_for_the_learner_alone(store: Store, home: Home, clock: FrozenClock) -> None:
    clock.forward(days=1)
    opened(home, clock).close()
    files = [path for path in home.path.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"progress.db", "progress-20261123-daily.db"}
    assert {path.name: oct(mode(path)) for path in files} == {path.name: "0o600" for path in files}
    folders = [home.path, home.cache, home.packs, home.backups, home.logs]
    assert {oct(mode(folder)) for folder in folders} == {"0o700"}


def test_a_database_left_open_to_others_is_closed_to_them(home: Home) -> None:
    opened(home).close()
    home.database.chmod(0o644)
    opened(home).close()
    assert mode(home.database) == 0o600


def older_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> str:
    """A home as the first schema left it, with one attempt in it."""
    with monkeypatch.context() as patch:
        patch.setattr(
            database, "migrate", lambda db, home, now: migrations.migrate(db, home, now, migrations.MIGRATIONS[:1])
        )
        with opened(home) as store:
            attempt = store.add_attempt(question(), "written long ago")
    return attempt.id


def test_an_older_database_is_copied_and_brought_up_to_date(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt_id = older_home(home, monkeypatch)
    with opened(home) as store:
        assert store.attempt(attempt_id).text == "written long ago"
        store.save_draft("q", "a table of the second schema")
    (copy,) = home.backups.glob("*-before-m002_reading.db")
    assert mode(copy) == 0o600
    with sqlite3.connect(copy) as raw:
        assert raw.execute("PRAGMA user_version").fetchone() == (1,)
        assert raw.execute("SELECT text FROM attempts").fetchall() == [("written long ago",)]
    with sqlite3.connect(home.database) as raw:
        names = raw.execute("SELECT name FROM migrations ORDER BY version").fetchall()
    assert names == [(step.__name__,) for step in migrations.MIGRATIONS]


def test_a_migration_that_fails_changes_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt_id = older_home(home, monkeypatch)

    def m002_breaks(db: object) -> None:
        migrations.m002_reading(db)  # type: ignore[arg-type]
        raise sqlite3.OperationalError("no")

    with monkeypatch.context() as patch:
        broken = (migrations.m001_practice, m002_breaks)
        patch.setattr(database, "migrate", lambda db, home, now: migrations.migrate(db, home, now, broken))
        with pytest.raises(sqlite3.OperationalError):
            opened(home)
    with sqlite3.connect(home.database) as raw:
        assert raw.execute("PRAGMA user_version").fetchone() == (1,)
        assert raw.execute("SELECT count(*) FROM sqlite_master WHERE name = 'drafts'").fetchone() == (0,)
    with opened(home) as store:
        assert store.attempt(attempt_id)


def test_a_new_database_is_not_copied(home: Home) -> None:
    opened(home).close()
    assert list(home.backups.iterdir()) == []


def test_the_newest_ten_daily_copies_are_kept_and_the_last_of_an_older_week(home: Home, clock: FrozenClock) -> None:
    for day in range(13):
        with opened(home, clock) as store:
            store.add_attempt(question(), f"day {day}")
        opened(home, clock).close()
        clock.forward(days=1)
    copies = sorted(path.name for path in home.backups.iterdir())
    sunday = 22
    assert copies == [f"progress-202611{day}-daily.db" for day in (sunday, *range(25, 31))] + [
        f"progress-2026120{day}-daily.db" for day in range(1, 5)
    ]
    with sqlite3.connect(home.backups / copies[-1]) as raw:
        assert raw.execute("SELECT count(*) FROM attempts").fetchone() == (12,)


def test_a_copy_put_in_the_place_of_the_database_opens(home: Home, clock: FrozenClock) -> None:
    with opened(home, clock) as store:
        attempt = store.add_attempt(question(), "precious")
    clock.forward(days=1)
    opened(home, clock).close()
    (copy,) = home.backups.iterdir()
    in_wal_mode = 2  # bytes 18 and 19 of the header, sqlite.org/fileformat.html
    assert in_wal_mode not in copy.read_bytes()[18:20]
    home.database.unlink()
    shutil.copy(copy, home.database)
    with opened(home, clock) as store:
        assert store.attempt(attempt.id) == attempt


def test_a_copy_that_cannot_be_made_is_said_and_does_not_stop_the_day(home: Home, clock: FrozenClock) -> None:
    opened(home, clock).close()
    clock.forward(days=1)
    home.backups.rmdir()
    home.backups.write_text("in the way")
    with pytest.raises(StoreError, match="backups: this folder cannot be made"):
        opened(home, clock)
    home.backups.unlink()
    (home.backups / "progress-20261123-daily.db.partial").mkdir(parents=True)
    with opened(home, clock) as store:
        assert store.notice.startswith(f"{home.backups}: today's copy of your progress could not be made")
        assert store.add_attempt(question(), "still kept")


def test_a_newer_database_is_refused_and_left_alone(home: Home, clock: FrozenClock) -> None:
    opened(home, clock).close()
    with sqlite3.connect(home.database) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    before = home.database.read_bytes()
    clock.forward(days=1)
    with pytest.raises(StoreError) as refused:
        opened(home, clock)
    assert str(refused.value) == (
        f"{home.database}: written by a newer Atlas Tutor (its schema is 99, "
        f"this program knows {len(migrations.MIGRATIONS)}). "
        "Update the tutor; the database is left untouched."
    )
    assert home.database.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(home: Home) -> None:
    home.prepare()
    home.database.write_text("These are my notes, not a database. " * 50)
    with pytest.raises(StoreError) as refused:
        opened(home)
    assert str(refused.value) == (
        f"{home.database}: damaged, or not a progress database (file is not a database). "
        '"tutor restore --recover" reads what can still be read of it; "tutor restore" lists the copies there are.'
    )
    assert home.database.read_text().startswith("These are my notes")


@pytest.mark.parametrize(
    ("page", "detail"),
    [(0, "database disk image is malformed"), (43, r"On tree page \d+ cell \d+: Offset \d+ out of range [\d.]+")],
    ids=["the schema", "a page of answers"],
)
def test_damage_is_noticed_before_it_replaces_a_sound_copy(
    home: Home, clock: FrozenClock, page: int, detail: str
) -> None:
    with opened(home, clock) as store:
        for number in range(200):
            store.add_attempt(question(), f"{number} " + "words " * 50)
    content = bytearray(home.database.read_bytes())
    cells = page * 4096 + (108 if page == 0 else 8)
    content[cells : cells + 32] = b"\xff" * 32
    home.database.write_bytes(content)
    clock.forward(days=1)
    with pytest.raises(StoreError, match=rf"damaged, or not a progress database \({detail}\)\. \"tutor restore"):
        opened(home, clock)
    assert list(home.backups.iterdir()) == []


def test_integrity_says_what_is_wrong_and_nothing_when_all_is_sound(home: Home, clock: FrozenClock) -> None:
    with opened(home, clock) as store:
        store.add_attempt(question(), "x")
        assert store.integrity() == ""
    opened(home, clock).close()  # makes the day's copy; opening does not look for damage again until tomorrow
    with sqlite3.connect(home.database) as raw:
        raw.execute("PRAGMA writable_schema = ON")
        page = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'reviews_by_at'").fetchone()[0]
        raw.execute("UPDATE sqlite_master SET rootpage = ? WHERE name = 'attempts_by_question_id'", [page])
    raw.close()
    with opened(home, clock) as store:
        assert "attempts_by_question_id" in store.integrity()


def test_a_folder_in_the_place_of_the_database_is_named(home: Home) -> None:
    home.prepare()
    home.database.mkdir()
    with pytest.raises(StoreError) as refused:
        opened(home)
    assert str(refused.value) == (
        f"{home.database}: it cannot be opened. Check that it is a file and that you may read and write in {home.path}."
    )


def test_a_file_in_the_place_of_the_home_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(StoreError) as refused:
        opened(Home(tmp_path / "taken"))
    assert str(refused.value) == (
        f"{tmp_path / 'taken'}: this folder cannot be made or read (File exists). Mend its permissions, or name "
        "another home with --home or $TUTOR_HOME."
    )


def test_a_full_disk_is_said_and_costs_nothing_that_was_saved(store: Store, home: Home) -> None:
    kept = store.add_attempt(question(), "before")
    pages = store._database.rows("PRAGMA page_count")[0]["page_count"]
    store._database.rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError) as refused:
        store.add_attempt(question(), "x" * 1_000_000)
    assert str(refused.value) == (
        f"{home.database}: the disk is full. Free some space and try again; what was saved before is safe."
    )
    assert store.attempts() == [kept]
    store._database.rows("PRAGMA max_page_count = 1000000")
    assert store.add_attempt(question(), "after").text == "after"


def test_a_database_that_cannot_be_written_is_said(store: Store, home: Home) -> None:
    list(store._database._db.execute("PRAGMA query_only = ON"))
    with pytest.raises(StoreError) as refused:
        store.add_attempt(question(), "x")
    assert str(refused.value) == (
        f"{home.database}: it cannot be written. Make it and the folder {home.path} writable for you."
    )


def test_a_lock_held_too_long_is_said(store: Store, home: Home) -> None:
    list(store._database._db.execute("PRAGMA busy_timeout = 50"))
    hog = sqlite3.connect(home.database, isolation_level=None)
    hog.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError) as refused:
        store.add_attempt(question(), "x")
    hog.execute("COMMIT")
    hog.close()
    assert str(refused.value) == (
        f"{home.database}: another program has kept it locked for too long. Close the other program and try again; "
        "nothing was lost."
    )
    assert store.add_attempt(question(), "x")


def test_a_write_waits_for_a_short_lock(store: Store, home: Home) -> None:
    code = (
        "\nimport sqlite3, time\nraw = sqlite3.connect(sys.argv[1] + '/progress.db', isolation_level=None)"
        "\nraw.execute('BEGIN IMMEDIATE')\nprint('held', flush=True)\ntime.sleep(0.5)\nraw.execute('COMMIT')"
    )
    with spawn(home, code) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert store.add_attempt(question(), "patient")


def test_an_opening_that_never_ends_is_said(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.prepare()
    monkeypatch.setattr(locks, "PATIENCE", 0.1)
    with locks.alone(home), pytest.raises(StoreError) as refused:
        opened(home)
    assert str(refused.value) == (
        f"{home.database}: another tutor is still opening it. Wait until it has, or close it, and try again."
    )


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (sqlite3.SQLITE_IOERR_READ, "the disk reported an error (boom). Check the disk, and copy {0} elsewhere soon."),
        (sqlite3.SQLITE_PERM, "it cannot be written. Make it and the folder {0} writable for you."),
        (sqlite3.SQLITE_CORRUPT_INDEX, "damaged, or not a progress database (boom)."),
        (sqlite3.SQLITE_SCHEMA, "the database refused (boom). `tutor doctor` checks it."),
    ],
    ids=["failing disk", "no permission", "corrupt index", "anything else"],
)
def test_other_failures_have_their_sentence(home: Home, code: int, sentence: str) -> None:
    error = sqlite3.OperationalError("boom")
    error.sqlite_errorcode = code
    with pytest.raises(StoreError) as refused, explained(home):
        raise error
    assert str(refused.value).startswith(f"{home.database}: {sentence.format(home.path)}")


def test_a_mistake_in_the_program_is_not_dressed_up(home: Home) -> None:
    with pytest.raises(sqlite3.ProgrammingError), explained(home):
        sqlite3.connect(":memory:").execute("SELECT ?", [])


def test_ids_increase_whatever_the_clock_does(store: Store, clock: FrozenClock) -> None:
    ids = [store.new_session("quiz").id for _ in range(50)]
    clock.forward(hours=-1)
    ids += [store.new_session("quiz").id for _ in range(50)]
    clock.forward(hours=1, milliseconds=1)
    ids += [store.new_session("quiz").id]
    assert ids == sorted(set(ids))
    assert {(name[14], name[19] in "89ab") for name in ids} == {("7", True)}


def test_ids_count_on_past_the_most_random_start(home: Home) -> None:
    with Store.open(home, clock=FrozenClock(), entropy=lambda size: b"\xff" * size) as store:
        ids = [store.new_session("quiz").id for _ in range(3)]
    assert ids == sorted(set(ids))
