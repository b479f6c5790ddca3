"""Stopping the site leaves nothing running."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cms.management.commands.start import stop

ROOT = Path(__file__).resolve().parents[2]

# Two generations, both deaf to a polite request; the first says when both are there.
DEAF = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child:
    print("ready", flush=True)
time.sleep(300)
"""
# The parent goes at once and leaves its child behind.
LEAVES = """
import os, signal, time
if os.fork():
    print("ready", flush=True)
else:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(300)
"""


def is_there(group: int) -> bool:
    """Is anyone left of a group of processes?"""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("program", [DEAF, LEAVES])
def test_what_a_process_started_ends_with_it(program: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", program], start_new_session=True, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        stop([process], within=0.5)
        assert process.returncode is not None
    until = time.monotonic() + 60
    while is_there(process.pid) and time.monotonic() < until:
        time.sleep(0.02)  # whoever adopted the child has yet to hear of its end
    assert not is_there(process.pid)


def test_ctrl_c_while_the_database_is_prepared(tmp_path: Path) -> None:
    """Also where a shell that put the start in the background had it ignore Ctrl-C."""
    around = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
        "PYTHONUNBUFFERED": "1",
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        ["sh", "-c", f"trap '' INT; exec '{sys.executable}' manage.py start --port {port}"],
        cwd=ROOT,
        env=around,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "→ database\n".encode()
        process.send_signal(signal.SIGINT)
        said, _errors = process.communicate(timeout=300)
    assert process.returncode == 130
    assert b"the next start goes on" in said
