"""Takes the README's pictures: the real app on the shipped chapters, with the made-up fortnight of one learner.

The clock, the day's questions and every answer are fixed, the local engine grades, and nothing in a picture is fetched
from elsewhere: run again, it changes a picture only when the app or its chapters changed. The pictures lie beside this
script under its name.

    python scripts/screenshots.py --encoder DIR [--only NAME]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ["TEXTUAL_ANIMATIONS"] = "none"  # read once, when the framework is imported

from tests.tui.driving import Driver, driven  # noqa: E402
from tutor.domain.interview import Round  # noqa: E402
from tutor.domain.review import Rating  # noqa: E402
from tutor.domain.text import sentences  # noqa: E402
from tutor.study.interview import Interview  # noqa: E402
from tutor.tui.screens.interview import InterviewRoom  # noqa: E402
from tutor.workspace import Workspace  # noqa: E402

FOLDER = Path(__file__).with_suffix("")
SIZE = (104, 32)
EVENING = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
DAYS_BEFORE = (13, 12, 11, 9, 8, 7, 6, 4, 3, 2, 1)
"""Days before this evening on which the learner practised."""
SETTLE = 0.5
"""Seconds a page that has just come takes no command."""
BLANK, CELL = "&#160;", 12.2
"""How an exported picture writes a blank, and how wide its letters are."""
TEXT = re.compile(r'(<text class="[^"]*" x=")([\d.]+)(" y="[\d.]+" textLength=")([\d.]+)("[^>]*>)([^<]*)</text>')
SETTINGS = 'engine = "local"\ninterview_date = "2026-12-05"\nminutes_a_day = 40\n'

ANSWER = (
    "RAG retrieves relevant documents when the question arrives and puts them in the prompt, so it adds knowledge. "
    "Fine-tuning changes the model itself through training on examples."
)


class Fixed(Workspace):
    """The real thing, except that its clock stands where it is put and chance is always the same."""

    moment = EVENING

    def now(self) -> datetime:
        """Where the clock was put."""
        return self.moment

    def new_interview(self, round_: Round, **options: object) -> Interview:  # type: ignore[override]
        """The same questions each time."""
        return super().new_interview(round_, **{**options, "seed": 7})  # type: ignore[arg-type]


def practise(workspace: Fixed) -> None:
    """A fortnight: parts of the reference answers, graded by the local engine and rated as it suggests."""
    rng = random.Random(1)
    for before in DAYS_BEFORE:
        workspace.moment = EVENING - timedelta(days=before)
        session = workspace.quiz(limit=7)
        while (question := session.current) is not None:
            said = sentences(question.reference)
            text = " ".join(said[: rng.randint(1, len(said))])
            attempt = session.submit(text)
            session.record(attempt.id, workspace.grade(workspace.task(question, text)))
            session.rate(session.suggestion or Rating.HARD)
            workspace.moment += timedelta(minutes=2)
            session.advance()
    workspace.moment = EVENING


async def today(tutor: Driver) -> None:
    await tutor.sees("Enter Start")


async def reader(tutor: Driver) -> None:
    await tutor.press("r")
    await tutor.sees("RAG vs Fine-tuning")
    await tutor.press("j", "j", "j", "enter")
    await tutor.sees("In one breath", "o Outline")
    await tutor.press("o")


async def grade(tutor: Driver) -> None:
    await tutor.press("r")
    await tutor.sees("RAG vs Fine-tuning")
    await tutor.press("j", "j", "j", "q")
    await tutor.sees("Submit")
    await tutor.pilot.pause(SETTLE)
    await tutor.type(ANSWER)
    await tutor.press("ctrl+s")
    await tutor.sees("Accept")
    await tutor.pilot.pause(SETTLE)
    await tutor.press("n")


async def ask(tutor: Driver) -> None:
    await tutor.press("a")
    await tutor.sees("Ask about the chapters")
    await tutor.type("When should I choose RAG over fine-tuning?")
    await tutor.press("enter")
    await tutor.sees("Tab Read")
    await tutor.press("tab", "1")
    await tutor.sees("[1] RAG vs")


async def scorecard(tutor: Driver) -> None:
    workspace = tutor.app.workspace
    assert isinstance(workspace, Fixed)
    await tutor.press("i")
    await tutor.sees("Debugging", "Enter Begin")
    await tutor.press("j", "j", "left", "left", "enter")
    await tutor.sees("No feedback until the end")
    await tutor.press("enter")
    kept = iter((2, -1))
    for _ in range(12):
        await tutor.until(lambda: "Hand in" in tutor.text or "of what was asked" in tutor.text)
        if "of what was asked" in tutor.text:
            break
        workspace.moment += timedelta(minutes=2, seconds=20)
        await tutor.pilot.pause(SETTLE)
        if "Follow-up" in tutor.text:
            await tutor.press("f4")
        else:
            put = cast("InterviewRoom", tutor.app.screen).interview.current
            said = sentences(put.question.reference) if put else ()
            await tutor.type(" ".join(said[: next(kept)]))
            await tutor.press("ctrl+s")
        await tutor.pilot.pause(SETTLE)
    await tutor.sees("of what was asked", "Enter Done")


async def progress(tutor: Driver) -> None:
    await tutor.press("P")
    await tutor.pilot.pause(SETTLE)


SCENES: dict[str, Callable[[Driver], Awaitable[None]]] = {
    scene.__name__: scene for scene in (today, reader, grade, ask, scorecard, progress)
}


def portable(svg: str) -> str:
    """The picture in the viewer's own font, and the same in every viewer.

    Fonts from elsewhere are left out. Some viewers drop blanks at the ends of a text, so they become its place.
    """

    def place(found: re.Match[str]) -> str:
        head, x, middle, length, tail, words = found.groups()
        begun = re.sub(rf"^(?:{BLANK})+", "", words)
        bare = re.sub(rf"(?:{BLANK})+$", "", begun)
        moved = float(x) + CELL * (len(words) - len(begun)) / len(BLANK)
        kept = float(length) - CELL * (len(words) - len(bare)) / len(BLANK)
        return f"{head}{moved:.1f}{middle}{kept:.1f}{tail}{bare}</text>" if bare else ""

    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = TEXT.sub(place, svg)
    return re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE)


async def take(scene: Callable[[Driver], Awaitable[None]], workspace: Fixed) -> str:
    """Play a scene and export the screen."""
    async with driven(workspace, SIZE) as tutor:
        await tutor.sees("meaning")
        await scene(tutor)
        await tutor.pilot.pause(SETTLE)
        tutor.app.clear_notifications()
        await tutor.pilot.pause(SETTLE)
        return portable(tutor.app.export_screenshot(title="Atlas Tutor"))


def main() -> None:
    """Live a fortnight once, then play each scene in a copy of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--encoder", type=Path, required=True, help="an exported encoder, `cache/encoder` in a home")
    parser.add_argument("--only", choices=SCENES, help="one picture instead of all")
    options = parser.parse_args()
    os.environ["TZ"] = "UTC"
    time.tzset()
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(options.encoder, home / "cache" / "encoder")
        (home / "settings.toml").write_text(SETTINGS, encoding="utf-8")
        with Fixed.open(home, environ={}) as workspace:
            workspace.prepare()
            practise(workspace)
        for name in [options.only] if options.only else SCENES:
            copy = shutil.copytree(home, Path(folder) / name)
            picture = asyncio.run(take(SCENES[name], Fixed.open(copy, environ={})))
            (FOLDER / f"{name}.svg").write_text(picture, encoding="utf-8")
            print(f"{name}.svg  {len(picture) // 1024} kB", flush=True)


if __name__ == "__main__":
    main()
