"""A startup's answer to a challenge: written field by field, submitted once, frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.accounts import rules as people
from core.audit import log
from core.drafts import saving
from core.exceptions import DeadlinePassed, DomainError, Incomplete, NotAllowed
from core.freeze import freeze
from core.languages import active_language
from core.notifications.outbox import queue_message
from core.states import change_state
from pilots.domain.answers import answer_problems, frozen_payload
from pilots.domain.status import may_submit
from pilots.enums import APPLICATION_TRANSITIONS, STANDING, ApplicationState, QuestionKind
from pilots.models import Application, Challenge, Extension

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import Organisation, User
    from core.drafts.models import DraftValue


class NoProfile(DomainError):
    """A candidate without a startup profile has no one to speak for."""

    code = "no_profile"
    default_message = _(
        "Your organisation has no startup profile yet: write it first, it fills the form for you."
    )


class AlreadySubmitted(DomainError):
    """One submitted application per startup and challenge."""

    code = "already_submitted"
    default_message = _(
        "Your startup has already submitted an application to this challenge. Withdraw it before "
        "writing another one."
    )


class NotOpen(DomainError):
    """The call takes nothing at this instant."""

    code = "not_open"
    default_message = _("This call is not open: its dates are on the challenge's page.")


@transaction.atomic
def start_application(
    *, challenge: Challenge, organisation: Organisation, actor: User, now: datetime
) -> Application:
    """The organisation's draft for ``challenge``: the one there is, else a new one.

    Raises ``NotAllowed``, ``NoProfile``, ``NotOpen`` before or after the call, and
    ``AlreadySubmitted`` while another application stands.
    """
    require_applicant(actor, organisation)
    challenge = Challenge.objects.select_for_update().get(pk=challenge.pk)
    startup = organisation.startups.order_by("pk").first()
    if startup is None:
        raise NoProfile
    mine = Application.objects.filter(challenge=challenge, startup=startup)
    draft: Application | None = mine.filter(state=ApplicationState.DRAFT).first()
    if draft is not None:
        return draft
    if mine.filter(state__in=[str(s) for s in STANDING]).exists():
        raise AlreadySubmitted
    if not may_submit(challenge, organisation, now) or challenge.stage is None:
        raise NotOpen
    application: Application = Application.objects.create(
        challenge=challenge,
        stage=challenge.stage,
        organisation=organisation,
        startup=startup,
        solution=startup.solutions.order_by("pk").first(),
        language=active_language(),
        created_by=actor,
    )
    log.record(
        actor=actor,
        action="application.started",
        target=application,
        public={"challenge": challenge.slug, "state": application.state},
        now=now,
    )
    return application


def require_applicant(actor: User, organisation: Organisation) -> None:
    if not people.can(actor, "apply", organisation):
        raise NotAllowed(
            _("Only owners and editors of the organisation apply. Ask one of its owners.")
        )


def save_answer(
    *,
    application: Application,
    key: str,
    value: Any,
    base_version: int,
    actor: User,
    now: datetime,
) -> DraftValue:
    """Keep what was typed in one field, even after the close (promise 2).

    ``base_version`` is the version that was edited. Raises ``StaleWrite`` with both values,
    ``IllegalMove`` once submitted, ``KeyError`` on a question that is not asked or that takes
    a file where text comes, and the reverse.
    """
    require_applicant(actor, application.organisation)
    if application.state != ApplicationState.DRAFT:
        raise AlreadySubmitted
    question = application.stage.questions.filter(key=key).first()
    is_upload = isinstance(value, dict) and "file" in value
    if question is None or is_upload != (question.kind == QuestionKind.FILE):
        raise KeyError(key)
    if isinstance(value, str):
        value = value.replace("\x00", "")  # no database keeps it, and nobody types it
    return saving.save_field(
        scope=application.draft_scope,
        field=key,
        value=value,
        base_version=base_version,
        actor=actor,
        now=now,
    )


@transaction.atomic
def choose_solution(*, application: Application, solution: Any, actor: User) -> Application:
    """Say which of the startup's solutions is proposed; None for none of them."""
    require_applicant(actor, application.organisation)
    application = Application.objects.select_for_update().get(pk=application.pk)
    if application.state != ApplicationState.DRAFT:
        raise AlreadySubmitted
    application.solution = solution
    application.save(update_fields=["solution"])
    log.record(
        actor=actor,
        action="application.solution_chosen",
        target=application,
        public={"solution": solution.pk if solution is not None else None},
    )
    return application


