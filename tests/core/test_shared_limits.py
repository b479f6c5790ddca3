"""Attempts are counted by all the processes of the site together, and none is soon forgotten."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.sites.shortcuts import get_current_site
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone

from cms.management.commands.start import Command, web_processes
from cms.settings import base, environment
from cms.settings.test import of_this_process
from core import limits
from tests.conftest import need
from tests.core.test_account_pages import at
from tests.core.test_account_secrecy import LIMITS, STRANGER, wait_of
from tests.databases import ROOT
from tests.e2e.conftest import environment as site_environment

AT = datetime(2026, 11, 29, 17, 5, tzinfo=UTC)
# What another process of the web does: it counts five failed sign-ins of an account, and as many
# askings of a connection.
OTHER = """
import sys
import django
django.setup()
from datetime import datetime
from allauth.core.internal import ratelimit
from django.test import RequestFactory
from core import limits
key, who, at, config = sys.argv[1:]
request = RequestFactory().post("/", REMOTE_ADDR="198.51.100.1")
for _ in range(5):
    assert ratelimit.consume(
        request, app="allauth.account", action="login_failed", key=key,
        config={"login_failed": config},
    )
    limits.count("following", who, most=5, now=datetime.fromisoformat(at))
"""


def redis_address() -> str:
    """That of the site under test when it has one, else that of the tests."""
    return os.environ.get("REDIS_URL") or need("TEST_REDIS_URL", "Limits shared by processes")


def share_by_redis(settings: Any) -> None:
    """This process counts where another one does, with nothing counted before."""
    if not os.environ.get("REDIS_URL"):
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": of_this_process(redis_address()),
            }
        }
    cache.clear()


def in_another_process(key: str, who: str, at: str, config: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OTHER, key, who, at, config],
        cwd=ROOT,
        env={
            **os.environ,
            "REDIS_URL": redis_address(),
            "DJANGO_SETTINGS_MODULE": "cms.settings.test",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_sites_that_two_processes_walk_count_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are asked from one address: together their sign-ins would be too many in a minute."""
    monkeypatch.setenv("REDIS_URL", "redis://ici:6379/0")
    used = set()
    for worker in ("gw0", "gw1"):
        monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)
        used.add(site_environment("sqlite:///x")["REDIS_URL"])
    assert used == {"redis://ici:6379/1", "redis://ici:6379/2"}


@pytest.mark.django_db
def test_what_another_process_counted_is_counted_here(settings: Any) -> None:
    share_by_redis(settings)
    settings.ACCOUNT_RATE_LIMITS = LIMITS
    domain = get_current_site(RequestFactory().get("/")).domain
    in_another_process(
        f"{domain}:{STRANGER}", "198.51.100.1", AT.isoformat(), LIMITS["login_failed"]
    )
    form = {"login": STRANGER, "password": "faux-mot"}
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert 240 <= wait_of(other.post(at("account_login", "fr"), form)) <= 300
    form["login"] = "autre@exemple.ca"
    assert other.post(at("account_login", "fr"), form).status_code == 200
    with pytest.raises(limits.TooManyRequests) as refused:
        limits.count("following", "198.51.100.1", most=5, now=AT)
    assert (refused.value.again_at, refused.value.seconds) == (AT.replace(hour=18, minute=0), 3300)
    limits.count("following", "198.51.100.2", most=5, now=AT)


def test_tries_on_many_addresses_push_no_counter_out(settings: Any) -> None:
    """In one process's memory, which keeps three hundred entries when nobody says more."""
    env = environment.read(debug=False, secret_key="tests-only", allowed_hosts=["*"])
    alone = base.caches(env.model_copy(update={"redis_url": ""}))["default"]
    settings.CACHES = {"default": {**alone, "LOCATION": "beaucoup"}}
    now = timezone.now()
    limits.count("following", "first", most=1, now=now)
    for number in range(20_000):
        limits.count("following", f"other {number}", most=1, now=now)
    with pytest.raises(limits.TooManyRequests):
        limits.count("following", "first", most=1, now=now)


@pytest.mark.parametrize(("backend", "processes"), [("locmem.LocMemCache", 1), ("redis.R", 2)])
def test_the_web_has_one_process_where_processes_share_no_count(
    settings: Any, backend: str, processes: int
) -> None:
    settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}
    options = Command().create_parser("manage.py", "start").parse_args([])
    assert options.workers == web_processes() == processes
    web = Command()._web(8000, options.workers)
    given = dict(pairwise(web))
    assert (given["--workers"], given["--threads"]) == (str(processes), str(8 // processes))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
    ],
)
def test_one_home_is_one_connection(one: str, other: str, is_same: bool) -> None:
    homes = [
        limits.connection_of(RequestFactory().get("/", REMOTE_ADDR=address))
        for address in (one, other)
    ]
    assert (homes[0] == homes[1]) is is_same
