"""Owns telling a whole cache folder from a damaged one: a `manifest.json` with the size and SHA-256 of each file.

The libraries that read these files trust them (a flipped bit in a vector graph ends the process), so nothing is handed
to them unchecked.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

NAME = "manifest.json"
FORMAT = 1
"""Raised when readers expect other files; folders of another format count as missing."""


def sha256(path: Path) -> str:
    """The file's SHA-256 in hex. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_manifest(folder: Path, about: Mapping[str, object], files: Iterable[str]) -> None:
    """Describe the folder as it now stands. The manifest appears whole or not at all; raises OSError."""
    listed = {name: {"size": (folder / name).stat().st_size, "sha256": sha256(folder / name)} for name in files}
    target = folder / NAME
    fresh = target.with_name(f"{NAME}.{os.getpid()}.new")
    fresh.write_text(json.dumps({"format": FORMAT, **about, "files": listed}, indent=1), encoding="utf-8")
    os.replace(fresh, target)


def read_manifest(folder: Path) -> dict[str, object] | None:
    """What the manifest says when every file it lists is there with its size; None otherwise. Takes microseconds."""
    try:
        manifest = json.loads((folder / NAME).read_text(encoding="utf-8"))
        files = manifest["files"]
        whole = manifest["format"] == FORMAT and bool(files)
        whole = whole and all((folder / name).stat().st_size == entry["size"] for name, entry in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return manifest if whole else None


def verified_manifest(folder: Path) -> dict[str, object] | None:
    """As `read_manifest`, and every byte checked. A damaged folder loses its manifest, so that it counts as missing."""
    manifest = read_manifest(folder)
    if manifest is None:
        return None
    files = manifest["files"]
    assert isinstance(files, dict)
    try:
        if all(sha256(folder / name) == entry["sha256"] for name, entry in files.items()):
            return manifest
        (folder / NAME).unlink(missing_ok=True)
    except (OSError, KeyError, TypeError):
        return None
    return None
