"""One evening on the real program, in a terminal: read, answer three, ask, begin an interview, quit, come back, finish.

What the screen shows is read through a terminal emulator, as a learner sees it; what is kept is read from the database.
"""

import os
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pyte

ROOT = Path(__file__).parents[2]
SIZE = (24, 80)
PATIENCE = 60.0
"""Seconds to wait for something to appear on a loaded machine; only ever spent by a test that fails."""
SETTLE = 0.5
"""Seconds a page that has just come takes no command, so that keys typed ahead answer nothing."""
BETWEEN = 0.15
"""Seconds between two keys on one page: enough for Escape not to merge with the next."""
SUBMIT, LEAVE, ESCAPE = "\x13", "\x11", "\x1b"
LEFT, F4 = "\x1b[D", "\x1bOS"
LOBBY, ASKED = slice(1, 22), slice(4, 8)
"""Lines of the screen: the list of rounds; what an interviewer asks, without the clock above it."""

GOOD = (
    "RAG retrieves relevant passages from an external store when the question arrives, puts them in the prompt, and "
    "the model answers from them. Companies pay for it because it reaches private and fresh knowledge without "
    "retraining, and answers can cite their sources. It reduces wrong answers but does not remove them."
)
MEDIOCRE = "Models keep what they learned in training in their weights, and that is about all there is to say of it."
HALF = "half an answer to the second"
WRONG = "RAG retrains the weights of the model every night, so that hallucinations are impossible."


