"""An import before it writes: received, its columns matched, compared, its doubles chosen."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import queue
from core.accounts import rules
from core.audit import log
from core.exceptions import DomainError, NotAllowed
from core.states import change_state
from core.text import fold, shown_line
from startups.domain.comparing import Comparer
from startups.enums import IMPORT_TRANSITIONS, ImportState, RowChoice, RowVerdict
from startups.importing.doubles import identity, known_row
from startups.importing.fields import by_name, label_of, suggest
from startups.importing.meanings import LEFT_OUT
from startups.importing.reading import Sheet
from startups.models import ImportMatching, ImportRow, ImportRun, RememberedDouble

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from core.accounts.models import User

AT_ONCE: Final = 500


class ColumnsRefused(DomainError):
    """Columns that cannot be matched so."""

    code = "columns_refused"
    status = 422


class NotNow(DomainError):
    """The import is elsewhere on its way."""

    code = "not_now"
    default_message = _("This import has moved on meanwhile. Load its page again.")


def require_moderator(actor: User) -> None:
    """``NotAllowed`` but for moderators and administrators."""
    if not rules.is_moderator(actor):
        raise NotAllowed


@transaction.atomic
def receive_sheet(
    *,
    sheet: Sheet,
    file_name: str,
    kind: str,
    source: str,
    publishes: bool,
    actor: User,
    now: datetime,
) -> ImportRun:
    """Keep the rows of a file that was read, with the columns matched as well as they can be."""
    require_moderator(actor)
    known = ImportMatching.objects.filter(kind=kind, signature=signature(sheet.columns)).first()
    run = ImportRun.objects.create(
        kind=kind,
        file_name=shown_line(file_name, most=200) or "import",
        source=source,
        publishes=publishes,
        columns=sheet.columns,
        mapping=known.mapping if known is not None else suggest(kind, sheet.columns),
        meanings=known.meanings if known is not None else {},
        rows_count=len(sheet.rows),
        created_by=actor,
    )
    ImportRow.objects.bulk_create(
        (
            ImportRow(run=run, number=row.number, cells=row.cells, flaws=row.problems)
            for row in sheet.rows
        ),
        batch_size=AT_ONCE,
    )
    _note(run, "received", actor, now, rows=run.rows_count, source=source)
    return run


def signature(columns: Sequence[str]) -> str:
    """Of a header: the same columns in the same order have the same, however they are written."""
    return hashlib.sha256("\n".join(fold(name) for name in columns).encode()).hexdigest()


@transaction.atomic
def match_columns(
    *,
    run: ImportRun,
    mapping: Sequence[str],
    allows_outside: bool,
    forgets_meanings: bool = False,
    actor: User,
    now: datetime,
) -> ImportRun:
    """Say what each column holds, remember it for such headers, and have the rows compared."""
    require_moderator(actor)
    run = locked(run, ImportState.COLUMNS)
    fields = by_name(run.kind)
    chosen = [name for name in mapping if name]
    if len(mapping) != len(run.columns) or not set(chosen) <= set(fields):
        raise ColumnsRefused(_("These are not the columns of this file."))
    for name in chosen:
        if chosen.count(name) > 1:
            raise ColumnsRefused(
                _("Two columns are matched with “%(field)s”: keep one of them.")
                % {"field": label_of(run.kind, name)}
            )
    for field in fields.values():
        if field.is_required and field.name not in chosen:
            raise ColumnsRefused(
                _("No column is matched with “%(field)s”, which every listing needs.")
                % {"field": label_of(run.kind, field.name)}
            )
    run.mapping, run.allows_outside = list(mapping), allows_outside
    run.meanings = {} if forgets_meanings else run.meanings
    _compare_anew(run, now)
    _note(run, "columns_matched", actor, now, mapping=run.mapping)
    return run


def _compare_anew(run: ImportRun, now: datetime) -> None:
    """Keep what a person said of the file, for such headers too, and forget the dry run."""
    run.checked_count = 0
    run.save()
    ImportMatching.objects.update_or_create(
        kind=run.kind,
        signature=signature(run.columns),
        defaults={"mapping": run.mapping, "meanings": run.meanings},
    )
    run.rows.update(  # type: ignore[attr-defined]
        facts={}, verdict="", problems=[], difference=[], doubles=[], target=None, choice=""
    )
    change_state(run, ImportState.CHECKING, transitions=IMPORT_TRANSITIONS, now=now)
    queue.enqueue("startups.import_tasks.check", run.pk)


@transaction.atomic
def give_meanings(
    *, run: ImportRun, given: Mapping[tuple[str, str], str], actor: User, now: datetime
) -> int:
    """Say what values of the file are here, by field and value, and compare again; how many.

    A value is one that the field knows, or :data:`LEFT_OUT`; what is neither is passed over.
    """
    require_moderator(actor)
    run = locked(run, ImportState.READY)
    fields = by_name(run.kind)
    count = 0
    for (name, value), chosen in given.items():
        options = fields[name].options if name in fields else None
        if options is None or not fold(value):
            continue
        if chosen == LEFT_OUT or chosen in (code for code, _label in options()):
            run.meanings.setdefault(name, {})[fold(value)] = chosen
            count += 1
    if count:
        _compare_anew(run, now)
        _note(run, "meanings_given", actor, now, meanings=run.meanings)
    return count


def locked(run: ImportRun, *states: str) -> ImportRun:
    """The run as it is now, for this transaction; :class:`NotNow` in another state."""
    found: ImportRun = ImportRun.objects.select_for_update().get(pk=run.pk)
    if found.state not in states:
        raise NotNow
    return found


UPSERTED: Final = ("facts", "verdict", "problems", "difference", "doubles", "target", "choice")


def save_rows(rows: Sequence[ImportRow], fields: Sequence[str]) -> None:
    """Many rows in one statement, on both databases."""
    ImportRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["run", "number"],
        update_fields=list(fields),
        batch_size=AT_ONCE,
    )


@transaction.atomic
def compare_batch(*, run: ImportRun, comparer: Comparer, now: datetime) -> bool:
    """Compare the next rows with the directory; whether some are left.

    What was compared stays so: a worker that is killed leaves the rest to the next one.
    """
    run = locked(run, ImportState.CHECKING)
    if run.checked_count != comparer.checked:
        raise NotNow
    rows = list(run.rows.filter(verdict="").order_by("number")[:AT_ONCE])  # type: ignore[attr-defined]
    comparer.compare(rows)
    save_rows(rows, UPSERTED)
    comparer.checked = run.checked_count = run.checked_count + len(rows)
    run.save(update_fields=["checked_count", "moved_at"])
    if len(rows) == AT_ONCE:
        return True
    change_state(run, ImportState.READY, transitions=IMPORT_TRANSITIONS, now=now)
    return False


@transaction.atomic
def choose_doubles(
    *, run: ImportRun, choices: Mapping[int, str], actor: User, now: datetime
) -> int:
    """Keep what a person chose for rows by number; how many. It is remembered for other files."""
    require_moderator(actor)
    run = locked(run, ImportState.READY)
    rows = list(
        run.rows.filter(number__in=choices, verdict=RowVerdict.DOUBLE)  # type: ignore[attr-defined]
    )
    remembered = []
    for row in rows:
        choice = choices[row.number]
        row.choice = choice if choice in RowChoice.values else ""
        for double in row.doubles[:1] if choice == RowChoice.UPDATE else row.doubles:
            if row.choice and not double["row"]:
                remembered.append(
                    RememberedDouble(
                        kind=run.kind,
                        identity=identity(known_row(row.number, row.facts)),
                        target=double["key"],
                        choice=row.choice,
                    )
                )
    save_rows(rows, ["choice"])
    once = {(each.identity, each.target): each for each in remembered}
    RememberedDouble.objects.bulk_create(
        once.values(),
        update_conflicts=True,
        unique_fields=["kind", "identity", "target"],
        update_fields=["choice"],
    )
    _note(run, "doubles_chosen", actor, now, rows=[row.number for row in rows])
    return len(rows)


@transaction.atomic
def start_import(*, run: ImportRun, actor: User, now: datetime) -> ImportRun:
    """Have the rows written, in batches."""
    require_moderator(actor)
    run = locked(run, ImportState.READY)
    change_state(run, ImportState.RUNNING, transitions=IMPORT_TRANSITIONS, now=now)
    queue.enqueue("startups.import_tasks.write", run.pk)
    _note(run, "started", actor, now, publishes=run.publishes)
    return run


@transaction.atomic
def go_on(*, run: ImportRun, actor: User, now: datetime) -> ImportRun:
    """Ask the queue again: for a run whose worker was killed. Rows that are done stay done."""
    require_moderator(actor)
    run = locked(run, ImportState.CHECKING, ImportState.RUNNING)
    task = "check" if run.state == ImportState.CHECKING else "write"
    queue.enqueue(f"startups.import_tasks.{task}", run.pk)
    _note(run, "asked_again", actor, now)
    return run


@transaction.atomic
def match_again(*, run: ImportRun, actor: User, now: datetime) -> ImportRun:
    """Back to the columns."""
    require_moderator(actor)
    run = locked(run, ImportState.READY)
    change_state(run, ImportState.COLUMNS, transitions=IMPORT_TRANSITIONS, now=now)
    _note(run, "columns_reopened", actor, now)
    return run


@transaction.atomic
def abandon(*, run: ImportRun, actor: User, now: datetime) -> ImportRun:
    """Write nothing, and forget the rows."""
    require_moderator(actor)
    run = locked(run, ImportState.COLUMNS, ImportState.CHECKING, ImportState.READY)
    run.rows.all().delete()  # type: ignore[attr-defined]
    change_state(run, ImportState.ABANDONED, transitions=IMPORT_TRANSITIONS, now=now)
    _note(run, "abandoned", actor, now)
    return run


def _note(run: ImportRun, action: str, actor: User, now: datetime, **said: Any) -> None:
    public = {"kind": run.kind, "file": run.file_name, **said}
    log.record(actor=actor, action=f"import.{action}", target=run, public=public, now=now)
