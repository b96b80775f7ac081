"""Owns the words of the `tutor` command: which verbs there are, their arguments, and what is said to an unknown one."""

from __future__ import annotations

import argparse
import importlib
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from tutor import __version__

VERBS = {
    "ask": "ask a question and get an answer grounded in the chapters, with citations",
    "search": "find the passages that answer a query",
    "quiz": "answer key questions in the shell and be graded",
    "interview": "hold a mock interview round, or see the scorecard of the last",
    "grade": "grade one answer, or a file of them",
    "due": "list what is due for review",
    "stats": "show how far you are and what you keep missing",
    "chapters": "list tracks, sections and chapters",
    "show": "print a chapter, a key question or a passage",
    "check": "check chapter files: ids, points, links, sources",
    "export": "write your history, or your disputes with the graders, as JSON lines",
    "import": "turn notes or saved pages into chapters of your own",
    "index": "prepare the encoder and bring the search index up to date",
    "models": "list Ollama's models, or pull one",
    "backup": "copy your progress to a file",
    "restore": "list the copies of your progress, put one back, or recover a damaged one",
    "doctor": "check this installation and say how to mend what is wrong",
}
"""Every verb with its one-line help; the module `tutor.cli.verbs.<verb>` (`import_` for import) does the work."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint about a verb names the one that was probably meant."""

    def error(self, message: str) -> NoReturn:
        """Print one sentence to stderr and exit with 2."""
        unknown = re.search(r"argument VERB: invalid choice: '(.*?)'", message)
        if unknown:
            import difflib

            close = difflib.get_close_matches(unknown[1], VERBS, n=1)
            hint = f' Did you mean "tutor {close[0]}"?' if close else ""
            message = f'there is no verb "{unknown[1]}".{hint} "tutor --help" lists the verbs'
        print(f"tutor: {message}.", file=sys.stderr)
        raise SystemExit(2)


def verb_module(verb: str) -> str:
    """The module that owns a verb."""
    return f"tutor.cli.verbs.{'import_' if verb == 'import' else verb}"


def typed_verb(words: Sequence[str]) -> str | None:
    """The first verb among the words; a home may be named like one."""
    parser = Parser(prog="tutor", add_help=False)
    parser.add_argument("--home")
    return next((word for word in parser.parse_known_args(words)[1] if word in VERBS), None)


def build_parser(verb: str | None) -> Parser:
    """The parser with every verb's name and, in full, the arguments of the one that was typed."""
    parser = Parser(
        prog="tutor",
        description="A terminal tutor for interview preparation. Without a verb it opens the app.",
    )
    parser.add_argument("--version", action="version", version=f"atlas-tutor {__version__}")
    parser.add_argument("--home", type=Path, metavar="DIR", help="keep progress and cache here ($TUTOR_HOME otherwise)")
    parser.add_argument("--flat", action="store_true", help="lay the app out for a screen reader, this time")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", parser_class=Parser)
    for name, help_line in VERBS.items():
        sub = verbs.add_parser(name, help=help_line, description=help_line[0].upper() + help_line[1:] + ".")
        sub.add_argument("--home", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        if name == verb:
            importlib.import_module(verb_module(name)).arguments(sub)
    return parser
