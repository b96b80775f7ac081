"""The same open store as the store's own tests."""

from tests.store.conftest import clock, home, store

__all__ = ["clock", "home", "store"]