class Terminal:
    """The program, and the screen it paints."""

    def __init__(self, home: Path) -> None:
        self.screen = pyte.Screen(SIZE[1], SIZE[0])
        self._stream = pyte.ByteStream(self.screen)
        environ = {**os.environ, "TUTOR_HOME": str(home), "TERM": "xterm-256color", "OLLAMA_HOST": "127.0.0.1:9"}
        self._app = pexpect.spawn(sys.executable, ["-m", "tutor"], env=environ, cwd=str(ROOT), dimensions=SIZE)

    @property
    def text(self) -> str:
        """The screen with single blanks, so that wrapping and borders do not matter."""
        return " ".join(" ".join(self.screen.display).replace("▌", " ").split())

    def sees(self, *words: str) -> None:
        """Wait until all of these are on the screen."""
        self.until(lambda: all(each in self.text for each in words), f"{words} on the screen")

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Read what the program paints until something is true."""
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, f"never came: {what}; the screen was:\n" + "\n".join(self.screen.display)
            self._read()

    def press(self, *keys: str) -> None:
        """Let the page settle, then press keys, one after another."""
        for pause, key in zip((SETTLE, *(len(keys) - 1) * (BETWEEN,)), keys, strict=True):
            end = time.monotonic() + pause
            while time.monotonic() < end:
                self._read()
            self._app.send(key)

    def press_until(self, key: str, words: str, *, lines: slice) -> None:
        """Press a key again whenever these lines have answered to it, until the words are on the screen."""
        while words not in self.text:
            before = self.screen.display[lines]
            self.press(key)
            self.until(lambda was=before: self.screen.display[lines] != was, f"an answer to {key!r}")  # type: ignore[misc]

    def leave(self) -> int:
        """Quit and give the exit code."""
        self.press(LEAVE)
        self._app.expect(pexpect.EOF, timeout=PATIENCE)
        self._app.close()
        return int(self._app.exitstatus or 0)

    def close(self) -> None:
        """End it whatever it is doing."""
        self._app.close(force=True)

    def _read(self) -> None:
        try:
            self._stream.feed(self._app.read_nonblocking(65536, timeout=0.05))
        except pexpect.TIMEOUT:
            return
        except pexpect.EOF as ended:
            raise AssertionError("it ended by itself, saying:\n" + "\n".join(self.screen.display)) from ended


def rows(home: Path, query: str) -> list[tuple[object, ...]]:
    """What the database holds."""
    with sqlite3.connect(f"file:{home / 'progress.db'}?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()


def read_a_chapter(tutor: Terminal) -> None:
    tutor.sees("Start your first quiz", "Read a chapter first")
    tutor.press("r")
    tutor.sees("What is RAG?", "Enter Read")
    tutor.press("\r")
    tutor.sees("In one breath", "o Outline")
    tutor.press("m", ESCAPE)
    tutor.sees("Enter Read")
    tutor.press(ESCAPE)
    tutor.sees("Start today's quiz", "8 questions")


def answer_three(tutor: Terminal) -> None:
    tutor.press("\r")
    for number, (answer, verdict) in enumerate([(GOOD, "Strong"), (MEDIOCRE, ""), (WRONG, "Weak")], start=1):
        tutor.sees(f"{number} of 8", "Submit")
        tutor.press(answer, SUBMIT)
        tutor.sees("Accept", "points local engine", verdict)
        if number == 2:
            tutor.press("n", "o")
            tutor.sees("You had this", "u Undo")
        tutor.press("\r")
    tutor.sees("4 of 8", "Submit")
    tutor.press(ESCAPE, ESCAPE)
    tutor.sees("3 answers today")


def ask_the_tutor(tutor: Terminal) -> None:
    tutor.press("a")
    tutor.sees("Ask about the chapters")
    tutor.press("When should I choose RAG over fine-tuning?", "\r")
    tutor.sees("I would choose RAG when the knowledge changes often", "[1]", "Tab Read, open")
    tutor.press("\t", "1")
    tutor.sees("RAG vs Fine-tuning", "o Outline", "knowledge changes often")
    tutor.press(ESCAPE)
    tutor.sees("1 Open [1]")
    tutor.press(ESCAPE)
    tutor.until(lambda: "3 answers today" in tutor.text or "Write" not in tutor.text, "the way out of asking")
    if "3 answers today" not in tutor.text:
        tutor.press(ESCAPE)
    tutor.sees("3 answers today")


def begin_an_interview(tutor: Terminal) -> None:
    tutor.press("i")
    tutor.sees("Screening", "Enter Begin")
    tutor.press_until(LEFT, "Screening 10 min · 2 questions", lines=LOBBY)
    tutor.press("\r")
    tutor.sees("No feedback until the end")
    tutor.press("\r")
    tutor.sees("Question 1 of 2", "Hand in")
    tutor.press(GOOD, SUBMIT)
    tutor.until(lambda: "Follow-up" in tutor.text or "Question 2 of 2" in tutor.text, "what the interviewer says next")
    tutor.press_until(F4, "Question 2 of 2", lines=ASKED)
    tutor.sees("Hand in")
    tutor.press(HALF)
    tutor.sees(HALF)


def resume_and_finish(tutor: Terminal) -> None:
    tutor.sees("Go on with your interview", "question 2 of 2", "3 answers today")
    tutor.press("i")
    tutor.sees("Go on: Screening")
    tutor.press("\r")
    tutor.sees("Question 2 of 2", HALF)
    tutor.press(SUBMIT)
    tutor.until(lambda: "Follow-up" in tutor.text or "of what was asked" in tutor.text, "the end or a follow-up")
    tutor.press_until(F4, "of what was asked", lines=ASKED)
    tutor.sees("Screening", "Enter Done")
    tutor.press("w")
    tutor.sees("Written")
    tutor.press("\r")
    tutor.sees("Enter Begin")
    tutor.press(ESCAPE)
    tutor.sees("Start today's quiz", "5 questions")


def test_an_evening_ends_where_the_next_one_begins(prepared_home: Path) -> None:
    (prepared_home / "settings.toml").write_text('engine = "local"\n')
    first = Terminal(prepared_home)
    try:
        for part in (read_a_chapter, answer_three, ask_the_tutor, begin_an_interview):
            part(first)
        assert first.leave() == 0
    finally:
        first.close()
    practised = rows(prepared_home, "SELECT text FROM attempts ORDER BY seq")[:3]
    assert practised == [(GOOD,), (MEDIOCRE,), (WRONG,)]
    assert rows(prepared_home, "SELECT count(*), count(DISTINCT attempt_id) FROM live_reviews") == [(3, 3)]
    assert rows(prepared_home, "SELECT kind, status FROM live_decisions") == [("override", "covered")]
    assert rows(prepared_home, "SELECT text FROM drafts") == [(HALF,)]
    assert rows(prepared_home, "SELECT chapter_id FROM chapters_read") == [("rag/what-is-rag",)]

    second = Terminal(prepared_home)
    try:
        resume_and_finish(second)
        assert second.leave() == 0
    finally:
        second.close()
    assert rows(prepared_home, "SELECT text FROM attempts ORDER BY seq")[-1] == (HALF,)
    assert rows(prepared_home, "SELECT count(*) FROM live_reviews") == [(3,)], "an interview moves no schedule"
    assert rows(prepared_home, "SELECT count(*) FROM attempts WHERE id NOT IN (SELECT attempt_id FROM grades)") == [
        (0,)
    ]
    assert rows(prepared_home, "SELECT text FROM drafts") == []
    [report] = (prepared_home / "reports").glob("*.md")
    assert HALF in report.read_text(encoding="utf-8")
