"""The states of what brings people into an organisation, and the tables of allowed moves."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class JoinRequestState(models.TextChoices):
    """Where a request to join stands."""

    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("request", "Accepted")
    REFUSED = "refused", pgettext_lazy("request", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Taken back")
    LAPSED = "lapsed", pgettext_lazy("request", "Left without an answer")


_J = JoinRequestState
JOIN_REQUEST_TRANSITIONS: Final = {
    _J.PENDING: frozenset({_J.ACCEPTED, _J.REFUSED, _J.WITHDRAWN, _J.LAPSED}),
    _J.ACCEPTED: frozenset[JoinRequestState](),
    _J.REFUSED: frozenset[JoinRequestState](),
    _J.WITHDRAWN: frozenset[JoinRequestState](),
    _J.LAPSED: frozenset[JoinRequestState](),
}


class InvitationState(models.TextChoices):
    """Where an invitation stands; one left for too long is computed from its date."""

    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
    DECLINED = "declined", pgettext_lazy("invitation", "Declined")
    REVOKED = "revoked", pgettext_lazy("invitation", "Revoked")
    LAPSED = "lapsed", pgettext_lazy("invitation", "Left without an answer")


_I = InvitationState
INVITATION_TRANSITIONS: Final = {
    _I.PENDING: frozenset({_I.ACCEPTED, _I.DECLINED, _I.REVOKED, _I.LAPSED}),
    _I.ACCEPTED: frozenset[InvitationState](),
    _I.DECLINED: frozenset[InvitationState](),
    _I.REVOKED: frozenset[InvitationState](),
    _I.LAPSED: frozenset[InvitationState](),
}


class OwnershipOfferState(models.TextChoices):
    """Where an offer to own an organisation stands."""

    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("offer", "Accepted")
    REFUSED = "refused", pgettext_lazy("offer", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("offer", "Taken back")
    LAPSED = "lapsed", pgettext_lazy("offer", "Left without an answer")


_O = OwnershipOfferState
OWNERSHIP_OFFER_TRANSITIONS: Final = {
    _O.PENDING: frozenset({_O.ACCEPTED, _O.REFUSED, _O.WITHDRAWN, _O.LAPSED}),
    _O.ACCEPTED: frozenset[OwnershipOfferState](),
    _O.REFUSED: frozenset[OwnershipOfferState](),
    _O.WITHDRAWN: frozenset[OwnershipOfferState](),
    _O.LAPSED: frozenset[OwnershipOfferState](),
}
