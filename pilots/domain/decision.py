"""Outcomes held in an envelope, and the envelope released: statuses and letters leave together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Avg
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts import rules as people
from core.audit import log
from core.exceptions import DomainError, Incomplete, NotAllowed
from core.notifications import outbox
from core.states import change_state
from pilots.domain.award import award_pilot
from pilots.domain.jury import StillOpen
from pilots.domain.ranking import RankedApplication, ranking
from pilots.domain.status import is_over
from pilots.domain.ties import require_untied
from pilots.enums import (
    APPLICATION_TRANSITIONS,
    CHALLENGE_TRANSITIONS,
    IN_REVIEW,
    ApplicationState,
    ChallengeState,
    Outcome,
)
from pilots.models import Application, Challenge, Decision, Envelope, Review
from pilots.signals import record_changed

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import User


class NotUnderReview(DomainError):
    """An outcome is set on an application that the jury has received."""

    code = "not_under_review"
    default_message = gettext_lazy(
        "This application is not under review, so it cannot receive an outcome."
    )


class NothingToDecide(DomainError):
    """The challenge is cancelled, decided or archived."""

    code = "nothing_to_decide"
    default_message = gettext_lazy(
        "This challenge is no longer open to decisions: it is cancelled or already decided."
    )


class AlreadyReleased(DomainError):
    """The envelope has left: its letters are in people's hands."""

    code = "already_released"
    default_message = gettext_lazy("These decisions have already been announced.")


@transaction.atomic
def set_outcome(
    *,
    application: Application,
    outcome: Outcome,
    reasons_fr: str,
    reasons_en: str = "",
    actor: User,
    now: datetime,
) -> Decision:
    """Hold ``outcome`` for the application in its challenge's open envelope; nothing is told yet.

    An earlier pending outcome is superseded; letters are written at the release, from the standing
    one only. Raises ``NotAllowed``,
    ``NotUnderReview``, ``Incomplete`` when there is no reason.
    """
    _require_manager(actor)
    if not reasons_fr.strip():
        raise Incomplete([_("Give the reasons: every applicant receives them.")])
    challenge = Challenge.objects.select_for_update().get(pk=application.challenge_id)
    _require_open_to_decisions(challenge, actor, now)
    application = Application.objects.select_for_update().get(pk=application.pk)
    if application.state not in IN_REVIEW or application.state == ApplicationState.SUBMITTED:
        raise NotUnderReview
    envelope, _made = Envelope.objects.get_or_create(
        challenge=challenge, released_at=None, defaults={"created_by": actor}
    )
    earlier = application.decisions.filter(superseded_by__isnull=True).first()
    if earlier is not None:
        # The constraint allows one standing decision: the old one steps aside first.
        earlier.superseded_by = earlier
        earlier.save(update_fields=["superseded_by"])
    decision = Decision.objects.create(
        envelope=envelope,
        application=application,
        outcome=outcome,
        reasons_fr=reasons_fr,
        reasons_en=reasons_en,
        decided_by=actor,
        decided_at=now,
    )
    if earlier is not None:
        earlier.superseded_by = decision
        earlier.save(update_fields=["superseded_by"])
    log.record(
        actor=actor,
        action="decision.held",
        target=application,
        public={"held": True},
        private={"outcome": outcome, "reasons_fr": reasons_fr},
        subject=actor,
        now=now,
    )
    return decision


def _letter_key(decision: Decision) -> str:
    return f"decision_letter:{decision.pk}"


def envelope_problems(envelope: Envelope) -> list[str]:
    """What keeps the envelope from leaving, one sentence each; empty when it may."""
    undecided = (
        Application.objects.filter(
            challenge=envelope.challenge, state__in=[str(s) for s in IN_REVIEW]
        )
        .exclude(decisions__superseded_by__isnull=True, decisions__envelope=envelope)
        .order_by("number")
    )
    return [
        _("Application %(number)s has no outcome yet.") % {"number": a.number} for a in undecided
    ]


