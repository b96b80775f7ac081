"""The choice of concrete parts, each built on first use and handed out; the only place that reads the clock."""

from tutor.workspace.engines import EngineStatus
from tutor.workspace.searching import IndexState
from tutor.workspace.workspace import Workspace

__all__ = ["EngineStatus", "IndexState", "Workspace"]
