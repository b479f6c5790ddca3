"""Which addresses are public, and what an address that somebody typed may look like."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from django.utils.encoding import iri_to_uri

from core.text import TextRefused, ascii_host

IP: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"

LONGEST: Final = 2000
PORTS: Final = {"http": 80, "https": 443}
# What a browser reads as a number of IPv4, however it is written: 2130706433, 0x7f.1, 0177.0.0.1.
NUMERIC: Final = re.compile(r"(.*\.)?(\d+|0x[0-9a-f]*)\.?", re.IGNORECASE)
# Addresses of the open network by their form that still are nobody's place on it; which of them
# ``is_global`` knows depends on the version of Python (RFC 6890, RFC 7526, RFC 9637).
NOT_PUBLIC: Final = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24"),
        *("192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)
# All that is given out of IPv6: neither mapped IPv4, NAT64, local, nor multicast is in it.
GIVEN_OUT: Final = ipaddress.ip_network("2000::/3")


class AddressRefused(ValueError):
    """An address that is never called; ``code`` is one of :class:`core.probing.probe.Reason`."""

    def __init__(self, code: str) -> None:
        """``code`` says why."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Place:
    """A checked address, in parts: ``host`` as the network writes it, ``target`` path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def is_secure(self) -> bool:
        """Whether it is called over TLS."""
        return self.scheme == "https"

    @property
    def host_header(self) -> str:
        """The machine as the header ``Host`` names it."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if PORTS[self.scheme] == self.port else f"{name}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.host_header}{self.target}"


def is_public(ip: IP) -> bool:
    """Whether ``ip`` is somebody's place on the open network."""
    if isinstance(ip, ipaddress.IPv6Address) and (ip not in GIVEN_OUT or ip.scope_id):
        return False
    if not ip.is_global or ip.is_multicast:
        return False
    return not any(ip.version == net.version and ip in net for net in NOT_PUBLIC)


def read(url: str, ports: frozenset[int]) -> Place:
    """``url`` in parts. ``AddressRefused`` when it is none, or one that is never called."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise AddressRefused("not_an_address") from error
    if parts.scheme not in PORTS or not parts.hostname or len(url) > LONGEST:
        raise AddressRefused("not_an_address")
    if "@" in parts.netloc:
        raise AddressRefused("userinfo")
    place = Place(
        scheme=parts.scheme,
        host=_host(parts.hostname),
        port=PORTS[parts.scheme] if port is None else port,
        target=_target(parts),
    )
    if place.port not in ports:
        raise AddressRefused("port")
    return place


def literal(host: str) -> IP | None:
    """The number that ``host`` is written as; None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _host(host: str) -> str:
    if (number := literal(host)) is not None:
        return str(number)
    if NUMERIC.fullmatch(host):
        raise AddressRefused("private")
    try:
        return ascii_host(host)
    except TextRefused as error:
        raise AddressRefused("not_an_address") from error


def _target(parts: SplitResult) -> str:
    query = f"?{parts.query}" if parts.query else ""
    target: str = iri_to_uri(f"{parts.path or '/'}{query}")
    if not target.startswith("/") or not re.fullmatch(r"[\x21-\x7e]+", target):
        raise AddressRefused("not_an_address")
    return target
