"""The prober against a real server that misbehaves: it stays on the open network, on time, small.

Two ways to a server on this machine. ``first`` lets the address given be on the loopback, and no
other; ``street`` gives public numbers to names and dials the local server for them, noting which
number was asked, so that a walk of several steps is seen whole.
"""

from __future__ import annotations

import ipaddress
import resource
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest

from core.probing import Answer, Outcome, Prober, Reason, is_public
from core.probing.public import IP
from core.probing.wire import dial
from tests.local_server import LocalServer, Talk, certificate, serving

HERE = ipaddress.ip_address("127.0.0.1")
PUBLIC = "93.184.216.34"
OTHER = "93.184.216.35"
# Seconds that no answer of this machine takes, were it ten times slower; what hangs hangs longer.
AMPLE = 20.0


def near(server: LocalServer, deadline: float = AMPLE) -> Prober:
    """The address given may be on the loopback, at the server's port."""
    return Prober(
        deadline=deadline,
        ports=frozenset({80, 443, server.port}),
        first=frozenset({ipaddress.ip_address(server.host)}),
    )


def probe(handler: Callable[[Talk], None], path: str = "/", deadline: float = AMPLE) -> Answer:
    with serving(handler) as server:
        return near(server, deadline).probe(f"http://127.0.0.1:{server.port}{path}")


class Street:
    """Names with public numbers, and what was dialled."""

    def __init__(self, server: LocalServer, **names: Sequence[Sequence[str]]) -> None:
        self.server = server
        self.names = {name.replace("_", "."): list(turns) for name, turns in names.items()}
        self.looked: list[str] = []
        self.dialled: list[str] = []

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.looked.append(host)
        turns = self.names.get(host)
        if turns is None:
            raise socket.gaierror(host)
        return turns.pop(0) if len(turns) > 1 else turns[0]

    def dial(self, ip: IP, port: int, seconds: float) -> socket.socket:
        self.dialled.append(str(ip))
        return dial(ipaddress.ip_address(self.server.host), self.server.port, seconds)

    def prober(self, **fields: object) -> Prober:
        return Prober(deadline=AMPLE, resolve=self.resolve, dial=self.dial, **fields)  # type: ignore[arg-type]


def test_a_page_that_answers() -> None:
    with serving(lambda talk: talk.answer("200 OK")) as server:
        answer = near(server).probe(f"http://127.0.0.1:{server.port}/à propos?q=é")
    assert (answer.outcome, answer.status, answer.reason) == (Outcome.ANSWERS, 200, None)
    (head,) = server.heads
    assert head.startswith("HEAD /%C3%A0%20propos?q=%C3%A9 HTTP/1.1\r\n")
    assert f"\r\nHost: 127.0.0.1:{server.port}\r\n" in head
    assert "\r\nUser-Agent: BancDessai-LinkCheck/1.0 (+http" in head


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("404 Not Found", Outcome.FAILS),
        ("410 Gone", Outcome.FAILS),
        ("500 Oops", Outcome.FAILS),
        ("403 No", Outcome.UNSURE),
        ("429 Slow down", Outcome.UNSURE),
        ("999 Denied", Outcome.UNSURE),
        ("204 Nothing", Outcome.ANSWERS),
    ],
)
def test_what_the_server_says(status: str, outcome: Outcome) -> None:
    answer = probe(lambda talk: talk.answer(status))
    assert (answer.outcome, answer.status) == (outcome, int(status[:3]))
    assert answer.reason == (Reason.STATUS if outcome == Outcome.FAILS else None)


@pytest.mark.parametrize("refusal", ["405 No", "501 No", "404 No", "cut"])
def test_who_refuses_the_head_is_asked_for_the_page(refusal: str) -> None:
    def handler(talk: Talk) -> None:
        if talk.method == "GET":
            talk.answer("200 OK")
        elif refusal != "cut":
            talk.answer(refusal)

    assert probe(handler).outcome == Outcome.ANSWERS


