"""The app as a process on a real terminal: what it imports before it paints, and how it ends."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.terminal import Terminal

ROOT = Path(__file__).parents[2]
HEAVY = ["torch", "sentence_transformers", "transformers", "tokenizers", "onnxruntime", "usearch", "tantivy"]
HEAVY += ["numpy", "ollama", "httpx", "pydantic", "fsrs"]

FIRST_PAINT = """
import asyncio, json, sys
from pathlib import Path
from tutor.workspace import Workspace
from tutor.tui import upkeep
from tutor.tui.running import LiveApp

def painted(app):
    names = {name.partition(".")[0] for name in sys.modules}
    app.exit(0)
    Path(sys.argv[2]).write_text(json.dumps(sorted(names)))

upkeep.begin = painted

async def main():
    with Workspace.open(Path(sys.argv[1])) as workspace:
        async with LiveApp(workspace).run_test() as pilot:
            for _ in range(200):
                await pilot.pause(0.05)
                if Path(sys.argv[2]).exists():
                    break

asyncio.run(main())
"""

LIVE = """
import sys
from pathlib import Path
from tests.tui.fakes import FakeWorkspace
from tutor.tui.running import run
from tutor.tui.app import TutorApp

def boom(self):
    secret = "hunter2"
    raise ValueError("list[int] [/] boom")

TutorApp.action_help = boom
sys.exit(run(FakeWorkspace(Path(sys.argv[1]))))
"""


def test_nothing_heavy_is_imported_before_the_first_painted_screen(tmp_path: Path) -> None:
    report = tmp_path / "modules.json"
    subprocess.run(
        [sys.executable, "-c", FIRST_PAINT, str(tmp_path / "home"), str(report)], cwd=ROOT, check=True, timeout=120
    )
    loaded = json.loads(report.read_text())
    assert "textual" in loaded
    assert [name for name in HEAVY if name in loaded] == []


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """The app on the fake workspace, its first screen painted."""
    master, slave = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    command = [sys.executable, "-c", LIVE, str(tmp_path / "home")]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
    )
    os.close(slave)
    opened = Terminal(process, master)
    opened.read_until(b"Start your first quiz")
    yield opened
    if process.poll() is None:
        process.kill()
        process.wait()
    os.close(master)


def restored(seen: bytes) -> bool:
    """Whether the normal screen and the cursor came back after the last time they were taken."""
    return seen.rfind(b"\x1b[?1049l") > seen.rfind(b"\x1b[?1049h") >= 0 and b"\x1b[?25h" in seen


def drafted(folder: Path) -> str:
    """The answer that is on the disk and not submitted."""
    with sqlite3.connect(folder / "home" / "progress.db") as database:
        return "".join(text for (text,) in database.execute("SELECT text FROM drafts"))


@pytest.mark.parametrize("name", ["TERM", "HUP", "INT", "QUIT"])
def test_a_signal_ends_it_with_the_terminal_restored(terminal: Terminal, name: str) -> None:
    number = signal.Signals[f"SIG{name}"]
    terminal.process.send_signal(number)
    assert terminal.end() == 128 + number
    assert restored(bytes(terminal.seen))


def test_a_vanished_terminal_ends_it_with_the_draft_on_the_disk(terminal: Terminal, tmp_path: Path) -> None:
    os.write(terminal.master, b"\r")
    terminal.read_until(b"Submit")
    time.sleep(0.5)  # the box is deaf for a moment to keys meant for the screen before
    os.write(terminal.master, b"half an answer")
    terminal.read_until(b"half an answer")  # sooner than the pause after which a draft is written down anyway
    os.close(terminal.master)
    terminal.master = os.open(os.devnull, os.O_RDONLY)
    assert terminal.process.wait(timeout=20) in (128 + signal.SIGHUP, -signal.SIGHUP)
    assert drafted(tmp_path) == "half an answer"


def test_a_killed_app_leaves_what_was_typed_up_to_a_second_before(terminal: Terminal, tmp_path: Path) -> None:
    os.write(terminal.master, b"\r")
    terminal.read_until(b"Submit")
    time.sleep(0.5)  # the box is deaf for a moment to keys meant for the screen before
    kept, end = "", time.monotonic() + 60
    while not kept.startswith("word word word") and time.monotonic() < end:  # never a pause: who types on and on
        terminal.after(b"word ", b"word")
        kept = drafted(tmp_path)
    terminal.process.kill()
    terminal.process.wait()
    assert drafted(tmp_path) >= kept
    assert kept.startswith("word word word")


def test_the_first_frame_comes_first_and_keys_typed_at_once_are_answered(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    before = termios.tcgetattr(slave)
    environment = os.environ | {"TERM": "xterm-256color", "TUTOR_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "tutor"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
    )
    os.write(master, b"?")
    opened = Terminal(process, master)
    opened.read_until(b"Everywhere")
    first = bytes(opened.seen)
    assert first.index(b"Atlas Tutor") < first.index(b"\x1b[?1000h"), "the framework had taken over already"
    os.write(master, b"\x11")
    assert opened.end() == 0
    assert restored(bytes(opened.seen))
    assert termios.tcgetattr(slave) == before
    os.close(slave)
    os.close(master)


def test_ctrl_q_leaves_with_zero(terminal: Terminal) -> None:
    os.write(terminal.master, b"\x11")
    assert terminal.end() == 0
    assert restored(bytes(terminal.seen))


def test_a_crash_is_three_lines_a_log_and_exit_code_one(terminal: Terminal, tmp_path: Path) -> None:
    os.write(terminal.master, b"?")
    assert terminal.end() == 1
    seen = bytes(terminal.seen)
    assert restored(seen)
    last = seen[seen.rfind(b"\x1b[?1049l") :].decode()
    log = tmp_path / "home" / "logs" / "crash.log"
    assert "Atlas Tutor had to stop: ValueError." in last
    assert str(log) in last
    assert "Traceback" not in last
    written = log.read_text()
    assert "builtins.ValueError" in written
    assert "in boom" in written
    assert "[/] boom" not in written, "a message may quote an answer"
    assert "hunter2" not in written
    assert log.stat().st_mode & 0o777 == 0o600
