"""Owns what is wrong with the material: one sentence with a place and a mend, and the list they gather in."""

from dataclasses import dataclass, field
from typing import Literal

from tutor.domain.errors import ContentError

Severity = Literal["error", "warning"]
MOST_PER_FILE = 50
"""A file with more wrong than this is not a chapter; listing on would only hide the first line."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an author should mend."""

    path: str
    line: int
    """Counted from 1."""
    message: str
    """What is wrong, and the mend."""
    severity: Severity = "error"
    """An error keeps a chapter from being read or found; a warning makes it worse to learn from."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(slots=True)
class Faults:
    """The problems of one file, gathered so that reading goes on after the first."""

    path: str
    problems: list[Problem] = field(default_factory=list)

    def error(self, line: int, message: str) -> None:
        """Note something that keeps the file from being a chapter."""
        self._add(Problem(self.path, line, message))

    def warning(self, line: int, message: str) -> None:
        """Note something that can be read all the same."""
        self._add(Problem(self.path, line, message, "warning"))

    def first_error(self) -> ContentError | None:
        """The error that stands first in the file."""
        errors = [problem for problem in self.problems if problem.severity == "error"]
        if not errors:
            return None
        first = min(errors, key=lambda problem: problem.line)
        return ContentError(first.message, path=first.path, line=first.line)

    def _add(self, problem: Problem) -> None:
        if len(self.problems) < MOST_PER_FILE:
            self.problems.append(problem)
