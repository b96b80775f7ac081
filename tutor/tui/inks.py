"""Owns the numbers behind the colours, as plain data, so that the first frame needs no framework to be painted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Inks:
    """One set of colours, each `#rrggbb`; every ink stands out at 7:1 on every ground (WCAG 2.2, 1.4.6, level AAA)."""

    dark: bool
    background: str
    surface: str
    panel: str
    text: str
    muted: str
    primary: str
    secondary: str
    accent: str
    success: str
    warning: str
    error: str
    marker: str
    """For lines and for the ground of a highlighted passage; letters on it are `text`."""


INKS = {
    "atlas-dark": Inks(
        dark=True,
        background="#12161b",
        surface="#191e25",
        panel="#222933",
        text="#ece8df",
        muted="#b5bcc6",
        primary="#8fcbe6",
        secondary="#c3b5ea",
        accent="#efc88b",
        success="#9adbae",
        warning="#f0c27a",
        error="#ffb3ab",
        marker="#35404e",
    ),
    "atlas-light": Inks(
        dark=False,
        background="#fbf9f5",
        surface="#f4f0e9",
        panel="#eae5da",
        text="#1c2127",
        muted="#424952",
        primary="#0a4668",
        secondary="#4a2f86",
        accent="#673c05",
        success="#0f4d28",
        warning="#643d00",
        error="#84101b",
        marker="#cfc6b4",
    ),
    "atlas-night": Inks(
        dark=True,
        background="#000000",
        surface="#0b0b0b",
        panel="#1d1d1d",
        text="#ffffff",
        muted="#e2e2e2",
        primary="#8fdcff",
        secondary="#dcc8ff",
        accent="#ffd75f",
        success="#8dffb0",
        warning="#ffd23f",
        error="#ffc4bd",
        marker="#3d3d3d",
    ),
    "atlas-paper": Inks(
        dark=False,
        background="#ffffff",
        surface="#f6f6f6",
        panel="#e6e6e6",
        text="#000000",
        muted="#262626",
        primary="#00315c",
        secondary="#3a1a78",
        accent="#5a2d00",
        success="#00401a",
        warning="#4f3000",
        error="#6f0010",
        marker="#bdbdbd",
    ),
}
"""Two calm sets, and two of the highest contrast for eyes that need it."""
