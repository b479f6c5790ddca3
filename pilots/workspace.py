"""What the thread asks of a person today: rows of the workspace."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.accounts import rules
from core.deadlines import city_time, end_of_day
from core.registry import WorkspaceRow
from pilots.domain.blind import blind_label
from pilots.domain.checklist import missing_before_start
from pilots.domain.status import deadline_of, is_over, may_submit
from pilots.enums import ApplicationState, AssignmentState, PermitState, PilotState
from pilots.models import Application, Assignment, Challenge, Juror, Permit, Pilot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.accounts.models import Organisation, User
    from pilots.querysets import PilotQuerySet

MOST = 10
# A borough takes weeks to renew one.
PERMITS_AHEAD: Final = timedelta(days=30)
# A trial that has left the street needs its permits no more.
UNDER_WAY: Final = (PilotState.PREPARING, PilotState.RUNNING, PilotState.SUSPENDED)


def rows(user: User, organisation: Organisation | None, now: datetime) -> Iterator[WorkspaceRow]:
    """Drafts to submit, conflicts to declare, files to read, trials to look after, calls to end."""
    yield from _drafts(user, organisation, now)
    yield from _jury(user, now)
    yield from _trials(user, organisation, now)
    if rules.works_on_challenges(user):
        yield from _calls(user, now)
    if rules.works_on_pilots(user):
        yield from _pilots(user, now)


def _drafts(user: User, organisation: Organisation | None, now: datetime) -> Iterator[WorkspaceRow]:
    if organisation is None:
        return
    drafts = (
        Application.objects.visible_to(user)
        .of_organisation(organisation)
        .filter(state=ApplicationState.DRAFT)
        .select_related("challenge__call", "stage", "organisation")
        .prefetch_related("challenge__call__stages")
        .order_by("stage__closes_at", "pk")
    )
    in_time = (d for d in drafts if may_submit(d.challenge, d.organisation, now))
    for draft in islice(in_time, MOST):
        yield WorkspaceRow(
            title=draft.challenge.title,
            detail=_("Your application is a draft: nothing has been sent."),
            due=deadline_of(draft.stage, draft.organisation).closes_at(draft.organisation_id),
            url_name="application_edit",
            url_kwargs={"pk": draft.pk},
            button=_("Go on writing"),
        )


def _jury(user: User, now: datetime) -> Iterator[WorkspaceRow]:
    seats = Juror.objects.of_user(user).filter(declared_at__isnull=True)
    seats = seats.select_related("jury__stage").prefetch_related("jury__stage__extensions")
    asked = (s for s in seats if is_over(s.jury.stage, now))
    for seat in islice(asked, MOST):
        yield WorkspaceRow(
            title=_("Declare your conflicts of interest"),
            detail=_("Before you read anything: the list takes two minutes."),
            # Since when it is asked; a call without a close is read as it comes.
            due=seat.jury.stage.closes_at or seat.jury.stage.opens_at,
            url_name="jury_conflicts",
            url_kwargs={"pk": seat.pk},
            button=_("Declare"),
        )
    waiting = (
        Assignment.objects.assigned_to(user)
        .filter(state__in=[AssignmentState.ACCEPTED, AssignmentState.RETURNED])
        .select_related("application__stage")
    )
    for assignment in waiting[:MOST]:
        yield WorkspaceRow(
            title=_("Evaluate file %(label)s") % {"label": blind_label(assignment)},
            detail=str(assignment.application.stage),
            due=assignment.changed_at,
            url_name="jury_evaluate",
            url_kwargs={"pk": assignment.pk},
            button=_("Evaluate"),
        )


def _calls(user: User, now: datetime) -> Iterator[WorkspaceRow]:
    found = Challenge.objects.visible_to(user).under_review(now)
    found = found.select_related("call").prefetch_related("call__stages__extensions")
    closed = (c for c in found if c.stage and is_over(c.stage, now))
    for challenge in islice(closed, MOST):
        received = challenge.applications.filter(submitted_at__isnull=False).count()
        yield WorkspaceRow(
            title=challenge.title,
            detail=ngettext(
                "The call is closed: %(n)s application is to be decided.",
                "The call is closed: %(n)s applications are to be decided.",
                received,
            )
            % {"n": received},
            due=challenge.stage.closes_at,
            url_name="city_challenge",
            url_kwargs={"slug": challenge.slug},
            button=_("Jury and decisions"),
        )


def _pilots(user: User, now: datetime) -> Iterator[WorkspaceRow]:
    today = city_time(now).date()
    mine = Pilot.objects.managed_by(user)
    for pilot in mine.overdue(today)[:MOST]:
        yield WorkspaceRow(
            title=pilot.title,
            detail=_("The verdict is overdue, and the public page says so."),
            due=end_of_day(pilot.verdict_due_on),
            url_name="pilotdesk",
            url_kwargs={"slug": pilot.slug},
            button=_("Open the pilot"),
        )
    for pilot in mine.filter(state=PilotState.PREPARING).order_by("starts_on")[:MOST]:
        missing = len(missing_before_start(pilot, today=today))
        yield WorkspaceRow(
            title=pilot.title,
            detail=ngettext(
                "In preparation: %(n)s thing is missing before the start.",
                "In preparation: %(n)s things are missing before the start.",
                missing,
            )
            % {"n": missing},
            due=end_of_day(pilot.starts_on) if pilot.starts_on else None,
            url_name="pilotdesk",
            url_kwargs={"slug": pilot.slug},
            button=_("Open the pilot"),
        )


def _trials(user: User, organisation: Organisation | None, now: datetime) -> Iterator[WorkspaceRow]:
    """Permits that expire soon and values that lack, for whoever may do something about it."""
    mine = Pilot.objects.managed_by(user)
    if not rules.works_on_pilots(user):
        if organisation is None or not rules.can(user, "edit_content", organisation):
            return
        mine = mine.filter(startup__organisation=organisation)
    yield from _permits(mine, now)
    yield from _readings(mine, now)


def _permits(pilots: PilotQuerySet, now: datetime) -> Iterator[WorkspaceRow]:
    expiring = Permit.objects.filter(
        pilot__in=pilots.filter(state__in=UNDER_WAY), state=PermitState.GRANTED
    ).expiring_by(city_time(now).date() + PERMITS_AHEAD)
    for permit in expiring.select_related("pilot").order_by("expires_on", "pk")[:MOST]:
        if permit.expires_on is None:
            continue  # the query has none; the type does not know it
        yield WorkspaceRow(
            title=permit.pilot.title,
            detail=_("The permit “%(label)s” expires.") % {"label": permit.label},
            due=end_of_day(permit.expires_on),
            url_name="pilotdesk",
            url_kwargs={"slug": permit.pilot.slug},
            button=_("Open the pilot"),
        )


def _readings(pilots: PilotQuerySet, now: datetime) -> Iterator[WorkspaceRow]:
    running = pilots.running().with_last_reading().prefetch_related("indicators")
    dated = ((pilot, _due(pilot)) for pilot in running.order_by("starts_on", "pk"))
    late = ((pilot, due) for pilot, due in dated if due is not None and due < now)
    for pilot, due in islice(late, MOST):
        days = _shortest_period(pilot).days
        yield WorkspaceRow(
            title=pilot.title,
            detail=_("Values lack: the plan says one every %(n)s days.") % {"n": days}
            if days > 1
            else _("Values lack: the plan says one a day."),
            due=due,
            url_name="pilotdesk_readings",
            url_kwargs={"slug": pilot.slug},
            button=_("Enter values"),
        )


def _due(pilot: Pilot) -> datetime | None:
    """When its next value was promised; None without an indicator."""
    if pilot.starts_on is None or not pilot.indicators.all():
        return None
    return (pilot.last_reading_at or end_of_day(pilot.starts_on)) + _shortest_period(pilot)


def _shortest_period(pilot: Pilot) -> timedelta:
    return timedelta(days=min(indicator.every_days for indicator in pilot.indicators.all()))
