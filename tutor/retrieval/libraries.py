"""Owns loading the two compiled libraries that meet in one process, as they must be loaded."""

import os
from functools import cache
from types import ModuleType

SILENT = {"ORT_DISABLE_TELEMETRY": "1"}
"""Environment in which onnxruntime reports nothing to its maker. From 1.29 on its official builds do so, a few seconds
after a session is opened, unless they are told before they are loaded; the call they have for it comes too late."""


@cache
def load_onnxruntime() -> ModuleType:
    """What runs the encoder, told to be silent."""
    os.environ.update(SILENT)  # read once, when the library is loaded
    import onnxruntime

    library: ModuleType = onnxruntime
    return library


@cache
def load_usearch() -> ModuleType:
    """What compares vectors; onnxruntime is loaded before it.

    The other way round, loading onnxruntime 1.31 after usearch 2.26 on Linux ends the process with a signal, and
    vectors may be wanted before any text is encoded.
    """
    load_onnxruntime()
    from usearch import index

    library: ModuleType = index
    return library
