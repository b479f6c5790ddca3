"""Members give up what they were writing: the listing is as before the round began."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.drafts.models import DraftValue, DraftVersion
from startups.domain.editing import ChangedMeanwhile, InReview, require_writer
from startups.drafting import draft_of
from startups.enums import WRITABLE_EDITS
from startups.models import ListingEdit

if TYPE_CHECKING:
    from core.accounts.models import User
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
    for kind in (DraftValue, DraftVersion):
        kind.objects.filter(scope=edit.draft_scope).delete()
    edit.delete()
    return True


def _put_back(listing: Listing, edit: ListingEdit, actor: User) -> None:
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
