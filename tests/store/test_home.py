"""Where the learner's files lie."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.store.home import Home


@pytest.mark.parametrize(
    ("override", "environ", "expected"),
    [
        ("/a", {"TUTOR_HOME": "/b"}, "/a"),
        (None, {"TUTOR_HOME": "/b"}, "/b"),
        (None, {"TUTOR_HOME": "~/tutor"}, "HOME/tutor"),
        (None, {"TUTOR_HOME": "near"}, "CWD/near"),
        ("~/here", {}, "HOME/here"),
    ],
    ids=["the caller wins", "the environment", "a tilde", "a relative path", "a tilde from the caller"],
)
def test_the_home_is_the_first_one_named(
    override: str | None, environ: dict[str, str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    wanted = expected.replace("HOME", str(tmp_path)).replace("CWD", str(tmp_path))
    assert Home.locate(Path(override) if override else None, environ).path == Path(wanted)


@pytest.mark.parametrize("environ", [{}, {"TUTOR_HOME": "  "}], ids=["nothing named", "a blank name"])
def test_the_platforms_folder_is_the_last_resort(environ: dict[str, str], tmp_path: Path) -> None:
    probe = f"from tutor.store.home import Home; print(Home.locate(None, {environ!r}).path)"
    done = subprocess.run(
        [sys.executable, "-c", probe],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(Path.cwd())},
    )
    found = Path(done.stdout.strip())
    assert found.name == "atlas-tutor"
    assert tmp_path in found.parents


def test_preparing_leaves_folders_that_exist_as_they_are(home: Home) -> None:
    home.path.mkdir()
    home.path.chmod(0o755)
    home.prepare()
    home.prepare()
    assert oct(home.path.stat().st_mode)[-3:] == "755"
    assert oct(home.cache.stat().st_mode)[-3:] == "700"
