"""Run by test_privacy.py where there is no network but this machine's own: run a program, tell what it sent elsewhere.

The kernel counts for all libraries alike: what has no way to go, and datagrams, in which names of hosts are asked for.
"""

import fcntl
import json
import socket
import struct
import subprocess
import sys
from pathlib import Path

SET_FLAGS, UP = 0x8914, 0x1
"""SIOCSIFFLAGS and IFF_UP of linux/sockios.h and linux/if.h."""


def loopback_up() -> None:
    """A fresh network has its loopback device, switched off."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH14x", b"lo", UP))


def sent_away() -> int:
    """How many packets of this network had no way to go, or were datagrams, by IPv4 and IPv6."""
    lines = [line.split() for line in Path("/proc/net/snmp").read_text().splitlines()]
    four = {(names[0], name): number for names, numbers in zip(lines[::2], lines[1::2], strict=True)
            for name, number in zip(names, numbers, strict=True)}  # fmt: skip
    six = dict(line.split() for line in Path("/proc/net/snmp6").read_text().splitlines())
    counted = (four["Ip:", "OutNoRoutes"], four["Udp:", "OutDatagrams"], six["Ip6OutNoRoutes"], six["Udp6OutDatagrams"])
    return sum(map(int, counted))


def run(words: list[str]) -> dict[str, object]:
    """The program's exit code and last words, and what it tried to send off this machine."""
    before = sent_away()
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return {"code": done.returncode, "said": done.stderr[-500:], "sent": sent_away() - before}


if __name__ == "__main__":
    loopback_up()
    print(json.dumps(run(sys.argv[1:])))
