"""A listing, published or taken down, whoever asks for it and by whichever path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from core.audit import log
from startups.changes import changes_of
from startups.models import Listing, ListingEdit
from startups.signals import record_changed

if TYPE_CHECKING:
    from collections.abc import Callable

    from wagtail.models import Revision

    from core.accounts.models import User


@transaction.atomic
def publish_listing(
    *, listing: Listing, revision: Revision, actor: User | None, go_live: Callable[[], None]
) -> None:
    """Publish a profile and tell the floors above; ``go_live`` writes the content.

    The audit line says which public facts changed, ``changes: {field: [before, after]}``; the
    first publication changes none. It says too when its members wrote the ``revision``, for the
    actor is then who approved it.
    """
    model = type(listing)
    before = model.objects.select_for_update().public().filter(pk=listing.pk).first()
    # Read before the content is written: the themes and the people are rows of their own.
    kept = _in_memory(before) if before is not None else None
    go_live()
    changes = changes_of(kept, model.objects.get(pk=listing.pk)) if kept is not None else {}
    by = {"by": "organisation"} if ListingEdit.objects.filter(revision=revision).exists() else {}
    _noted(listing, "published", actor, changes=changes, **by)


def note_unpublished(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Receiver of Wagtail's ``unpublished``: a listing taken down leaves the search too."""
    if isinstance(instance, Listing):
        with transaction.atomic():
            _noted(instance, "unpublished", None)


def _in_memory(listing: Listing) -> Listing:
    """``listing`` with its rows, which what is written later does not reach."""
    copy: Listing = type(listing).from_serializable_data(listing.serializable_data())
    return copy


def _noted(listing: Listing, action: str, actor: User | None, **public: Any) -> None:
    record_changed.send(sender=type(listing), pk=listing.pk)
    log.record(
        actor=actor,
        action=f"{listing._meta.model_name}.{action}",
        target=listing,
        public={"slug": listing.slug, **public},
    )
