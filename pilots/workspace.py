"""What the thread asks of a person today: rows of the workspace."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.accounts import rules
from core.deadlines import city_time
from core.registry import WorkspaceRow
from pilots.domain.blind import blind_label
from pilots.domain.checklist import missing_before_start
from pilots.domain.status import deadline_of, is_over, may_submit
from pilots.enums import ApplicationState, AssignmentState, PilotState
from pilots.models import Application, Assignment, Challenge, Juror, Pilot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.accounts.models import Organisation, User

MOST = 10


def rows(user: User, organisation: Organisation | None, now: datetime) -> Iterator[WorkspaceRow]:
    """Drafts to submit, conflicts to declare, files to read, calls to settle, pilots to move."""
    yield from _drafts(user, organisation, now)
    yield from _jury(user, now)
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
            due=None,
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
            due=None,
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
            due=None,
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
            due=None,
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
            due=None,
            url_name="pilotdesk",
            url_kwargs={"slug": pilot.slug},
            button=_("Open the pilot"),
        )
