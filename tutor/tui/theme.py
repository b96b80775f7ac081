"""Owns the themes: our inks in the framework's roles, and the measure that says whether they can be read.

The ratio is WCAG 2.2's (success criterion 1.4.6, level AAA). A word or a sign always says what a colour says.
"""

from textual.color import Color
from textual.theme import Theme

from tutor.tui.inks import INKS, Inks

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

_ROLES = ("primary", "secondary", "accent", "success", "warning", "error")


def _theme(name: str, inks: Inks) -> Theme:
    return Theme(
        name=name,
        dark=inks.dark,
        background=inks.background,
        surface=inks.surface,
        panel=inks.panel,
        foreground=inks.text,
        primary=inks.primary,
        secondary=inks.secondary,
        accent=inks.accent,
        success=inks.success,
        warning=inks.warning,
        error=inks.error,
        variables=_letters(inks) | _cursors(inks) | _scrollbars(inks),
    )


def _letters(inks: Inks) -> dict[str, str]:
    faint = ("text-muted", "text-disabled", "foreground-muted", "foreground-disabled")
    roles: dict[str, str] = {f"text-{role}": getattr(inks, role) for role in _ROLES}
    return {"text": inks.text} | roles | dict.fromkeys(faint, inks.muted)


def _cursors(inks: Inks) -> dict[str, str]:
    return {
        "quiet": inks.marker,
        "highlight": inks.marker,
        "border-blurred": inks.marker,
        "block-cursor-foreground": inks.text,
        "block-cursor-background": inks.panel,
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-foreground": inks.text,
        "block-cursor-blurred-background": inks.surface,
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": inks.surface,
        "input-cursor-background": inks.text,
        "input-cursor-foreground": inks.background,
        "input-selection-background": inks.marker,
        "input-selection-foreground": inks.text,
        "screen-selection-background": inks.marker,
        "screen-selection-foreground": inks.text,
    }


def _scrollbars(inks: Inks) -> dict[str, str]:
    behind = ("", "-background", "-background-hover", "-background-active", "-corner-color")
    colours = {f"scrollbar{part}": inks.background for part in behind}
    return colours | {"scrollbar": inks.marker, "scrollbar-hover": inks.muted, "scrollbar-active": inks.primary}


THEMES = tuple(_theme(name, inks) for name, inks in INKS.items())


def contrast(one: Color, other: Color) -> float:
    """The WCAG contrast ratio of two opaque colours, 1..21."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (_linear(channel / 255) for channel in (colour.r, colour.g, colour.b))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
