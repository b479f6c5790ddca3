"""One command from a clone to a running site: database, demonstration, web server and worker."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from cms.demo.accounts import ACCOUNTS, PASSWORD
from pilots.models import Challenge

READY_WITHIN = 180.0
STOP_WITHIN = 15.0
# Of all the processes of the web together.
THREADS = 8


class Command(BaseCommand):
    """``manage.py start``: what ``make run`` calls."""

    help = "Prepares the database, loads the demonstration once, runs web server and worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=web_processes())

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, start both processes, wait for Ctrl-C, stop both."""
        port: int = options["port"]
        _require_free(port)
        # A shell that put this process in the background had it ignore Ctrl-C.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            self._prepare()
        except KeyboardInterrupt:
            self.stdout.write("\nStopped while it was being prepared; the next start goes on.")
            raise SystemExit(130) from None
        processes = [
            subprocess.Popen(command, start_new_session=True, env=environment(port))
            for command in (self._web(port, options["workers"]), _manage("worker", "-v", "0"))
        ]
        # A stop asked of this process by any means ends both children in order. It is noted, not
        # raised: an exception in the middle of a poll would leave its lock taken, and the wait for
        # the children without end.
        asked = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_args: asked.set())
        try:
            _wait_until_ready(port, processes, asked)
            if not asked.is_set():
                self._say_hello(port)
            while not asked.wait(0.3):
                if any(process.poll() is not None for process in processes):
                    msg = "One of the two processes ended by itself; see its messages above."
                    raise CommandError(msg)
            self.stdout.write("\nStopping…")
        finally:
            stop(processes)

    def _prepare(self) -> None:
        call_command("messages", compile=True, verbosity=0)
        self._timed("database", lambda: call_command("migrate", verbosity=0, interactive=False))
        if settings.DEBUG and not Challenge.objects.exists():
            self._timed("demonstration", lambda: call_command("seed_demo", verbosity=0))

    def _timed(self, what: str, do: Any) -> None:
        self.stdout.write(f"→ {what}")
        self.stdout.flush()
        started = time.monotonic()
        do()
        self.stdout.write(f"  ({what}: {time.monotonic() - started:.0f} s)")

    def _web(self, port: int, workers: int) -> list[str]:
        return [
            *(sys.executable, "-m", "gunicorn", "cms.wsgi:application"),
            *("--bind", f"127.0.0.1:{port}", "--workers", str(workers)),
            *("--threads", str(THREADS // workers), "--worker-class", "gthread"),
            *("--log-level", "warning", "--no-control-socket"),
        ]

    def _say_hello(self, port: int) -> None:
        lines = [f"\n  Banc d’essai · http://localhost:{port}/\n"]
        if settings.DEBUG:
            lines += [f"  Demonstration accounts (password {PASSWORD}):"]
            lines += [f"    {account.email:<24} {account.what}" for account in ACCOUNTS]
            lines += [f"  Mail is kept: http://localhost:{port}/dev/mail/"]
        self.stdout.write("\n".join([*lines, "  Ctrl-C stops everything.\n"]))
        self.stdout.flush()


def web_processes() -> int:
    """One when attempts are counted in a process's own memory: two would let twice as many pass."""
    return 1 if "locmem" in settings.CACHES["default"]["BACKEND"] else 2


def environment(port: int) -> dict[str, str]:
    """What both processes receive: links in mails, feeds and exports name this very port."""
    given = dict(os.environ)
    if not given.get("BASE_URL"):
        given["BASE_URL"] = f"http://localhost:{port}"
    return given


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            msg = f"Port {port} is taken. Free it, or choose another: make run PORT={port + 1}"
            raise CommandError(msg) from error


def _wait_until_ready(
    port: int, processes: list[subprocess.Popen[bytes]], asked: threading.Event
) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if asked.is_set() or any(process.poll() is not None for process in processes):
            return
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    msg = f"The site did not answer within {READY_WITHIN:.0f} seconds."
    raise CommandError(msg)


def stop(processes: list[subprocess.Popen[bytes]], within: float = STOP_WITHIN) -> None:
    """End ``processes``, leaders of their groups: in order, and after ``within`` seconds by force.

    Those that they started end with them: a worker that is left to itself would go on working.
    """
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + within
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(until - time.monotonic(), 0.1))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