@transaction.atomic
def submit_application(*, application: Application, actor: User, now: datetime) -> Application:
    """Freeze the answers with their questions, give a number, send the receipt.

    Raises ``DeadlinePassed`` when ``now`` is not in time for this applicant, ``Incomplete`` with
    everything that lacks, ``AlreadySubmitted``, ``NotAllowed``.
    """
    require_applicant(actor, application.organisation)
    # The challenge's row is the lock of its numbers.
    challenge = Challenge.objects.select_for_update().get(pk=application.challenge_id)
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("organisation", "startup", "solution", "stage")
        .get(pk=application.pk)
    )
    _require_submittable(application, challenge, now)
    values = {key: row.value for key, row in saving.values(application.draft_scope).items()}
    questions = list(application.stage.questions.all())
    if problems := answer_problems(questions, values):
        raise Incomplete(problems)
    number = application.number or _next_number(challenge)
    frozen = freeze(frozen_payload(application, challenge, questions, values, number, now))
    change_state(
        application,
        ApplicationState.SUBMITTED,
        transitions=APPLICATION_TRANSITIONS,
        also={
            "number": number,
            "frozen": frozen.payload,
            "fingerprint": frozen.fingerprint,
            "submitted_at": now,
            "submitted_by_id": actor.pk,
        },
    )
    _use_extension(application, now)
    _send_receipts(application, challenge, now)
    log.record(
        actor=actor,
        action="application.submitted",
        target=application,
        public={
            "number": number,
            "state": application.state,
            "fingerprint": frozen.fingerprint,
            "challenge": challenge.slug,
        },
        now=now,
    )
    return application


def _require_submittable(application: Application, challenge: Challenge, now: datetime) -> None:
    if application.state != ApplicationState.DRAFT:
        raise AlreadySubmitted
    others = Application.objects.filter(
        challenge=challenge, startup=application.startup, state__in=[str(s) for s in STANDING]
    )
    if others.exists():
        raise AlreadySubmitted
    if not may_submit(challenge, application.organisation, now):
        stage = application.stage
        if stage.opens_at is not None and now < stage.opens_at:
            raise NotOpen
        raise DeadlinePassed


def _next_number(challenge: Challenge) -> str:
    """« 2026-14-007 »: called under the challenge's lock."""
    taken = Application.objects.filter(challenge=challenge).exclude(number="")
    last = max(
        (int(n.rpartition("-")[2]) for n in taken.values_list("number", flat=True)), default=0
    )
    return f"{challenge.reference}-{last + 1:03d}"


def _use_extension(application: Application, now: datetime) -> None:
    closes_at = application.stage.closes_at
    if closes_at is None or now <= closes_at + application.stage.grace:
        return
    Extension.objects.filter(
        stage=application.stage, organisation=application.organisation, used_at__isnull=True
    ).update(used_at=now)


def receipt_facts(application: Application, challenge: Challenge) -> dict[str, Any]:
    """What a receipt says of an application that was submitted."""
    return {
        "application_id": application.pk,
        "number": application.number,
        "fingerprint": application.fingerprint,
        "submitted_at": application.submitted_at,
        "title_fr": challenge.title_fr,
        "title_en": challenge.title_en or challenge.title_fr,
        "startup": application.startup.name,
        "decision_by": application.stage.decision_by,
    }


def _send_receipts(application: Application, challenge: Challenge, now: datetime) -> None:
    members = application.organisation.memberships.filter(role__in=["owner", "editor"])
    for member in members.select_related("user").order_by("pk"):
        queue_message(
            key=f"application_receipt:{application.pk}:{application.fingerprint[:16]}:{member.user_id}",
            event="application_receipt",
            to=member.user,
            context=receipt_facts(application, challenge),
            now=now,
        )


@transaction.atomic
def withdraw_application(
    *, application: Application, reason: str, actor: User, now: datetime
) -> Application:
    """Take the application back; its answers are kept."""
    require_applicant(actor, application.organisation)
    application = Application.objects.select_for_update().get(pk=application.pk)
    change_state(
        application,
        ApplicationState.WITHDRAWN,
        transitions=APPLICATION_TRANSITIONS,
        also={"withdrawn_reason": reason},
    )
    log.record(
        actor=actor,
        action="application.withdrawn",
        target=application,
        public={"state": application.state, "number": application.number},
        now=now,
    )
    return application


@transaction.atomic
def redraft_application(*, application: Application, actor: User, now: datetime) -> Application:
    """Write a withdrawn application again, before the deadline; its number stays its own."""
    require_applicant(actor, application.organisation)
    challenge = Challenge.objects.select_for_update().get(pk=application.challenge_id)
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("organisation", "stage", "startup")
        .get(pk=application.pk)
    )
    if not may_submit(challenge, application.organisation, now):
        raise DeadlinePassed
    others = Application.objects.filter(challenge=challenge, startup=application.startup)
    if others.filter(state__in=["draft", *(str(s) for s in STANDING)]).exists():
        raise AlreadySubmitted
    change_state(application, ApplicationState.DRAFT, transitions=APPLICATION_TRANSITIONS)
    log.record(
        actor=actor,
        action="application.reopened",
        target=application,
        public={"state": application.state, "number": application.number},
        now=now,
    )
    return application
