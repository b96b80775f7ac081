"""Owns the colours: two calm themes whose every text role stands out at 7:1, and the measure that says so.

The ratio is WCAG 2.2's (success criterion 1.4.6, level AAA). A word or a sign always says
what a colour says.
"""

from textual.color import Color
from textual.theme import Theme

TEXT_ROLES = (
    "foreground",
    "text",
    "text-muted",
    "text-disabled",
    "text-primary",
    "text-secondary",
    "text-accent",
    "text-success",
    "text-warning",
    "text-error",
)
"""Variables that are only ever used as the colour of letters."""

GROUNDS = ("background", "surface", "panel")
"""Variables that are used as the colour behind letters."""


_INKS = ("primary", "secondary", "accent", "success", "warning", "error")


def _theme(name: str, *, dark: bool, grounds: tuple[str, str, str], inks: dict[str, str], marker: str) -> Theme:
    background, surface, panel = grounds
    return Theme(
        name=name,
        dark=dark,
        background=background,
        surface=surface,
        panel=panel,
        foreground=inks["text"],
        primary=inks["primary"],
        secondary=inks["secondary"],
        accent=inks["accent"],
        success=inks["success"],
        warning=inks["warning"],
        error=inks["error"],
        variables=_letters(inks) | _cursors(grounds, inks["text"], marker) | _scrollbars(background, inks, marker),
    )


def _letters(inks: dict[str, str]) -> dict[str, str]:
    faint = ("text-muted", "text-disabled", "foreground-muted", "foreground-disabled")
    return {"text": inks["text"]} | {f"text-{role}": inks[role] for role in _INKS} | dict.fromkeys(faint, inks["muted"])


def _cursors(grounds: tuple[str, str, str], text: str, marker: str) -> dict[str, str]:
    background, surface, panel = grounds
    return {
        "quiet": marker,
        "highlight": marker,
        "border-blurred": marker,
        "block-cursor-foreground": text,
        "block-cursor-background": panel,
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-foreground": text,
        "block-cursor-blurred-background": surface,
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": surface,
        "input-cursor-background": text,
        "input-cursor-foreground": background,
        "input-selection-background": marker,
        "input-selection-foreground": text,
        "screen-selection-background": marker,
        "screen-selection-foreground": text,
    }


def _scrollbars(background: str, inks: dict[str, str], marker: str) -> dict[str, str]:
    behind = ("", "-background", "-background-hover", "-background-active", "-corner-color")
    colours = {f"scrollbar{part}": background for part in behind}
    return colours | {"scrollbar": marker, "scrollbar-hover": inks["muted"], "scrollbar-active": inks["primary"]}


MARKER_DARK = "#35404e"
"""For lines and for the ground of a highlighted passage; letters on it are `text`."""

ATLAS_DARK = _theme(
    "atlas-dark",
    dark=True,
    grounds=("#12161b", "#191e25", "#222933"),
    inks={
        "text": "#ece8df",
        "muted": "#b5bcc6",
        "primary": "#8fcbe6",
        "secondary": "#c3b5ea",
        "accent": "#efc88b",
        "success": "#9adbae",
        "warning": "#f0c27a",
        "error": "#ffb3ab",
    },
    marker=MARKER_DARK,
)

ATLAS_LIGHT = _theme(
    "atlas-light",
    dark=False,
    grounds=("#fbf9f5", "#f4f0e9", "#eae5da"),
    inks={
        "text": "#1c2127",
        "muted": "#424952",
        "primary": "#0a4668",
        "secondary": "#4a2f86",
        "accent": "#673c05",
        "success": "#0f4d28",
        "warning": "#643d00",
        "error": "#84101b",
    },
    marker="#cfc6b4",
)

THEMES = (ATLAS_DARK, ATLAS_LIGHT)


def contrast(one: Color, other: Color) -> float:
    """The WCAG contrast ratio of two opaque colours, 1..21."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (_linear(channel / 255) for channel in (colour.r, colour.g, colour.b))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