@pytest.mark.parametrize(
    "where",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0.0.0.0/"),
        *("http://10.0.0.1/", "http://172.16.1.1/", "http://192.168.1.1/", "http://100.64.0.1/"),
        *("http://169.254.169.254/latest/meta-data/", "http://224.0.0.1/", "http://[fe80::1]/"),
        *("http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/"),
        *("http://[fd00:ec2::254]/", "http://[::]/", "http://[::127.0.0.1]/"),
        *("http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/"),
        *("http://0x7f.0.0.1/", "http://①②⑦.⓪.⓪.①/", "http://127.0.0.1./"),
    ],
)
def test_a_redirect_to_what_is_not_public_is_not_followed(where: str) -> None:
    with serving(lambda talk: talk.answer("200 OK")) as inside:
        place = where.replace("127.0.0.1/", f"127.0.0.1:{inside.port}/")

        def handler(talk: Talk) -> None:
            talk.redirect(place)

        with serving(handler) as server:
            prober = Prober(
                deadline=AMPLE,
                ports=frozenset({80, 443, server.port, inside.port}),
                first=frozenset({HERE}),
            )
            answer = prober.probe(f"http://127.0.0.1:{server.port}/")
    assert (answer.outcome, answer.reason) == (Outcome.FAILS, Reason.PRIVATE)
    assert (inside.heads, answer.numbers) == ([], ("127.0.0.1",))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://exemple.test/", Reason.NOT_AN_ADDRESS),
        ("file:///etc/passwd", Reason.NOT_AN_ADDRESS),
        ("javascript:alert(1)", Reason.NOT_AN_ADDRESS),
        ("pas une adresse", Reason.NOT_AN_ADDRESS),
        ("http://", Reason.NOT_AN_ADDRESS),
        ("http://[::1", Reason.NOT_AN_ADDRESS),
        ("http://exemple.test:notaport/", Reason.NOT_AN_ADDRESS),
        ("http://a\nb.test/", Reason.NO_SUCH_NAME),
        ("http://" + "a" * 3000 + ".test/", Reason.NOT_AN_ADDRESS),
        ("http://moi:secret@exemple.test/", Reason.USERINFO),
        ("http://exemple.test:22/", Reason.PORT),
        ("http://exemple.test:6379/", Reason.PORT),
        ("http://nulle-part.test/", Reason.NO_SUCH_NAME),
    ],
)
def test_what_is_never_called(url: str, reason: Reason) -> None:
    with serving(lambda talk: talk.answer("200 OK")) as server:
        street = Street(server, exemple_test=[[PUBLIC]])
        answer = street.prober().probe(url)
    assert (answer.outcome, answer.reason, street.dialled) == (Outcome.FAILS, reason, [])


