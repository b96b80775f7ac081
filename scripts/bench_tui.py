"""Times what a learner feels: the first frame, the first answered key, long chapters, and keys while something runs.

    python scripts/bench_tui.py [--runs N]

Starts are taken on a pseudo terminal of 120x40, each run beside one of an empty app of the same framework, and given
as a ratio to it; both find their bytecode from the start before, as every installed program does. What happens inside a
running app is measured headless, in CPU time of this process.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench_keys import measure_keys

SIZE = (120, 40)

EMPTY = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    presses = 0
    def compose(self):
        yield Static("HELLO", id="words")
    def on_key(self, event):
        if event.key == "question_mark":
            self.query_one("#words").update("HELLO AGAIN")
    BINDINGS = [("ctrl+q", "quit")]

Empty().run()
"""


class Start:
    """One start of a program on a pseudo terminal, with a key typed before it can have been ready."""

    def __init__(self, command: Sequence[str], home: Path, *, shows: str, answers: str) -> None:
        import pyte

        self.screen = pyte.Screen(*SIZE)
        self.stream = pyte.ByteStream(self.screen)
        self.begun = time.perf_counter()
        self.pid, self.terminal = self.spawn(command, home)
        os.write(self.terminal, b"?")
        try:
            self.shown = self.until(shows)
            self.answered = self.until(answers)
        finally:
            self.cpu = self.end()

    def spawn(self, command: Sequence[str], home: Path) -> tuple[int, int]:
        """Fork onto a terminal of the size measured at."""
        import fcntl
        import pty
        import struct
        import termios

        pid, terminal = pty.fork()
        if pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
            environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
            environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TUTOR_HOME": str(home)}
            environ |= {"PYTHONPYCACHEPREFIX": str(home / "cache" / "bytecode")}
            os.execve(command[0], list(command), environ)
        return pid, terminal

    def until(self, words: str) -> float:
        """Milliseconds from the start until these words are on the screen; the time is taken before they are parsed."""
        import select

        while time.perf_counter() - self.begun < 60:
            if not select.select([self.terminal], [], [], 0.5)[0]:
                continue
            at = time.perf_counter()
            try:
                self.stream.feed(os.read(self.terminal, 65536))
            except OSError:
                break
            if any(words in line for line in self.screen.display):
                return (at - self.begun) * 1000
        raise SystemExit(f'"{words}" never came; the screen was:\n' + "\n".join(self.screen.display))

    def end(self) -> float:
        """CPU milliseconds the whole start took, after telling the program to go."""
        import signal

        os.kill(self.pid, signal.SIGTERM)
        os.close(self.terminal)
        _, _, used = os.wait4(self.pid, 0)
        return (used.ru_utime + used.ru_stime) * 1000


def measure_starts(home: Path, runs: int) -> None:
    """Empty app and tutor in turn."""
    tutor, empty = [], []
    for _ in range(runs + 1):
        empty.append(Start([sys.executable, "-c", EMPTY], home, shows="HELLO", answers="HELLO AGAIN"))
        tutor.append(Start([sys.executable, "-m", "tutor"], home, shows="due", answers="Everywhere"))
    print(f"start, medians of {runs}, milliseconds from the command       empty app     tutor     ratio")
    for label, name in (("what is due is on the screen", "shown"), ("a key typed at once is answered", "answered")):
        base, ours = (statistics.median(getattr(start, name) for start in each[1:]) for each in (empty, tutor))
        print(f"  {label:52} {base:10.0f} {ours:9.0f} {ours / base:9.2f}")
    base, ours = (statistics.median(start.cpu for start in each[1:]) for each in (empty, tutor))
    print(f"  {'CPU until then':52} {base:10.0f} {ours:9.0f} {ours / base:9.2f}")


def prepared_home(folder: Path) -> Path:
    """A home with a ready index and a few questions due."""
    from tutor.domain.review import Rating, RatingSource
    from tutor.store.store import Store
    from tutor.study.schedule import following
    from tutor.workspace import Workspace

    with Workspace.open(folder) as workspace:
        workspace.prepare()
        then = datetime.now(UTC) - timedelta(days=30)
        with Store.open(workspace.home, clock=lambda: then, entropy=os.urandom) as store:
            for question in list(workspace.library.questions())[:12]:
                store.add_review(
                    question.id, Rating.GOOD, RatingSource.LEARNER, follow=following(question.id, Rating.GOOD)
                )
    return folder


async def measure_reader(home: Path) -> None:
    """A chapter of a megabyte: opening, paging, resizing."""
    from dataclasses import replace

    from tutor.tui import opening
    from tutor.tui.running import LiveApp
    from tutor.tui.screens.reader import Reader
    from tutor.workspace import Workspace

    with Workspace.open(home) as workspace:
        chapters = list(workspace.library.chapters())
        long, size, n = [], 0, 0
        while size < 1_000_000:
            for section in chapters[n % len(chapters)].sections:
                long.append(replace(section, line=section.line + n * 1000))
                size += len(section.text)
            n += 1
        chapter = replace(chapters[0], sections=tuple(long))
        app = LiveApp(workspace)
        async with app.run_test(size=SIZE) as pilot:
            while app.today is None:
                await pilot.pause(0.05)
            await pilot.pause(1.0)
            opened = await cost(pilot.pause, lambda: opening.read(app, chapter))
            reader = app.screen
            assert isinstance(reader, Reader)
            pages = [await cost(pilot.pause, lambda: reader.document.action_page(1)) for _ in range(30)]
            end = await cost(pilot.pause, lambda: reader.document.action_edge(1))
            begun = time.process_time()
            await pilot.resize_terminal(100, 40)
            await pilot.pause()
            resized = (time.process_time() - begun) * 1000
    print(f"\na chapter of {size / 1e6:.1f} MB in {len(long)} sections, CPU milliseconds")
    for label, value in (
        ("open", opened),
        ("page, median", statistics.median(pages)),
        ("page, worst", max(pages)),
        ("to the end", end),
        ("resize", resized),
    ):
        print(f"  {label:52} {value:10.1f}")


async def cost(settle: Callable[[], object], act: Callable[[], object]) -> float:
    """CPU milliseconds of an action until the screen stands still."""
    begun = time.process_time()
    act()
    await settle()  # type: ignore[misc]
    return (time.process_time() - begun) * 1000


def main() -> None:
    """Print three tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7, help="starts of each program")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = prepared_home(Path(folder) / "home")
        measure_starts(home, options.runs)
        asyncio.run(measure_reader(home))
        asyncio.run(measure_keys(home, SIZE))


if __name__ == "__main__":
    main()
