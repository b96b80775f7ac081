"""Text is always text: no widget of the app reads markup, and whatever is painted passes one guard."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TUI = Path(__file__).parents[2] / "tutor" / "tui"
FILES = sorted(TUI.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}

READS_MARKUP = {"Static", "Label", "Button", "OptionList", "SelectionList", "notify"}
"""What reads markup unless it is told not to; our own kinds of these do as well."""


def says_no_markup(call: ast.Call) -> bool:
    """Whether a call has `markup=False`."""
    return any(
        k.arg == "markup" and isinstance(k.value, ast.Constant) and k.value.value is False for k in call.keywords
    )


def reads_markup(node: ast.AST) -> bool:
    """Whether this is a class of our own that reads markup unless told not to, and does not tell itself."""
    if not isinstance(node, ast.ClassDef) or not READS_MARKUP & {getattr(base, "id", "") for base in node.bases}:
        return False
    return not any(
        isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "__init__" and says_no_markup(call)
        for call in ast.walk(node)
    )


READS_MARKUP |= {node.name for tree in TREES.values() for node in ast.walk(tree) if reads_markup(node)}


NEVER = {
    "from_markup",
    "Collapsible",
    "Select",
    "Tabs",
    "Tab",
    "Tree",
    "DataTable",
    "Checkbox",
    "RadioButton",
    "Markdown",
}
"""What reads markup and cannot be told otherwise everywhere, or opens links by itself."""

NEVER_SET = {"border_title", "border_subtitle", "tooltip"}
"""Attributes that are read as markup."""


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call in a file with the last part of what is called."""
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            yield node, name


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TUI)))
def test_nothing_reads_markup(path: Path) -> None:
    wrong = [
        f"{path.name}:{call.lineno}: {name}"
        for call, name in calls(path)
        if name in NEVER or (name in READS_MARKUP and not says_no_markup(call))
    ]
    wrong += [
        f"{path.name}:{node.lineno}: {target.attr}"
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and target.attr in NEVER_SET
    ]
    assert wrong == []


def test_the_guard_is_the_last_filter_of_the_app(tmp_path: Path) -> None:
    from tutor.tui.app import TutorApp
    from tutor.tui.guard import TerminalGuard
    from tutor.workspace import Workspace

    with Workspace.open(tmp_path / "home") as workspace:
        assert isinstance(TutorApp(workspace).get_line_filters()[-1], TerminalGuard)
