"""A copy of one's data: asked, made by the worker, offered for three days, removed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import queue, registry
from core.accounts.models import User
from core.audit import log
from core.exceptions import DomainError, IllegalMove
from core.notifications.outbox import queue_message
from core.privacy.archive import Written, write_archive
from core.privacy.enums import EXPORT_TRANSITIONS, ExportState
from core.privacy.models import DataExport, never_guessed
from core.states import change_state

if TYPE_CHECKING:
    from datetime import datetime
    from typing import IO

OFFERED_FOR: Final = timedelta(hours=72)
# Without a sign of life for this long, whoever was making it has died.
DEAD_AFTER: Final = timedelta(minutes=10)
# What the queue has not even begun after a day will not be.
FORGOTTEN_AFTER: Final = timedelta(days=1)


class NotOffered(DomainError):
    """Not ready, failed, or past its time."""

    code = "not_offered"
    default_message = _(
        "This copy is no longer offered: its 72 hours are over, or it was not made. Ask for a new "
        "one; it takes a few minutes."
    )


@transaction.atomic
def ask_for_export(*, actor: User, now: datetime) -> DataExport:
    """Ask for a copy of ``actor``'s data; the one that is under way is the answer to a second ask.

    The worker makes it after the commit, and tells the person by a mail without any data.
    """
    person = User.objects.select_for_update().get(pk=actor.pk)
    under_way: DataExport | None = DataExport.objects.visible_to(person).under_way().first()
    if under_way is not None:
        return under_way
    export = DataExport.objects.create(
        person=person, asked_at=now, parts_total=len(registry.exporters)
    )
    log.record(
        actor=actor,
        action="data_export.asked",
        target=export,
        public={"person": person.pk},
        now=now,
    )
    queue.enqueue("core.privacy.tasks.make_export", str(export.pk))
    return export


def make_export(*, export: DataExport, now: datetime) -> None:
    """Write the archive and offer it. Safe to call twice, and again after a worker's death.

    What breaks is noted as failed, so that the person may ask again, and goes on to the queue.
    """
    if not _claim(export, now):
        return
    place = _place(export)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = place.with_suffix(".part")
    is_offered = False
    try:
        written = write_archive(unfinished, export.person, now, lambda done: _beat(export, done))
        unfinished.chmod(0o600)
        unfinished.replace(place)
        _offer(export, written)
        is_offered = True
    except IllegalMove:
        pass  # given up, or the person was erased, while it was being written
    finally:
        if not is_offered:
            _sweep(export)
            _note_failure(export, now)


def _claim(export: DataExport, now: datetime) -> bool:
    """Whether this call makes it: one worker only, unless the one before has died."""
    try:
        with transaction.atomic():
            if _is_dead(export, now):
                change_state(export, ExportState.ASKED, transitions=EXPORT_TRANSITIONS)
            change_state(
                export,
                ExportState.MAKING,
                transitions=EXPORT_TRANSITIONS,
                also={"beat_at": now, "parts_done": 0, "parts_total": len(registry.exporters)},
            )
    except IllegalMove:
        return False
    return True


def _is_dead(export: DataExport, now: datetime) -> bool:
    silent = export.beat_at is None or export.beat_at < now - DEAD_AFTER
    return export.state == ExportState.MAKING and silent


def _place(export: DataExport) -> Path:
    return Path(export.file.storage.path(never_guessed(export, "")))


def _sweep(export: DataExport) -> None:
    """What was written of an archive that nobody will take."""
    for path in (_place(export), _place(export).with_suffix(".part")):
        path.unlink(missing_ok=True)


def _beat(export: DataExport, done: int) -> None:
    """What the page shows while it waits; another worker leaves a living one alone."""
    DataExport.objects.filter(pk=export.pk).update(parts_done=done, beat_at=timezone.now())


@transaction.atomic
def _offer(export: DataExport, written: Written) -> None:
    """From now on for 72 hours; an older copy makes way."""
    person = User.objects.select_for_update().get(pk=export.person_id)
    ready_at = timezone.now()
    for older in DataExport.objects.visible_to(person).filter(state=ExportState.READY):
        _remove(older, ready_at)
    change_state(
        export,
        ExportState.READY,
        transitions=EXPORT_TRANSITIONS,
        also={
            "ready_at": ready_at,
            "expires_at": ready_at + OFFERED_FOR,
            "file": never_guessed(export, ""),
            "size": written.size,
            "sha256": written.sha256,
            "parts_done": export.parts_total,
        },
    )
    queue_message(
        key=f"data_export:{export.pk}:ready",
        event="data_export_ready",
        to=person,
        context={"expires_at": export.expires_at},
        now=ready_at,
    )
    log.record(
        actor=None,
        action="data_export.ready",
        target=export,
        public={"person": person.pk, "size": written.size},
        now=ready_at,
    )


@transaction.atomic
def _note_failure(export: DataExport, now: datetime) -> None:
    """Said on the person's page; they may ask again."""
    export.refresh_from_db()
    if export.state not in (ExportState.ASKED, ExportState.MAKING):
        return
    change_state(export, ExportState.FAILED, transitions=EXPORT_TRANSITIONS)
    log.record(
        actor=None,
        action="data_export.failed",
        target=export,
        public={"person": export.person_id},
        now=now,
    )


@transaction.atomic
def take_export(*, export: DataExport, actor: User, now: datetime) -> IO[bytes]:
    """The archive, opened; each taking leaves a line. Raises ``NotOffered``."""
    found = DataExport.objects.visible_to(actor).offered(now).filter(pk=export.pk).first()
    if found is None:
        raise NotOffered
    try:
        opened: IO[bytes] = found.file.open("rb")
    except FileNotFoundError as error:
        raise NotOffered from error
    log.record(
        actor=actor,
        action="data_export.taken",
        target=found,
        public={"person": actor.pk},
        now=now,
    )
    return opened


def remove_old_exports(*, now: datetime) -> int:
    """Remove what is past its time, note what will never come; how many. Safe to call twice."""
    count = 0
    for export in DataExport.objects.over(now):
        with transaction.atomic():
            count += _remove(export, now)
    late = DataExport.objects.under_way()
    forgotten = late.filter(state=ExportState.ASKED, asked_at__lt=now - FORGOTTEN_AFTER)
    dead = late.filter(state=ExportState.MAKING, beat_at__lt=now - 2 * DEAD_AFTER)
    for export in [*forgotten, *dead]:
        _sweep(export)
        _note_failure(export, now)
        count += 1
    return count


def _remove(export: DataExport, now: datetime) -> int:
    """In the caller's transaction; the file goes with the commit."""
    name, storage = str(export.file.name), export.file.storage
    try:
        change_state(export, ExportState.REMOVED, transitions=EXPORT_TRANSITIONS, also={"file": ""})
    except IllegalMove:
        return 0  # another worker did it
    log.record(
        actor=None,
        action="data_export.removed",
        target=export,
        public={"person": export.person_id},
        now=now,
    )
    transaction.on_commit(lambda: storage.delete(name))
    return 1


def remove_exports_of(*, person: User, now: datetime) -> int:
    """Every copy, whatever its state: part of an erasure. How many files went."""
    count = 0
    for export in DataExport.objects.visible_to(person):
        if export.state == ExportState.READY:
            count += _remove(export, now)
        else:
            _note_failure(export, now)
            # A worker that was killed left what it had written, whatever the row says.
            transaction.on_commit(partial(_sweep, export))
    return count
