"""The states of what people ask of an organisation, and the one table of allowed moves."""

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
