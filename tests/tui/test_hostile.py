"""One evening among hostile texts: whatever they hold, no byte of it acts on the terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.tui.terminal import Terminal
from tutor.domain.text import visible

ROOT = Path(__file__).parents[2]

PAYLOAD = (
    (
        "\x1b]0;PWN\x07\x1b]0;PWN\x1b\\\x1b[31337m\x9b31337m\x9d0;PWN\x9c\x1b]52;c;cHduZWQ=\x07"
        '\x1b]8;;http://PWN/\x1b\\link\x1b]8;;\x1b\\\x1bP$q"p\x1b\\\x1b[6n\x00\x7f\u202eabc\u202c\u2066d\u2069\u200b\ufeff'
        "\U000e0041\u2028\x85[@click=app.quit]list[int][/] [link=https://PWN]a[/link] "
    )
    + "e"
    + "\u0301" * 14
)

ESCAPE = b"\x1b[27u"
"""As terminals send it that tell it from the beginning of other keys, however late it is read."""

PROGRAM = """
import sys
from dataclasses import replace
from pathlib import Path
from tests.doubles.ollama_server import FakeModel, FakeOllama
from tests.tui.fakes import *
from tests.tui.test_hostile import PAYLOAD as P
from tutor.domain.grade import MisconceptionFound
from tutor.domain.content import *
from tutor.tui.running import run

point = KeyPoint("p", "Point " + P, essential=True, also=(P,))
question = KeyQuestion("t/c#q", "Question " + P, "Reference " + P, (point,), follow_ups=("Hint " + P,), line=40)
body = f"[words](http://good@evil.org/) Body {P}\\n\\n"
body += f"# Head {P}\\n\\n- item {P}\\n\\n| a {P} | b |\\n|---|---|\\n| c | {P} |\\n\\n"
body += f"~~~python {P}\\nx = 1 # {P}\\n~~~\\n\\n> quote {P}\\n\\n[text {P}](https://example.org/{P})"
section = BodySection("Heading " + P, 2, ("Heading " + P,), body, 10)
chapter = Chapter("t/c", "Chapter " + P, "s", (section,), (question,), "", sources=(Source("Source " + P, P, 2023),))
library = Library((Track("t", "Track " + P, (Section("s", "Section " + P, (chapter,)),),
                         paths=(StudyPath("p", "Path " + P, "About " + P, ("t/c",)),)),))
workspace = FakeWorkspace(Path(sys.argv[1]), library)
cited = Citation(1, "t/c:aa", "t/c", "Heading " + P, "Body " + P, True)
workspace.engine = EngineStatus("ollama:model" + P, "Detail " + P)
workspace.script.answer = replace(
    ANSWER, text="Answer [1] " + P, citations=(cited,), unsupported=(P,), note="Note " + P, conflicts=("Conflict " + P,)
)
workspace.script.pieces = ("Answ" + P,)
workspace.script.grade = replace(
    GOOD_GRADE, engine="ollama:model" + P, feedback="Feedback " + P, reason="Reason " + P,
    points=(PointGrade("p", "P " + P, PointStatus.PARTIAL, 0.5, evidence="Evidence " + P, cite=cited, note="N " + P),),
    receipt=Receipt("ollama" + P, P, P, START, 0.4, {"option" + P: P}),
)
missed = PointGrade("p", "Missed " + P, PointStatus.MISSING, 0.0)
attempt = workspace.store.add_attempt(question, P)
workspace.store.add_grade(attempt.id, replace(GOOD_GRADE, points=(missed,), engine="ollama:model" + P))
with FakeOllama([FakeModel("here" + P, capabilities=("completion", P))]) as server:
    workspace.settings = replace(workspace.settings, ollama_host=server.url, model="wish" + P)
    code = run(workspace)
sys.exit(code)
"""


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Every byte the app sent while every screen was visited."""
    home = tmp_path_factory.mktemp("evening") / "ho\x1b]0;PWN\x07me"
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    environment = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    program = [sys.executable, "-c", PROGRAM, str(home)]
    process = subprocess.Popen(
        program, cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
    )
    os.close(slave)
    terminal = Terminal(process, master)
    terminal.read_until(b"Start today's quiz")
    for keys, words in (
        (b"r", b"Chapter"),
        (b"p", b"Path"),
        (b"\r", b"Body"),
        (b"l", b"not opened"),
        (b"G", b"Source"),
        (b"?", b"Esc closes"),
        (ESCAPE, b""),
        (b"e", b"Your note"),
        (b"\x1b[200~noted " + PAYLOAD.replace("\x1b[", "").encode("utf-8", "ignore") + b"\x1b[201~", b"noted"),
        (ESCAPE, b""),
        (b"a", b"Ask about"),
        (b"why\r", b"Answer"),
        (ESCAPE * 2, b""),
        (b"P", b"Missed"),
        (b"\x1b", b""),
        (b"H", b"1 grade by"),
        (b"\r", b"Other engine"),
        (ESCAPE, b""),
        (ESCAPE, b""),
        (b"S", b"wish"),
        (b"\x1b", b""),
        (b"M", b"here"),
        (b"\x1b", b""),
        (b"/", b"Search the"),
        (b"body", b"passage"),
        (ESCAPE, b""),
        (b"\x10", b"Search for commands"),
        (ESCAPE, b""),
        (b"q", b"Submit"),
    ):
        terminal.after(keys, words)
    terminal.after(b"\x1bOQ", b"Hint")
    terminal.after(b"", b"")
    terminal.after(b"\x1b[200~Mine " + PAYLOAD.replace("\x1b[", "").encode("utf-8", "ignore") + b"\x1b[201~", b"Mine")
    terminal.after(b"\x13", b"Again")
    terminal.after(b"", b"")
    terminal.after(b"i", b"")
    os.write(master, b"\x11")
    assert terminal.end() == 0
    os.close(master)
    # The framework names the shape of the mouse pointer, from a style and never from a text.
    return re.sub(rb"\x1b\]22;[a-z-]*\x07", b"", bytes(terminal.seen))


def test_no_sequence_but_the_frameworks_own_reaches_the_terminal(evening: bytes) -> None:
    known = re.compile(r"\x1b\[[?<>=]?[0-9;]*\$?[mHJKhlupn]")
    rest = known.sub("", evening.decode("utf-8"))
    found = rest.find("\x1b")
    assert found < 0, ascii(rest[max(0, found - 40) : found + 40])
    assert not re.search(r"\x1b\[[0-9;]*31337", evening.decode("utf-8"))
    assert b"\x1b[6n" not in evening


@pytest.mark.parametrize(
    "harmful",
    ["\x07", "\x00", "\x7f", "\x9b", "\x9d", "\x85", "\u202e", "\u2066", "\u200b", "\ufeff", "\U000e0041", "\u2028"],
    ids=ascii,
)
def test_no_character_that_acts_or_hides_reaches_the_terminal(evening: bytes, harmful: str) -> None:
    assert harmful not in evening.decode("utf-8")


def test_brackets_reach_the_screen_as_themselves(evening: bytes) -> None:
    plain = re.sub(r"\x1b\[[0-9;?<>=]*\$?[a-zA-Z]|\s", "", evening.decode("utf-8"))
    assert "[@click=app.quit]list[int][/]" in plain
    assert "".join(visible("\x1b]0;PWN\x07").split()) in plain


def test_marks_do_not_pile_up(evening: bytes) -> None:
    assert "\u0301" * 9 not in evening.decode("utf-8")
