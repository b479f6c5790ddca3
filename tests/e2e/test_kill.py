"""``kill -9`` in the middle of sending, publishing and releasing: nothing lost, nothing twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller

from tests.e2e.conftest import ROOT, RunningSite, free_port, own_database

MESSAGES = 40
CHALLENGES = 30
PATIENCE = 120.0


class Sink:
    """A mail server that takes its time and remembers each Message-ID."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep the identity, answer after a moment."""
        import asyncio
        from email import message_from_bytes

        self.ids.append(message_from_bytes(envelope.content)["Message-ID"])
        await asyncio.sleep(0.05)
        return "250 taken"


class Site(RunningSite):
    """A database with the demonstration; workers come and are killed."""

    sink: Sink

    def worker(self) -> subprocess.Popen[bytes]:
        """A worker with its children, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "manage.py", "worker", "-v", "0"],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )

    def scene(self, call: str) -> str:
        """Run one of the scenes."""
        return self.shell(f"from tests.e2e import scenes; scenes.{call}")

    def count(self, sql: str) -> int:
        """One number, read beside the site."""
        url = self.environment["DATABASE_URL"]
        if url.startswith("sqlite"):
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)) as database:
                return int(database.execute(sql).fetchone()[0])
        with psycopg.connect(url) as server:
            row = server.execute(sql).fetchone()  # type: ignore[arg-type]
            return int(row[0]) if row else 0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("kill")
    sink, port = Sink(), free_port()
    environment = {
        **{k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"},
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
        "DATABASE_URL": own_database(f"kill_{port}", folder),
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
    }
    site = Site("", Path(folder), environment, None)  # type: ignore[arg-type]
    site.sink = sink
    site.manage("migrate", "-v", "0")
    site.manage("seed_demo", "-v", "0")
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    yield site
    controller.stop()


def kill(worker: subprocess.Popen[bytes]) -> None:
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def wait_for(what: str, is_so: Any) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.005)


def test_killed_while_sending(site: Site) -> None:
    site.scene(f"queue_messages({MESSAGES})")
    waiting = "select count(*) from notifications_message where key like 'kill:%' and state="
    kills = 0
    for seen in (5, 15, 25):
        worker = site.worker()
        wait_for(f"{seen} mails", lambda least=seen: len(site.sink.ids) >= least)
        kill(worker)
        kills += 1
        site.scene("let_claims_grow_old()")
    assert site.count(waiting + "'sent'") < MESSAGES, "Every kill came after the last message."
    worker = site.worker()
    try:
        wait_for("all sent", lambda: site.count(waiting + "'sent'") == MESSAGES)
    finally:
        kill(worker)
    arrived = Counter(site.sink.ids)
    assert len(arrived) == MESSAGES
    twice = [identity for identity, times in arrived.items() if times > 1]
    assert max(arrived.values()) <= 2
    assert len(twice) <= kills
    print(f"{MESSAGES} messages, {kills} kills: {len(twice)} arrived twice")


def test_killed_while_publishing(site: Site) -> None:
    site.scene(f"schedule_challenges({CHALLENGES})")
    live = "select count(*) from pilots_challenge where slug like 'kill-%' and state='published'"
    worker = site.worker()
    wait_for("one is published", lambda: site.count(live) >= 1)
    kill(worker)
    assert site.count(live) < CHALLENGES, "The kill came after the last challenge."
    worker = site.worker()
    try:
        wait_for("all published", lambda: site.count(live) == CHALLENGES)
    finally:
        kill(worker)
    lines = (
        "select count({}) from audit_auditentry where action='challenge.published' and object_id in"
        " (select cast(id as varchar(20)) from pilots_challenge where slug like 'kill-%')"
    )
    assert site.count(lines.format("*")) == CHALLENGES
    assert site.count(lines.format("distinct object_id")) == CHALLENGES
    references = "select count(distinct reference) from pilots_challenge where slug like 'kill-%'"
    assert site.count(references) == CHALLENGES
    site.manage("verify_audit")


def test_killed_while_releasing(site: Site) -> None:
    site.scene("hold_outcomes()")
    before = site.scene("envelope_facts()").split()
    received, _states, _letters, due, _pilots = before
    assert int(due) >= int(received) >= 3
    assert before == [received, "under_review", "0", due, "0"]
    with pytest.raises(AssertionError):
        site.scene(f"release(die_at_move={2 * int(received) - 1})")
    assert site.scene("envelope_facts()").split() == before
    site.scene("release()")
    after = site.scene("envelope_facts()").split()
    assert after == [received, "rejected,selected", due, due, "1"]
    assert site.scene("release()") == "already released"
    assert site.scene("envelope_facts()").split() == after
    site.manage("verify_audit")
