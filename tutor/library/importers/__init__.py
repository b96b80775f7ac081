"""Turning other people's files into chapters in the learner's packs."""

from tutor.library.importers.dispatch import ImportReport, import_source

__all__ = ["ImportReport", "import_source"]
