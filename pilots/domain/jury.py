"""Who evaluates, and what ties them: conflicts come before any title (promise 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.accounts import rules as people
from core.accounts.models import Organisation, User
from core.audit import log
from core.exceptions import DomainError, NotAllowed
from core.notifications.outbox import queue_message
from core.states import change_state
from pilots.domain.status import is_over
from pilots.domain.ties import computed_conflicts, require_untied
from pilots.enums import (
    APPLICATION_TRANSITIONS,
    ASSIGNMENT_TRANSITIONS,
    IN_REVIEW,
    ApplicationState,
    AssignmentState,
    ConflictOrigin,
)
from pilots.models import Application, Assignment, Conflict, Juror, Jury, Stage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime


class StillOpen(DomainError):
    """The jury starts after the close: nothing is read while others may still submit."""

    code = "still_open"
    default_message = _("The call is still open: applications are assigned after it closes.")


class NothingDeclared(DomainError):
    """A jury member reads nothing before declaring conflicts."""

    code = "nothing_declared"
    default_message = _("Declare your conflicts of interest first: the list takes two minutes.")


@transaction.atomic
def appoint_jury(
    *, stage: Stage, users: Iterable[User], actor: User, now: datetime, quorum: int = 3
) -> Jury:
    """Seat ``users`` in the stage's jury, once each, and ask each to declare conflicts.

    Raises ``NotAllowed`` unless ``actor`` works on challenges and each user is a jury member.
    """
    _require_manager(actor)
    jury, _created = Jury.objects.select_for_update().get_or_create(
        stage=stage, defaults={"quorum": quorum}
    )
    seated = []
    for user in users:
        if not people.is_jury_member(user):
            raise NotAllowed(_("Only people of the jury group can be appointed."))
        juror, created = Juror.objects.get_or_create(jury=jury, user=user)
        if created:
            seated.append(juror)
    for juror in seated:
        queue_message(
            key=f"jury_invitation:{juror.pk}",
            event="jury_invitation",
            to=juror.user,
            context={"juror_id": juror.pk},
            now=now,
        )
    log.record(
        actor=actor,
        action="jury.appointed",
        target=jury,
        public={"stage": stage.pk, "seats": jury.jurors.count()},
        private={"jurors": sorted(jury.jurors.values_list("user_id", flat=True))},
        subject=actor,
        now=now,
    )
    return jury


def organisations_to_declare(juror: Juror) -> list[Organisation]:
    """Every organisation that applied, in alphabetical order, tied to no file."""
    return list(
        Organisation.objects.filter(
            applications__stage=juror.jury.stage, applications__submitted_at__isnull=False
        )
        .distinct()
        .order_by("name", "pk")
    )


@transaction.atomic
def declare_conflicts(
    *, juror: Juror, organisations: Collection[int], reason: str = "", actor: User, now: datetime
) -> Juror:
    """Keep what the jury member declares beside what the records show; recuse accordingly.

    ``organisations`` are keys from :func:`organisations_to_declare`; others are ignored. May be
    done again: a conflict found later recuses later, also from what is handed in; a past one is
    never taken back. Raises ``StillOpen`` while the list may still grow.
    """
    juror = Juror.objects.select_for_update().select_related("jury__stage", "user").get(pk=juror.pk)
    if juror.user_id != actor.pk:
        raise NotAllowed(_("Only the jury member declares these conflicts."))
    if not is_over(juror.jury.stage, now):
        raise StillOpen(
            _("The list comes after the close: an organisation may still apply until then.")
        )
    listed = organisations_to_declare(juror)
    computed = computed_conflicts(juror.user, listed)
    declared = set(organisations) & {o.pk for o in listed}
    for organisation in listed:
        if organisation.pk in computed:
            _note(juror, organisation, ConflictOrigin.COMPUTED, computed[organisation.pk], now)
        elif organisation.pk in declared:
            _note(juror, organisation, ConflictOrigin.DECLARED, reason, now)
    juror.declared_at = now
    juror.save(update_fields=["declared_at"])
    moved = _settle_assignments(juror)
    log.record(
        actor=actor,
        action="jury.conflicts_declared",
        target=juror,
        public={"declared": True, **moved},
        private={
            "organisations": sorted(juror.conflicts.values_list("organisation_id", flat=True))
        },
        subject=actor,
        now=now,
    )
    return juror


def _note(
    juror: Juror, organisation: Organisation, origin: ConflictOrigin, reason: str, now: datetime
) -> None:
    Conflict.objects.get_or_create(
        juror=juror,
        organisation=organisation,
        defaults={"origin": origin, "reason": reason[:300], "noted_at": now},
    )


def _settle_assignments(juror: Juror) -> dict[str, list[int]]:
    """Recused where there is a tie, accepted elsewhere; the assignments moved, by state."""
    tied = set(juror.conflicts.values_list("organisation_id", flat=True))
    moved: dict[str, list[int]] = {"recused": [], "accepted": []}
    waiting = (
        juror.assignments.select_for_update(of=("self",))
        .select_related("application")
        .exclude(state__in=[AssignmentState.RECUSED, AssignmentState.DECLINED])
    )
    for assignment in waiting:
        if assignment.application.organisation_id in tied:
            change_state(assignment, AssignmentState.RECUSED, transitions=ASSIGNMENT_TRANSITIONS)
            moved["recused"].append(assignment.pk)
        elif assignment.state in (AssignmentState.PROPOSED, AssignmentState.NOTIFIED):
            _accept(assignment)
            moved["accepted"].append(assignment.pk)
    return moved


def _accept(assignment: Assignment) -> None:
    for step in (AssignmentState.NOTIFIED, AssignmentState.ACCEPTED):
        if step in ASSIGNMENT_TRANSITIONS[AssignmentState(assignment.state)]:
            change_state(assignment, step, transitions=ASSIGNMENT_TRANSITIONS)


@transaction.atomic
def recheck_ties(*, juror: Juror, now: datetime) -> None:
    """Recuse from what the records tie this person to since the declaration."""
    juror = Juror.objects.select_for_update(of=("self",)).select_related("user").get(pk=juror.pk)
    if juror.declared_at is None:
        return
    new = _note_new_ties(juror, now)
    if not new:
        return
    log.record(
        actor=None,
        action="jury.conflicts_found",
        target=juror,
        public=_settle_assignments(juror),
        private={"organisations": new},
        subject=juror.user,
        now=now,
    )


def _note_new_ties(juror: Juror, now: datetime) -> list[int]:
    """Ties that the records show and that were not noted yet; their organisations."""
    known = set(juror.conflicts.values_list("organisation_id", flat=True))
    listed = {o.pk: o for o in organisations_to_declare(juror)}
    found = computed_conflicts(juror.user, list(listed.values()))
    new = sorted(found.keys() - known)
    for key in new:
        _note(juror, listed[key], ConflictOrigin.COMPUTED, found[key], now)
    return new


@transaction.atomic
def assign_applications(*, stage: Stage, actor: User, now: datetime) -> int:
    """Give every received application to every jury member; how many of them anyone got anew.

    Those who have declared receive work at once; others once they have. Applications go under
    review. Raises ``StillOpen`` before the close, ``NotAllowed`` to who does not manage the call.
    """
    _require_manager(actor)
    stage = Stage.objects.select_for_update().get(pk=stage.pk)
    for challenge in stage.call.challenges.all():
        require_untied(actor, challenge)
    if not is_over(stage, now):
        raise StillOpen
    jury = Jury.objects.filter(stage=stage).first()
    jurors = list(jury.jurors.select_related("user")) if jury else []
    applications = list(stage.applications.filter(state__in=[str(s) for s in IN_REVIEW]))
    given = {pk for juror in jurors for pk in _assign(juror, applications, now)}
    for application in applications:
        if application.state == ApplicationState.SUBMITTED:
            change_state(
                application, ApplicationState.UNDER_REVIEW, transitions=APPLICATION_TRANSITIONS
            )
            log.record(
                actor=actor,
                action="application.under_review",
                target=application,
                public={"state": application.state},
                now=now,
            )
    log.record(
        actor=actor,
        action="jury.assigned",
        target=stage,
        public={"applications": len(applications), "jurors": len(jurors), "new": len(given)},
        now=now,
    )
    return len(given)


def _assign(juror: Juror, applications: list[Application], now: datetime) -> list[int]:
    known = set(juror.assignments.values_list("application_id", flat=True))
    fresh = [
        Assignment(application=application, juror=juror)
        for application in applications
        if application.pk not in known
    ]
    Assignment.objects.bulk_create(fresh)
    if fresh and juror.declared_at is not None:
        _note_new_ties(juror, now)
        log.record(
            actor=None,
            action="jury.assignments_settled",
            target=juror,
            public=_settle_assignments(juror),
            now=now,
        )
    return [assignment.application_id for assignment in fresh]


def _require_manager(actor: User) -> None:
    if not people.works_on_challenges(actor):
        raise NotAllowed(_("Only challenge managers do this. Ask the city's team."))
