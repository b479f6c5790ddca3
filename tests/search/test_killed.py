"""``kill -9`` in the middle of a rebuild, with its processes: what serves goes on as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from search import targets
from tests import databases

WITHIN = 60.0
PREPARE = """
from tests import factories
from search.domain.rebuilding import rebuild
from search.models import Change
made = [factories.make_site(name_fr=f"Rue {n}", name_en=f"Street {n}") for n in range(30)]
Change.objects.all().delete()
print(rebuild(target="database").generation)
"""
BUILD_AND_WAIT = """
import sys
from functools import partial
from search.domain import filling, reading
from search.domain.rebuilding import rebuild
filling.FEW = 0  # in processes, few as they are
filling.slices = partial(reading.slices, 5)
def say(done, total):
    print(done, total, flush=True)
    if done >= 5:
        sys.stdin.read()
rebuild(target="database", say=say)
"""
CHANGE = """
from pilots.models import Site
from search.domain.changes import drain, note
from search.models import Index, Change
from search.finding import search
from search.port import Query
from search.backends import database_engine
site = Site.objects.order_by("pk")[0]
Site.objects.filter(pk=site.pk).update(name_fr="Ruelle Champlain", name_en="Champlain")
note("site", [site.pk])
index = Index.objects.get()
print(index.live, index.building, drain(), database_engine().size(index.live))
print([hit.title for hit in search(Query("champlain", "fr")).hits])
print(sorted(Change.objects.values_list("target", flat=True)))
"""
AFTER = """
from search.backends import database_engine
from search.domain.checking import check
from search.domain.rebuilding import rebuild
from search.models import Change, Index
print(rebuild(target="database").documents, check(target="database"), Change.objects.count())
index = Index.objects.get()
engine = database_engine()
print(index.live, index.building, index.previous, [n for n in range(9) if engine.exists(n)])
"""


@pytest.fixture
def environment() -> dict[str, str]:
    """A database of its own, that other processes open too."""
    url = databases.copy(databases.migrated(), f"killed{os.getpid()}")
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "cms.settings.test"}


def process(code: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        cwd=databases.ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(code: str, environment: dict[str, str]) -> list[str]:
    said, _ = process(code, environment).communicate(timeout=WITHIN * 3)
    return said.splitlines()


def is_gone(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_rebuild_that_is_killed_leaves_what_serves(environment: dict[str, str]) -> None:
    assert run(PREPARE, environment) == ["2"]
    building = process(BUILD_AND_WAIT, environment)
    assert building.stdout is not None
    assert building.stdout.readline() == "0 38\n"
    assert building.stdout.readline() == "5 38\n"
    os.kill(building.pid, signal.SIGKILL)
    building.wait()
    until = time.monotonic() + WITHIN
    while not is_gone(building.pid):  # the processes that it began see that it is no more
        assert time.monotonic() < until
        time.sleep(0.05)
    assert run(CHANGE, environment) == ["2 3 1 68", "['Ruelle Champlain']", "['database+']"]
    assert run(AFTER, environment) == ["68 [] 0", "4 None 2 [2, 4]"]


def test_an_index_of_an_older_code_is_built_again_in_the_background(
    environment: dict[str, str],
) -> None:
    run(PREPARE, environment)
    old = "from search.models import Index; Index.objects.update(schema='0.9')\n"
    assert run(f"{old}from search import tasks; print(tasks.renew())", environment) == [
        "['database']"
    ]
    look = "from search.models import Index; print(*Index.objects.values_list('live', 'schema')[0])"
    until = time.monotonic() + WITHIN
    while (said := run(look, environment)) != [f"3 {targets.schema_of(targets.DATABASE)}"]:
        assert said == ["2 0.9"]
        assert time.monotonic() < until
