"""Of claims, corrections, reminders and ends."""

from __future__ import annotations

from typing import Any

from startups.domain import correcting, reminding
from startups.domain.claim_mails import answered_facts, disputed_facts
from startups.domain.end_mails import ended_facts
from startups.enums import GONE, ClaimState, CorrectionState
from startups.models import Claim, Correction, Incubator, Startup


def claim_answered() -> dict[str, Any] | None:
    """Of the last claim that was accepted or refused."""
    settled = [ClaimState.ACCEPTED, ClaimState.REFUSED]
    found = Claim.objects.filter(state__in=settled).for_lists().order_by("settled_at").last()
    return answered_facts(found) if found is not None else None


def claim_disputed() -> dict[str, Any] | None:
    """Of the last claim, whoever had the listing."""
    found = Claim.objects.for_lists().order_by("pk").last()
    return disputed_facts(found) if found is not None else None


def listing_ended() -> dict[str, Any] | None:
    """Of the last support organisation that was closed or merged."""
    ended = Incubator.objects.filter(state__in=GONE, closed_on__isnull=False)
    found = ended.order_by("closed_on", "pk").last()
    if found is None:
        return None
    return ended_facts(found, str(found.state), found.status_note_fr, found.status_note_en)


def correction_answered() -> dict[str, Any] | None:
    """Of the last correction that was accepted or refused."""
    found = Correction.objects.exclude(state=CorrectionState.PENDING).for_lists()
    last = found.order_by("settled_at").last()
    return correcting.answered_facts(last) if last is not None else None


def to_confirm() -> dict[str, Any] | None:
    """Of the startup that waits for the longest to be confirmed."""
    found = Startup.objects.current().filter(verified_on__isnull=False).order_by("verified_on")
    first = found.first()
    return reminding.facts(first, 1) if first is not None else None
