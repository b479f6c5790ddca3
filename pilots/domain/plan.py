"""What a trial will measure and reach, and what happened on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.audit import log
from core.exceptions import Incomplete, NotAllowed
from core.states import change_state
from pilots.domain.reading import may_record
from pilots.domain.sites import NotPreparing, require_pilot_manager
from pilots.enums import MILESTONE_TRANSITIONS, MilestoneState, PilotState
from pilots.models import Indicator, JournalEntry, Milestone, Pilot
from pilots.signals import record_changed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from core.accounts.models import User

LONGEST_KEY = 50
ENDED = (PilotState.CONCLUDED, PilotState.CANCELLED)


def _locked(pilot: Pilot, *, only_preparing: bool) -> Pilot:
    found: Pilot = Pilot.objects.select_for_update().get(pk=pilot.pk)
    refused = found.state != PilotState.PREPARING if only_preparing else found.state in ENDED
    if refused:
        raise NotPreparing
    return found


def _noted(pilot: Pilot, action: str, actor: User, now: datetime, **public: Any) -> None:
    record_changed.send(sender=Pilot, pk=pilot.pk)
    log.record(actor=actor, action=action, target=pilot, public=public, now=now)


@transaction.atomic
def write_indicator(
    *,
    pilot: Pilot,
    indicator: Indicator | None,
    values: Mapping[str, Any],
    actor: User,
    now: datetime,
) -> Indicator:
    """Add an indicator, or change one, before the start; its key is made once from its label."""
    require_pilot_manager(actor)
    pilot = _locked(pilot, only_preparing=True)
    if indicator is None:
        count = pilot.indicators.count()
        indicator = Indicator(
            pilot=pilot, sort_order=count, key=_free_key(pilot, values["label_fr"])
        )
    changed = {
        name: {"before": _plain(getattr(indicator, name)), "after": _plain(value)}
        for name, value in values.items()
        if getattr(indicator, name) != value
    }
    for name, value in values.items():
        setattr(indicator, name, value)
    if indicator.baseline is not None and indicator.baseline == indicator.target:
        raise Incomplete([_("The target is the same as the baseline: nothing could be learned.")])
    indicator.save()
    _noted(pilot, "indicator.written", actor, now, key=indicator.key, changed=changed)
    return indicator


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | None) else str(value)


def _free_key(pilot: Pilot, label: str) -> str:
    stem = slugify(label)[:LONGEST_KEY] or "mesure"
    taken = set(pilot.indicators.values_list("key", flat=True))
    numbered = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
    return next(key for key in (stem, *numbered) if key not in taken)


@transaction.atomic
def remove_indicator(*, indicator: Indicator, actor: User, now: datetime) -> None:
    """Give an indicator up before the start."""
    require_pilot_manager(actor)
    pilot = _locked(indicator.pilot, only_preparing=True)
    key = indicator.key
    indicator.delete()
    _noted(pilot, "indicator.removed", actor, now, key=key)


@transaction.atomic
def add_milestone(
    *, pilot: Pilot, title_fr: str, title_en: str, due_on: date, actor: User, now: datetime
) -> Milestone:
    """A dated step more."""
    require_pilot_manager(actor)
    pilot = _locked(pilot, only_preparing=False)
    milestone: Milestone = Milestone.objects.create(
        pilot=pilot,
        title_fr=title_fr,
        title_en=title_en,
        due_on=due_on,
        sort_order=pilot.milestones.count(),
    )
    _noted(pilot, "milestone.added", actor, now, title_fr=title_fr, due_on=due_on.isoformat())
    return milestone


@transaction.atomic
def settle_milestone(
    *, milestone: Milestone, to: MilestoneState, on: date, actor: User, now: datetime
) -> Milestone:
    """Say what became of a milestone, once."""
    require_pilot_manager(actor)
    pilot = _locked(milestone.pilot, only_preparing=False)
    change_state(milestone, to, transitions=MILESTONE_TRANSITIONS, also={"met_on": on})
    _noted(pilot, "milestone.settled", actor, now, title_fr=milestone.title_fr, state=to)
    return milestone


@transaction.atomic
def write_entry(
    *, pilot: Pilot, values: Mapping[str, Any], actor: User, now: datetime
) -> JournalEntry:
    """A line of the public journal, by the city or the startup."""
    if not may_record(actor, pilot):
        raise NotAllowed
    pilot = _locked(pilot, only_preparing=False)
    entry: JournalEntry = JournalEntry.objects.create(pilot=pilot, written_by=actor, **values)
    _noted(pilot, "journal.written", actor, now, title_fr=entry.title_fr)
    return entry
