"""Whoever speaks for a listing is asked again whether all of it is still true (promise 13)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Q

from core.accounts import rules
from core.accounts.models import Membership
from core.deadlines import city_time
from core.notifications.outbox import Letter, queue_messages
from core.taxonomy.models import CitySettings
from startups.domain.confirming import speaks_for
from startups.models import LISTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from core.accounts.models import User
    from startups.models import Listing

# After the day on which it is due; the label comes thirty days after that day.
SECOND_AFTER: Final = timedelta(days=15)
AT_ONCE: Final = 200


def remind(*, now: datetime) -> int:
    """Write to owners and editors, when a listing is due and fifteen days later; how many mails.

    The key of a mail holds the day of the last confirmation, so a task that runs twice, or that
    did not run for a week, writes each reminder once. One that nobody ever confirmed counts from
    the day it became public. Nothing is ever removed.
    """
    today, written = city_time(now).date(), 0
    for kind in LISTINGS:
        rows = list(_spoken_for(kind).to_confirm(today))
        for start in range(0, len(rows), AT_ONCE):
            written += _remind_some(rows[start : start + AT_ONCE], today, now)
    return written


def _spoken_for(kind: type[Listing]) -> Any:
    """Public ones that act, and for which an organisation answers, with it."""
    whole: str = kind.objects.none().whole
    found = kind.objects.current().select_related("organisation")
    answered = Q(organisation__isnull=False)
    if whole:
        found = found.select_related(f"{whole}__organisation")
        answered |= Q(**{f"{whole}__organisation__isnull": False})
    return found.filter(answered)


@transaction.atomic
def _remind_some(rows: list[Listing], today: date, now: datetime) -> int:
    letters: list[Letter] = []
    for listing in rows:
        since = due_since(listing, today)
        if since is None:
            continue
        number = 2 if today >= since + SECOND_AFTER else 1
        letters.extend(_letters(listing, number, since))
    return queue_messages(event="listing_to_confirm", letters=letters, now=now)


def due_since(listing: Listing, today: date) -> date | None:
    """The day on which ``listing`` was to be asked again; None when that has not come."""
    every = timedelta(days=CitySettings.current().confirm_every_days)
    if listing.verified_on is not None:
        due = listing.verified_on + every
    elif listing.first_published_at is not None:
        due = city_time(listing.first_published_at).date()
    else:
        due = city_time(listing.created_at).date()
    return due if due <= today else None


def _letters(listing: Listing, number: int, since: date) -> Iterator[Letter]:
    organisation = speaks_for(listing)
    if organisation is None or organisation.closed_at is not None:
        return
    kind = listing._meta.model_name
    context = facts(listing, number)
    for person in writers_of(organisation.pk):
        yield Letter(
            key=f"confirm:{kind}:{listing.pk}:{since.isoformat()}:{number}:{person.pk}",
            to=person,
            context=context,
            organisation=organisation,
        )


def writers_of(organisation_pk: int) -> list[User]:
    """Those who may write the profile of an organisation."""
    found = Membership.objects.filter(
        organisation=organisation_pk,
        role__in=rules.roles_with("edit_content"),
        user__is_active=True,
    )
    return [row.user for row in found.select_related("user").order_by("pk")]


def facts(listing: Listing, number: int) -> dict[str, Any]:
    """What a reminder says."""
    return {
        "listing": str(listing),
        "confirmed_on": listing.verified_on,
        "is_second": number > 1,
        "kind": str(listing._meta.model_name),
        "pk": listing.pk,
    }
