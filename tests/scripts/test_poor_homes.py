"""Homes that cannot be used as they should: each verb and the app say so in a sentence, and write nothing half."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tutor.cli.main import main

ROOT = Path(__file__).parents[2]
WORKS = ("ask", "chapters", "check", "doctor", "grade", "index", "models", "search", "show")
"""Verbs that need no progress: with the cache at hand they work on a disk that takes nothing."""
READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
FULL = 'cp -r "$1" "$2" && mount -t tmpfs -o size=200m tmpfs "$1" && cp -r "$2/." "$1" && shift 2 && ' + (
    '{ cat /dev/zero >"$TUTOR_HOME/rest" 2>&- || exec "$@"; }'
)
OWNERS_RIGHTS = "-dac_override,-dac_read_search"
"""Those by which the system's owner, as whom tests may run, reads and writes everything."""


@pytest.fixture
def home(prepared_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with some progress in it, a copy of that and notes to import beside it."""
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    assert main(["--home", str(prepared_home), "backup"]) == 0
    shutil.copy(next((prepared_home / "backups").glob("*.db")), tmp_path / "copy.db")
    (tmp_path / "notes.md").write_text("Q: What is a cache?\nA: A cache keeps results.\n")
    return prepared_home


def mounting(script: str, *places: Path) -> list[str]:
    """Words before a command that give it a view of the disk of its own."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("a view of the disk of one's own needs Linux, and a machine that allows it")
    return [unshare, "-rm", "sh", "-c", script, "sh", *map(str, places)]


def every_verb(before: list[str], home: Path, tmp_path: Path) -> dict[str, tuple[int, str]]:
    """What each verb ends with and says."""
    words = [
        *before,
        sys.executable,
        "-m",
        "tests.scripts.every_verb",
        home,
        tmp_path / "notes.md",
        tmp_path / "copy.db",
    ]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = {verb: (each["code"], each["said"]) for verb, each in json.loads(done.stdout).items()}
    assert [said for code, said in told.values() if code is None] == []
    return told


def app_says(before: list[str], words: str) -> int:
    """Open the app, see these words as it ends, give its exit code."""
    command, environ = [*before, sys.executable, "-m", "tutor"], {**os.environ, "TERM": "xterm-256color"}
    app = pexpect.spawn(command[0], command[1:], env=environ, cwd=str(ROOT), dimensions=(24, 200), timeout=60)
    app.expect(words)
    app.expect(pexpect.EOF)
    app.close()
    return int(app.exitstatus or 0)


@pytest.mark.parametrize(
    ("script", "words"), [(READ_ONLY, "Read-only file system"), (FULL, "disk is full")], ids=["read-only", "full"]
)
def test_on_a_disk_that_takes_nothing(home: Path, tmp_path: Path, script: str, words: str) -> None:
    before = mounting(script, home, *([tmp_path / "kept"] if script is FULL else []))
    for verb, (code, said) in every_verb(before, home, tmp_path).items():
        if verb in WORKS:
            assert code < 2, (verb, said)
        else:
            assert code == 2 and (words in said or "No space left" in said), (verb, code, said)
    shutil.rmtree(tmp_path / "kept", ignore_errors=True)
    assert app_says(before, words) == 2
    assert list((home / "packs").iterdir()) == []


@pytest.mark.parametrize(
    "closed", [["."], ["cache", "packs", "backups", "logs", "progress.lock"]], ids=["all", "inside"]
)
def test_where_one_may_not_read(home: Path, tmp_path: Path, closed: list[str]) -> None:
    before: list[str] = []
    if os.getuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("whoever owns the system may read everything")
        before = [setpriv, f"--bounding-set={OWNERS_RIGHTS}", f"--inh-caps={OWNERS_RIGHTS}"]
    modes = {home / name: (home / name).stat().st_mode for name in closed}
    for path in modes:
        path.chmod(0)
    try:
        for verb, (code, said) in every_verb(before, home, tmp_path).items():
            assert code < 2 or "Permission denied" in said, (verb, code, said)
        assert app_says(before, "Permission denied") == 2
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
