"""Members give up what they were writing: the listing is as before the round began."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.audit import log
from core.drafts.models import DraftValue, DraftVersion
from startups.domain.editing import ChangedMeanwhile, InReview, require_writer
from startups.drafting import draft_of
from startups.enums import WRITABLE_EDITS
from startups.models import ListingEdit

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import Organisation, User
    from startups.models import Listing


@transaction.atomic
def discard_draft(*, listing: Listing, read: str, actor: User) -> bool:
    """Delete what was typed and its round; whether there was any.

    ``read`` is :attr:`~startups.drafting.Draft.read` of the page that was confirmed, so that what
    another member types meanwhile is not lost. Raises ``NotAllowed``, ``ListingGone``,
    ``InReview``, ``ChangedMeanwhile``.
    """
    listing = type(listing).objects.select_for_update().get(pk=listing.pk)
    require_writer(listing, actor)
    edit = ListingEdit.objects.of_listing(listing).unfinished().first()
    if edit is None:
        return False
    if edit.state not in WRITABLE_EDITS:
        raise InReview
    if draft_of(listing, edit).read != read:
        raise ChangedMeanwhile
    _put_back(listing, edit, actor)
    _delete(edit)
    return True


def drop_rounds(
    listing: Listing, organisation: Organisation, actor: User | None, now: datetime
) -> None:
    """``listing`` is no longer ``organisation``’s: what it was writing is nobody's now.

    In the transaction, and under the lock, of whoever hands it over.
    """
    edit = ListingEdit.objects.of_listing(listing).unfinished()
    for mine in edit.filter(organisation=organisation):
        _put_back(type(listing).objects.get(pk=listing.pk), mine, actor)
        _delete(mine)
        log.record(
            actor=actor,
            action=f"{listing._meta.model_name}.edit_dropped",
            target=listing,
            public={"slug": listing.slug, "edit": mine.pk},
            now=now,
        )


def _delete(edit: ListingEdit) -> None:
    for kind in (DraftValue, DraftVersion):
        kind.objects.filter(scope=edit.draft_scope).delete()
    ListingEdit.objects.filter(pk=edit.pk).delete()


def _put_back(listing: Listing, edit: ListingEdit, actor: User | None) -> None:
    """What was submitted and came back is a revision: the one before it is written again."""
    state = listing.current_workflow_state
    if edit.submitted_at is None:
        return
    if state is not None:
        state.cancel(user=actor)
    # Over what the city wrote since, nothing is put back.
    if edit.revision_id is None or listing.latest_revision_id != edit.revision_id:
        return
    past = listing.revisions.filter(created_at__lt=edit.started_at).order_by("created_at").last()
    is_public = past is None or past.pk == listing.live_revision_id
    before = listing if is_public else past.as_object()
    before.save_revision(user=actor, log_action=True, changed=not is_public)
    if is_public and listing.has_unpublished_changes:
        listing.has_unpublished_changes = False
        listing.save(update_fields=["has_unpublished_changes"])
