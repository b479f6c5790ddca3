"""An organisation says that a profile is its own, by an address or by a document.

Nobody speaks for an unclaimed profile: its first claim, by an address on the domain of the site
that the profile names and that is its own, is accepted at once. All others wait for a moderator.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.core import signing
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from core import limits, links
from core.accounts.domain.belonging import OrganisationClosed, locked, require_right
from core.accounts.mail_domains import (
    domain_of,
    domain_of_site,
    is_throw_away,
    is_whole_site,
)
from core.accounts.models import Organisation, OrganisationKind
from core.accounts.people import confirmed_addresses
from core.audit import log
from core.exceptions import DomainError
from core.languages import active_language
from core.links import LinkOfAnother, LinkUsed
from core.notifications.outbox import queue_message
from core.states import change_state
from core.text import clean_text
from startups.domain.claim_mails import note, tell_the_claimant, tell_the_holder
from startups.domain.confirming import ListingGone
from startups.domain.discarding import drop_rounds
from startups.enums import (
    CLAIM_TRANSITIONS,
    GONE,
    LISTING_TRANSITIONS,
    ClaimState,
    ClaimWay,
    ListingState,
)
from startups.models import Claim, Incubator, Startup
from startups.models.about import about
from startups.models.claim import LONGEST_MESSAGE
from startups.signals import record_changed

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import User
    from core.files.models import StoredFile
    from startups.models import OrganisationProfile

PROOF: Final = "startups.claim"
PROVES_FOR: Final = timedelta(days=1)
# Mails to an address that one typed, in an hour.
MOST_PROOFS: Final = 5
MOST_WAITING: Final = 5
CLAIMED: Final[dict[str, type[OrganisationProfile]]] = {"startup": Startup, "incubator": Incubator}


class AlreadyYours(DomainError):
    """The organisation speaks for the profile already."""

    code = "already_yours"
    default_message = _("This listing is your organisation’s already. There is nothing to claim.")


class WrongKind(DomainError):
    """A startup is claimed by a startup, a support organisation by one that is none."""

    code = "wrong_kind"
    default_message = _(
        "This organisation is not of the kind of this listing. Choose another one, or create it."
    )


class NotOnTheDomain(DomainError):
    """The address says nothing of who its reader works for."""

    code = "not_on_the_domain"
    default_message = _(
        "This address is not on the domain of the listing’s web site. Give one that is, or send a "
        "document."
    )


class EnoughWaiting(DomainError):
    """Several claims wait already."""

    code = "enough_waiting"
    default_message = _(
        "Five claims of this organisation are waiting for the city’s answer. Take one back first."
    )


def may_claim(organisation: Organisation, listing: OrganisationProfile) -> bool:
    """Whether it is of the kind of the listing."""
    is_startup = organisation.kind == OrganisationKind.STARTUP
    return is_startup == isinstance(listing, Startup)


def require_may_claim(
    listing: OrganisationProfile, organisation: Organisation, actor: User
) -> None:
    """Raises what keeps ``organisation`` from claiming ``listing``: asked before a file is kept."""
    with transaction.atomic():
        _locked(listing, organisation, actor)


def is_on_domain(email: str, website: str) -> bool:
    """Whether the address is at the domain of the site, or below it.

    Not above: who has an address of a university does not speak for each laboratory's site.
    """
    site, domain = domain_of_site(website), domain_of(email)
    is_below = domain == site or domain.endswith(f".{site}")
    return bool(site and domain) and is_below and not is_throw_away(email)


def is_proof_enough(listing: OrganisationProfile) -> bool:
    """Whether an address on the domain says by itself whose listing it is.

    Not where its site is a page of another one's, « mcgill.ca/dobson », or the site of several
    listings: everyone of the university would speak for each. Nor after a refusal of the city.
    """
    refused = Claim.objects.filter(**about(listing), state=ClaimState.REFUSED)
    return is_whole_site(listing.website) and not (_shares_site(listing) or refused.exists())


def _shares_site(listing: OrganisationProfile) -> bool:
    domain = domain_of_site(listing.website)
    others = [
        website
        for kind in CLAIMED.values()
        for pk, website in kind.objects.current()
        .filter(website__icontains=domain)
        .values_list("pk", "website")
        if (kind, pk) != (type(listing), listing.pk)
    ]
    return any(domain_of_site(website) == domain for website in others)


def own_addresses(user: User, listing: OrganisationProfile) -> list[str]:
    """The addresses by which ``user`` claims ``listing`` without another proof."""
    return sorted(a for a in confirmed_addresses(user) if is_on_domain(a, listing.website))


@transaction.atomic
def claim_by_address(
    *,
    listing: OrganisationProfile,
    organisation: Organisation,
    email: str,
    actor: User,
    now: datetime,
) -> Claim:
    """Claim by a confirmed address of one's account; accepted at once when nobody else claims it.

    A second click changes nothing. Raises ``NotOnTheDomain``, and what :func:`_opened` raises.
    """
    if email.lower() not in confirmed_addresses(actor):
        raise NotOnTheDomain
    return _by_address(listing, organisation, email.lower(), actor, now)


@transaction.atomic
def ask_for_proof(
    *,
    listing: OrganisationProfile,
    organisation: Organisation,
    email: str,
    actor: User,
    now: datetime,
) -> None:
    """Write to an address on the domain; who reads it and opens the link claims by it.

    Raises ``NotOnTheDomain``, ``TooManyRequests``, and what :func:`_opened` raises.
    """
    if not is_on_domain(email, listing.website):
        raise NotOnTheDomain
    listing, organisation = _locked(listing, organisation, actor)
    limits.count("claim-proof", str(actor.pk), most=MOST_PROOFS, now=now)
    limits.count("claim-proof-to", email, most=MOST_PROOFS, now=now)
    kind = str(listing._meta.model_name)
    signed = signing.dumps([kind, listing.pk, organisation.pk, actor.pk, email], salt=PROOF)
    # The address is the reader's own affair until they open the link.
    whom = salted_hmac(PROOF, email).hexdigest()[:24]
    queue_message(
        key=f"claim:{kind}:{listing.pk}:{organisation.pk}:proof:{whom}:{now:%Y%m%d%H%M}",
        event="claim_proof",
        to=email,
        language=active_language(),
        context={
            "listing": str(listing),
            "organisation": organisation.name,
            "signed_link": signed,
        },
        now=now,
    )


def read_proof(text: str, actor: User) -> tuple[OrganisationProfile, Organisation, str]:
    """The listing, the organisation and the address of a link of :func:`ask_for_proof`.

    Raises ``LinkExpired``, ``LinkForged``, ``LinkOfAnother`` or ``LinkUsed``.
    """
    kind, pk, organisation_pk, person, email = links.read(
        text, salt=PROOF, parts=5, serves_for=PROVES_FOR
    )
    if person != actor.pk:
        raise LinkOfAnother
    listing = CLAIMED[kind].objects.public().filter(pk=pk).first()
    organisation = Organisation.objects.visible_to(actor).filter(pk=organisation_pk).first()
    if listing is None or organisation is None:
        raise LinkUsed
    return listing, organisation, email


@transaction.atomic
def claim_by_proof(*, text: str, actor: User, now: datetime) -> Claim:
    """Claim by the address to which the link ``text`` was sent.

    Raises what :func:`read_proof` and :func:`claim_by_address` raise.
    """
    listing, organisation, email = read_proof(text, actor)
    return _by_address(listing, organisation, email, actor, now)


@transaction.atomic
def claim_by_document(
    *,
    listing: OrganisationProfile,
    organisation: Organisation,
    document: StoredFile,
    message: str,
    actor: User,
    now: datetime,
) -> Claim:
    """Claim by a document, which a moderator reads. Raises what :func:`_opened` raises."""
    message = clean_text(message, most=LONGEST_MESSAGE)
    listing, organisation = _locked(listing, organisation, actor)
    proof = {"way": ClaimWay.DOCUMENT, "document": document, "message": message}
    claim, _is_new = _opened(listing, organisation, actor, now, proof)
    return claim


@transaction.atomic
def withdraw_claim(*, claim: Claim, actor: User, now: datetime) -> Claim:
    """Take a claim back before it is answered. A second click changes nothing."""
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    require_right("edit_content", claim.organisation, actor)
    if claim.state == ClaimState.WITHDRAWN:
        return claim
    change_state(
        claim,
        ClaimState.WITHDRAWN,
        transitions=CLAIM_TRANSITIONS,
        now=now,
        also={"settled_at": now, "settled_by": actor},
    )
    note(claim, "withdrawn", actor, now)
    return claim


def _by_address(
    listing: OrganisationProfile,
    organisation: Organisation,
    email: str,
    actor: User,
    now: datetime,
) -> Claim:
    """Under the lock of the listing: of two at the same instant, the second finds the first."""
    listing, organisation = _locked(listing, organisation, actor)
    if not is_on_domain(email, listing.website):
        raise NotOnTheDomain
    proof = {"way": ClaimWay.ADDRESS, "email": email}
    claim, is_new = _opened(listing, organisation, actor, now, proof)
    has_rivals = Claim.objects.waiting().filter(**about(listing)).exclude(pk=claim.pk).exists()
    is_free = listing.state == ListingState.UNCLAIMED and listing.organisation_id is None
    if is_new and is_free and not has_rivals and is_proof_enough(listing):
        _accept_at_once(claim, listing, now)
    return claim


def _locked(
    listing: OrganisationProfile, organisation: Organisation, actor: User
) -> tuple[OrganisationProfile, Organisation]:
    """Both rows, the organisation first; raises what keeps it from claiming this listing."""
    organisation = locked(organisation.pk)
    if organisation.closed_at is not None:
        raise OrganisationClosed
    require_right("edit_content", organisation, actor)
    found = type(listing).objects.select_for_update().get(pk=listing.pk)
    if found.state in GONE or not found.live:
        raise ListingGone(_("This listing is closed: it is kept as it was."))
    if found.organisation_id == organisation.pk:
        raise AlreadyYours
    if not may_claim(organisation, found):
        raise WrongKind
    return found, organisation


def _opened(
    listing: OrganisationProfile,
    organisation: Organisation,
    actor: User,
    now: datetime,
    proof: dict[str, Any],
) -> tuple[Claim, bool]:
    """The claim that waits already, or a new one. Raises ``EnoughWaiting``.

    Whoever has the listing is told that another organisation says it is its own.
    """
    waiting = Claim.objects.waiting().filter(organisation=organisation)
    mine = waiting.filter(**about(listing)).first()
    if mine is not None:
        return mine, False
    if waiting.count() >= MOST_WAITING:
        raise EnoughWaiting
    claim = Claim.objects.create(
        **about(listing), organisation=organisation, claimant=actor, asked_at=now, **proof
    )
    if listing.organisation is not None:
        tell_the_holder(claim, listing.organisation, now)
    note(claim, "asked", actor, now, email=claim.email, message=claim.message)
    return claim, True


def _accept_at_once(claim: Claim, listing: OrganisationProfile, now: datetime) -> None:
    change_state(
        claim,
        ClaimState.ACCEPTED,
        transitions=CLAIM_TRANSITIONS,
        now=now,
        also={"settled_at": now},
    )
    hand_over(listing, claim.organisation, None, now)
    tell_the_claimant(claim, now)
    note(claim, "accepted", None, now)


def hand_over(
    listing: OrganisationProfile, organisation: Organisation, actor: User | None, now: datetime
) -> None:
    """``organisation`` speaks for ``listing`` and its parts from now on; in its transaction."""
    before = listing.organisation
    if listing.state == ListingState.UNCLAIMED:
        change_state(
            listing,
            ListingState.CLAIMED,
            transitions=LISTING_TRANSITIONS,
            now=now,
            also={"organisation": organisation},
        )
    else:
        listing.organisation = organisation
        listing.save(update_fields=["organisation"])
    if before is not None:
        parts = listing.solutions if isinstance(listing, Startup) else listing.programs
        for each in (listing, *parts.all()):
            drop_rounds(each, before, actor, now)
        # A part without an organisation follows its whole by itself.
        parts.filter(organisation=before).update(organisation=organisation)
    record_changed.send(sender=type(listing), pk=listing.pk)
    log.record(
        actor=actor,
        action=f"{listing._meta.model_name}.claimed",
        target=listing,
        public={"slug": listing.slug, "organisation": organisation.pk},
        now=now,
    )
