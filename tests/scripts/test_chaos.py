"""The harness that kills the tutor, in a short form: a few kills, nothing acknowledged lost, every start comes up."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_few_kills_lose_nothing_that_was_acknowledged(prepared_cache: Path) -> None:
    words = [sys.executable, "scripts/chaos.py", "--kills", "4", "--seconds", "6", "--cache", str(prepared_cache)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 acknowledged rows lost, 0 failed starts" in done.stdout
    assert " 0 grades" not in done.stdout
