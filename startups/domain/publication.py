"""A listing, published or taken down from the administration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from core.audit import log
from startups.models import Listing
from startups.signals import record_changed

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.accounts.models import User


@transaction.atomic
def publish_listing(*, listing: Listing, actor: User | None, go_live: Callable[[], None]) -> None:
    """Publish a profile and tell the floors above; ``go_live`` writes the content."""
    go_live()
    _noted(listing, "published", actor)


def note_unpublished(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Receiver of Wagtail's ``unpublished``: a listing taken down leaves the search too."""
    if isinstance(instance, Listing):
        with transaction.atomic():
            _noted(instance, "unpublished", None)


def _noted(listing: Listing, action: str, actor: User | None) -> None:
    record_changed.send(sender=type(listing), pk=listing.pk)
    log.record(
        actor=actor,
        action=f"{listing._meta.model_name}.{action}",
        target=listing,
        public={"slug": listing.slug},
    )
