"""What a moderator decides of the claims of a listing: all of them together, with reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.accounts.domain.belonging import OrganisationClosed
from core.audit import log
from core.exceptions import DomainError
from core.states import change_state
from core.text import clean_text
from startups.domain.claim_mails import note, tell_the_claimant, tell_the_holder
from startups.domain.claiming import hand_over
from startups.domain.confirming import ListingGone, speaks_for
from startups.domain.moderating import require_moderator, require_no_part
from startups.enums import (
    CLAIM_TRANSITIONS,
    GONE,
    LISTING_TRANSITIONS,
    ClaimState,
    ListingState,
)
from startups.models import Claim
from startups.models.about import about
from startups.models.claim import LONGEST_REASON
from startups.signals import record_changed

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from core.accounts.models import Organisation, User
    from startups.models import Listing, OrganisationProfile


class NotWhatWasRead(DomainError):
    """A claim came, or went, while the moderator read the others."""

    code = "claims_changed"
    default_message = _(
        "The claims of this listing changed while you read them. Nothing was decided: read them "
        "again below."
    )


class ReasonsMissing(DomainError):
    """A refusal says why."""

    code = "reasons_missing"
    default_message = _("Write the reasons in French: whoever is refused reads them.")


@transaction.atomic
def settle_claims(
    *,
    listing: OrganisationProfile,
    read: Collection[int],
    accepted: int | None,
    reason_fr: str,
    reason_en: str,
    actor: User,
    now: datetime,
) -> OrganisationProfile:
    """Accept one of the claims that wait, or none, and refuse the others; everyone is told.

    ``read`` are the keys of all that the moderator saw, ``accepted`` one of them. Raises
    ``NotAllowed``, ``NotWhatWasRead`` when others wait by now, ``ReasonsMissing``, and
    ``OrganisationClosed`` or ``ListingGone`` when what is accepted has ended meanwhile.
    """
    require_moderator(actor)
    reason_fr = clean_text(reason_fr, most=LONGEST_REASON)
    reason_en = clean_text(reason_en, most=LONGEST_REASON)
    listing = type(listing).objects.select_for_update().get(pk=listing.pk)
    waiting = Claim.objects.waiting().filter(**about(listing)).select_related("organisation")
    claims = list(waiting.select_related("claimant"))
    if {claim.pk for claim in claims} != {*read} or (accepted is not None and accepted not in read):
        raise NotWhatWasRead
    if not reason_fr and (accepted is None or len(claims) > 1 or listing.organisation_id):
        raise ReasonsMissing
    holder: Organisation | None = listing.organisation
    require_no_part(actor, [holder, *(claim.organisation for claim in claims)])
    _require_can_have(listing, next((c.organisation for c in claims if c.pk == accepted), None))
    for claim in claims:
        is_accepted = claim.pk == accepted
        change_state(
            claim,
            ClaimState.ACCEPTED if is_accepted else ClaimState.REFUSED,
            transitions=CLAIM_TRANSITIONS,
            now=now,
            also={
                "settled_at": now,
                "settled_by": actor,
                "reason_fr": reason_fr,
                "reason_en": reason_en,
            },
        )
        if is_accepted:
            hand_over(listing, claim.organisation, actor, now)
    for claim in claims:
        tell_the_claimant(claim, now)
        if holder is not None:
            tell_the_holder(claim, holder, now)
        note(claim, str(claim.state), actor, now)
    return listing


def _require_can_have(listing: OrganisationProfile, organisation: Organisation | None) -> None:
    if organisation is None:
        return
    if organisation.closed_at is not None:
        raise OrganisationClosed(
            _("The organisation that you accept is closed since. Refuse its claim, with reasons.")
        )
    if listing.state in GONE:
        raise ListingGone(
            _("This listing is closed: it is given to nobody. Reopen it first, or refuse.")
        )


@transaction.atomic
def verify_listing(*, listing: Listing, actor: User, now: datetime) -> Listing:
    """The city vouches that the listing is its organisation's. A second click changes nothing.

    Raises ``NotAllowed``, and ``IllegalMove`` for one that nobody claimed.
    """
    require_moderator(actor)
    listing = type(listing).objects.select_for_update().get(pk=listing.pk)
    require_no_part(actor, [speaks_for(listing)])
    if listing.state == ListingState.VERIFIED:
        return listing
    change_state(listing, ListingState.VERIFIED, transitions=LISTING_TRANSITIONS, now=now)
    record_changed.send(sender=type(listing), pk=listing.pk)
    log.record(
        actor=actor,
        action=f"{listing._meta.model_name}.verified",
        target=listing,
        public={"slug": listing.slug},
        now=now,
    )
    return listing
