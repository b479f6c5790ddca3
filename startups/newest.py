"""The newest real message of each event of the directory, made from the records it told of."""

from __future__ import annotations

from typing import Any

from startups.domain.claiming import answered_facts, disputed_facts
from startups.enums import ClaimState
from startups.models import Claim


def claim_answered() -> dict[str, Any] | None:
    """Of the last claim that was accepted or refused."""
    settled = [ClaimState.ACCEPTED, ClaimState.REFUSED]
    found = Claim.objects.filter(state__in=settled).for_lists().order_by("settled_at").last()
    return answered_facts(found) if found is not None else None


def claim_disputed() -> dict[str, Any] | None:
    """Of the last claim, whoever had the listing."""
    found = Claim.objects.for_lists().order_by("pk").last()
    return disputed_facts(found) if found is not None else None
