"""`scripts/tutor` as a person starts it: in a terminal, in a pipe, from another folder, through a link."""

import os
import pty
import select
import struct
import subprocess
import termios
import time
from fcntl import ioctl
from pathlib import Path

import pyte
import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ROOT / "scripts" / "tutor"

pytestmark = pytest.mark.skipif(
    not any((ROOT / ".venv" / f"installed-{name}").exists() for name in ("test", "tutor")),
    reason="scripts/test has not set up .venv; starting scripts/tutor would install it",
)


class Terminal:
    """A program in a pseudo-terminal, and what a person would see of it."""

    def __init__(self, command: list[str], columns: int = 100, lines: int = 30) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, environ)
        ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def wait_for(self, text: str, seconds: float = 60) -> str:
        """The screen once the text stands on it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if text in self.text:
                return self.text
            self._read(0.2)
        raise AssertionError(f"{text!r} did not appear within {seconds} s; the screen was:\n{self.text}")

    def press(self, keys: str) -> None:
        """Type these characters."""
        os.write(self._fd, keys.encode())

    def wait_for_exit(self, seconds: float = 30) -> int:
        """The exit code."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            self._read(0.1)
        raise AssertionError(f"still running; the screen was:\n{self.text}")

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def _read(self, seconds: float) -> None:
        if select.select([self._fd], [], [], seconds)[0]:
            try:
                self._stream.feed(os.read(self._fd, 65_536))
            except OSError:
                time.sleep(0.05)


def test_the_app_paints_in_a_terminal_and_quits(prepared_home: Path) -> None:
    terminal = Terminal([str(COMMAND)])
    terminal.wait_for("Today")
    terminal.press("\x11")
    assert terminal.wait_for_exit() == 0


def test_in_a_pipe_it_says_what_to_do_and_exits_2() -> None:
    done = subprocess.run([COMMAND], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs a terminal" in done.stderr and "tutor ask" in done.stderr


def test_arguments_pass_through_from_any_folder_and_through_a_link(tmp_path: Path) -> None:
    link = tmp_path / "atlas"
    link.symlink_to(COMMAND)
    done = subprocess.run([link, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("atlas-tutor ")


def test_what_a_link_leads_to_is_not_cleared(tmp_path: Path) -> None:
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "kept").touch()
    (tmp_path / "here" / ".venv").parent.mkdir()
    (tmp_path / "here" / ".venv").symlink_to(tmp_path / "others")
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / "here" / name).touch()
    script = f'root="{tmp_path / "here"}"; . "{ROOT}/scripts/lib.sh"; ensure_installed tutor ""'
    done = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=False)
    assert (done.returncode, "Remove the link" in done.stderr) == (2, True)
    assert [path.name for path in (tmp_path / "others").iterdir()] == ["kept"]


@pytest.mark.parametrize(
    ("stamps", "said"), [([], "setting up .venv"), (["installed-tutor"], "bringing .venv up to date")], ids=str
)
def test_what_is_installed_already_is_brought_up_to_date(tmp_path: Path, stamps: list[str], said: str) -> None:
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "pip"):
        (programs / name).write_text(f"#!/bin/sh\n# {programs}\nexit 0\n")
        (programs / name).chmod(0o755)
    (programs / "pip").write_text(f"#!{programs}/python\n")
    for name in ("pyproject.toml", "constraints.txt", *(f".venv/{stamp}" for stamp in stamps)):
        (tmp_path / name).write_text("as it was")
    script = f'root="{tmp_path}"; . "{ROOT}/scripts/lib.sh"; ensure_installed tutor ""'
    done = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=True)
    assert done.stderr == f"Atlas Tutor: {said}{'' if stamps else ' (once; about 2 GB on disk, a few minutes)'}.\n"
    again = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=True)
    assert again.stderr == ""
