"""An import writes: batch after batch, each whole or not at all, each row once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.text import slugify
from wagtail.models import WorkflowState

from core import queue
from core.audit import log
from core.audit.log import Line
from core.states import change_state
from core.taxonomy.models import Borough, Theme
from startups.domain.comparing import column_of, contradiction, difference, records_by_pk, why_not
from startups.domain.import_newcomers import came_since, newcomers, one_at_a_time
from startups.domain.imports import locked, save_rows
from startups.enums import (
    IMPORT_TRANSITIONS,
    ImportKind,
    ImportState,
    RowChoice,
    RowOutcome,
    RowVerdict,
)
from startups.importing.fields import MODELS, NAMES, SENTENCES
from startups.importing.houses import why_no_program
from startups.models import ImportRow, ImportRun, Incubator
from startups.signals import records_changed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from core.accounts.models import User
    from startups.importing.doubles import Directory, Programs
    from startups.importing.fields import Imported

BATCH: Final = 250
WRITTEN: Final = ("outcome", "record", "problems")


@dataclass
class _Batch:
    """What a batch does."""

    run: ImportRun
    actor: User | None
    now: datetime
    themes: dict[str, int]
    # The organisations of its programs, as they are now.
    houses: dict[int, Incubator]
    newcomers: Directory | Programs
    fresh: list[tuple[ImportRow, Imported]] = field(default_factory=list)
    # Records whose own row is written, with the names of what changed.
    touched: dict[Imported, set[str]] = field(default_factory=dict)
    boroughs: dict[int, str] = field(default_factory=dict)
    in_moderation: frozenset[str] = frozenset()
    public: list[int] = field(default_factory=list)


@transaction.atomic
def write_batch(*, run: ImportRun, now: datetime) -> bool:
    """Write the next rows, in the name of who brought the file in; whether some are left."""
    one_at_a_time(run)
    run = locked(run, ImportState.RUNNING)
    rows = list(run.rows.filter(outcome="").order_by("number")[:BATCH])  # type: ignore[attr-defined]
    themes = dict(Theme.objects.values_list("slug", "pk"))
    batch = _Batch(run, run.created_by, now, themes, _houses(rows), newcomers(run))
    later = [row for row in rows if not _settle(row, batch)]
    _create(batch)
    _update(later, batch)
    save_rows(rows, WRITTEN)
    run.done_count += len(rows)
    run.save(update_fields=["done_count", "moved_at"])
    records_changed.send(sender=MODELS[run.kind], pks=batch.public)
    if written := [row.record for row in rows if row.outcome in WRITTEN_TO]:
        queue.enqueue("startups.import_tasks.index_for_staff", run.kind, written)
    is_over = len(rows) < BATCH
    if is_over:
        change_state(run, ImportState.DONE, transitions=IMPORT_TRANSITIONS, now=now)
    batch.boroughs = dict(Borough.objects.values_list("pk", "slug"))
    log.record_many(_lines(rows, batch, is_over=is_over))
    return not is_over


def _houses(rows: Iterable[ImportRow]) -> dict[int, Incubator]:
    """Held, that none is closed or claimed while a program is written for it."""
    pks = {row.facts["incubator"] for row in rows if row.facts.get("incubator")}
    found = Incubator.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    return {house.pk: house for house in found}


def _why_not_new(row: ImportRow, batch: _Batch) -> list[str]:
    """What happened since the dry run to make a new listing impossible, or a double."""
    if name := came_since(row, batch.newcomers):
        return ["", "appeared", name]
    if batch.run.kind != ImportKind.PROGRAM:
        return []
    house = batch.houses.get(row.facts["incubator"])
    if house is None:
        return ["", "no_target", ""]
    code = why_no_program(house.state, house.organisation_id)
    return ["", code, house.name] if code else []


def _settle(row: ImportRow, batch: _Batch) -> bool:
    """What needs no look at a record: created, the same, left out. Whether it is settled."""
    if row.verdict == RowVerdict.REFUSED:
        row.outcome = RowOutcome.REFUSED
    elif row.verdict == RowVerdict.SAME:
        row.outcome, row.record = RowOutcome.SAME, row.target
    elif row.verdict == RowVerdict.NEW or row.choice == RowChoice.CREATE:
        if problem := _why_not_new(row, batch):
            row.outcome, row.problems = RowOutcome.REFUSED, [problem]
        else:
            batch.fresh.append((row, _record(row, batch)))
    elif row.verdict == RowVerdict.DOUBLE and row.choice != RowChoice.UPDATE:
        row.outcome = RowOutcome.SKIPPED
        row.problems = [["", "skipped" if row.choice else "not_chosen", ""]]
    else:
        return False
    return True


def _why_no_page(row: ImportRow, batch: _Batch) -> list[str]:
    """Why a new listing stays a draft: the site publishes none that says nothing, nor does this."""
    if not row.facts.get(SENTENCES[batch.run.kind]):  # type: ignore[index]
        return ["", "no_sentence", ""]
    if not row.facts.get("about_fr"):
        return ["", "no_about", ""]
    house = batch.houses.get(row.facts.get("incubator", 0))
    return ["", "house_hidden", house.name] if house is not None and not house.live else []


def _record(row: ImportRow, batch: _Batch) -> Imported:
    facts = {column_of(name): value for name, value in row.facts.items() if name != "themes"}
    lack = _why_no_page(row, batch) if batch.run.publishes else []
    row.problems = [lack] if lack else []
    is_live = batch.run.publishes and not lack
    moment = batch.now if is_live else None
    record: Imported = MODELS[batch.run.kind](
        **{
            **facts,
            "live": is_live,
            "has_unpublished_changes": not is_live,
            "first_published_at": moment,
            "last_published_at": moment,
        }
    )
    if batch.run.kind == ImportKind.INCUBATOR:
        sources = row.facts.get("sources", [])
        record.sources = list(dict.fromkeys([*sources, batch.run.source]))  # type: ignore[union-attr]
    return record


def _create(batch: _Batch) -> None:
    """All new records of the batch in few statements."""
    model = MODELS[batch.run.kind]
    _give_slugs(model, batch.fresh)
    records = [record for _row, record in batch.fresh]
    model.objects.bulk_create(records, batch_size=BATCH)
    through = model.themes.through  # type: ignore[attr-defined]
    column = f"{model._meta.model_name}_id"
    through.objects.bulk_create(
        through(**{column: record.pk, "theme_id": batch.themes[slug]})
        for row, record in batch.fresh
        for slug in row.facts.get("themes", [])
        if slug in batch.themes
    )
    for row, record in batch.fresh:
        row.outcome, row.record = RowOutcome.CREATED, record.pk
        if record.live:
            batch.public.append(record.pk)


def _give_slugs(model: type[Imported], fresh: Sequence[tuple[ImportRow, Imported]]) -> None:
    """Each its own address: the name's, with a number behind it where that one is taken."""
    taken = set(model.objects.values_list("slug", flat=True)) if fresh else set()
    for row, record in fresh:
        name = row.facts[NAMES[row.run.kind]]  # type: ignore[index]
        stem = (record.slug or slugify(name) or "fiche")[:100]
        slug, number = stem, 2
        while slug in taken:
            slug, number = f"{stem}-{number}", number + 1
        taken.add(slug)
        record.slug = slug


