"""Owns reading the address of an Ollama server, by the rules Ollama itself reads OLLAMA_HOST by."""

import ipaddress
import re
import urllib.parse
from dataclasses import dataclass

from tutor.domain.errors import ModelRefused

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 11434
_PORTS = {"http": 80, "https": 443}
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens."""

    scheme: str
    """http | https."""
    host: str
    """A name or an IP address, without brackets."""
    port: int
    path: str = ""
    """Without outer slashes; empty for almost everybody."""

    @property
    def loopback(self) -> bool:
        """True when it is this machine, so that nothing sent there leaves it."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def private(self) -> bool:
        """True when what is sent cannot be read on the way: this machine, or an encrypted connection."""
        return self.loopback or self.scheme == "https"

    @property
    def shown(self) -> str:
        """As a person writes it: `127.0.0.1:11434`, or with its scheme when that is https."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        path = f"/{self.path}" if self.path else ""
        return f"{'https://' if self.scheme == 'https' else ''}{host}:{self.port}{path}"

    @property
    def url(self) -> str:
        """`scheme://host:port/path`, every part said."""
        return self.shown if self.scheme == "https" else f"http://{self.shown}"


def parse_address(text: str) -> Address:
    """Read `host`, `host:port`, `:port`, `[v6]:port`, or either with http:// or https:// before it and a path behind.

    Without a port it is 11434, or 80 and 443 when a scheme is said. Empty text is 127.0.0.1:11434, and the addresses
    a server binds to for "everywhere" (0.0.0.0, ::) are read as this machine. Raises ModelRefused.
    """
    scheme, separator, rest = text.strip().partition("://")
    if not separator:
        scheme, rest = "http", scheme
    if scheme not in _PORTS:
        raise _unreadable(text, f'"{scheme}://" is neither http:// nor https://')
    if rest.count(":") > 1 and not rest.startswith("["):
        raise _unreadable(text, "an IPv6 address stands in brackets, as in [::1]:11434")
    try:
        split = urllib.parse.urlsplit(f"{scheme}://{rest}")
        port = split.port
    except ValueError:
        raise _unreadable(text, "the port is a number from 1 to 65535") from None
    if split.username is not None or split.query or split.fragment:
        raise _unreadable(text, "it may hold a host, a port and a path only")
    if port == 0:
        raise _unreadable(text, "the port is a number from 1 to 65535")
    host = split.hostname or DEFAULT_HOST
    if ":" not in host and not _NAME.fullmatch(host):
        raise _unreadable(text, f'"{host}" is not the name of a computer')
    fallback = _PORTS[scheme] if separator else DEFAULT_PORT
    return Address(scheme, _ANY.get(host, host), port or fallback, split.path.strip("/"))


def _unreadable(text: str, why: str) -> ModelRefused:
    return ModelRefused(
        f'The Ollama address "{text.strip()}" cannot be read: {why}. Write it like 127.0.0.1:11434, in ollama_host of '
        "the settings or in OLLAMA_HOST."
    )
