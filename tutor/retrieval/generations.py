"""Owns replacing a folder of cache files as one: a new generation is written beside, then one small file points to it.

Readers keep the generation they opened; nothing that is open is ever written to. A generation that was not finished,
or no longer matches its checksums, does not count. What others do to its files while it is open is not felt where it
is small, and noticed before the next search where it is not.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tutor.retrieval.manifest import NAME, read_manifest, verified_manifest, write_manifest

SMALL = 32_000_000
"""Bytes of a generation up to which it is copied to be opened, and read again whenever it is looked at: 15 ms each.
The vectors of 80,000 passages, the words of 17,000."""
_POINTER = "current"


@dataclass(frozen=True)
class Generation:
    """A finished folder, every byte checked."""

    folder: Path
    about: Mapping[str, object]
    """What was said of it when it was published."""

    @cached_property
    def small(self) -> bool:
        """True when it is opened from a copy."""
        return sum(self._sizes.values()) <= SMALL

    def cut(self) -> bool:
        """True when what is opened of it may end the process: somebody cut a mapped file short. Takes microseconds."""
        return not self.small and any(_is_shorter(place, size) for place, size in self._places)

    @contextmanager
    def to_open(self) -> Iterator[Path]:
        """Where to open its files for the block; what is open may be used after it. Raises OSError when damaged.

        Libraries map files, and a mapped file that is cut short ends the process with a signal, one that is written
        over gives wrong hits. So a small generation is opened from a copy that nobody else knows of, checked, and
        removed after the block; without room for one, the folder itself is opened.
        """
        import shutil
        import tempfile

        if not self.small:
            yield self.folder
            return
        copy = None
        try:
            copy = Path(tempfile.mkdtemp(prefix="tutor-"))
            for name in (NAME, *self._sizes):
                shutil.copyfile(self.folder / name, copy / name)
        except OSError:
            yield self.folder
        else:
            if verified_manifest(copy) is None:
                raise OSError("damaged since it was checked")
            yield copy
        finally:
            if copy:
                shutil.rmtree(copy, ignore_errors=True)

    @cached_property
    def _sizes(self) -> dict[str, int]:
        files = self.about["files"]
        assert isinstance(files, dict)
        return {name: entry["size"] for name, entry in files.items()}

    @cached_property
    def _places(self) -> list[tuple[str, int]]:
        """Its files and their sizes, as text: making paths would take longer than looking at the files."""
        return [(str(self.folder / name), size) for name, size in self._sizes.items()]


class Generations:
    """One kind of cached folder. Only one writer at a time may begin and publish; see `locks`."""

    def __init__(self, home: Path) -> None:
        """Use `home` for the generations; it is made on the first write."""
        self._home = home

    def current(self, known: Generation | None = None) -> Generation | None:
        """The newest finished generation, or None when there is none or it is damaged.

        Reads every byte of it, unless it is the `known` one and large: that was checked when it was opened or written.
        """
        for _ in range(2):  # a writer may replace the generation between the pointer and the folder
            name = self._pointed()
            if not name:
                return None
            folder = self._home / name
            same = known is not None and folder == known.folder
            about = read_manifest(folder) if same and known and not known.small else verified_manifest(folder)
            if about is not None:
                return known if same else Generation(folder, about)
        return None

    def claimed(self) -> Mapping[str, object]:
        """What the newest generation says of itself, its files unread; empty when there is none."""
        name = self._pointed()
        return (read_manifest(self._home / name) if name else None) or {}

    def damaged(self) -> bool:
        """True when a generation stands here and does not count. Asked after `current` gave None."""
        try:
            return any(self._home.glob("g-*/*"))
        except OSError:  # it cannot be looked into
            return False

    def begin(self, base: Path | None = None, leave_out: Iterable[str] = ()) -> Path:
        """Make a folder to write into, holding links to the files of `base` except those left out. Raises OSError."""
        import tempfile

        self._home.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="g-", dir=self._home))
        skipped = {NAME, *leave_out}
        for file in sorted(base.iterdir()) if base else ():
            if file.is_file() and file.name not in skipped:
                _link(file, folder / file.name)
        return folder

    def publish(
        self,
        folder: Path,
        about: Mapping[str, object],
        leave_out: Iterable[str] = (),
        base: Generation | None = None,
    ) -> Generation:
        """Point to a folder from `begin`, with a manifest of all its files, and remove the others. Raises OSError.

        Files that are still the very ones of `base` keep its checksums: reading a million vectors again for every
        edited sentence would be felt.
        """
        import shutil

        skipped = set(leave_out)
        files = sorted(file.name for file in folder.iterdir() if file.is_file() and file.name not in skipped)
        says = write_manifest(folder, about, files, known=_unchanged(folder, base, files))
        pointer = self._home / _POINTER
        fresh = pointer.with_name(f"{_POINTER}.{os.getpid()}.new")
        fresh.write_text(folder.name, encoding="utf-8")
        os.replace(fresh, pointer)
        for other in self._home.glob("g-*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
        return Generation(folder, says)

    def _pointed(self) -> str:
        try:
            return Path((self._home / _POINTER).read_text(encoding="utf-8").strip()).name
        except (OSError, ValueError):
            return ""


def _unchanged(folder: Path, base: Generation | None, files: Iterable[str]) -> dict[str, object]:
    entries = base.about.get("files") if base else None
    if base is None or not isinstance(entries, dict):
        return {}
    return {name: entries[name] for name in files if name in entries and _same(folder / name, base.folder / name)}


def _is_shorter(file: str, size: int) -> bool:
    try:
        return os.stat(file).st_size < size
    except OSError:  # one that is gone stays as it was for who has it open
        return False


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        import shutil

        shutil.copy2(source, target)
