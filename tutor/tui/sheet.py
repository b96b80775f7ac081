"""Owns the style sheet that is read once: the framework's own reads every rule anew for each screen and theme."""

from textual.cache import LRUCache
from textual.css.stylesheet import Stylesheet

SOURCES = 1024
"""Style sheets of single widgets that are kept read. The framework keeps 64, which is less than this app has."""


class Sheet(Stylesheet):
    """A style sheet that reads a rule again only when a variable in it may have changed."""

    def __init__(self, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._parse_cache = LRUCache(SOURCES)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Other values for the variables; the same ones change nothing."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """The rules as they are with the variables of now."""
        self.parse()
