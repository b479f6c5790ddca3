"""Of interests and relayed messages."""

from __future__ import annotations

from typing import Any

from startups.domain import answering, interest, relaying
from startups.enums import InterestSide, InterestState
from startups.models import Interest, InterestWord, RelayWord


def interest_received() -> dict[str, Any] | None:
    """Of the last interest shown."""
    found = Interest.objects.for_pages().order_by("pk").last()
    return interest.received_facts(found) if found is not None else None


def interest_moved() -> dict[str, Any] | None:
    """Of the last interest about which the startup was told."""
    told = [InterestState.TALKING, InterestState.INVITED, InterestState.DECLINED]
    found = Interest.objects.filter(state__in=told).for_pages().order_by("moved_at", "pk").last()
    return answering.moved_facts(found) if found is not None else None


def interest_word() -> dict[str, Any] | None:
    """Of the last word of an incubator."""
    return _last_word(InterestSide.PROGRAM)


def interest_reply() -> dict[str, Any] | None:
    """Of the last word of a startup."""
    return _last_word(InterestSide.STARTUP)


def _last_word(side: InterestSide) -> dict[str, Any] | None:
    words = InterestWord.objects.filter(side=side).select_related(
        "interest__startup", "interest__intake__program"
    )
    found = words.order_by("pk").last()
    return answering.word_facts(found) if found is not None else None


def relay_word() -> dict[str, Any] | None:
    """Of the last word that the site relayed."""
    words = RelayWord.objects.select_related("relay__startup", "relay__organisation")
    found = words.order_by("pk").last()
    return relaying.word_facts(found) if found is not None else None
