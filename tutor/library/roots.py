"""Owns where the shipped chapters are."""

from pathlib import Path


def shipped_root() -> Path:
    """The folder of shipped tracks: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "content"
    return packaged if packaged.is_dir() else package.parent / "content"
