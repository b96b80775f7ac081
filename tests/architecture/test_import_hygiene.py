"""What is heavy is imported where it is needed and nowhere before. Import order is proven in a clean interpreter."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "sentence_transformers", "transformers", "onnxruntime", "usearch", "ollama", "httpx")

COLD = {
    "the parser behind --help": "from tutor.cli.parser import build_parser; build_parser(None).format_help()",
    "the verb search": "import tutor.cli.verbs.search",
    "the workspace": "import tutor.workspace",
    "every module of the grading room": "import tutor.grading.grader, tutor.grading.local, tutor.grading.model",
    "every module of the retrieval room": "import tutor.retrieval.index, tutor.retrieval.encoder",
    "the store": "import tutor.store.store",
    "the quiz": "import tutor.study.quiz",
}


@pytest.mark.parametrize("code", COLD.values(), ids=COLD.keys())
def test_importing_loads_nothing_heavy(code: str) -> None:
    probe = f"import sys; {code}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_help_runs_without_numpy_or_textual_or_sqlite_utils() -> None:
    probe = (
        "import sys\n"
        "from tutor.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print('LOADED', *[name for name in ('numpy', 'textual', 'sqlite_utils', 'yaml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED"


def test_keyword_search_in_a_fresh_home_loads_no_encoder(tutor_home) -> None:
    probe = (
        "import sys\n"
        "from tutor.cli.main import main\n"
        "code = main(['search', 'reranking', '--json'])\n"
        f"print('LOADED', code, *[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED 0"
