"""What all tests share."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import translation
from xdist.scheduler import LoadScopeScheduling

from tests import databases

BEGAN_HERE = pytest.StashKey[bool]()
# The longest begin first: what is left at the end is short, and no process waits for it.
FIRST = ("tests/e2e/test_walk.py", "tests/e2e/test_kill.py", "tests/e2e/", "tests/cms/test_demo.py")
# Their tests share what takes long to make: one process takes them all.
TOGETHER = ("tests/e2e/test_kill.py", "tests/cms/test_demo.py")


def pytest_configure(config: pytest.Config) -> None:
    """The process that is asked for the tests begins the run; those that help it are handed it."""
    config.stash[BEGAN_HERE] = databases.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """What the run made goes with it."""
    if config.stash.get(BEGAN_HERE, False):
        databases.end_run()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order of :data:`FIRST`; the others after them, as they were."""
    items.sort(
        key=lambda item: next(
            (n for n, path in enumerate(FIRST) if item.nodeid.startswith(path)), len(FIRST)
        )
    )


class Distribution(LoadScopeScheduling):
    """Each test goes to the next process that is free; a module of :data:`TOGETHER` as one.

    So do the walks of a module in the browser, which share a site; the long one alone is spread.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        shares_a_site = module.startswith("tests/e2e/") and module != FIRST[0]
        return module if module in TOGETHER or shares_a_site else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Distribution:
    """Not by xdist's own marks of groups: pytest 9.2 ignores them (pytest-xdist issue 1386)."""
    config.option.loadscopereorder = False
    return Distribution(config, log)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_keepdb: bool
) -> Iterator[None]:
    """Each process's own database begins as a copy; ``migrate`` then finds nothing left to do."""
    if databases.on_server():
        if not django_db_keepdb:
            settings = connection.settings_dict["TEST"]
            settings["TEMPLATE"] = databases.name_of(databases.migrated())
        yield
        return
    # In memory, where it stays as long as someone is connected to it.
    address = connection.creation._get_test_db_name()
    with closing(sqlite3.connect(address, uri=True)) as memory:
        databases.fill(memory, databases.migrated())
        yield


def need(variable: str, what: str) -> str:
    """The address of a server; without it the test is skipped by name, or fails in CI."""
    value = os.environ.get(variable, "")
    if not value:
        sentence = f"{what}: {variable} is not set; `make services` starts one."
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return value


@pytest.fixture
def apart(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of its own: what two connections share is committed, and goes with it."""
    if not databases.on_server():
        pytest.skip("PostgreSQL: several writers at once; SQLite holds the write lock")
    url = databases.copy(databases.migrated(), f"races{os.getpid()}")
    settings = connection.settings_dict
    with django_db_blocker.unblock():
        connection.close()
        before, settings["NAME"] = settings["NAME"], databases.name_of(url)
        try:
            yield
        finally:
            connection.close()
            settings["NAME"] = before


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """One row of everything (``tests/roles/world.py``), made once for each file of tests."""
    from tests.roles.world import make_world  # models, which are not there when this is read

    with django_db_blocker.unblock(), transaction.atomic(), translation.override("fr"):
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    """No test reads what another kept, in the cache or in this process."""
    from search import vocabulary  # models, which are not there when this is read
    from search.backends import database_engine

    cache.clear()
    database_engine().forget()
    vocabulary.forget()


@pytest.fixture(autouse=True)
def _in_french() -> None:
    """Each test begins in the site's own language, whatever the one before asked for."""
    translation.activate("fr")
