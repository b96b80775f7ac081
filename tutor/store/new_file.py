"""Owns the rule that what is written under a name the learner gives goes where nothing is yet."""

from pathlib import Path

from tutor.domain.errors import StoreError


def refuse_to_replace(file: Path, what: str) -> None:
    """Raises StoreError when `file` is there already or its folder is not; `what` would be written, as "a report"."""
    if file.exists():
        raise StoreError(f"{file}: this is there already, and {what} replaces nothing. Name another file.")
    if not file.parent.is_dir():
        raise StoreError(f"{file}: there is no folder {file.parent}. Make it first, or name another file.")
