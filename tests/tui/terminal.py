"""A program on a pseudo terminal: every byte it sends, and the keys it is sent."""

from __future__ import annotations

import os
import select
import subprocess
import time
from dataclasses import dataclass, field


@dataclass
class Terminal:
    """A program on a pseudo terminal."""

    process: subprocess.Popen[bytes]
    master: int
    seen: bytearray = field(default_factory=bytearray)

    def read_until(self, words: bytes, seconds: float = 60) -> None:
        """Collect output until these bytes came."""
        end = time.monotonic() + seconds
        while words not in self.seen:
            assert time.monotonic() < end, self.seen[-2000:]
            self._read(0.1)

    def end(self) -> int:
        """Collect the rest and give the exit code."""
        end = time.monotonic() + 60
        while self.process.poll() is None:
            assert time.monotonic() < end, "it never ended"
            self._read(0.1)
        while self._read(0.1):
            pass
        return self.process.returncode

    def _read(self, seconds: float) -> bool:
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.seen += data
        return bool(data)

    def after(self, keys: bytes, words: bytes) -> None:
        """Press keys, then wait for words that come after them; without words, until the answer to them is over."""
        begun = len(self.seen)
        os.write(self.master, keys)
        if not words:
            self._read(10 if keys else 0.1)
            while self._read(0.5):
                pass
        end = time.monotonic() + 30
        while words not in self.seen[begun:]:
            assert time.monotonic() < end, (words, bytes(self.seen[begun:])[-3000:])
            self._read(0.1)
