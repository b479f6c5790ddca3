"""The whole site, started by its own command: how soon it answers and what it weighs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
PORT = 8977


def measure_site(folder: Path) -> list[tuple[str, float, float, str]]:
    """First and second start of a site with its demonstration, and the weight of its processes."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "BASE_URL": f"http://localhost:{PORT}",
        "EMAIL_URL": f"filemail://{folder / 'mail'}",
    }
    first, _weights = _start(environment)
    second, weights = _start(environment)
    return [
        ("first start with an installed environment", first, 240, "s"),
        ("second start to the first page", second, 10, "s"),
        ("web process", weights["gunicorn"], 200, "MB"),
        ("queue process", weights["worker"], 200, "MB"),
    ]


def _start(environment: dict[str, str]) -> tuple[float, dict[str, float]]:
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "start", "--port", str(PORT)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        _until_first_page(process)
        seconds = time.monotonic() - started
        for address in ("/fr/", "/fr/defis/", "/en/pilots/", "/fr/sites/"):
            for _n in range(10):
                with urlopen(f"http://localhost:{PORT}{address}", timeout=20) as answer:
                    answer.read()
        return seconds, _weights(process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _until_first_page(process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            with urlopen(f"http://localhost:{PORT}/fr/", timeout=20):
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise SystemExit("The site did not start.")


def _weights(parent: int) -> dict[str, float]:
    """The heaviest process of each kind, in MB of its own and shared memory together (RSS)."""
    kinds = {"gunicorn": 0.0, "worker": 0.0}
    for pid in _descendants(parent):
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")
        kind = next((k for k in kinds if k in command), None)
        match = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        if kind and match:
            kinds[kind] = max(kinds[kind], int(match[1]) / 1024)
    return kinds


def _descendants(parent: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True)
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()[1:]]
    found, fresh = [], [parent]
    while fresh:
        fresh = [pid for pid, ppid in pairs if ppid in fresh]
        found += fresh
    return found