def _update(rows: Iterable[ImportRow], batch: _Batch) -> None:
    rows = list(rows)
    model = MODELS[batch.run.kind]
    for row in rows:
        if row.doubles and row.doubles[0]["row"]:
            row.target = _record_of(row.doubles[0]["key"], batch)
    records = records_by_pk(model, [row.target for row in rows if row.target], holds=True)
    batch.in_moderation = _in_moderation(model) if records else frozenset()
    for row in rows:
        record = records.get(row.target or 0)
        code = "no_target" if record is None else _why_not_now(row, record, batch)
        if record is None or code:
            name = record.name if record is not None else ""
            row.outcome, row.problems = RowOutcome.REFUSED, [["", code, name]]
            continue
        row.record = record.pk
        row.outcome = _change(row, record, batch)
    _write_touched(batch)


def _record_of(number: int, batch: _Batch) -> int | None:
    """The record of an earlier row, of this batch or of one before."""
    for row, record in batch.fresh:
        if row.number == number:
            return int(record.pk)
    earlier: ImportRow | None = batch.run.rows.filter(number=number).first()  # type: ignore[attr-defined]
    return None if earlier is None else earlier.record


def _in_moderation(model: type[Imported]) -> frozenset[str]:
    """The keys of those that wait for an approval."""
    kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
    active = WorkflowState.objects.active().filter(base_content_type=kind)
    return frozenset(active.values_list("object_id", flat=True))


