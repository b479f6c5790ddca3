"""``kill -9`` in the middle of sending, publishing and releasing: nothing lost, nothing twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest

from tests import databases
from tests.databases import ROOT
from tests.e2e.conftest import RunningSite, environment, free_port
from tests.smtp import BadServer, listening

MESSAGES = 2_000
KILLS = 10
CHALLENGES = 30
PATIENCE = 300.0


class Site(RunningSite):
    """A database with the demonstration; workers come and are killed."""

    sink: BadServer
    workers: list[subprocess.Popen[bytes]]

    def worker(self) -> subprocess.Popen[bytes]:
        """A worker with its children, in a process group of its own."""
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker", "-v", "0"],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        self.workers.append(worker)
        return worker

    def kill_all(self) -> None:
        """Those that a failed test left behind."""
        for worker in self.workers:
            if worker.poll() is None:
                kill(worker)

    def scene(self, call: str) -> str:
        """Run one of the scenes."""
        return self.shell(f"from tests.e2e import scenes; scenes.{call}")

    def count(self, sql: str) -> int:
        """One number, read beside the site."""
        with self.reader() as read:
            return read(sql)

    @contextmanager
    def reader(self) -> Iterator[Callable[[str], int]]:
        """What reads numbers beside the site, over one connection."""
        database: Any
        if databases.on_server():
            database = psycopg.connect(self.environment["DATABASE_URL"], autocommit=True)
        else:
            path = databases.path_of(self.environment["DATABASE_URL"])
            database = sqlite3.connect(path, timeout=20)
        with closing(database):
            yield lambda sql: int(database.execute(sql).fetchone()[0])

    def wait_until(self, what: str, sql: str, is_so: Callable[[int], bool]) -> None:
        """Wait for a number, without losing a moment once it is there."""
        with self.reader() as read:
            wait_for(what, lambda: is_so(read(sql)))


@pytest.fixture(scope="module")
def site(demonstration: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    sink, port = BadServer(pause=0.02), free_port()
    database = databases.copy(demonstration, f"kill{os.getpid()}")
    around = environment(database, EMAIL_URL=f"smtp://127.0.0.1:{port}")
    site = Site("", tmp_path_factory.mktemp("kill"), around)
    site.sink, site.workers = sink, []
    with listening(sink, port):
        try:
            yield site
        finally:
            site.kill_all()
            site.let_go()


def kill(worker: subprocess.Popen[bytes]) -> None:
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def wait_for(what: str, is_so: Any) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.005)


def test_killed_while_sending(site: Site) -> None:
    """Two workers, ten times: what arrives twice was in flight, one for each that died."""
    site.scene(f"queue_messages({MESSAGES})")
    sent = "select count(*) from notifications_message where key like 'kill:%' and state='sent'"
    killed = 0
    for kills in range(KILLS):
        workers = [site.worker(), site.worker()]
        seen = len(site.sink.taken) + MESSAGES // (KILLS + 1)
        wait_for(f"{seen} mails", lambda seen=seen: len(site.sink.taken) >= seen)
        for worker in workers:
            kill(worker)
            killed += 1
        assert site.count(sent) < MESSAGES, f"Kill {kills} came after the last message."
        site.scene("let_claims_grow_old()")
    workers = [site.worker(), site.worker()]
    try:
        site.wait_until("all sent", sent, lambda count: count == MESSAGES)
    finally:
        for worker in workers:
            kill(worker)
    arrived = Counter(site.sink.ids())
    twice = [identity for identity, times in arrived.items() if times > 1]
    print(f"{MESSAGES} messages, {killed} workers killed: {len(twice)} arrived twice, none lost")
    assert killed == 2 * KILLS
    assert set(arrived) == set(site.scene("identities()").split())
    assert len(arrived) == MESSAGES
    # One that is in flight at two kills in a row arrives three times, and is one for each.
    assert sum(times - 1 for times in arrived.values()) <= killed


def test_killed_while_publishing(site: Site) -> None:
    site.scene(f"schedule_challenges({CHALLENGES})")
    site.scene("let_a_minute_pass()")
    live = "select count(*) from pilots_challenge where slug like 'kill-%' and state='published'"
    worker = site.worker()
    site.wait_until("one is published", live, lambda count: count >= 1)
    kill(worker)
    assert site.count(live) < CHALLENGES, "The kill came after the last challenge."
    site.scene("let_a_minute_pass()")
    worker = site.worker()
    try:
        site.wait_until("all published", live, lambda count: count == CHALLENGES)
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
