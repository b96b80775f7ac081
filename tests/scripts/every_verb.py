"""Run by test_poor_homes.py on a home that cannot be used as it should: every verb, and what each says."""

import io
import json
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from tutor.cli.main import main
from tutor.cli.parser import VERBS

QUESTION = "rag/rag-vs-fine-tuning#difference"
NOTES = "Q: What is a cache?\nA: A cache keeps results.\n"


def arguments(notes: Path, copy: Path) -> dict[str, list[str]]:
    """A call of every verb that has something to do."""
    return {
        "ask": ["When should I choose RAG?"],
        "backup": [],
        "chapters": [],
        "check": [],
        "doctor": [],
        "due": [],
        "export": [],
        "grade": ["--question", QUESTION, "--answer", "RAG retrieves documents.", "--engine", "local"],
        "import": [str(notes)],
        "index": [],
        "interview": ["--engine", "local"],
        "models": [],
        "quiz": ["-n", "1", "--engine", "local"],
        "restore": [str(copy)],
        "search": ["chunk overlap"],
        "show": ["rag-vs-fine-tuning"],
        "stats": [],
    }


def called(verb: str, words: list[str], home: Path) -> dict[str, object]:
    """How a verb ends, with an answer typed to it: its exit code and what it says; a traceback is a fault."""
    out, err = io.StringIO(), io.StringIO()
    sys.stdin = io.StringIO("RAG retrieves documents.\n.\n3\n:end\n")
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(["--home", str(home), verb, *words])
        except BaseException:
            return {"code": None, "said": traceback.format_exc()}
    return {"code": code, "said": err.getvalue(), "out": len(out.getvalue())}


if __name__ == "__main__":
    home, notes, copy = map(Path, sys.argv[1:])
    every = arguments(notes, copy)
    assert every.keys() == VERBS.keys(), every.keys() ^ VERBS.keys()
    print(json.dumps({verb: called(verb, words, home) for verb, words in every.items()}))
