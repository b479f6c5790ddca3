"""A listing is closed, merged into another one, or gets another address; its page is never lost."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from core.accounts import rules
from core.accounts.domain.belonging import require_right
from core.audit import log
from core.deadlines import city_time
from core.exceptions import DomainError, NotAllowed
from core.following.domain.moving import move_follows
from core.states import can_move, change_state
from core.text import clean_line
from startups.domain.confirming import speaks_for
from startups.domain.end_mails import tell_the_owners
from startups.domain.moderating import require_moderator
from startups.domain.parts import move_parts
from startups.enums import GONE, LISTING_TRANSITIONS, ListingState
from startups.heirs import LONGEST_CHAIN
from startups.models import FormerAddress, Incubator
from startups.signals import record_changed

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import User
    from startups.models import Listing

LONGEST_NOTE = 300


class NoHeir(DomainError):
    """What a listing is merged into is public, acts, and is not itself or one of its own heirs."""

    code = "no_heir"
    default_message = _(
        "A listing is merged into another one of its kind, which is public and acts still."
    )


class AddressTaken(DomainError):
    """Two pages at one address."""

    code = "address_taken"
    default_message = _("Another listing has, or had, this address. Choose another one.")


class DayToCome(DomainError):
    """What is closed is closed."""

    code = "day_to_come"
    default_message = _("The day of the closing is today or past.")


@transaction.atomic
def close_listing(
    *,
    listing: Listing,
    closed_on: date,
    note_fr: str,
    note_en: str,
    actor: User,
    now: datetime,
) -> int:
    """Mark it closed, by a moderator or whoever speaks for it; how many programs close with it.

    Its page stays and says since when. Raises ``NotAllowed``, ``DayToCome`` and ``IllegalMove``.
    """
    listing = _locked(listing)
    if not rules.is_moderator(actor):
        _require_speaks_for(listing, actor)
    _require_past(closed_on, now)
    note = _note(note_fr, note_en)
    _move(listing, ListingState.CLOSED, actor, now, {"closed_on": closed_on, **note})
    tell_the_owners(listing, "closed", note["status_note_fr"], note["status_note_en"], actor, now)
    return close_programs_of(listing, closed_on=closed_on, actor=actor, now=now)


def close_programs_of(
    listing: Listing, *, closed_on: date, actor: User | None, now: datetime
) -> int:
    """Those that a closed support organisation ran; how many."""
    if not isinstance(listing, Incubator):
        return 0
    programs = [
        program
        for program in listing.programs.select_for_update().order_by("pk")
        if can_move(program, ListingState.CLOSED, transitions=LISTING_TRANSITIONS)
    ]
    for program in programs:
        also = {"closed_on": closed_on, **note_of_whole(listing)}
        _move(program, ListingState.CLOSED, actor, now, also)
    return len(programs)


def note_of_whole(listing: Listing) -> dict[str, str]:
    """What the page of a program says when the organisation that ran it has closed."""
    return {
        "status_note_fr": f"L’organisation qui l’offrait, {listing}, est fermée.",
        "status_note_en": f"The organisation that ran it, {listing}, is closed.",
    }


@transaction.atomic
def merge_listing(
    *,
    listing: Listing,
    heir: Listing,
    merged_on: date,
    note_fr: str,
    note_en: str,
    actor: User,
    now: datetime,
) -> Listing:
    """Mark it merged: its address leads to ``heir``, whose page says what it was formerly.

    Its programs or solutions are the heir's from now on; their pages, alumni and intakes stay.
    Raises ``NotAllowed``, ``NoHeir``, ``DayToCome`` and ``IllegalMove``.
    """
    require_moderator(actor)
    if type(heir) is not type(listing):
        raise NoHeir
    # Both rows in the order of their keys: of two crossed mergers one waits and finds the other.
    rows = type(listing).objects.select_for_update().order_by("pk")
    locked = {row.pk: row for row in rows.filter(pk__in=[listing.pk, heir.pk])}
    listing, heir = locked[listing.pk], locked[heir.pk]
    if heir.pk == listing.pk or not heir.live or heir.state in GONE or _descends(heir, listing):
        raise NoHeir
    _require_past(merged_on, now)
    note = _note(note_fr, note_en)
    also = {"closed_on": merged_on, "merged_into": heir, **note}
    moved = move_parts(listing, heir, only=None, actor=actor, now=now)
    _move(listing, ListingState.MERGED, actor, now, also, heir=heir.slug, parts=moved)
    tell_the_owners(listing, "merged", note["status_note_fr"], note["status_note_en"], actor, now)
    return listing


@transaction.atomic
def rename_listing(*, listing: Listing, slug: str, actor: User, now: datetime) -> Listing:
    """Give the page another address; the old one leads there. Raises ``AddressTaken``."""
    require_moderator(actor)
    listing = _locked(listing)
    slug, kind = slugify(slug)[:120], str(listing._meta.model_name)
    if slug == listing.slug:
        return listing
    others = type(listing).objects.filter(slug=slug).exclude(pk=listing.pk)
    former = FormerAddress.objects.filter(kind=kind, slug=slug)
    if not slug or others.exists() or former.exclude(object_id=listing.pk).exists():
        raise AddressTaken
    former.delete()  # it takes back one of its own
    before, listing.slug = listing.slug, slug
    FormerAddress.objects.create(kind=kind, slug=before, object_id=listing.pk, left_at=now)
    listing.save(update_fields=["slug"])
    move_follows(kind=kind, before=before, after=slug)
    for revision in Revision.objects.filter(
        pk__in={listing.live_revision_id, listing.latest_revision_id} - {None}
    ):
        revision.content["slug"] = slug
        revision.save(update_fields=["content"])
    record_changed.send(sender=type(listing), pk=listing.pk)
    log.record(
        actor=actor,
        action=f"{kind}.renamed",
        target=listing,
        public={"slug": slug, "before": before},
        now=now,
    )
    return listing


def _locked(listing: Listing) -> Listing:
    found: Listing = type(listing).objects.select_for_update().get(pk=listing.pk)
    return found


def _descends(listing: Listing, other: Listing) -> bool:
    """Whether ``listing`` is merged, by however many steps, into ``other``."""
    for _step in range(LONGEST_CHAIN):
        heir: Listing | None = listing.merged_into
        if heir is None:
            return False
        if heir.pk == other.pk:
            return True
        listing = heir
    return True


def _require_speaks_for(listing: Listing, actor: User) -> None:
    organisation = speaks_for(listing)
    if organisation is None:
        raise NotAllowed(_("Nobody speaks for this listing yet: the city’s team keeps it."))
    require_right("edit_content", organisation, actor)


def _require_past(day: date, now: datetime) -> None:
    if day > city_time(now).date():
        raise DayToCome


def _note(french: str, english: str) -> dict[str, str]:
    return {
        "status_note_fr": clean_line(french, most=LONGEST_NOTE),
        "status_note_en": clean_line(english, most=LONGEST_NOTE),
    }


def _move(
    listing: Listing,
    to: ListingState,
    actor: User | None,
    now: datetime,
    also: dict[str, Any],
    **public: Any,
) -> None:
    change_state(listing, to, transitions=LISTING_TRANSITIONS, now=now, also=also)
    record_changed.send(sender=type(listing), pk=listing.pk)
    log.record(
        actor=actor,
        action=f"{listing._meta.model_name}.{to.value}",
        target=listing,
        public={"slug": listing.slug, "on": also["closed_on"].isoformat(), **public},
        now=now,
    )
