"""The newest real message of each event of an organisation, made from the records it told of."""

from __future__ import annotations

from typing import Any

from core.accounts.domain.join_requests import answered_facts, asked_facts
from core.accounts.enums import JoinRequestState
from core.accounts.models import JoinRequest


def asked() -> dict[str, Any] | None:
    """Of the last request to join."""
    found = JoinRequest.objects.select_related("organisation", "person").order_by("pk").last()
    return asked_facts(found) if found is not None else None


def answered() -> dict[str, Any] | None:
    """Of the last request that was accepted or refused."""
    settled = [JoinRequestState.ACCEPTED, JoinRequestState.REFUSED]
    found = JoinRequest.objects.filter(state__in=settled).select_related("organisation")
    last = found.order_by("settled_at").last()
    if last is None:
        return None
    return answered_facts(last, is_accepted=last.state == JoinRequestState.ACCEPTED)
