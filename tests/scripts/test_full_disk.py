"""On a full disk everything acknowledged is kept, nothing is half written, and the sentence says what is wrong."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_a_full_disk_costs_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("a file system of one's own needs Linux")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = 'mount -t tmpfs -o size=2m tmpfs "$1" || exit 77; shift; exec "$@"'
    program = [sys.executable, "-m", "tests.scripts.full_disk", str(disk)]
    done = subprocess.run(
        [unshare, "-rm", "sh", "-c", mount, "sh", str(disk), *program],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("this machine does not allow a file system of one's own")
    assert done.returncode == 0, done.stdout + done.stderr
