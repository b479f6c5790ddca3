"""A whole site of its own: database, web server and worker, started by the product's command."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from cms.settings.test import of_this_process
from tests import databases
from tests.conftest import need
from tests.databases import ROOT

# In seconds, on a machine several times slower than one's own: a good change is not refused for
# that, and what is broken is only told later.
STARTS_WITHIN = 600.0
PATIENCE = 30.0
WORKER_WITHIN = 200.0

expect.set_options(timeout=PATIENCE * 1000)


@dataclass
class RunningSite:
    """A site that answers at ``url``; its mails are files in ``mail``."""

    url: str
    mail: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    hand: subprocess.Popen[str] | None = None

    def shell(self, code: str) -> str:
        """Run code in the site's own environment: how a test lets time pass."""
        if self.hand is None:
            self.hand = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.hand"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.hand.stdin is not None
        assert self.hand.stdout is not None
        self.hand.stdin.write(json.dumps(code) + "\n")
        self.hand.stdin.flush()
        heard, _, _ = select.select([self.hand.stdout], [], [], 120)
        assert heard, f"No answer: {code}"
        answer = self.hand.stdout.readline()
        if not answer:
            raise AssertionError(f"It died, status {self.let_go()}: {code}")
        printed, failure = json.loads(answer)
        assert not failure, failure
        return str(printed)

    def let_go(self) -> int:
        """End the hand; with what status it ended."""
        hand, self.hand = self.hand, None
        if hand is None:
            return 0
        with hand:
            assert hand.stdin is not None
            hand.stdin.close()
        return hand.returncode

    def manage(self, *arguments: str) -> str:
        """Run a command of the site; it must succeed."""
        call = "from django.core.management import call_command; call_command"
        return self.shell(f"{call}(*{arguments!r})")

    def mails(self) -> str:
        """Everything that was sent, as text."""
        from email import message_from_bytes, policy

        texts = []
        for path in sorted(self.mail.glob("*.log"), key=lambda p: p.stat().st_mtime):
            # What stands after the last line of dashes is being written.
            *whole, _rest = path.read_bytes().split(b"-" * 79)
            for raw in whole:
                message = message_from_bytes(raw.strip(), policy=policy.default)
                body = message.get_body(("plain",))  # type: ignore[attr-defined]
                texts.append(f"{message['To']}\n{message['Subject']}\n{body.get_content()}")
        return "\n=====\n".join(texts)

    def wait_for_mail(self, *words: str, within: float = WORKER_WITHIN) -> str:
        """All mails, once every one of ``words`` stands in them."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            text = self.mails()
            if all(word in text for word in words):
                return text
            time.sleep(0.5)
        missing = [word for word in words if word not in self.mails()]
        raise AssertionError(f"No mail with {missing} in:\n{self.mails()}")


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(database: str, **more: str) -> dict[str, str]:
    """Of a site of its own, as on one's own machine.

    Its cache is that of this process, emptied before each test: what the sites of the others count
    on the same address, sign-ins within a minute, is not added to what this one counts.
    """
    inherited = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    settings = {"DJANGO_SETTINGS_MODULE": "cms.settings.dev", "DATABASE_URL": database}
    if inherited.get("REDIS_URL"):
        settings["REDIS_URL"] = of_this_process(inherited["REDIS_URL"])
    return inherited | settings | more


@contextmanager
def running(database: str, folder: Path) -> Iterator[RunningSite]:
    """A site on ``database``, as ``make run`` starts it, on a port of its own."""
    port = free_port()
    url = f"http://localhost:{port}"
    around = environment(
        database, EMAIL_URL=f"filemail://{folder / 'mail'}", PAGE_CACHE_SECONDS="0"
    )
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "start", "--port", str(port)],
        cwd=ROOT,
        env=around,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    # The start gives its own processes the address; what a test runs beside them needs it too.
    site = RunningSite(url, folder / "mail", around | {"BASE_URL": url}, process)
    try:
        wait_until_up(url, process, folder / "log")
        yield site
    finally:
        site.let_go()
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        finally:
            # One that does not stop must not go on beside the next.
            process.kill()
            log.close()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the product's own command makes of an empty database: the one that sites copy.

    The eight hundred tasks that a first load leaves to the worker are done here, once: each site
    would spend half a minute on them before its first mail.
    """

    def start_once(database: str) -> None:
        folder = tmp_path_factory.mktemp("first")
        with running(database, folder):
            pass
        stopped = RunningSite("", folder, environment(database))
        stopped.shell(
            "from core import queue; queue.drain(); assert queue.health()['waiting'] == 0"
        )
        stopped.let_go()

    return databases.original("demonstration", start_once)


@pytest.fixture(scope="module")
def site(demonstration: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The demonstration, running."""
    folder = tmp_path_factory.mktemp("site")
    with running(databases.copy(demonstration, f"site{os.getpid()}"), folder) as site:
        yield site


def wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            with urlopen(f"{url}/healthz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window.

    It is closed with its module: as long as it is open, Django takes the process for an
    asynchronous one and refuses it the database.
    """
    path = need("CHROMIUM", "the browser walks")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, site: RunningSite) -> Iterator[Person]:
    """Opens a browser for a person, in a language."""
    person = Person(browser, site)
    yield person
    person.close()


class Person:
    """Several people at once, each with a browser of their own."""

    def __init__(self, browser: Browser, site: RunningSite) -> None:
        self.browser = browser
        self.site = site
        self.contexts: dict[tuple[str, str, int], BrowserContext] = {}
        self.errors: list[str] = []

    def open(self, language: str, account: str = "", width: int = 1440) -> Page:
        """A page of ``account``, one of the demonstration's, or of a visitor without one.

        Their first is the home page, then their workspace once they have signed in; the next ones
        are empty pages of the same browser, where they still are who they were.
        """
        who = (language, account, width)
        if who in self.contexts:
            return self._page(self.contexts[who])
        self.contexts[who] = self.browser.new_context(
            locale=f"{language}-CA",
            base_url=self.site.url,
            viewport={"width": width, "height": 900},
            timezone_id="America/Toronto",
        )
        page = self._page(self.contexts[who])
        page.goto(f"/{language}/")
        if account:
            page.goto("/fr/compte/login/" if language == "fr" else "/en/account/login/")
            page.locator("[name=login]").fill(f"{account}@demo.test")
            page.locator("[name=password]").fill("essai-demo")
            page.locator("main form button[type=submit], main form button").first.click()
            page.wait_for_url("**/espace/" if language == "fr" else "**/workspace/")
        return page

    def _page(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("response", self._note)
        return page

    def _note(self, response: object) -> None:
        status = response.status  # type: ignore[attr-defined]
        if status >= 500:
            self.errors.append(f"{status} {response.url}")  # type: ignore[attr-defined]

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()
        assert not self.errors, self.errors
