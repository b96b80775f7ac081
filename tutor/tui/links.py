"""Owns which addresses may be opened, and how each is said: only the web, only what can be shown in full as it is."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from tutor.domain.errors import TutorError
from tutor.domain.text import visible

LONGEST = 600
"""Characters of an address; a longer one would not fit on a small screen, and is not opened unseen."""

SCHEMES = ("http", "https")

_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*\.?")
_KEPT = "%/:=&?~#+!$,;'@()*[]"
"""Signs that stand in a path, a query or a fragment as they are."""

_NAMED = re.compile(r"(?:https?://|(?=www\.))([^\s/?#]+)", re.IGNORECASE)
_ARXIV = re.compile(r"arxiv:\s*([\w.-]+(?:/\d+)?)", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:\s*)(10\.\d{4,9}/\S+)", re.IGNORECASE)


class LinkRefused(TutorError):
    """An address that is never opened; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address in a text, as it was written."""

    href: str
    words: str
    """What the text calls it."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a link leads: what is shown and what is opened are the same."""

    url: str
    """Printable ASCII, at most `LONGEST` characters."""
    host: str
    """The site it belongs to, in ASCII."""
    cautions: tuple[str, ...]
    """What is worth knowing before one goes there; sentences."""


def destination(link: Link) -> Destination:
    """Where a link leads. Raises LinkRefused for whatever is not plainly an address on the web."""
    href = link.href
    if visible(href) != href or "\\" in href or any(sign.isspace() for sign in href):
        raise LinkRefused("This link is not opened: its address holds signs that hide where it leads.")
    try:
        parts = urlsplit(href)
        name, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise LinkRefused("This link is not opened: it is not an address.") from error
    if parts.scheme.lower() not in SCHEMES:
        raise LinkRefused("This link is not opened: only addresses that begin with http:// or https:// are.")
    if "@" in parts.netloc:
        raise LinkRefused("This link is not opened: other words stand before the name of its site.")
    host = _host(name)
    site = f"[{host}]" if ":" in host else host
    rest = (quote(part, safe=_KEPT) for part in (parts.path, parts.query, parts.fragment))
    url = urlunsplit((parts.scheme.lower(), site if port is None else f"{site}:{port}", *rest))
    if len(url) > LONGEST:
        raise LinkRefused(f"This link is not opened: its address is longer than {LONGEST} signs.")
    return Destination(url, host, tuple(_cautions(host, link.words)))


def address_of(reference: str) -> str:
    """The address a source can be read at: its own, arXiv's or the DOI's; empty when it names none."""
    text = reference.strip()
    if text.lower().startswith(("http://", "https://")):
        return text
    if found := _ARXIV.fullmatch(text):
        return f"https://arxiv.org/abs/{found[1]}"
    found = _DOI.fullmatch(text)
    return f"https://doi.org/{found[1]}" if found else ""


def _host(name: str) -> str:
    """The name of a site in ASCII; an IPv6 address without brackets. Raises LinkRefused."""
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        host = name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        host = ""
    if not _NAME.fullmatch(host):
        raise LinkRefused("This link is not opened: its address names no site.")
    return host


def _cautions(host: str, words: str) -> list[str]:
    said = []
    if any(part.startswith("xn--") for part in host.split(".")):
        said.append("The site's name has letters of another script, which may look like those of a name you know.")
    if _at_home(host):
        said.append("It leads to this machine or your own network, not to the web.")
    named = _NAMED.match(words.strip())
    if named and named[1].lower().removeprefix("www.") != host.removeprefix("www."):
        said.append(f"Its words name {visible(named[1])}, which is not where it leads.")
    return said


def _at_home(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        # A name without a dot, or of digits alone, is read by the machine as one of its own or as a number.
        bare = host.rstrip(".")
        return "." not in bare or bare.endswith((".localhost", ".local")) or bare.rpartition(".")[2].isdecimal()
