"""The trial: its plan, its start with proof, its end, its verdict."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit import log
from core.deadlines import city_time
from core.exceptions import DomainError, IllegalMove, Incomplete
from core.notifications.outbox import queue_message
from core.states import change_state
from pilots.domain.checklist import missing_before_start
from pilots.domain.sites import NotPreparing, require_pilot_manager
from pilots.enums import PILOT_TRANSITIONS, PilotState, VerdictOutcome
from pilots.models import Challenge, JournalEntry, Pilot, Site, Verdict
from pilots.signals import record_changed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from core.accounts.models import User

# What the plan form may write; states and decided values are not among them.
PLAN_FIELDS = frozenset(
    f"{stem}_{code}"
    for stem in (
        "title",
        "summary",
        "hypothesis",
        "stop_rule",
        "notice",
        "agreement",
        "privacy_summary",
        "verdict_role",
    )
    for code in ("fr", "en")
) | {"may_identify_people", "agreement_signed_on", "starts_on", "ends_on", "verdict_due_on"}


class VerdictGiven(DomainError):
    """A verdict is given once."""

    code = "verdict_given"
    default_message = gettext_lazy("The verdict has been given: it does not change.")


def _locked(pilot: Pilot) -> Pilot:
    found: Pilot = (
        Pilot.objects.select_for_update(of=("self",))
        .select_related("challenge", "startup__organisation")
        .get(pk=pilot.pk)
    )
    return found


def _noted(pilot: Pilot, action: str, actor: User, now: datetime, **public: Any) -> Pilot:
    # First what two trials may share: of two changed at once, one waits before it holds anything.
    record_changed.send(sender=Challenge, pk=pilot.challenge_id)
    record_changed.send(sender=Pilot, pk=pilot.pk)
    log.record(
        actor=actor,
        action=f"pilot.{action}",
        target=pilot,
        public={"state": pilot.state, **public},
        now=now,
    )
    return pilot


@transaction.atomic
def update_plan(*, pilot: Pilot, values: Mapping[str, Any], actor: User, now: datetime) -> Pilot:
    """Write the plan while the trial is in preparation; the audit keeps what changed.

    ``values`` go by field name, see :data:`PLAN_FIELDS`; ``KeyError`` on another name.
    """
    require_pilot_manager(actor)
    pilot = _locked(pilot)
    if pilot.state != PilotState.PREPARING:
        raise NotPreparing
    changed: dict[str, Any] = {}
    for name, value in values.items():
        if name not in PLAN_FIELDS:
            raise KeyError(name)
        before = getattr(pilot, name)
        if before != value:
            changed[name] = {"before": _plain(before), "after": _plain(value)}
            setattr(pilot, name, value)
    if changed:
        pilot.save(update_fields=[*changed, "updated_at"])
        _noted(pilot, "planned", actor, now, changed=changed)
    return pilot


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


@transaction.atomic
def complete_privacy_assessment(*, pilot: Pilot, on: date, actor: User, now: datetime) -> Pilot:
    """The privacy assessment is done: what a reading can say of a person has been weighed."""
    require_pilot_manager(actor)
    pilot = _locked(pilot)
    if not pilot.privacy_summary_fr:
        raise Incomplete([_("Write in French what the privacy assessment concluded.")])
    pilot.privacy_assessed_on = on
    pilot.save(update_fields=["privacy_assessed_on", "updated_at"])
    return _noted(pilot, "privacy_assessed", actor, now, on=on.isoformat())


@transaction.atomic
def start_pilot(*, pilot: Pilot, actor: User, now: datetime) -> Pilot:
    """Start the trial; refused with the whole list of what is missing (promise 7)."""
    require_pilot_manager(actor)
    pilot = _locked(pilot)
    if pilot.state != PilotState.PREPARING:
        raise IllegalMove(_("This trial has already started; one that is suspended is resumed."))
    today = city_time(now).date()
    problems = missing_before_start(pilot, today=today)
    if problems:
        raise Incomplete(problems)
    pilot.started_at = now
    if pilot.starts_on is None or pilot.starts_on > today:
        pilot.starts_on = today  # earlier than planned
    pilot.save(update_fields=["started_at", "starts_on", "updated_at"])
    change_state(pilot, PilotState.RUNNING, transitions=PILOT_TRANSITIONS)
    _write_journal(pilot, now, actor, "Début de l’essai", "Start of the trial")
    for member in pilot.startup.organisation.memberships.select_related("user"):
        queue_message(
            key=f"pilot_started:{pilot.pk}:{member.user_id}",
            event="pilot_started",
            to=member.user,
            context=trial_facts(pilot),
            now=now,
        )
    return _noted(pilot, "started", actor, now)


def trial_facts(pilot: Pilot) -> dict[str, Any]:
    """What every message on a trial says of it."""
    return {
        "title_fr": pilot.title_fr,
        "title_en": pilot.title_en or pilot.title_fr,
        "slug": pilot.slug,
    }


def verdict_facts(verdict: Verdict) -> dict[str, Any]:
    """What the message of a verdict says."""
    return {
        **trial_facts(verdict.pilot),
        "outcome": verdict.outcome,
        "reasons_fr": verdict.reasons_fr,
        "reasons_en": verdict.reasons_en or verdict.reasons_fr,
    }


def _write_journal(pilot: Pilot, now: datetime, actor: User, fr: str, en: str) -> None:
    JournalEntry.objects.create(
        pilot=pilot,
        happened_on=city_time(now).date(),
        title_fr=fr,
        title_en=en,
        written_by=actor,
    )


@transaction.atomic
def suspend_pilot(
    *, pilot: Pilot, reason_fr: str, reason_en: str = "", actor: User, now: datetime
) -> Pilot:
    """Stop for a while, saying why in public."""
    require_pilot_manager(actor)
    pilot = _locked(pilot)
    if not reason_fr.strip():
        raise Incomplete([_("Say in French why the trial is suspended: the public reads it.")])
    change_state(pilot, PilotState.SUSPENDED, transitions=PILOT_TRANSITIONS)
    pilot.suspended_reason_fr, pilot.suspended_reason_en = reason_fr, reason_en
    pilot.save(update_fields=["suspended_reason_fr", "suspended_reason_en", "updated_at"])
    _write_journal(pilot, now, actor, "Essai suspendu", "Trial suspended")
    return _noted(pilot, "suspended", actor, now, reason_fr=reason_fr)


@transaction.atomic
def resume_pilot(*, pilot: Pilot, actor: User, now: datetime) -> Pilot:
    """Go on after a suspension; the same proofs are asked again."""
    require_pilot_manager(actor)
    pilot = _locked(pilot)
    problems = missing_before_start(pilot, today=city_time(now).date())
    if problems:
        raise Incomplete(problems)
    change_state(pilot, PilotState.RUNNING, transitions=PILOT_TRANSITIONS)
    _write_journal(pilot, now, actor, "Reprise de l’essai", "Trial resumed")
    return _noted(pilot, "resumed", actor, now)


@transaction.atomic
def complete_pilot(*, pilot: Pilot, actor: User, now: datetime) -> Pilot:
    """The trial is over; a verdict is owed by its date."""
    require_pilot_manager(actor)
    pilot = _locked(pilot)
    change_state(pilot, PilotState.COMPLETED, transitions=PILOT_TRANSITIONS)
    pilot.completed_at = now
    fields = ["completed_at", "updated_at"]
    today = city_time(now).date()
    if pilot.ends_on and today < pilot.ends_on:
        # An early end gives the sites back and does not move the verdict's date.
        pilot.bookings.filter(ends_on__gt=today, starts_on__lte=today).update(ends_on=today)
    if pilot.verdict_due_on is None:
        pilot.verdict_due_on = today + timedelta(weeks=pilot.challenge.verdict_weeks)
        fields.append("verdict_due_on")
    pilot.save(update_fields=fields)
    _write_journal(pilot, now, actor, "Fin de l’essai", "End of the trial")
    return _noted(pilot, "completed", actor, now)


@transaction.atomic
def cancel_pilot(
    *, pilot: Pilot, reason_fr: str, reason_en: str = "", actor: User, now: datetime
) -> Pilot:
    """Give up, saying why in public; the sites are free again."""
    require_pilot_manager(actor)
    pilot = _locked(pilot)
    if not reason_fr.strip():
        raise Incomplete([_("Say in French why the trial is cancelled: the public reads it.")])
    change_state(pilot, PilotState.CANCELLED, transitions=PILOT_TRANSITIONS)
    pilot.cancelled_reason_fr, pilot.cancelled_reason_en = reason_fr, reason_en
    pilot.save(update_fields=["cancelled_reason_fr", "cancelled_reason_en", "updated_at"])
    given_back = pilot.bookings.filter(ends_on__gte=city_time(now).date())
    for site in list(given_back.values_list("site_id", flat=True)):
        record_changed.send(sender=Site, pk=site)
    given_back.delete()
    return _noted(pilot, "cancelled", actor, now, reason_fr=reason_fr)


@transaction.atomic
def give_verdict(
    *,
    pilot: Pilot,
    outcome: VerdictOutcome,
    reasons_fr: str,
    reasons_en: str = "",
    role_fr: str,
    role_en: str = "",
    actor: User,
    now: datetime,
) -> Verdict:
    """Conclude: what the city does next, by a named role, with reasons, once (promise 8)."""
    require_pilot_manager(actor)
    pilot = _locked(pilot)
    if Verdict.objects.filter(pilot=pilot).exists():
        raise VerdictGiven
    problems = []
    if not reasons_fr.strip():
        problems.append(_("Give the reasons in French: a failure is told like a success."))
    if not role_fr.strip():
        problems.append(_("Name the role that decides."))
    if problems:
        raise Incomplete(problems)
    change_state(pilot, PilotState.CONCLUDED, transitions=PILOT_TRANSITIONS)
    verdict = Verdict.objects.create(
        pilot=pilot,
        outcome=outcome,
        reasons_fr=reasons_fr,
        reasons_en=reasons_en,
        role_fr=role_fr,
        role_en=role_en,
        decided_by=actor,
        decided_at=now,
    )
    for member in pilot.startup.organisation.memberships.select_related("user"):
        queue_message(
            key=f"pilot_verdict:{pilot.pk}:{member.user_id}",
            event="pilot_verdict",
            to=member.user,
            context=verdict_facts(verdict),
            now=now,
        )
    _noted(pilot, "concluded", actor, now, outcome=outcome, role_fr=role_fr)
    return verdict
