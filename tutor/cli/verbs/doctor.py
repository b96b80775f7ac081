"""`tutor doctor`: what works on this machine, and how to mend what does not."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tutor import __version__
from tutor.cli.output import Narrator, counted, emit, engine_flag, json_flag, tell
from tutor.domain.errors import TutorError
from tutor.store.backups import backups
from tutor.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    """What to do when it is not ok."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument("--grader", action="store_true", help="have your grading engine judge the labelled answers")
    parser.add_argument("--quick", action="store_true", help="with --grader: a quarter of them, for a slow model")
    engine_flag(parser)
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Look at everything; a check that fails does not stop the others. Returns 1 when one is not ok."""
    if options.grader:
        return test_grader(options)
    if options.quick or options.engine:
        raise TutorError("--quick and --engine belong to the grader's self-test. Add --grader.")
    try:
        with Workspace.open(options.home) as workspace:
            checks = [look(name, check, workspace) for name, check in CHECKS.items()]
    except TutorError as error:
        checks = [Check("home", False, str(error), "Mend it, or name another folder with --home DIR.")]
    if options.json:
        shapes = [{"name": c.name, "ok": c.ok, "detail": c.detail, "remedy": c.remedy} for c in checks]
        emit({"checks": shapes})
    else:
        for check in checks:
            tell(f"{'✓' if check.ok else '✗'} {check.name}: {check.detail}", hang="  ")
            if check.remedy:
                tell(check.remedy, indent="  ")
    return 0 if all(check.ok for check in checks) else 1


def test_grader(options: argparse.Namespace) -> int:
    """Test the engine that grades. Returns 1 when it falls short of the bar. Raises TutorError when it cannot grade."""
    from tutor.cli.selftest import report_shape, show_report

    with Workspace.open(options.home) as workspace, Narrator() as narrator:
        report = workspace.test_grader(options.engine, quick=options.quick, progress=narrator)
    if options.json:
        emit(report_shape(report))
    else:
        show_report(report)
    return 0 if report.meets_bar else 1


def look(name: str, check: Callable[[Workspace], Check], workspace: Workspace) -> Check:
    """One check; its failure to run is its result."""
    try:
        return check(workspace)
    except TutorError as error:
        return Check(name, False, str(error), "See the sentence above.")


def program(_: Workspace) -> Check:
    """Which program runs, on what."""
    return Check("program", True, f"atlas-tutor {__version__}, Python {sys.version.split()[0]}, {sys.platform}")


def home(workspace: Workspace) -> Check:
    """Where progress lies, and whether it can be written."""
    path = workspace.home.path
    if not os.access(path, os.W_OK):
        remedy = f"chmod u+rwx {path}, or name another with --home DIR."
        return Check("home", False, f"{path} cannot be written", remedy)
    free = shutil.disk_usage(path).free / 1e9
    low = "" if free > 1 else "Less than 1 GB is free: make room, or move the home with $TUTOR_HOME."
    return Check("home", free > 0.2, f"{path} ({free:.1f} GB free)", low)


def database(workspace: Workspace) -> Check:
    """Whether the learner's database is sound."""
    problem = workspace.store.integrity()
    remedy = '"tutor restore --recover" reads what can still be read; "tutor restore" lists the copies.'
    return Check("database", not problem, problem or "sound", remedy if problem else "")


def copies(workspace: Workspace) -> Check:
    """How many copies of the database there are, and how old the newest is."""
    found = backups(workspace.home)
    if not found:
        return Check("backups", True, "none yet; one is made daily from tomorrow on")
    age = (workspace.now() - found[0].made).days
    when = "today" if age < 1 else f"{counted(age, 'day')} ago"
    return Check("backups", True, f"{counted(len(found), 'backup')}, the newest {when}")


def schedule(workspace: Workspace) -> Check:
    """Whether the memory of every question is what its reviews leave."""
    from tutor.study.schedule import astray

    wrong = astray(workspace.store.memories(), workspace.store.reviews())
    if wrong:
        detail = f"{counted(len(wrong), 'question')} scheduled otherwise than the reviews say, such as {wrong[0]}"
        return Check("schedule", False, detail, 'Make it anew from the reviews: "tutor restore --recover".')
    return Check("schedule", True, "every memory follows from its reviews")


def content(workspace: Workspace) -> Check:
    """Whether every chapter could be read."""
    library, problems = workspace.library, workspace.problems
    count, questions = len(list(library.chapters())), len(list(library.questions()))
    detail = f"{count} chapters, {questions} key questions"
    if problems:
        return Check("content", False, f"{detail}; {len(problems)} left out", 'Run "tutor check" to see why.')
    return Check("content", count > 0, detail, "" if count else "Reinstall: the shipped chapters are missing.")


def search(workspace: Workspace) -> Check:
    """Whether the index and the encoder are ready."""
    workspace.refresh_index(most=0)
    state = workspace.index_state()
    if not state.encoder_ready:
        detail = f"{state.passages} passages, keywords only"
        remedy = 'Run "tutor index" once to prepare the encoder (half a minute, no network).'
        return Check("search", False, detail, remedy)
    made = f"{state.passages} passages of content {state.content}"
    detail = f"{made}, {state.passages - state.waiting} with vectors of {state.encoder}"
    remedy = '"tutor index" computes the others.' if state.waiting else ""
    if state.coming and not state.trouble:
        detail += f"; {state.passages - state.coming_waiting} with vectors of {state.coming}, which is to follow"
        remedy = '"tutor index", or the app while it is open, computes the others and goes over to it.'
    return Check("search", not state.trouble, f"{detail}. {state.trouble}" if state.trouble else detail, remedy)


def model(workspace: Workspace) -> Check:
    """Whether a language model is at hand. Not having one is a choice, so it is ok."""
    status = workspace.engine_status()
    return Check("model", True, f"{status.active}: {status.detail}")


def grader(workspace: Workspace) -> Check:
    """What the self-tests of the engines found. Not having made one, or falling short, stops nothing, so it is ok."""
    tested = workspace.grader_standing()
    if not tested:
        return Check("grader", True, "not tested", 'Run "tutor doctor --grader" to see how well your engine grades.')
    newest = {report.engine: report for report in reversed(tested)}
    words = [f"{name} {'meets the bar' if one.meets_bar else 'falls short of it'}" for name, one in newest.items()]
    return Check("grader", True, f"self-test: {', '.join(sorted(words))}")


def terminal(_: Workspace) -> Check:
    """Whether the app would look right here."""
    size = shutil.get_terminal_size((80, 24))
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding != "utf8":
        return Check("terminal", False, f"encoding is {encoding or 'unknown'}", "Set LANG to a UTF-8 locale.")
    small = size.columns < 60 or size.lines < 20
    remedy = "Make the window at least 60 columns by 20 lines." if small else ""
    return Check("terminal", not small, f"{size.columns} x {size.lines}, UTF-8", remedy)


CHECKS: dict[str, Callable[[Workspace], Check]] = {
    "program": program,
    "home": home,
    "database": database,
    "backups": copies,
    "schedule": schedule,
    "content": content,
    "search": search,
    "model": model,
    "grader": grader,
    "terminal": terminal,
}
"""In the order they are shown."""
