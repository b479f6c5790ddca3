"""To own an organisation is offered by an owner and accepted by a member.

Where no owner can sign in any more, nobody is left to offer it: the city's team names a member.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts import rules
from core.accounts.domain.belonging import (
    OrganisationClosed,
    locked,
    locked_for,
    locked_person,
    membership_of,
    owners_of,
    record_change,
)
from core.accounts.enums import OWNERSHIP_OFFER_TRANSITIONS, OwnershipOfferState
from core.accounts.models import Membership, Organisation, OwnershipOffer, Role
from core.audit import log
from core.exceptions import DomainError, NotAllowed
from core.notifications.outbox import queue_message
from core.states import change_state
from core.text import TextRefused, clean_text

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from core.accounts.models import User

ACCEPTED_WITHIN: Final = timedelta(days=7)
LONGEST_REASON: Final = 500


class OwnsAlready(DomainError):
    """There is nothing to offer."""

    code = "owns_already"
    default_message = _("This person owns the organisation already.")


class HasOwner(DomainError):
    """Its own people say who owns it."""

    code = "has_owner"
    default_message = _(
        "An owner of this organisation can sign in: they let people in, and offer ownership."
    )


class OfferSettled(DomainError):
    """It was answered, taken back, left for too long, or whoever made it no longer owns."""

    code = "offer_settled"
    default_message = _(
        "This offer no longer stands: it was answered, taken back, or left for more than 7 days. "
        "An owner may make it again."
    )


@transaction.atomic
def offer_ownership(
    *, organisation: Organisation, to: User, stays_owner: bool, actor: User, now: datetime
) -> OwnershipOffer:
    """Ask a member to own it with ``actor``, or in their place; the member receives a mail.

    The offer that waits already is the answer to a second click; one with other terms replaces
    it. Raises ``NotAllowed``, ``OrganisationClosed``, ``NoLongerMember`` and ``OwnsAlready``.
    """
    organisation = locked_for("transfer", organisation_pk=organisation.pk, actor=actor)
    member = membership_of(to.pk, organisation)
    if member.role == Role.OWNER:
        raise OwnsAlready
    earlier = _pending(organisation).filter(offered_to=to).first()
    if earlier is not None:
        if _is_same(earlier, actor, stays_owner) and earlier.answer_by >= now:
            return earlier
        _replace(earlier, actor, now)
    offer = OwnershipOffer.objects.create(
        organisation=organisation,
        offered_by=actor,
        offered_to=to,
        stays_owner=stays_owner,
        offered_at=now,
        answer_by=now + ACCEPTED_WITHIN,
    )
    queue_message(
        key=f"ownership:{offer.pk}:offered",
        event="ownership_offered",
        to=to,
        context=offered_facts(offer),
        now=now,
    )
    log.record(
        actor=actor,
        action="ownership.offered",
        target=offer,
        public={"organisation": organisation.pk, "person": to.pk, "stays_owner": stays_owner},
        now=now,
    )
    return offer


def _is_same(offer: OwnershipOffer, actor: User, stays_owner: bool) -> bool:
    return offer.offered_by_id == actor.pk and offer.stays_owner == stays_owner


def _replace(offer: OwnershipOffer, actor: User, now: datetime) -> None:
    """Make room for another: left for too long it lapsed, else ``actor`` takes it back."""
    if offer.answer_by < now:
        _settle(offer, OwnershipOfferState.LAPSED, None, now)
    else:
        _settle(offer, OwnershipOfferState.WITHDRAWN, actor, now)


@transaction.atomic
def accept_ownership(*, offer: OwnershipOffer, actor: User, now: datetime) -> OwnershipOffer:
    """Own it; who offered stays an owner or becomes an editor, as offered, and is told.

    A second click changes nothing. Raises ``NotAllowed``, ``OfferSettled`` and
    ``NoLongerMember``.
    """
    offer = _mine_to_answer(offer, actor)
    if offer.state == OwnershipOfferState.ACCEPTED:
        return offer
    _require_standing(offer, now)
    organisation = offer.organisation
    mine = membership_of(actor.pk, organisation)
    theirs = membership_of(offer.offered_by_id, organisation)
    if theirs.role != Role.OWNER:
        raise OfferSettled
    _settle(offer, OwnershipOfferState.ACCEPTED, actor, now)
    _become(mine, Role.OWNER, actor, now)
    if not offer.stays_owner:
        _become(theirs, Role.EDITOR, actor, now)
        drop_offers(organisation, offer.offered_by, now)
    _tell(offer, is_accepted=True, now=now)
    return offer


@transaction.atomic
def refuse_ownership(*, offer: OwnershipOffer, actor: User, now: datetime) -> OwnershipOffer:
    """Say no; who offered is told. A second click changes nothing.

    Raises ``NotAllowed`` and ``OfferSettled``.
    """
    offer = _mine_to_answer(offer, actor)
    if offer.state == OwnershipOfferState.REFUSED:
        return offer
    _require_standing(offer, now)
    _settle(offer, OwnershipOfferState.REFUSED, actor, now)
    _tell(offer, is_accepted=False, now=now)
    return offer


@transaction.atomic
def withdraw_offer(*, offer: OwnershipOffer, actor: User, now: datetime) -> OwnershipOffer:
    """Take an offer back, as any owner may. A second click changes nothing.

    Raises ``NotAllowed``, ``OrganisationClosed`` and ``OfferSettled``.
    """
    locked_for("transfer", organisation_pk=offer.organisation_id, actor=actor)
    offer.refresh_from_db()
    if offer.state == OwnershipOfferState.WITHDRAWN:
        return offer
    _require_standing(offer, now)
    _settle(offer, OwnershipOfferState.WITHDRAWN, actor, now)
    return offer


@transaction.atomic
def appoint_owner(
    *, organisation: Organisation, member: User, reason: str, actor: User, now: datetime
) -> Membership:
    """Make a member own an organisation of which no owner can sign in; all members are told why.

    Raises ``NotAllowed``, ``TextRefused`` without a reason, ``OrganisationClosed``, ``HasOwner``
    (also on a second click) and ``NoLongerMember``.
    """
    if not rules.is_administrator(actor):
        raise NotAllowed(_("Only administrators name an owner."))
    reason = clean_text(reason, most=LONGEST_REASON)
    if not reason:
        raise TextRefused(_("Say why: the members read it."))
    organisation = locked(organisation.pk)
    if organisation.closed_at is not None:
        raise OrganisationClosed
    if owners_of(organisation).exists():
        raise HasOwner
    locked_person(member)
    membership = membership_of(member.pk, organisation)
    before, membership.role = membership.role, Role.OWNER
    membership.save(update_fields=["role"])
    drop_offers(organisation, member, now)
    for other in organisation.memberships.filter(user__is_active=True).select_related("user"):
        queue_message(
            key=f"member:{member.pk}:appointed:{now.isoformat()}:{organisation.pk}:{other.pk}",
            event="owner_appointed",
            to=other.user,
            context=appointed_facts(membership, other.user, reason),
            now=now,
        )
    log.record(
        actor=actor,
        action="membership.owner_appointed",
        target=membership,
        public={"organisation": organisation.pk, "person": member.pk, "before": before},
        private={"reason": reason},
        subject=member,
        now=now,
    )
    return membership


def appointed_facts(membership: Membership, reader: User, reason: str) -> dict[str, Any]:
    """What a member reads of the new owner."""
    return {
        "organisation": membership.organisation.name,
        "organisation_id": membership.organisation_id,
        "person": str(membership.user),
        "is_you": membership.user_id == reader.pk,
        "reason": reason,
    }


def drop_offers(organisation: Organisation, person: User, now: datetime) -> None:
    """Offers made by or to somebody whose role changed, or who left, no longer stand."""
    for offer in _pending(organisation).filter(Q(offered_by=person) | Q(offered_to=person)):
        _settle(offer, OwnershipOfferState.LAPSED, None, now)


def drop_all_offers(organisation: Organisation, now: datetime) -> None:
    """No offer stands when the organisation closes."""
    for offer in _pending(organisation):
        _settle(offer, OwnershipOfferState.LAPSED, None, now)


def _pending(organisation: Organisation) -> QuerySet[OwnershipOffer]:
    return organisation.ownership_offers.filter(state=OwnershipOfferState.PENDING)  # type: ignore[no-any-return]


def _mine_to_answer(offer: OwnershipOffer, actor: User) -> OwnershipOffer:
    organisation = locked(offer.organisation_id)
    found = OwnershipOffer.objects.select_related("offered_by", "offered_to").get(pk=offer.pk)
    if found.offered_to_id != actor.pk:
        raise NotAllowed(_("This offer was made to another person, who alone answers it."))
    found.organisation = organisation
    return found  # type: ignore[no-any-return]


def _require_standing(offer: OwnershipOffer, now: datetime) -> None:
    if offer.state != OwnershipOfferState.PENDING or offer.answer_by < now:
        raise OfferSettled


def _become(membership: Membership, role: Role, actor: User, now: datetime) -> None:
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    record_change(membership, "role_changed", actor, now, before=before, after=role.value)


def _settle(
    offer: OwnershipOffer, to: OwnershipOfferState, actor: User | None, now: datetime
) -> None:
    change_state(
        offer,
        to,
        transitions=OWNERSHIP_OFFER_TRANSITIONS,
        now=now,
        also={"settled_at": now},
    )
    log.record(
        actor=actor,
        action=f"ownership.{to.value}",
        target=offer,
        public={"organisation": offer.organisation_id, "person": offer.offered_to_id},
        now=now,
    )


def _tell(offer: OwnershipOffer, *, is_accepted: bool, now: datetime) -> None:
    queue_message(
        key=f"ownership:{offer.pk}:answered",
        event="ownership_answered",
        to=offer.offered_by,
        context=answered_facts(offer, is_accepted=is_accepted),
        now=now,
    )


def offered_facts(offer: OwnershipOffer) -> dict[str, Any]:
    """What the person reads to whom it is offered."""
    return {
        "organisation": offer.organisation.name,
        "offer_id": offer.pk,
        "offered_by": str(offer.offered_by),
        "stays_owner": offer.stays_owner,
        "answer_by": offer.answer_by,
    }


def answered_facts(offer: OwnershipOffer, *, is_accepted: bool) -> dict[str, Any]:
    """What the owner who offered reads of the answer."""
    return {
        "organisation": offer.organisation.name,
        "organisation_id": offer.organisation_id,
        "person": str(offer.offered_to),
        "is_accepted": is_accepted,
        "stays_owner": offer.stays_owner,
    }
