"""Two organisations claim one listing at the same instant: one has it, the other waits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from startups.domain.claiming import claim_by_address
from startups.enums import ClaimState, ListingState
from startups.models import Claim, Incubator
from tests.races import at_once
from tests.startups.test_claiming import make_incubator, make_support

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


def test_of_two_claims_at_once_the_second_is_a_dispute(apart: None) -> None:
    listing = make_incubator()
    first, second = (make_support(n, f"{n}@mesures.example") for n in ("un", "deux"))

    def claims(who: tuple[Any, Any]) -> None:
        organisation, user = who
        claim_by_address(
            listing=listing, organisation=organisation, email=user.email, actor=user, now=NOW
        )

    assert at_once(lambda: claims(first), lambda: claims(second)) is None
    found = Incubator.objects.get()
    assert (found.organisation, found.state) == (first[0], ListingState.CLAIMED)
    states = Claim.objects.order_by("asked_at", "pk").values_list("organisation__name", "state")
    assert dict(states) == {"Atelier un": ClaimState.ACCEPTED, "Atelier deux": ClaimState.PENDING}
