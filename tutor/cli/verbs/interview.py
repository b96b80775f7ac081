"""`tutor interview`: a mock round in the shell; no feedback until the end, then a scorecard."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli.interview_shape import scorecard_shape
from tutor.cli.marking import Marking
from tutor.cli.output import counted, emit, engine_flag, json_flag, narrate, tell
from tutor.cli.preparing import make_ready
from tutor.domain.errors import TutorError
from tutor.domain.interview import Round
from tutor.domain.settings import EngineChoice
from tutor.store.new_file import refuse_to_replace
from tutor.study.again import ask_again_today
from tutor.study.exchange import Exchange
from tutor.study.interview import Interview, Stage
from tutor.study.report import Part, PartKind, clock_words, report
from tutor.study.report_formats import check_name, write_report
from tutor.study.rounds import MOST_QUESTIONS, format_of
from tutor.study.scorecard import scorecard
from tutor.workspace import Workspace

if TYPE_CHECKING:
    from tutor.domain.interview import Agenda

HELP = (
    "Write your answer and end it with a line that holds only a dot; in piped input an empty line ends it too. "
    "Instead of an answer: :pass, :end (to the scorecard), :leave (go on later with --resume)."
)

MOST_MINUTES = 180

COMMANDS = (":pass", ":end", ":leave")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    kinds = ", ".join(Round)
    parser.add_argument("--round", type=_round, default=Round.MIXED, metavar="KIND", help=f"one of {kinds} (mixed)")
    parser.add_argument("--questions", type=int, metavar="N", help=f"how many, 1 to {MOST_QUESTIONS}")
    parser.add_argument("--minutes", type=int, metavar="M", help=f"length of the round, 1 to {MOST_MINUTES}")
    parser.add_argument("--seed", type=int, metavar="S", help="the same seed on the same progress asks the same")
    parser.add_argument("--resume", action="store_true", help="go on with the interview that was left")
    parser.add_argument("--last", action="store_true", help="no new one: the scorecard of the last interview")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the scorecard to FILE.md or FILE.html")
    parser.add_argument("--again", action="store_true", help="have what you missed asked again in today's quiz")
    engine_flag(parser)
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Hold a round, or look back on one."""
    _check(options)
    with Workspace.open(options.home) as workspace:
        agenda = _chosen(workspace, options)
        make_ready(workspace)
        workspace.recalibrate()
        if agenda is None:
            interview = workspace.new_interview(
                options.round,
                questions=options.questions,
                minutes=options.minutes,
                seed=options.seed,
                engine=options.engine,
            )
        else:
            interview = workspace.interview(agenda)
        marking = Marking(workspace, interview, options.engine or EngineChoice(interview.agenda.engine))
        for exchange in interview.to_grade:
            marking.hand_in(exchange)
        if interview.stage is not Stage.DONE:
            try:
                hold(interview, marking, narrate if options.json else tell)
            finally:
                interview.leave()
        if interview.stage is not Stage.DONE:
            narrate("Left. Everything is saved; go on with: tutor interview --resume")
            return 0
        _conclude(workspace, interview, marking, options)
        return 0


def hold(interview: Interview, marking: Marking, say: Callable[[str], None]) -> None:
    """Put questions until the round ends or the learner leaves."""
    form, (_, count) = format_of(interview.agenda.round), interview.number
    say(f"{form.title}: {counted(count, 'question')}, {interview.agenda.minutes} minutes. {form.about}")
    narrate(HELP)
    exchange = interview.go_on()
    while exchange is not None:
        pose(interview, exchange, say)
        text = read_reply()
        if text == ":leave" or (text is None and sys.stdin.isatty()):
            return
        if text is None or text == ":end":
            interview.finish()
            return
        if text == ":pass" or not text.strip():
            interview.pass_on()
        else:
            marking.hand_in(interview.submit(text))
        marking.settle()
        exchange = interview.advance()


