"""`tutor search --engine keyword`: by words alone, without what only meaning needs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.cli.verbs.search import show
from tutor.domain.passage import Hit, Passage, SearchResult

SCRIPT = """
import sys
from tutor.cli.main import main
code = main(["search", "--engine", "keyword", "chunk overlap", "--json"])
heavy = ("numpy", "onnxruntime", "tokenizers", "yaml", "tutor.library.catalogue")
print([name for name in heavy if name in sys.modules], file=sys.stderr)
sys.exit(code)
"""


def test_words_alone_need_neither_numbers_nor_encoder_nor_chapters(prepared_home: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=True
    )
    found = json.loads(process.stdout)
    assert found["engine"] == "keyword"
    assert "chunk" in found["hits"][0]["text"].lower()
    assert process.stderr.splitlines()[-1] == "[]"


def test_a_query_is_read_as_a_question_is_and_says_so(prepared_home: Path) -> None:
    said = [run("search", "what is retreival augmented generation", "--engine", engine) for engine in ENGINES]
    for process in said:
        assert "Read as “what is retrieval augmented generation”." in process.stderr
        assert "RAG" in process.stdout.splitlines()[0]
    as_data = [json.loads(run("search", query, "--json").stdout) for query in ("retreival", "retrieval")]
    assert [found.get("respelt") for found in as_data] == ["retrieval", None]
    assert [found["query"] for found in as_data] == ["retreival", "retrieval"]
    assert as_data[0]["hits"] == as_data[1]["hits"]


def test_a_passage_is_shown_as_words(capsys: pytest.CaptureFixture[str]) -> None:
    text = "```python\nimport math\n```\n\n| Family | Cost |\n|---|---|\n| Flat | high |\n\n" + "A `flat` index. " * 20
    show(SearchResult("flat", "keyword", (Hit(Passage("t/c:1", "t/c", "Indexes", ("Families",), text), 0.9),)))
    shown = capsys.readouterr().out
    assert "Flat: high. A flat index." in " ".join(shown.split())
    assert not any(mark in shown for mark in ("|", "`", "import"))
    assert " …\n" in shown


ENGINES = ("hybrid", "keyword")


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tutor", *words],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=True,
    )