def test_a_name_that_changes_its_address_is_called_where_it_was_checked() -> None:
    """Looked up once for each step: what it says afterwards is not asked."""
    with serving(lambda talk: talk.answer("404 No")) as server:
        street = Street(server, tourne_test=[[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
        answer = street.prober().probe("http://tourne.test/")
    assert answer.status == 404
    # The head, then the page: two calls, one look-up, one number.
    assert (street.looked, street.dialled) == (["tourne.test"], [PUBLIC, PUBLIC])


def test_a_name_that_changes_between_two_steps_is_refused_at_the_second() -> None:
    with serving(lambda talk: talk.redirect("http://tourne.test/suite")) as server:
        street = Street(server, tourne_test=[[PUBLIC], ["127.0.0.1"]])
        answer = street.prober().probe("http://tourne.test/")
    assert (answer.reason, answer.redirects, street.dialled) == (Reason.PRIVATE, 1, [PUBLIC])


def test_a_name_with_one_private_number_among_public_ones_is_refused() -> None:
    with serving(lambda talk: talk.answer("200 OK")) as server:
        street = Street(server, double_test=[[PUBLIC, "10.0.0.7"]])
        answer = street.prober().probe("http://double.test/")
    assert (answer.reason, street.dialled) == (Reason.PRIVATE, [])


def test_the_next_number_is_tried_when_the_first_is_deaf() -> None:
    with serving(lambda talk: talk.answer("200 OK")) as server:
        street = Street(server, deux_test=[[PUBLIC, OTHER]])

        def half_deaf(ip: IP, port: int, seconds: float) -> socket.socket:
            if str(ip) == PUBLIC:
                raise ConnectionRefusedError
            return street.dial(ip, port, seconds)

        prober = Prober(deadline=AMPLE, resolve=street.resolve, dial=half_deaf)
        answer = prober.probe("http://deux.test/")
    assert (answer.outcome, answer.numbers) == (Outcome.ANSWERS, (OTHER,))


@pytest.mark.parametrize(
    ("steps", "outcome", "reason", "calls"),
    [(5, Outcome.ANSWERS, None, 6), (6, Outcome.FAILS, Reason.REDIRECTS, 6)],
)
def test_five_redirects_and_no_sixth(
    steps: int, outcome: Outcome, reason: Reason | None, calls: int
) -> None:
    def handler(talk: Talk) -> None:
        step = int(talk.target[1:])
        if step < steps:
            talk.redirect(f"http://pas{step + 1}.test/{step + 1}")
        else:
            talk.answer("200 OK")

    with serving(handler) as server:
        street = Street(server, **{f"pas{n}_test": [[PUBLIC]] for n in range(8)})
        answer = street.prober().probe("http://pas0.test/0")
    assert (answer.outcome, answer.reason) == (outcome, reason)
    # Each step looked up its own name.
    assert street.looked == [f"pas{n}.test" for n in range(calls)]


def test_circles_are_seen() -> None:
    def handler(talk: Talk) -> None:
        talk.redirect("/b" if talk.target == "/a" else "/a")

    with serving(handler) as server:
        street = Street(server, rond_test=[[PUBLIC]])
        answer = street.prober().probe("http://rond.test/a")
    assert (answer.reason, answer.redirects, len(server.heads)) == (Reason.LOOP, 2, 2)


def silent(talk: Talk) -> None:
    talk.over.wait(2 * AMPLE)


def dripping(talk: Talk) -> None:
    talk.say("HTTP/1.1 200 OK\r\nX: ")
    while not talk.over.wait(0.05):
        talk.say("x")


def dripping_body(talk: Talk) -> None:
    if talk.method == "HEAD":
        talk.answer("405 No")
        return
    talk.say("HTTP/1.1 200 OK\r\n\r\n")
    while not talk.over.wait(0.05):
        talk.say("x")


@pytest.mark.parametrize(
    ("handler", "outcome"),
    [(silent, Outcome.FAILS), (dripping, Outcome.FAILS), (dripping_body, Outcome.ANSWERS)],
)
def test_nothing_outlasts_the_deadline(handler: Callable[[Talk], None], outcome: Outcome) -> None:
    started = time.monotonic()
    answer = probe(handler, deadline=1.0)
    assert 0.9 < time.monotonic() - started < AMPLE
    assert answer.outcome == outcome
    assert answer.reason == (Reason.TIMEOUT if outcome == Outcome.FAILS else None)


def test_the_deadline_is_of_the_whole_walk() -> None:
    def handler(talk: Talk) -> None:
        talk.over.wait(0.4)
        talk.redirect(f"/{len(talk.target)}{talk.target}")

    with serving(handler) as server:
        street = Street(server, lent_test=[[PUBLIC]])
        answer = Prober(deadline=1.0, resolve=street.resolve, dial=street.dial).probe(
            "http://lent.test/"
        )
    # Each step is quick enough; were the time counted again at each, it would walk to the end.
    assert answer.reason == Reason.TIMEOUT
    assert answer.redirects <= 2


def test_a_look_up_that_hangs_is_left() -> None:
    over = threading.Event()

    def hang(host: str, port: int) -> Sequence[str]:
        over.wait(2 * AMPLE)
        return [PUBLIC]

    started = time.monotonic()
    answer = Prober(deadline=0.3, resolve=hang).probe("http://lent.test/")
    spent = time.monotonic() - started
    over.set()
    assert answer.reason == Reason.TIMEOUT
    assert spent < AMPLE


def test_a_greeting_of_tls_that_drips_is_left() -> None:
    def handler(sock: socket.socket) -> None:
        with closing(sock), suppress(OSError):
            sock.sendall(b"\x16\x03\x03\x3f\xff\x02\x00\x3f\xf0\x03\x03")
            while True:
                time.sleep(0.05)
                sock.sendall(b"\x00")

    with serving(lambda talk: None) as server:
        server._serve = handler  # type: ignore[method-assign]
        street = Street(server, goutte_test=[[PUBLIC]])
        started = time.monotonic()
        answer = Prober(deadline=0.6, resolve=street.resolve, dial=street.dial).probe(
            "https://goutte.test/"
        )
    assert answer.reason == Reason.TIMEOUT
    assert time.monotonic() - started < AMPLE


def ten_gigabytes(talk: Talk) -> None:
    if talk.method == "HEAD":
        talk.answer("405 No")
        return
    talk.say("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
    for _n in range(10_000):
        talk.say(b"x" * 1_000_000)


def headers_without_end(talk: Talk) -> None:
    talk.say("HTTP/1.1 200 OK\r\n")
    while True:
        talk.say("X-Filler: " + "x" * 2000 + "\r\n")


def one_header_without_end(talk: Talk) -> None:
    talk.say("HTTP/1.1 200 OK\r\nX: ")
    while True:
        talk.say("x" * 10_000)


def status_without_end(talk: Talk) -> None:
    while True:
        talk.say("HTTP/1.1 100 Continue\r\n\r\n")


def chunks_without_end(talk: Talk) -> None:
    if talk.method == "HEAD":
        talk.answer("405 No")
        return
    talk.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        talk.say("1;" + "x" * 3000 + "\r\nx\r\n")


@pytest.mark.parametrize(
    ("handler", "outcome", "most"),
    [
        (ten_gigabytes, Outcome.ANSWERS, 10_000),
        (headers_without_end, Outcome.FAILS, 132_000),
        (one_header_without_end, Outcome.FAILS, 132_000),
        (status_without_end, Outcome.FAILS, 132_000),
        (chunks_without_end, Outcome.ANSWERS, 70_000),
    ],
)
def test_little_is_read_of_what_has_no_end(
    handler: Callable[[Talk], None], outcome: Outcome, most: int
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    answer = probe(handler)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert answer.outcome == outcome
    assert 0 < answer.bytes_read <= most
    # The whole process, the server's own pieces of a megabyte with it.
    assert grown < 20_000
    assert time.monotonic() - started < AMPLE / 2


def test_what_is_compressed_stays_so() -> None:
    """A few bytes that would become gigabytes are not opened, and none was asked for."""

    def handler(talk: Talk) -> None:
        if talk.method == "HEAD":
            talk.answer("405 No")
            return
        assert talk.header("Accept-Encoding") == "identity"
        talk.say("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
        talk.say(b"\x1f\x8b" + b"\x00" * 5000)

    answer = probe(handler)
    assert (answer.outcome, answer.status) == (Outcome.ANSWERS, 200)


@pytest.mark.parametrize("said", ["", "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 abc\r\n\r\n", "\x00\x01"])
def test_what_makes_no_sense(said: str) -> None:
    answer = probe(lambda talk: talk.say(said))
    assert (answer.outcome, answer.reason) == (Outcome.FAILS, Reason.NO_SENSE)


def test_a_closed_port_is_unreachable() -> None:
    with serving(lambda talk: None) as server:
        prober = near(server)
    # The listener is closed: its port refuses.
    assert prober.probe(f"http://127.0.0.1:{server.port}/").reason == Reason.UNREACHABLE


@pytest.mark.parametrize(
    ("name", "outcome", "reason"),
    [
        ("exemple.test", Outcome.ANSWERS, None),
        ("autre.test", Outcome.FAILS, Reason.CERTIFICATE),
    ],
)
def test_tls_with_the_name_that_was_asked(
    tmp_path: Path, name: str, outcome: Outcome, reason: Reason | None
) -> None:
    """The certificate is of the name, though a number is called; the name is told (SNI)."""
    context, trusted = certificate(tmp_path, name)
    told: list[str | None] = []
    context.sni_callback = lambda sock, said, ctx: told.append(said)  # type: ignore[misc]
    with serving(lambda talk: talk.answer("200 OK"), context=context) as server:
        street = Street(server, exemple_test=[[PUBLIC]])
        prober = street.prober(trust=lambda: ssl.create_default_context(cafile=str(trusted)))
        answer = prober.probe("https://exemple.test/")
    assert (answer.outcome, answer.reason) == (outcome, reason)
    assert told[0] == "exemple.test"
    assert street.dialled == [PUBLIC]


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    context, _trusted = certificate(tmp_path, "exemple.test")
    with serving(lambda talk: talk.answer("200 OK"), context=context) as server:
        street = Street(server, exemple_test=[[PUBLIC]])
        assert street.prober().probe("https://exemple.test/").reason == Reason.CERTIFICATE


def test_ipv6() -> None:
    with serving(lambda talk: talk.answer("200 OK"), host="::1") as server:
        answer = near(server).probe(f"http://[::1]:{server.port}/")
        assert (answer.outcome, answer.numbers) == (Outcome.ANSWERS, ("::1",))
        street = Street(server, six_test=[["2606:2800:220:1::1"]])
        assert street.prober().probe("http://six.test/").outcome == Outcome.ANSWERS
    assert f"\r\nHost: [::1]:{server.port}\r\n" in server.heads[0]
    assert street.dialled == ["2606:2800:220:1::1"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        *((n, True) for n in (PUBLIC, "8.8.8.8", "2606:4700::1111", "192.0.78.1")),
        *(
            (n, False)
            for n in (
                *("127.0.0.1", "127.255.255.254", "10.1.2.3", "172.31.255.255", "192.168.0.1"),
                *("169.254.169.254", "100.64.0.1", "100.127.255.255", "0.0.0.0", "0.1.2.3"),  # noqa: S104
                *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1"),
                *("198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "192.0.0.8"),
                *("::1", "::", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::808:808"),
                *("64:ff9b:1::1", "2002:808:808::1", "2001::1", "2001:db8::1", "fe80::1"),
                *("fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "3fff::1", "fec0::1", "100::1"),
            )
        ),
    ],
)
def test_which_numbers_are_public(number: str, expected: bool) -> None:
    assert is_public(ipaddress.ip_address(number)) is expected