def pose(interview: Interview, exchange: Exchange, say: Callable[[str], None]) -> None:
    """The question in front, with the time there is."""
    number, count = interview.number
    head = f"Question {number} of {count}" if exchange.put.follows is None else "Follow-up"
    left = f"{clock_words(interview.left + 0.99)} left" if interview.left > 0 else "time is up, finish your thought"
    say("")
    say(f"{head} · {left}")
    say(exchange.put.text)
    sys.stdout.flush()


def read_reply() -> str | None:
    """Lines up to a lone dot or a command; where nobody types, an empty line after words ends an answer as well.

    None at the end of input with nothing written.
    """
    piped, lines = not sys.stdin.isatty(), list[str]()
    for line in sys.stdin:
        text = line.rstrip("\n")
        if text == "." or (piped and lines and not text.strip()):
            return "\n".join(lines)
        if not lines and text in COMMANDS:
            return text
        if lines or text.strip():
            lines.append(text)
    return "\n".join(lines) if lines else None


def print_report(parts: Sequence[Part]) -> None:
    """The report as plain text."""
    for part in parts:
        if part.kind in (PartKind.TITLE, PartKind.HEADING, PartKind.VERDICT):
            tell()
        if part.kind is PartKind.ITEM:
            tell(part.text, indent="  ", hang="    ")
        elif part.kind is PartKind.QUOTE:
            tell("\n".join(f"  │ {line}" for line in part.text.split("\n")), hang="  │ ")
        else:
            tell(part.text, indent="    " if part.kind is PartKind.DETAIL else "")


def _conclude(workspace: Workspace, interview: Interview, marking: Marking, options: argparse.Namespace) -> None:
    while interview.to_grade:
        narrate(f"Grading {counted(len(interview.to_grade), 'answer')} …")
        marking.settle(workspace.settings.deadline)
    standing = workspace.round_standing(interview.agenda.round)
    card = scorecard(interview, workspace.library, practice=standing)
    if options.json:
        emit(scorecard_shape(card))
    else:
        print_report(report(card))
    if options.report:
        write_report(options.report, report(card))
        narrate(f"The report is in {options.report}.")
    if options.again:
        queued = ask_again_today(card, workspace.store, retention=workspace.settings.retention)
        narrate(f"{counted(len(queued), 'question')} will be asked again today: tutor quiz")
    elif card.missed and not options.json:
        narrate("Your schedule is as it was. To be asked again today what you missed: tutor interview --last --again")


def _chosen(workspace: Workspace, options: argparse.Namespace) -> Agenda | None:
    """The interview that was asked for; None for a new one."""
    left = workspace.store.open_interview()
    if options.resume:
        if left is None:
            raise TutorError("there is no interview to go on with. Begin one: tutor interview.")
        return left
    if options.last:
        past = [agenda for agenda in workspace.store.interviews() if agenda.ended is not None]
        if not past:
            raise TutorError("there is no finished interview yet. Begin one: tutor interview.")
        return past[0]
    if left is not None:
        narrate("An interview was left open and stays in your history; to go on with it: tutor interview --resume")
    return None


def _check(options: argparse.Namespace) -> None:
    if options.resume and options.last:
        raise TutorError("--resume and --last exclude each other. Go on with one, or look at the last.")
    if options.questions is not None and not 1 <= options.questions <= MOST_QUESTIONS:
        raise TutorError(f"--questions is {options.questions}; give a number from 1 to {MOST_QUESTIONS}.")
    if options.minutes is not None and not 1 <= options.minutes <= MOST_MINUTES:
        raise TutorError(f"--minutes is {options.minutes}; give a number from 1 to {MOST_MINUTES}.")
    if options.report is not None:
        check_name(options.report)
        refuse_to_replace(options.report, "a report")


def _round(word: str) -> Round:
    try:
        return Round(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{word}" is no round; it is one of {", ".join(Round)}') from None
