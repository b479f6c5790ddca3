"""The newest real message of each event of an organisation, made from the records it told of."""

from __future__ import annotations

from typing import Any, Final

from core.accounts.domain import invitations, join_requests, ownership, people
from core.accounts.enums import InvitationState, JoinRequestState, OwnershipOfferState
from core.accounts.models import Invitation, JoinRequest, OwnershipOffer, User
from core.audit.models import AuditEntry

# The link of an invitation is its guest's alone: whoever reads the example has one that is none.
NO_LINK: Final = "x"


def asked() -> dict[str, Any] | None:
    """Of the last request to join."""
    found = JoinRequest.objects.select_related("organisation", "person").order_by("pk").last()
    return join_requests.asked_facts(found) if found is not None else None


def answered() -> dict[str, Any] | None:
    """Of the last request that was accepted or refused."""
    settled = [JoinRequestState.ACCEPTED, JoinRequestState.REFUSED]
    found = JoinRequest.objects.filter(state__in=settled).select_related("organisation")
    last = found.order_by("settled_at").last()
    if last is None:
        return None
    is_accepted = last.state == JoinRequestState.ACCEPTED
    return join_requests.answered_facts(last, is_accepted=is_accepted)


def invited() -> dict[str, Any] | None:
    """Of the last invitation whose host is still here."""
    found = Invitation.objects.filter(invited_by__isnull=False)
    last = found.select_related("organisation", "invited_by").order_by("pk").last()
    if last is None or last.invited_by is None:
        return None
    return {**invitations.invited_facts(last, last.invited_by), "signed_link": NO_LINK}


def invitation_answered() -> dict[str, Any] | None:
    """Of the last invitation to which its guest said yes or no."""
    settled = [InvitationState.ACCEPTED, InvitationState.DECLINED]
    found = Invitation.objects.filter(state__in=settled, settled_by__isnull=False)
    last = found.select_related("organisation", "settled_by").order_by("settled_at").last()
    if last is None or last.settled_by is None:
        return None
    is_accepted = last.state == InvitationState.ACCEPTED
    return invitations.answered_facts(last, last.settled_by, is_accepted=is_accepted)


def offered() -> dict[str, Any] | None:
    """Of the last offer of ownership."""
    found = OwnershipOffer.objects.select_related("organisation", "offered_by")
    last = found.order_by("pk").last()
    return ownership.offered_facts(last) if last is not None else None


def offer_answered() -> dict[str, Any] | None:
    """Of the last offer of ownership that was accepted or refused."""
    settled = [OwnershipOfferState.ACCEPTED, OwnershipOfferState.REFUSED]
    found = OwnershipOffer.objects.filter(state__in=settled)
    last = found.select_related("organisation", "offered_to").order_by("settled_at").last()
    if last is None:
        return None
    is_accepted = last.state == OwnershipOfferState.ACCEPTED
    return ownership.answered_facts(last, is_accepted=is_accepted)


def opened() -> dict[str, Any] | None:
    """Of the last account that an administrator opened, while both are here."""
    line = AuditEntry.objects.filter(action=people.DONE).order_by("pk").last()
    if line is None or line.actor_id is None:
        return None
    person = User.objects.filter(pk=line.object_id).first()
    actor = User.objects.filter(pk=line.actor_id).first()
    if person is None or actor is None:
        return None
    return people.opened_facts(person, actor)