def _why_not_now(row: ImportRow, record: Imported, batch: _Batch) -> str:
    """As the dry run asked, and whether somebody changed the record since."""
    if code := why_not(record) or contradiction(row.facts, record):
        return code
    if str(record.pk) in batch.in_moderation:
        return "in_moderation"
    is_of_file = bool(row.doubles) and row.doubles[0]["row"]
    # By field: PostgreSQL keeps the facts in an order of its own.
    if not is_of_file and sorted(difference(record, row.facts), key=_field) != sorted(
        row.difference, key=_field
    ):
        return "moved"
    return ""


def _field(change: list[Any]) -> str:
    return str(change[0])


def _change(row: ImportRow, record: Imported, batch: _Batch) -> RowOutcome:
    """Write what differs: at once, or in a draft beside what is public."""
    changes = {name: after for name, _before, after in difference(record, row.facts)}
    if not changes:
        return RowOutcome.SAME
    if record.latest_revision_id is None and (batch.run.publishes or not record.live):
        _write(record, changes, batch)
        if record.live:
            batch.public.append(record.pk)
        return RowOutcome.UPDATED
    is_shown = batch.run.publishes and record.live and not record.has_unpublished_changes
    draft = record.get_latest_revision_as_object() if record.latest_revision_id else record
    _set(draft, changes, batch)
    revision = draft.save_revision(user=batch.actor, changed=True, clean=False)
    if is_shown:
        revision.publish(user=batch.actor)
        return RowOutcome.UPDATED
    return RowOutcome.DRAFTED


def _set(record: Imported, changes: dict[str, Any], batch: _Batch) -> None:
    for name, after in changes.items():
        if name == "themes":
            record.themes.set(Theme.objects.filter(slug__in=after))
        else:
            setattr(record, column_of(name), after)


def _write(record: Imported, changes: dict[str, Any], batch: _Batch) -> None:
    """The row itself: it has no revision that could bring the old values back."""
    batch.touched.setdefault(record, set()).update(changes)
    for name, after in changes.items():
        if name != "themes":
            setattr(record, column_of(name), after)
            continue
        through = type(record).themes.through  # type: ignore[attr-defined]
        column = f"{record._meta.model_name}_id"
        through.objects.filter(**{column: record.pk}).delete()
        through.objects.bulk_create(
            through(**{column: record.pk, "theme_id": batch.themes[slug]})
            for slug in after
            if slug in batch.themes
        )


def _write_touched(batch: _Batch) -> None:
    """In few statements, and only the columns that changed."""
    for record in batch.touched:
        record.updated_at = batch.now
    names = set().union(*batch.touched.values()) - {"themes"}
    MODELS[batch.run.kind].objects.bulk_update(
        batch.touched, ["updated_at", *sorted(names)], batch_size=BATCH
    )


def _told(row: ImportRow, batch: _Batch) -> dict[str, Any]:
    """What the row changed; under ``changes`` what is public, for the history of the page."""
    pairs = {name: [before, after] for name, before, after in row.difference}
    if "borough" in pairs:  # as every line of the audit has it: by its address
        pairs["borough"] = [batch.boroughs.get(pk) for pk in pairs["borough"]]
    if row.outcome == RowOutcome.UPDATED and row.record in batch.public:
        return {"changes": pairs}
    return {"written": pairs} if row.outcome in CHANGES else {}


def _lines(rows: Sequence[ImportRow], batch: _Batch, *, is_over: bool) -> list[Line]:
    """One line of the audit for each row, and one when all is done."""
    run = batch.run
    by = batch.actor.pk if batch.actor is not None else None
    label = MODELS[run.kind]._meta.label_lower
    lines = [
        Line(
            actor_id=by,
            action=f"import.row_{row.outcome}",
            object_type=label if row.record else ImportRow._meta.label_lower,
            object_id=str(row.record or row.pk),
            public={
                "import": run.pk,
                "row": row.number,
                "source": run.source,
                **_told(row, batch),
                "problems": row.problems,
            },
            at=batch.now,
        )
        for row in rows
    ]
    if is_over:
        done = {"kind": run.kind, "file": run.file_name, "rows": run.rows_count}
        lines.append(Line(by, "import.done", run._meta.label_lower, str(run.pk), done, batch.now))
    return lines


CHANGES: Final = (RowOutcome.UPDATED, RowOutcome.DRAFTED)
# Those whose own row was written without Wagtail hearing of it.
WRITTEN_TO: Final = (RowOutcome.UPDATED, RowOutcome.CREATED)
