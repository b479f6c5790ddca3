"""The states of what brings people into an organisation, and the tables of allowed moves."""

from __future__ import annotations

from typing import Final, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

S = TypeVar("S", bound=models.TextChoices)


def answered_once(states: type[S]) -> dict[S, frozenset[S]]:
    """What waits (``pending``) becomes any other state, and then nothing more."""
    return {
        state: frozenset(other for other in states if other != state)
        if state.value == "pending"
        else frozenset[S]()
        for state in states
    }


class JoinRequestState(models.TextChoices):
    """Where a request to join stands."""

    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("request", "Accepted")
    REFUSED = "refused", pgettext_lazy("request", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Taken back")
    LAPSED = "lapsed", pgettext_lazy("request", "Left without an answer")


JOIN_REQUEST_TRANSITIONS: Final = answered_once(JoinRequestState)


class InvitationState(models.TextChoices):
    """Where an invitation stands; one left for too long is computed from its date."""

    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
    DECLINED = "declined", pgettext_lazy("invitation", "Declined")
    REVOKED = "revoked", pgettext_lazy("invitation", "Revoked")
    LAPSED = "lapsed", pgettext_lazy("invitation", "Left without an answer")


INVITATION_TRANSITIONS: Final = answered_once(InvitationState)


class OwnershipOfferState(models.TextChoices):
    """Where an offer to own an organisation stands."""

    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("offer", "Accepted")
    REFUSED = "refused", pgettext_lazy("offer", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("offer", "Taken back")
    LAPSED = "lapsed", pgettext_lazy("offer", "Left without an answer")


OWNERSHIP_OFFER_TRANSITIONS: Final = answered_once(OwnershipOfferState)
