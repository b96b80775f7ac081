"""Kill the tutor at random moments and count what was lost.

Each round starts the real program, the app on a pseudo terminal or the shell's quiz by turns, answers and rates, and
kills the whole process tree without warning. What the program had acknowledged by then (the grade on the screen, the
next question after a rating) must be in the database, the database must be sound, the memory must be what the reviews
leave, and the next start must come up.

python scripts/chaos.py [--kills 300] [--seconds 8] [--seed 1] [--cache FOLDER]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pexpect

from tutor.store.contents import look_into
from tutor.study.schedule import astray
from tutor.workspace import Workspace

START_SECONDS = 60.0
"""How long a start may take on a loaded machine before it counts as failed."""
ENOUGH = 150
"""Ratings after which practice begins again in an empty database, so that there is always something new to ask."""
PAGE_SECONDS = 0.5
"""A page that has just come takes no command for a moment, so that typed-ahead keys answer nothing."""


@dataclass
class Acknowledged:
    """What the program said was done, by the token in the answer."""

    graded: set[str] = field(default_factory=set)
    rated: set[str] = field(default_factory=set)


@dataclass
class Tally:
    """What all rounds came to."""

    said: Acknowledged = field(default_factory=Acknowledged)
    """In the present database."""
    graded: int = 0
    rated: int = 0
    """In the databases before it."""
    kills: int = 0
    failed_starts: int = 0
    lost: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Killed(Exception):
    """The moment has come."""


@dataclass
class Player:
    """One run of the program, up to its moment."""

    child: pexpect.spawn
    moment: float
    """Monotonic seconds."""
    said: Acknowledged
    rng: random.Random

    def wait_for(self, words: str) -> None:
        """Until the program says these words. Raises Killed at the moment."""
        found = self.child.expect(
            [words, pexpect.TIMEOUT, pexpect.EOF], timeout=max(0.0, self.moment - time.monotonic())
        )
        if found == 1:
            raise Killed
        if found == 2:
            raise EOFError(f"the program ended while waiting for {words!r}: {self.child.before[-300:]!r}")

    def pause(self) -> None:
        """Let a page settle. Raises Killed at the moment."""
        left = self.moment - time.monotonic()
        time.sleep(max(0.0, min(PAGE_SECONDS, left)))
        if left <= PAGE_SECONDS:
            raise Killed

    def answer(self) -> str:
        """An answer that can be found again."""
        token = f"t{self.rng.getrandbits(48):012x}"
        return f"{token} retrieval finds documents at query time and the model reads them"


def play_app(player: Player) -> None:
    """Answer and rate in the app until the moment."""
    player.pause()
    player.child.send("\r")
    player.wait_for("Submit")
    while True:
        text = player.answer()
        player.child.send(text)
        player.pause()
        player.child.send("\x13")
        player.wait_for("Accept")
        player.said.graded.add(text.split()[0])
        player.pause()
        player.child.send("3")
        player.wait_for("Submit|Done")
        player.said.rated.add(text.split()[0])


def play_shell(player: Player) -> None:
    """Answer and rate in the shell until the moment."""
    while True:
        text = player.answer()
        player.child.send(f"{text}\n.\n")
        player.wait_for("How well did you know it")
        player.said.graded.add(text.split()[0])
        player.child.send("3\n")
        player.wait_for(r"\d+ of \d+|Answered")
        player.said.rated.add(text.split()[0])


GAMES = {
    "app": ([], "Start", play_app),
    "shell": (["quiz", "-n", "100", "--engine", "local"], r"\d+ of \d+", play_shell),
}
"""Arguments, the words of a start that came up, and how it is played."""


def round_of(name: str, home: Path, rng: random.Random, seconds: tuple[float, float], tally: Tally) -> None:
    """Start, play, kill so many seconds after the start: at least, at most."""
    words, ready, play = GAMES[name]
    environ = {**os.environ, "TUTOR_HOME": str(home), "TERM": "xterm-256color", "OLLAMA_HOST": "127.0.0.1:9"}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "tutor", *words],
        env=environ,
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=START_SECONDS,
    )
    try:
        player = Player(child, time.monotonic() + START_SECONDS, tally.said, rng)
        try:
            player.wait_for(ready)
        except (Killed, EOFError) as error:
            tally.failed_starts += 1
            tally.faults.append(f"{name}: did not start ({error})")
            return
        player.moment = time.monotonic() + rng.uniform(*seconds)
        try:
            play(player)
        except Killed:
            pass
        except EOFError as error:
            tally.faults.append(f"{name}: {error}")
    finally:
        os.killpg(os.getpgid(child.pid), signal.SIGKILL)
        child.close(force=True)
        tally.kills += 1


def audit(home: Path, tally: Tally) -> None:
    """Look for everything that was acknowledged, in a database that must be sound."""
    if not (home / "progress.db").exists() and not tally.said.graded:
        return
    look_into(home / "progress.db")
    with sqlite3.connect(home / "progress.db") as raw:
        graded = "SELECT a.text FROM attempts a JOIN grades g ON g.attempt_id = a.id"
        rated = "SELECT a.text FROM attempts a JOIN live_reviews r ON r.attempt_id = a.id"
        for expected, query in ((tally.said.graded, graded), (tally.said.rated, rated)):
            found = {text.split()[0] for (text,) in raw.execute(query)}
            tally.lost += sorted(expected - found)
        (rows, attempts) = raw.execute(
            "SELECT count(attempt_id), count(DISTINCT attempt_id) FROM live_reviews"
        ).fetchone()
    with Workspace.open(home, environ={}) as workspace:
        wrong = astray(workspace.store.memories(), workspace.store.reviews())
        stuck = workspace.quiz(limit=1).current is None
    for fault, there in (
        ("a review was doubled", rows > attempts),
        ("a memory is astray", wrong),
        ("no question is left", stuck),
    ):
        if there:
            tally.faults.append(fault)


def begin_again(home: Path, tally: Tally) -> None:
    """Leave the database, which was audited, for an empty one."""
    for path in (*home.glob("progress.db*"), *(home / "backups").glob("*.db")):
        path.unlink()
    tally.graded += len(tally.said.graded)
    tally.rated += len(tally.said.rated)
    tally.said = Acknowledged()


def home_with(cache: Path | None, folder: Path) -> Path:
    """A home whose encoder is ready, with room for many new questions a day."""
    home = folder / "home"
    with Workspace.open(home, environ={}) as workspace:
        if cache is not None:
            shutil.copytree(cache, home / "cache", dirs_exist_ok=True)
        workspace.prepare()
    (home / "settings.toml").write_text('new_per_day = 200\nengine = "local"\n', encoding="utf-8")
    return home


def main() -> int:
    """Run the rounds and print the tally. Returns 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=8.0, help="the longest a round lives after its start")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, help="a prepared cache folder, to save the half minute of making one")
    options = parser.parse_args()
    rng, tally = random.Random(options.seed), Tally()
    with tempfile.TemporaryDirectory() as folder:
        home = home_with(options.cache, Path(folder))
        while tally.kills < options.kills or not (tally.graded or tally.said.graded):
            # Nothing was shown as long as nothing was graded: on a slow machine a moment has to come later.
            late = tally.kills >= options.kills
            moments = (START_SECONDS / 2, START_SECONDS) if late else (0.0, options.seconds)
            round_of(rng.choice(sorted(GAMES)), home, rng, moments, tally)
            audit(home, tally)
            if tally.lost or tally.faults:
                break
            if len(tally.said.rated) > ENOUGH:
                begin_again(home, tally)
    graded, rated = tally.graded + len(tally.said.graded), tally.rated + len(tally.said.rated)
    print(f"{tally.kills} kills, {graded} grades and {rated} ratings acknowledged")
    print(f"{len(tally.lost)} acknowledged rows lost, {tally.failed_starts} failed starts")
    for line in (*tally.lost, *tally.faults):
        print(f"  {line}")
    return 1 if tally.lost or tally.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
