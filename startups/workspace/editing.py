"""Listings that are being written, returned or moderated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.accounts import rules
from core.registry import WorkspaceRow
from startups.enums import EditState
from startups.models import ListingEdit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.accounts.models import Organisation, User

MOST: Final = 10
LONGEST_DETAIL: Final = 200


def rows(user: User, organisation: Organisation | None, now: datetime) -> Iterator[WorkspaceRow]:
    """What the city returned, what was begun; for moderators, what waits for them."""
    if organisation is not None and rules.can(user, "edit_content", organisation):
        states = [EditState.RETURNED, EditState.DRAFT]
        begun = ListingEdit.objects.filter(organisation=organisation, state__in=states)
        for edit in begun.prefetch_related("listing")[:MOST]:
            if edit.listing is not None:
                yield _begun(edit)
    if rules.is_moderator(user):
        waiting = ListingEdit.objects.waiting()
        first, count = waiting.first(), waiting.count()
        if first is not None:
            yield WorkspaceRow(
                title=_("Listings to moderate"),
                detail=ngettext(
                    "%(n)s change waits for an answer.",
                    "%(n)s changes wait for an answer.",
                    count,
                )
                % {"n": count},
                due=first.submitted_at,
                url_name="listing_moderation",
                button=_("Read them"),
            )


def _begun(edit: ListingEdit) -> WorkspaceRow:
    is_returned = edit.state == EditState.RETURNED
    comment = edit.comment if len(edit.comment) <= LONGEST_DETAIL else f"{edit.comment[:200]}…"
    return WorkspaceRow(
        title=str(edit.record),
        detail=_("Returned with a comment: %(comment)s") % {"comment": comment}
        if is_returned
        else _("A draft of this listing was begun and not submitted."),
        due=edit.answered_at if is_returned else edit.started_at,
        url_name="listing_edit",
        url_kwargs={"kind": edit.record._meta.model_name, "pk": edit.object_id},
        button=_("Go on writing"),
    )
