"""An import that is killed goes on where it was, and writes each row once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from django.utils import timezone

from core.accounts import roles
from core.accounts.models import User
from core.audit.models import AuditEntry
from startups import import_tasks
from startups.domain import import_writing, imports
from startups.domain.import_writing import write_batch
from startups.domain.imports import NotNow
from startups.enums import ImportState
from startups.models import Incubator
from tests import databases, factories
from tests.databases import ROOT
from tests.startups.sheets import HEADER, compared, count, one, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> User:
    return factories.make_user("moderation", roles.MODERATORS, is_demo=True)


@pytest.mark.parametrize("at", ["save_rows", "change_state"])
def test_killed_in_the_middle_each_row_is_written_once(
    moderator: User, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    monkeypatch.setattr(import_writing, "BATCH", 4)
    run = compared(moderator, HEADER + "".join(one("abcdefghij"[n] * 9) for n in range(10)))
    imports.start_import(run=run, actor=moderator, now=timezone.now())
    assert write_batch(run=run, now=timezone.now())

    class Killed(BaseException):
        """As the process would end: nothing catches it."""

    def die(*args: Any, **kwargs: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(import_writing, at, die)
        with pytest.raises(Killed):
            import_tasks.write(run.pk)
    before = count(run, "outcome")["created"]
    assert before == Incubator.objects.count() < 10
    for _twice in range(2):
        import_tasks.write(run.pk)
    run.refresh_from_db()
    assert (run.state, run.done_count) == (ImportState.DONE, 10)
    assert Incubator.objects.count() == 10
    assert AuditEntry.objects.filter(action="import.row_created").count() == 10


def test_another_worker_compares_already(moderator: User) -> None:
    run = received(moderator, HEADER + one("Alpha") + one("Alpha"))
    imports.match_columns(
        run=run, mapping=run.mapping, allows_outside=False, actor=moderator, now=timezone.now()
    )
    run.refresh_from_db()
    late = imports.Comparer(run)
    import_tasks.check(run.pk)
    with pytest.raises(NotNow):
        imports.compare_batch(run=run, comparer=late, now=timezone.now())
    assert count(run, "verdict") == {"new": 1, "double": 1}


# ---- the pages ----------------------------------------------------------------------------------


SCENE = """
from django.utils import timezone
from core.accounts import roles
from startups import import_tasks
from startups.domain import imports
from startups.importing.reading import read_sheet
from tests import factories
actor = factories.make_user("moderation", roles.MODERATORS)
text = "nom;type;résumé;neq\\n" + "".join(
    f"Maison {n};fonds;x;{1100000000 + n}\\n" for n in range(800)
)
given = {"actor": actor, "now": timezone.now()}
run = imports.receive_sheet(sheet=read_sheet(text.encode()), file_name="f", kind="incubator",
    source="s", publishes=False, **given)
imports.match_columns(run=run, mapping=run.mapping, allows_outside=False, **given)
import_tasks.check(run.pk)
imports.start_import(run=run, **given)
"""
WRITE = "from startups import import_tasks; import_tasks.write(1)"
# The second batch has written everything but its last word when the process is gone.
WRITE_AND_DIE = """
import os, signal
from startups import import_tasks
from startups.domain import import_writing
real, calls = import_writing.save_rows, []
def dying(*args):
    real(*args)
    calls.append(args)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
import_writing.save_rows = dying
import_tasks.write(1)
"""
COUNT = """
from core.audit.models import AuditEntry
from core.audit.verify import verify_chain
from startups.models import ImportRun, Incubator
lines = AuditEntry.objects.filter(action="import.row_created")
print(Incubator.objects.count(), lines.count(), lines.values("object_id").distinct().count(),
    ImportRun.objects.get().done_count, ImportRun.objects.get().state, verify_chain().broken)
"""


def test_killed_for_good_it_goes_on_where_it_was() -> None:
    """A process of its own on a database of its own, twice ``kill -9``."""
    database = databases.copy(databases.migrated(), f"imports{os.getpid()}")
    around = {**os.environ, "DATABASE_URL": database}

    def shell(code: str) -> list[str]:
        return [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]

    def in_it(code: str) -> str:
        done = subprocess.run(
            shell(code), cwd=ROOT, env=around, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    in_it(SCENE)
    for done in ("250", "500"):
        died = subprocess.run(shell(WRITE_AND_DIE), cwd=ROOT, env=around, capture_output=True)
        assert died.returncode == -signal.SIGKILL
        assert in_it(COUNT) == f"{done} {done} {done} {done} running"
    in_it(WRITE)
    assert in_it(COUNT) == "800 800 800 800 done"
