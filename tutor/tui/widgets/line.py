"""Owns the line one types in: the framework's, without laying out the whole screen anew for each letter."""

from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input


class Line(Input):
    """A line of input whose room on the screen does not depend on what is in it."""

    virtual_size = Reactive(Size(0, 0), layout=False)
    """How far the text reaches; it scrolls inside its room."""