@transaction.atomic
def release_envelope(*, envelope: Envelope, actor: User, now: datetime) -> Envelope:
    """Change every status and queue every letter, in one transaction (promise 6).

    The challenge is decided and each selected application receives its pilot. Raises
    ``AlreadyReleased``, ``Incomplete`` naming every application without an outcome, ``NotAllowed``.
    """
    _require_manager(actor)
    challenge = Challenge.objects.select_for_update().get(pk=envelope.challenge_id)
    envelope = Envelope.objects.select_for_update().get(pk=envelope.pk)
    if envelope.released_at is not None:
        raise AlreadyReleased
    _require_open_to_decisions(challenge, actor, now)
    problems = envelope_problems(envelope)
    if problems:
        raise Incomplete(problems)
    rows = {row.application.pk: row for row in ranking(challenge)}
    # Who withdrew meanwhile is not written to; the outcome held for them stays unsaid.
    standing = envelope.decisions.filter(
        superseded_by__isnull=True, application__state__in=[str(s) for s in IN_REVIEW]
    ).select_related(
        "application__organisation", "application__startup", "application__submitted_by"
    )
    counts: dict[str, int] = {}
    letters: list[outbox.Letter] = []
    for decision in standing:
        letters += _announce(decision, rows.get(decision.application_id), actor, now)
        counts[decision.outcome] = counts.get(decision.outcome, 0) + 1
    outbox.queue_messages(event="decision_letter", letters=letters, batch=envelope.batch, now=now)
    envelope.released_at, envelope.released_by = now, actor
    envelope.save(update_fields=["released_at", "released_by"])
    change_state(challenge, ChallengeState.DECIDED, transitions=CHALLENGE_TRANSITIONS)
    challenge.decided_at = now
    challenge.save(update_fields=["decided_at"])
    record_changed.send(sender=Challenge, pk=challenge.pk)
    log.record(
        actor=actor,
        action="envelope.released",
        target=challenge,
        public={"outcomes": counts, "state": challenge.state},
        now=now,
    )
    return envelope


def _announce(
    decision: Decision, row: RankedApplication | None, actor: User, now: datetime
) -> list[outbox.Letter]:
    """Move the application and make its pilot; the letters that say so."""
    application = decision.application
    if application.state == ApplicationState.UNDER_REVIEW:
        change_state(application, ApplicationState.SHORTLISTED, transitions=APPLICATION_TRANSITIONS)
    change_state(
        application, ApplicationState(decision.outcome), transitions=APPLICATION_TRANSITIONS
    )
    log.record(
        actor=actor,
        action="application.decided",
        target=application,
        public={"state": application.state, "result": row.result if row else None},
        now=now,
    )
    if decision.outcome == Outcome.SELECTED:
        award_pilot(application=application, actor=actor, now=now)
    context = letter_facts(decision, row)
    return [
        outbox.Letter(key=f"{_letter_key(decision)}:{user.pk}", to=user, context=context)
        for user in _addressees(application)
    ]


def _addressees(application: Application) -> list[User]:
    members = application.organisation.memberships.filter(role__in=["owner", "editor"])
    return [m.user for m in members.select_related("user").order_by("pk")]


def letter_facts(decision: Decision, row: RankedApplication | None) -> dict[str, Any]:
    """What a letter says of a decision; ``row`` is the application's in the ranking."""
    application = decision.application
    comments = [
        review.comment_to_applicant
        for review in _handed_in(application)
        if review.comment_to_applicant
    ]
    return {
        "application_id": application.pk,
        "number": application.number,
        "outcome": decision.outcome,
        "reasons_fr": decision.reasons_fr,
        "reasons_en": decision.reasons_en or decision.reasons_fr,
        "result": row.result if row else None,
        "comments": comments,
        "scores": scores_by_criterion(application),
        "challenge_fr": application.challenge.title_fr,
        "challenge_en": application.challenge.title_en or application.challenge.title_fr,
    }


def _handed_in(application: Application) -> Any:
    return Review.objects.filter(
        assignment__application=application, assignment__state="submitted"
    ).order_by("pk")


def scores_by_criterion(application: Application) -> list[dict[str, Any]]:
    """Mean mark out of 10 on each criterion, in the order of the call."""
    means = {
        row["scores__criterion"]: row["mean"]
        for row in _handed_in(application)
        .order_by()
        .values("scores__criterion")
        .annotate(mean=Avg("scores__value"))
    }
    return [
        {
            "label_fr": criterion.label_fr,
            "label_en": criterion.label_en or criterion.label_fr,
            "weight": criterion.weight,
            "mean": round(means[criterion.pk], 1),
        }
        for criterion in application.stage.criteria.all()
        if means.get(criterion.pk) is not None
    ]


def _require_open_to_decisions(challenge: Challenge, actor: User, now: datetime) -> None:
    require_untied(actor, challenge)
    if challenge.state != ChallengeState.PUBLISHED:
        raise NothingToDecide
    stage = challenge.stage
    if stage is not None and not is_over(stage, now):
        raise StillOpen(_("The call is still open for someone: decide after the last deadline."))


def _require_manager(actor: User) -> None:
    if not people.works_on_challenges(actor):
        raise NotAllowed(gettext_lazy("Only challenge managers decide. Ask the city's team."))
