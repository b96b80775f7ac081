"""Owns telling a whole cache folder from a damaged one: a `manifest.json` with the size and SHA-256 of each file.

The libraries that read these files trust them (a flipped bit in a graph may end the process), so nothing is handed to
them unchecked. The manifest carries a checksum of itself.
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


def write_manifest(
    folder: Path, about: Mapping[str, object], files: Iterable[str], known: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Describe the folder as it now stands; what it says. The manifest appears whole or not at all; raises OSError.

    `known` holds the entries of files that were checked before and have not changed since.
    """
    known = known or {}
    listed = {name: known.get(name) or _entry(folder / name) for name in files}
    says: dict[str, object] = {"format": FORMAT, **about, "files": listed}
    target = folder / NAME
    fresh = target.with_name(f"{NAME}.{os.getpid()}.new")
    fresh.write_text(json.dumps({"sum": _sum(says), **says}), encoding="utf-8")
    os.replace(fresh, target)
    return says


def read_manifest(folder: Path) -> dict[str, object] | None:
    """What the manifest says when it is whole and every file it lists is there with its size; None otherwise.

    Takes microseconds.
    """
    try:
        manifest = json.loads((folder / NAME).read_text(encoding="utf-8"))
        files = manifest["files"]
        whole = manifest.pop("sum", None) in (None, _sum(manifest))
        whole = whole and manifest["format"] == FORMAT and bool(files)
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


def _entry(path: Path) -> dict[str, object]:
    return {"size": path.stat().st_size, "sha256": sha256(path)}


def _sum(says: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(says, sort_keys=True).encode()).hexdigest()
