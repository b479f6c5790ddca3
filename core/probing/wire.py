"""A connection that cannot outlast its deadline nor bring more than it was allowed to.

The time and the bytes are counted where they arrive, under headers, bodies and chunks: a server
that sends one byte a second, headers without end or ten gigabytes is left at the same moment.
"""

from __future__ import annotations

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPResponse
from typing import Any, TypeAlias

from core.probing.public import IP

Resolve: TypeAlias = "Callable[[str, int], Sequence[str]]"
Dial: TypeAlias = "Callable[[IP, int, float], socket.socket]"


class OutOfTime(TimeoutError):
    """The deadline passed."""


class TooMuch(OSError):
    """More bytes came than were allowed."""


class Clock:
    """What is left of a deadline."""

    def __init__(self, seconds: float) -> None:
        """It runs from now."""
        self.ends = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds; ``OutOfTime`` when there is none."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise OutOfTime
        return left


class Intake(io.RawIOBase):
    """What arrives over a socket, counted."""

    def __init__(self, sock: socket.socket, clock: Clock, most: int) -> None:
        """At most ``most`` bytes until ``clock`` ends."""
        self.sock, self.clock, self.most = sock, clock, most
        self.came = 0

    def readable(self) -> bool:
        """It is only read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """What came, as much as is still allowed."""
        if self.came >= self.most:
            raise TooMuch
        room = memoryview(buffer)[: self.most - self.came]
        self.sock.settimeout(self.clock.left())
        count = self.sock.recv_into(room)
        self.came += count
        return count


class Wire:
    """What :mod:`http.client` takes for a socket."""

    def __init__(self, sock: socket.socket, clock: Clock, most: int) -> None:
        """See :class:`Intake`."""
        self.sock, self.clock = sock, clock
        self.intake = Intake(sock, clock, most)

    def makefile(self, mode: str, *_args: Any, **_kwargs: Any) -> io.BufferedReader:
        """Where the answer is read."""
        return io.BufferedReader(self.intake, 4096)

    def sendall(self, data: bytes) -> None:
        """Send the request."""
        self.sock.settimeout(self.clock.left())
        self.sock.sendall(data)

    def close(self) -> None:
        """Nothing: :mod:`http.client` lets go after the head, and the body is still to be read."""


def ask(
    wire: Wire, *, method: str, host: str, target: str, headers: dict[str, str]
) -> HTTPResponse:
    """Send a request and read the head of the answer. The body is left where it is."""
    connection = HTTPConnection(host)
    connection.sock = wire  # type: ignore[assignment]
    connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    return connection.getresponse()


def resolve_by_system(host: str, port: int) -> list[str]:
    """The numbers of a name, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def resolve_in_time(resolve: Resolve, host: str, port: int, clock: Clock) -> Sequence[str]:
    """The system's look-up knows no deadline: it is waited for no longer than there is time."""
    found: list[Sequence[str]] = []
    failed: list[Exception] = []

    def look() -> None:
        try:
            found.append(resolve(host, port))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    thread = threading.Thread(target=look, daemon=True, name="look-up")
    thread.start()
    thread.join(clock.left())
    if failed:
        raise failed[0]
    if not found:
        raise OutOfTime
    return found[0]


def dial(ip: IP, port: int, seconds: float) -> socket.socket:
    """Connect to a number, never to a name."""
    family = socket.AF_INET6 if ip.version == 6 else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.settimeout(seconds)
    try:
        sock.connect((str(ip), port))
    except BaseException:
        sock.close()
        raise
    return sock


def secure(sock: socket.socket, host: str, trust: ssl.SSLContext, clock: Clock) -> ssl.SSLSocket:
    """TLS with the certificate of ``host``, the name that was asked for."""
    sock.settimeout(clock.left())
    return trust.wrap_socket(sock, server_hostname=host)
