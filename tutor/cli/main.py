"""Owns what the `tutor` command does with its words, and with an error of any verb.

Stdout carries data, stderr narration. Exit codes: 0 done, 1 something is wrong with what was checked or the engine
could not do it, 2 bad input, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tutor.domain.errors import EncoderMissing, EngineUnable, ModelError, TutorError


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    # The products here are small: threads of the numeric library would wait for each other on a busy machine.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        return run_verb(words) if words else open_app(None)
    except TutorError as error:
        print(f"tutor: {error}", file=sys.stderr)
        return 1 if isinstance(error, ModelError | EncoderMissing | EngineUnable) else 2
    except BrokenPipeError:
        # The reader went away (`tutor search ... | head`): silence the flush at interpreter exit too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        remedy = "Check that the disk has room and that you may read and write there."
        print(f"tutor: {error.filename or 'the file system'}: {error.strerror or error}. {remedy}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("tutor: interrupted; what you had answered is saved.", file=sys.stderr)
        return 130


def run_verb(words: Sequence[str]) -> int:
    """Do what the words say; an app that is opened without any need not wait for the parser."""
    import importlib

    from tutor.cli.parser import build_parser, typed_verb, verb_module

    options = build_parser(typed_verb(words)).parse_args(words)
    if options.verb is None:
        return open_app(options.home, flat=options.flat)
    code = importlib.import_module(verb_module(options.verb)).run(options)
    sys.stdout.flush()
    return int(code)


def open_app(home: Path | None, *, flat: bool = False) -> int:
    """Open the terminal app, flat for a screen reader when asked; without a terminal say what to do instead."""
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        print(
            "tutor: the app needs a terminal, and this is not one. Run it in a terminal window, or use a verb: "
            '"tutor ask QUESTION", "tutor quiz", "tutor --help".',
            file=sys.stderr,
        )
        return 2
    from tutor.tui import start

    return start(home, flat=flat)
