"""`tutor restore`: the copies of the learner's progress, putting one back, and reading what damage has left."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from tutor.cli.output import counted, emit, json_flag, tell
from tutor.domain.errors import StoreError
from tutor.store.backups import backups
from tutor.store.contents import Contents, look_into
from tutor.workspace import Workspace

NEWEST = "newest"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument(
        "copy", metavar="FILE", nargs="?", help=f'the copy to put back, or "{NEWEST}"; without it they are listed'
    )
    parser.add_argument(
        "--recover", action="store_true", help="read what can be read of a damaged database into a new one beside it"
    )
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """List, restore or recover. Raises StoreError; to recover also SettingsError, since what is due hangs on them."""
    if options.copy and options.recover:
        raise StoreError("Name either a copy to put back or --recover, not both.")
    if options.recover:
        with Workspace.open(options.home) as workspace:
            return recover(workspace, json=options.json)
    with Workspace.without_settings(options.home) as workspace:
        if options.copy:
            return restore(workspace, options.copy, json=options.json)
        return listing(workspace, json=options.json)


def listing(workspace: Workspace, *, json: bool) -> int:
    """The copies, newest first, each looked into."""
    found = []
    for backup in backups(workspace.home):
        try:
            state = holding(look_into(backup.path))
        except StoreError:
            state = "damaged"
        found.append((backup, state))
    if json:
        emit({"copies": [{"file": str(b.path), "made": b.made.isoformat(), "holds": state} for b, state in found]})
        return 0
    for backup, state in found:
        tell(f"{backup.made:%Y-%m-%d %H:%M}  {backup.path.name}  {state}", hang="  ")
    first = f"Put one back: tutor restore {found[0][0].path.name}. What it replaces is kept." if found else ""
    tell(first or f"There is no copy yet in {workspace.home.backups}. One is made daily, and by: tutor backup")
    return 0


def restore(workspace: Workspace, name: str, *, json: bool) -> int:
    """Put a copy, named by its path or its name among the copies, in the place of the learner's database."""
    from tutor.store.restoring import restore as put_back

    done = put_back(workspace.home, named(workspace, name), workspace.now())
    if json:
        emit({"attempts": done.contents.attempts, "reviews": done.contents.reviews, "kept": str(done.kept or "")})
        return 0
    tell(f"Restored: {holding(done.contents)}.")
    if done.kept:
        tell(f"What stood there before is kept in {done.kept}.", hang="  ")
    return 0


def named(workspace: Workspace, name: str) -> Path:
    """The file that is meant."""
    if name == NEWEST:
        found = backups(workspace.home)
        if not found:
            raise StoreError(f"There is no copy yet in {workspace.home.backups}.")
        return found[0].path
    beside = workspace.home.backups / name
    return beside if not Path(name).exists() and beside.exists() else Path(name)


def recover(workspace: Workspace, *, json: bool) -> int:
    """Make a sound database of a damaged one and say what it cost."""
    from tutor.store.recovery import recover as read_what_is_left
    from tutor.study.schedule import replay

    found = read_what_is_left(workspace.home, workspace.now(), partial(replay, retention=workspace.settings.retention))
    tallies = {"read": found.read, "from_copies": found.from_copies, "left_out": found.left_out}
    if json:
        emit({"file": str(found.path), **{name: dict(tally) for name, tally in tallies.items()}})
        return 0
    tell(f"{found.path}: {holding(found.contents)}.", hang="  ")
    said = {"read": "read from the file", "from_copies": "taken from copies", "left_out": "lost"}
    for name, tally in tallies.items():
        if sum(tally.values()):
            tell(
                f"{said[name]}: {', '.join(counted_rows(table, n) for table, n in tally.items())}",
                indent="  ",
                hang="    ",
            )
    tell(f"The damaged database is untouched. To use the recovered one: tutor restore {found.path}", hang="  ")
    return 0


def counted_rows(table: str, number: int) -> str:
    """`3 attempts`, `1 attempt`."""
    return counted(number, table.removesuffix("s").replace("_", " ")) if table.endswith("s") else f"{number} {table}"


def holding(contents: Contents) -> str:
    """What a copy holds, in words."""
    until = f", until {contents.newest.astimezone():%Y-%m-%d %H:%M}" if contents.newest else ""
    return f"{counted(contents.attempts, 'attempt')}, {counted(contents.reviews, 'review')}{until}"
