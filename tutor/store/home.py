"""Owns where the learner's files lie: one folder, and the names of everything in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tutor.domain.errors import StoreError

APPLICATION = "atlas-tutor"
"""The folder's name among the platform's user data folders."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds everything a learner makes and everything derived from it."""

    path: Path

    @classmethod
    def locate(cls, override: Path | None, environ: Mapping[str, str]) -> Self:
        """The folder named by the caller, else by $TUTOR_HOME, else the platform's user data folder. Makes nothing."""
        if override is not None:
            return cls(override.expanduser().absolute())
        if named := environ.get("TUTOR_HOME", "").strip():
            return cls(Path(named).expanduser().absolute())
        from platformdirs import user_data_path

        return cls(user_data_path(APPLICATION, appauthor=False))

    @property
    def database(self) -> Path:
        """The learner's progress; precious."""
        return self.path / "progress.db"

    @property
    def settings_file(self) -> Path:
        """What the learner chose; optional."""
        return self.path / "settings.toml"

    @property
    def packs(self) -> Path:
        """Track folders that the learner added."""
        return self.path / "packs"

    @property
    def backups(self) -> Path:
        """Copies of the database, daily and before each migration."""
        return self.path / "backups"

    @property
    def cache(self) -> Path:
        """Derived; may be deleted at any time."""
        return self.path / "cache"

    @property
    def logs(self) -> Path:
        """What the program noted about itself; may be deleted at any time."""
        return self.path / "logs"

    def prepare(self) -> None:
        """Make the folders that are missing, readable by the learner alone (0700). Existing ones are left as they are.

        Raises StoreError when a folder cannot be looked into or made.
        """
        for folder in (self.path, self.cache, self.packs, self.backups, self.logs):
            try:
                if folder.is_dir():
                    continue
                folder.parent.mkdir(parents=True, exist_ok=True)
                folder.mkdir(mode=0o700, exist_ok=True)
            except OSError as error:
                raise StoreError(
                    f"{folder}: this folder cannot be made or read ({error.strerror}). Mend its permissions, or name "
                    "another home with --home or $TUTOR_HOME."
                ) from error
