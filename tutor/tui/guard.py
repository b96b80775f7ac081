"""Owns the last door before the terminal: no segment of any widget leaves with a character that could act on it.

Texts are made visible where they come in; this filter is the second lock, for whatever came in another way (a paste,
a file name, an error of a library). Every character it drops has no width, so that dropping never moves the layout.
"""

import re
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_ACTING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff\u034f\u180e]"
    # More marks on one letter than any script needs: a flood that would pile up over the lines above.
    "|(?<=[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]{8})"
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]+"
)


class TerminalGuard(LineFilter):
    """Drops control, hiding and direction characters, and terminal hyperlinks, from every line that is painted."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line, harmless. Lines that already are (nearly all) come back as they are."""
        if not any(_ACTING.search(text) or (style is not None and style.link) for text, style, _ in segments):
            return segments
        return [
            Segment(_ACTING.sub("", text), _without_link(style) if style is not None else None, control)
            for text, style, control in segments
        ]


@lru_cache(maxsize=256)
def _without_link(style: Style) -> Style:
    # A terminal hyperlink may show one address and open another; addresses are printed instead.
    return style.update_link(None) if style.link else style
