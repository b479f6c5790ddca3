"""A whole site of its own: database, web server and worker, started by the product's command."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import need

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 180.0


@dataclass
class RunningSite:
    """A site that answers at ``url``; its mails are files in ``mail``."""

    url: str
    mail: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def shell(self, code: str) -> str:
        """Run code in the site's own environment: how a test lets time pass."""
        return self.manage("shell", "--no-imports", "-c", code)

    def manage(self, *arguments: str) -> str:
        """Run a command of the site; it must succeed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def mails(self) -> str:
        """Everything that was sent, as text."""
        from email import message_from_bytes, policy

        texts = []
        for path in sorted(self.mail.glob("*.log"), key=lambda p: p.stat().st_mtime):
            for raw in path.read_bytes().split(b"-" * 79):
                if raw.strip():
                    message = message_from_bytes(raw.strip(), policy=policy.default)
                    body = message.get_body(("plain",))  # type: ignore[attr-defined]
                    texts.append(f"{message['To']}\n{message['Subject']}\n{body.get_content()}")
        return "\n=====\n".join(texts)

    def wait_for_mail(self, *words: str, within: float = 90) -> str:
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


def own_database(name: str, folder: Path) -> str:
    """A new database of the kind the tests run on."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        return f"sqlite:///{folder / 'db.sqlite3'}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(given)._replace(path=f"/{name}"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The demonstration, as ``make run`` starts it, on a port of its own."""
    folder = tmp_path_factory.mktemp("site")
    port = free_port()
    environment = {
        **{k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"},
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
        "DATABASE_URL": own_database(f"e2e_{port}", folder),
        "BASE_URL": f"http://localhost:{port}",
        "EMAIL_URL": f"filemail://{folder / 'mail'}",
        "PAGE_CACHE_SECONDS": "0",
    }
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "start", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    url = f"http://localhost:{port}"
    try:
        wait_until_up(url, process, folder / "log")
        yield RunningSite(url, folder / "mail", environment, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        log.close()


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
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
        self.contexts: list[object] = []
        self.errors: list[str] = []

    def open(self, language: str, account: str = "", width: int = 1440) -> Page:
        """A page of ``account`` (a demonstration account), signed in, at the home page."""
        context = self.browser.new_context(
            locale=f"{language}-CA",
            base_url=self.site.url,
            viewport={"width": width, "height": 900},
            timezone_id="America/Toronto",
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("response", self._note)
        page.goto(f"/{language}/")
        if account:
            page.goto("/fr/compte/login/" if language == "fr" else "/en/account/login/")
            page.locator("[name=login]").fill(f"{account}@demo.test")
            page.locator("[name=password]").fill("essai-demo")
            page.locator("main form button[type=submit], main form button").first.click()
            page.wait_for_url("**/espace/" if language == "fr" else "**/workspace/")
        return page

    def _note(self, response: object) -> None:
        status = response.status  # type: ignore[attr-defined]
        if status >= 500:
            self.errors.append(f"{status} {response.url}")  # type: ignore[attr-defined]

    def close(self) -> None:
        for context in self.contexts:
            context.close()  # type: ignore[attr-defined]
        assert not self.errors, self.errors
