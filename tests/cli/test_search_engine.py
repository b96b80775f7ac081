"""`tutor search --engine keyword`: by words alone, without what only meaning needs."""

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from tutor.cli.main import main
code = main(["search", "--engine", "keyword", "chunk overlap", "--json"])
heavy = ("numpy", "onnxruntime", "tokenizers", "snowballstemmer", "yaml", "tutor.library.catalogue")
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
