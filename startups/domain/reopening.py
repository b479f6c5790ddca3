"""A listing that was closed or merged by mistake acts again: the city says why, in public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.audit import log
from core.audit.models import AuditEntry
from core.exceptions import DomainError, IllegalMove
from core.states import change_state
from core.text import clean_line
from startups.domain.confirming import speaks_for
from startups.domain.end_mails import tell_the_owners
from startups.domain.ending import LONGEST_NOTE, note_of_whole
from startups.domain.moderating import require_moderator, require_no_part
from startups.domain.moderation import ReasonMissing
from startups.domain.parts import move_parts, parts_of
from startups.enums import GONE, LISTING_TRANSITIONS, ListingState
from startups.models import Program, Solution
from startups.signals import record_changed

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import User
    from startups.models import Listing


class WholeGone(DomainError):
    """A part does not act when what it belongs to has ended."""

    code = "whole_gone"
    default_message = _("What it belongs to is closed or merged. Reopen that one first.")


@transaction.atomic
def reopen_listing(
    *, listing: Listing, reason_fr: str, reason_en: str, actor: User, now: datetime
) -> int:
    """Undo a closing or a merger; how many of its programs, closed or moved with it, come back.

    It is claimed when an organisation that is not closed speaks for it, unclaimed otherwise:
    whoever verified it does so again. Raises ``NotAllowed``, ``ReasonMissing``, ``WholeGone`` and
    ``IllegalMove``.
    """
    require_moderator(actor)
    listing = type(listing).objects.select_for_update().get(pk=listing.pk)
    require_no_part(actor, [speaks_for(listing)])
    if listing.state not in GONE:
        raise IllegalMove(_("This listing acts already: there is nothing to reopen."))
    whole = _whole(listing)
    if whole is not None and whole.state in GONE:
        raise WholeGone
    words = {
        "reason_fr": clean_line(reason_fr, most=LONGEST_NOTE),
        "reason_en": clean_line(reason_en, most=LONGEST_NOTE),
    }
    if not words["reason_fr"]:
        raise ReasonMissing(_("Write the reason in French: the page’s history shows it."))
    back = _moved_with(listing)
    if listing.merged_into is not None and back:
        move_parts(listing.merged_into, listing, only=back, actor=actor, now=now)
    closed = _closed_with(listing)
    for each in (listing, *closed):
        _reopen(each, words, actor, now)
    tell_the_owners(listing, "reopened", words["reason_fr"], words["reason_en"], actor, now)
    return len(closed) + len(back)


def _whole(listing: Listing) -> Listing | None:
    found: Listing | None = None
    if isinstance(listing, Solution):
        found = listing.startup
    if isinstance(listing, Program):
        found = listing.incubator
    return found


def _closed_with(listing: Listing) -> list[Any]:
    """The programs that its own closing closed, not those that had ended by themselves."""
    column, parts = parts_of(listing)
    if column != "incubator" or listing.state != ListingState.CLOSED:
        return []
    same = {"closed_on": listing.closed_on, **note_of_whole(listing)}
    return list(parts.select_for_update().filter(state=ListingState.CLOSED, **same).order_by("pk"))


def _moved_with(listing: Listing) -> list[int]:
    """The parts that its last merger moved to the heir, and that are there still."""
    if listing.state != ListingState.MERGED or listing.merged_into is None:
        return []
    line = AuditEntry.objects.filter(
        object_type=listing._meta.label_lower,
        object_id=str(listing.pk),
        action=f"{listing._meta.model_name}.merged",
    ).order_by("sequence")
    last = line.last()
    _column, parts = parts_of(listing.merged_into)
    moved = last.public.get("parts", []) if last is not None else []
    return list(parts.filter(pk__in=moved).values_list("pk", flat=True)) if moved else []


def _reopen(listing: Listing, words: dict[str, str], actor: User, now: datetime) -> None:
    also: dict[str, Any] = {
        "closed_on": None,
        "merged_into": None,
        "status_note_fr": "",
        "status_note_en": "",
    }
    if listing.organisation is not None and listing.organisation.closed_at is not None:
        also["organisation"] = listing.organisation = None
    whose, before = speaks_for(listing), listing.state
    acts = whose is not None and whose.closed_at is None
    to = ListingState.CLAIMED if acts else ListingState.UNCLAIMED
    change_state(listing, to, transitions=LISTING_TRANSITIONS, now=now, also=also)
    record_changed.send(sender=type(listing), pk=listing.pk)
    log.record(
        actor=actor,
        action=f"{listing._meta.model_name}.reopened",
        target=listing,
        public={"slug": listing.slug, "before": before, **words},
        now=now,
    )
