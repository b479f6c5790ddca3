"""Asking to belong to an organisation that is here already, and the answer of its owners."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.accounts.domain.belonging import (
    OrganisationClosed,
    locked,
    locked_person,
    owners_of,
    record_change,
    require_right,
)
from core.accounts.domain.members import ROLES_TO_GIVE
from core.accounts.enums import JOIN_REQUEST_TRANSITIONS, JoinRequestState
from core.accounts.models import JoinRequest, Membership
from core.audit import log
from core.exceptions import DomainError, NotAllowed
from core.notifications.outbox import queue_message
from core.states import change_state
from core.text import clean_text

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import Organisation, User

# A request that nobody answers for this long has lapsed: one may ask again.
ANSWERED_WITHIN: Final = timedelta(days=30)
# After a refusal one waits, so that owners are not pressed.
AGAIN_AFTER: Final = timedelta(days=7)
# Requests that one person may have waiting at the same time, in all organisations.
MOST_WAITING: Final = 5
# Each mails all owners, also when it is taken back.
MOST_A_WEEK_HERE: Final = 3
MOST_A_WEEK: Final = 20
LONGEST_MESSAGE: Final = 500


class AlreadyMember(DomainError):
    """One belongs to an organisation once."""

    code = "already_member"
    default_message = _("You belong to this organisation already. There is nothing to ask.")


class NobodyAnswers(DomainError):
    """An organisation without an owner has no one who could say yes."""

    code = "nobody_answers"
    default_message = _(
        "Nobody answers for this organisation here yet. Write to the city’s team, which will put "
        "you in touch."
    )


class TooSoon(DomainError):
    """Refused a short while ago."""

    code = "too_soon"
    default_message = _(
        "This organisation refused your request less than a week ago. Speak with one of its owners "
        "before you ask again."
    )


class TooManyWaiting(DomainError):
    """Several requests wait already."""

    code = "too_many_waiting"
    default_message = _(
        "Five of your requests are waiting for an answer. Take one back before you ask elsewhere."
    )


class AskedEnough(DomainError):
    """Taken back and asked again, over and over."""

    code = "asked_enough"
    default_message = _(
        "You asked several times this week. Speak with an owner, or ask again in a few days."
    )


class AlreadySettled(DomainError):
    """The request was answered otherwise, taken back, or left for too long."""

    code = "already_settled"
    default_message = _("This request is settled: it waits for no answer any more.")


@transaction.atomic
def ask_to_join(
    *, organisation: Organisation, actor: User, now: datetime, message: str = ""
) -> JoinRequest:
    """Ask once: the request that waits already is the answer to a second click.

    Each owner receives a mail. Raises ``OrganisationClosed``, ``AlreadyMember``,
    ``NobodyAnswers``, ``TooSoon``, ``TooManyWaiting`` and ``AskedEnough``.
    """
    message = clean_text(message, most=LONGEST_MESSAGE)
    organisation = locked(organisation.pk)
    if organisation.closed_at is not None:
        raise OrganisationClosed
    if organisation.memberships.filter(user=actor).exists():
        raise AlreadyMember
    mine = JoinRequest.objects.filter(person=actor)
    waiting: JoinRequest | None = mine.filter(
        organisation=organisation, state=JoinRequestState.PENDING
    ).first()
    if waiting is not None and waiting.answer_by >= now:
        return waiting
    _require_may_ask(organisation, actor, now)
    if waiting is not None:
        _settle(waiting, JoinRequestState.LAPSED, None, now)
    request = JoinRequest.objects.create(
        organisation=organisation,
        person=actor,
        message=message,
        asked_at=now,
        answer_by=now + ANSWERED_WITHIN,
    )
    for owner in owners_of(organisation):
        queue_message(
            key=f"join:{request.pk}:asked:{owner.pk}",
            event="join_asked",
            to=owner.user,
            context=asked_facts(request),
            now=now,
        )
    log.record(
        actor=actor,
        action="join_request.asked",
        target=request,
        public={"organisation": organisation.pk},
        private={"message": message},
        subject=actor,
        now=now,
    )
    return request


def asked_facts(request: JoinRequest) -> dict[str, Any]:
    """What owners read of a request."""
    return {
        "organisation": request.organisation.name,
        "organisation_id": request.organisation_id,
        "asker": request.person.name,
        "asker_email": request.person.email,
        "message": request.message,
        "answer_by": request.answer_by,
    }


def answered_facts(request: JoinRequest, *, is_accepted: bool) -> dict[str, Any]:
    """What the person who asked reads of the answer."""
    return {"organisation": request.organisation.name, "is_accepted": is_accepted}


def _require_may_ask(organisation: Organisation, actor: User, now: datetime) -> None:
    if not owners_of(organisation).exists():
        raise NobodyAnswers
    mine = JoinRequest.objects.filter(person=actor)
    refused = mine.filter(
        organisation=organisation,
        state=JoinRequestState.REFUSED,
        settled_at__gt=now - AGAIN_AFTER,
    )
    if refused.exists():
        raise TooSoon
    if mine.waiting(now).count() >= MOST_WAITING:
        raise TooManyWaiting
    lately = mine.filter(asked_at__gt=now - AGAIN_AFTER)
    if lately.count() >= MOST_A_WEEK or lately.filter(organisation=organisation).count() >= (
        MOST_A_WEEK_HERE
    ):
        raise AskedEnough


@transaction.atomic
def accept_request(*, request: JoinRequest, role: str, actor: User, now: datetime) -> JoinRequest:
    """Let the person in as ``role``; they are told. A second click changes nothing.

    Somebody who came in by another way meanwhile keeps the role they have. Raises ``NotAllowed``
    and ``AlreadySettled``.
    """
    if role not in ROLES_TO_GIVE:
        raise NotAllowed(_("A newcomer is a viewer, an editor or in charge of finance."))
    request = _to_answer(request, actor)
    if request.state == JoinRequestState.ACCEPTED:
        return request
    _require_waiting(request, now)
    locked_person(request.person)
    membership, is_new = Membership.objects.get_or_create(
        user=request.person, organisation=request.organisation, defaults={"role": role}
    )
    _settle(request, JoinRequestState.ACCEPTED, actor, now, role=membership.role)
    _tell(request, is_accepted=True, now=now)
    if is_new:
        record_change(membership, "joined", actor, now, role=membership.role)
    return request


@transaction.atomic
def refuse_request(*, request: JoinRequest, actor: User, now: datetime) -> JoinRequest:
    """Say no; the person is told. A second click changes nothing.

    Raises ``NotAllowed`` and ``AlreadySettled``.
    """
    request = _to_answer(request, actor)
    if request.state == JoinRequestState.REFUSED:
        return request
    _require_waiting(request, now)
    _settle(request, JoinRequestState.REFUSED, actor, now)
    _tell(request, is_accepted=False, now=now)
    return request


@transaction.atomic
def withdraw_request(*, request: JoinRequest, actor: User, now: datetime) -> JoinRequest:
    """Take one's own request back. A second click changes nothing.

    Raises ``NotAllowed`` for another person's, ``AlreadySettled`` once it was answered.
    """
    request = _locked(request)
    if request.person_id != actor.pk:
        raise NotAllowed(_("Only the person who asked takes a request back."))
    if request.state == JoinRequestState.WITHDRAWN:
        return request
    _require_waiting(request, now)
    _settle(request, JoinRequestState.WITHDRAWN, actor, now)
    return request


def _locked(request: JoinRequest) -> JoinRequest:
    """The organisation first, as every verb that changes who belongs to it."""
    organisation = locked(request.organisation_id)
    found: JoinRequest = JoinRequest.objects.select_related("person").get(pk=request.pk)
    found.organisation = organisation
    return found


def _to_answer(request: JoinRequest, actor: User) -> JoinRequest:
    request = _locked(request)
    require_right("manage_members", request.organisation, actor)
    return request


def close_waiting(organisation: Organisation, now: datetime) -> None:
    """All that wait come to nothing, when the organisation closes."""
    for request in organisation.join_requests.filter(state=JoinRequestState.PENDING):
        _settle(request, JoinRequestState.LAPSED, None, now)


def _require_waiting(request: JoinRequest, now: datetime) -> None:
    if request.state != JoinRequestState.PENDING or request.answer_by < now:
        raise AlreadySettled


def _settle(
    request: JoinRequest,
    to: JoinRequestState,
    actor: User | None,
    now: datetime,
    **public: str,
) -> None:
    change_state(
        request,
        to,
        transitions=JOIN_REQUEST_TRANSITIONS,
        now=now,
        also={"settled_at": now, "settled_by": actor},
    )
    log.record(
        actor=actor,
        action=f"join_request.{to.value}",
        target=request,
        public={
            "organisation": request.organisation_id,
            "person": request.person_id,
            **public,
        },
        now=now,
    )


def _tell(request: JoinRequest, *, is_accepted: bool, now: datetime) -> None:
    queue_message(
        key=f"join:{request.pk}:answered",
        event="join_answered",
        to=request.person,
        context=answered_facts(request, is_accepted=is_accepted),
        now=now,
    )
