"""SECURITY.md names a test for each promise; what it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROMISES = [
    line.strip("|").split("|")
    for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| promise")
]


def test_every_promise_names_what_shows_it_and_that_is_there() -> None:
    assert len(PROMISES) > 15
    for promise, _, shown_by in PROMISES:
        named = [path.split()[0] for path in re.findall(r"`((?:tests|scripts)/[^`]+)`", shown_by)]
        assert named, promise
        for path in named:
            assert (ROOT / path).is_file(), f"{promise.strip()}: there is no {path}"
