"""Ask an address whether it answers, with one deadline for everything."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.addresses import site_url
from core.probing.public import IP, AddressRefused, Place, is_public, literal, read
from core.probing.wire import (
    Clock,
    Dial,
    OutOfTime,
    Resolve,
    TooMuch,
    Wire,
    ask,
    dial,
    resolve_by_system,
    resolve_in_time,
    secure,
)

DEADLINE: Final = 10.0
MOST_REDIRECTS: Final = 5
# Of one answer, its head included; of a body, what is read before hanging up.
MOST_BYTES: Final = 64 * 1024
MOST_OF_BODY: Final = 4096
MOST_NUMBERS: Final = 4
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# Who keeps machines out answers so; a person may well see the page.
KEEPS_OUT: Final = frozenset({401, 403, 405, 406, 407, 418, 429, 451, 503, 999})


class Outcome(models.TextChoices):
    """What became of a test."""

    ANSWERS = "answers", _("Answers")
    UNSURE = "unsure", _("Answers, but not to machines")
    FAILS = "fails", _("Does not answer")


class Reason(models.TextChoices):
    """Why an address does not answer, in words."""

    NOT_AN_ADDRESS = "not_an_address", _("this is not the address of a web page")
    USERINFO = "userinfo", _("the address holds a name or a password")
    PORT = "port", _("the address asks for another port than 80 or 443")
    NO_SUCH_NAME = "no_such_name", _("no such name")
    PRIVATE = "private", _("it leads to an address that is not public")
    UNREACHABLE = "unreachable", _("the server cannot be reached")
    CERTIFICATE = "certificate", _("its certificate is not valid")
    TIMEOUT = "timeout", _("no answer within ten seconds")
    LOOP = "loop", _("it redirects in circles")
    REDIRECTS = "redirects", _("it redirects too many times")
    NO_SENSE = "no_sense", _("its answer makes no sense")
    STATUS = "status", _("the server says that the page is not there, or that it failed")


# What an interrupted network of our own looks like too.
OF_THE_NETWORK: Final = frozenset({Reason.NO_SUCH_NAME, Reason.UNREACHABLE, Reason.TIMEOUT})


@dataclass(frozen=True, slots=True)
class Answer:
    """How an address answered; ``status`` is the last one that was read."""

    outcome: Outcome
    status: int | None = None
    reason: Reason | None = None
    redirects: int = 0
    bytes_read: int = 0
    numbers: tuple[str, ...] = ()


@dataclass(slots=True)
class _Way:
    """What was seen on the way."""

    clock: Clock
    status: int | None = None
    redirects: int = 0
    bytes_read: int = 0
    numbers: list[str] = field(default_factory=list)


class _Failed(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Prober:
    """Asks addresses. ``first`` are numbers that the address given, and no redirect, may have."""

    deadline: float = DEADLINE
    ports: frozenset[int] = frozenset({80, 443})
    first: frozenset[IP] = frozenset()
    resolve: Resolve = resolve_by_system
    dial: Dial = dial
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def probe(self, url: str) -> Answer:
        """Ask ``url`` and follow where it leads; never raises on what an address does."""
        way = _Way(Clock(self.deadline))
        try:
            status = self._follow(url, way)
        except _Failed as failed:
            return self._answer(way, Outcome.FAILS, failed.reason)
        if status in KEEPS_OUT:
            return self._answer(way, Outcome.UNSURE)
        if status >= 400:
            return self._answer(way, Outcome.FAILS, Reason.STATUS)
        return self._answer(way, Outcome.ANSWERS)

    def _answer(self, way: _Way, outcome: Outcome, reason: Reason | None = None) -> Answer:
        numbers = tuple(way.numbers)
        return Answer(outcome, way.status, reason, way.redirects, way.bytes_read, numbers)

    def _follow(self, url: str, way: _Way) -> int:
        seen: set[str] = set()
        while True:
            place = self._read(url)
            if place.url in seen:
                raise _Failed(Reason.LOOP)
            seen.add(place.url)
            status, location = self._visit(place, way)
            if status not in REDIRECTS or not location:
                return status
            if way.redirects == MOST_REDIRECTS:
                raise _Failed(Reason.REDIRECTS)
            way.redirects += 1
            url = urljoin(place.url, location)

    def _read(self, url: str) -> Place:
        try:
            return read(url, self.ports)
        except AddressRefused as refused:
            raise _Failed(Reason(refused.code)) from refused
        except ValueError as error:
            raise _Failed(Reason.NOT_AN_ADDRESS) from error

    def _visit(self, place: Place, way: _Way) -> tuple[int, str]:
        """The head alone first, then the page when the head is refused."""
        numbers = self._numbers(place, way)
        try:
            status, location = self._ask("HEAD", place, numbers, way)
        except _Failed as failed:
            if failed.reason != Reason.NO_SENSE:
                raise
            status, location = 400, ""
        if status < 400:
            return status, location
        return self._ask("GET", place, numbers, way)

    def _numbers(self, place: Place, way: _Way) -> list[IP]:
        """Where the machine is: looked up once, and every number of it public."""
        number = literal(place.host)
        try:
            texts = (
                [str(number)]
                if number is not None
                else resolve_in_time(self.resolve, place.host, place.port, way.clock)
            )
            numbers = [ipaddress.ip_address(text) for text in texts]
        except OutOfTime as error:
            raise _Failed(Reason.TIMEOUT) from error
        except (OSError, ValueError) as error:
            raise _Failed(Reason.NO_SUCH_NAME) from error
        if not numbers:
            raise _Failed(Reason.NO_SUCH_NAME)
        may_be = self.first if way.redirects == 0 else frozenset()
        if not all(ip in may_be or is_public(ip) for ip in numbers):
            raise _Failed(Reason.PRIVATE)
        return numbers[:MOST_NUMBERS]

    def _ask(self, method: str, place: Place, numbers: list[IP], way: _Way) -> tuple[int, str]:
        try:
            with closing(self._connect(place, numbers, way)) as sock:
                return self._exchange(method, place, sock, way)
        except TooMuch as error:
            raise _Failed(Reason.NO_SENSE) from error
        except TimeoutError as error:
            raise _Failed(Reason.TIMEOUT) from error
        except ssl.SSLCertVerificationError as error:
            raise _Failed(Reason.CERTIFICATE) from error
        except (ConnectionError, http.client.HTTPException, ssl.SSLError, ValueError) as error:
            raise _Failed(Reason.NO_SENSE) from error
        except OSError as error:
            raise _Failed(Reason.UNREACHABLE) from error

    def _connect(self, place: Place, numbers: list[IP], way: _Way) -> socket.socket:
        """To the very number that was checked; the next one when it does not answer."""
        for left, ip in zip(range(len(numbers), 0, -1), numbers, strict=True):
            try:
                sock = self.dial(ip, place.port, way.clock.left() / left)
            except OSError as error:
                if left > 1:
                    continue
                if isinstance(error, TimeoutError):
                    raise
                raise _Failed(Reason.UNREACHABLE) from error
            way.numbers.append(str(ip))
            if not place.is_secure:
                return sock
            try:
                return secure(sock, place.host, self.trust(), way.clock)
            except BaseException:
                sock.close()
                raise
        raise _Failed(Reason.UNREACHABLE)

    def _exchange(
        self, method: str, place: Place, sock: socket.socket, way: _Way
    ) -> tuple[int, str]:
        wire = Wire(sock, way.clock, MOST_BYTES)
        headers = {
            "Host": place.host_header,
            "User-Agent": user_agent(),
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        try:
            response = ask(
                wire, method=method, host=place.host, target=place.target, headers=headers
            )
            way.status = response.status
            if method == "GET":
                _taste(response)
            return response.status, _location(response)
        finally:
            way.bytes_read += wire.intake.came


def _taste(response: http.client.HTTPResponse) -> None:
    """The beginning of the page: the head has said what there was to know."""
    try:
        response.read(MOST_OF_BODY)
    except (OSError, http.client.HTTPException):
        return


def _location(response: http.client.HTTPResponse) -> str:
    """Where it redirects; headers are bytes that :mod:`http.client` reads as Latin-1."""
    found = response.getheader("Location") or ""
    return found.encode("latin-1", "replace").decode("utf-8", "replace").strip()


def user_agent() -> str:
    """Who asks, and where one reads why."""
    return f"BancDessai-LinkCheck/1.0 (+{site_url()})"
