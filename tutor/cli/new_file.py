"""Owns the rule that a verb writes only where nothing is yet."""

from pathlib import Path

from tutor.domain.errors import TutorError


def refuse_to_replace(file: Path, what: str) -> None:
    """Raises TutorError when something has that name; `what` would be written, as in "a report"."""
    if file.exists():
        raise TutorError(f"{file}: this is there already, and {what} replaces nothing. Name another file.")
