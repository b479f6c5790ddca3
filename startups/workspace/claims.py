"""Claims that moderators answer; corrections that visitors propose to those who write a listing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.accounts import rules
from core.registry import WorkspaceRow
from startups.enums import CorrectionState
from startups.models import LISTINGS, Claim

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.accounts.models import Organisation, User

MOST: Final = 10


def rows(user: User, organisation: Organisation | None, now: datetime) -> Iterator[WorkspaceRow]:
    """Claims for moderators; corrections for the members of an organisation."""
    if rules.is_moderator(user):
        yield from _claims(user)
    if organisation is not None and rules.can(user, "edit_content", organisation):
        yield from _corrections(organisation)


def _claims(user: User) -> Iterator[WorkspaceRow]:
    """One row for all that wait, since the oldest."""
    waiting = Claim.objects.visible_to(user).waiting()
    count, since = waiting.aggregate(n=Count("pk"), since=Min("asked_at")).values()
    if count:
        yield WorkspaceRow(
            title=_("Claims of listings"),
            detail=ngettext(
                "%(count)d claim waits for your answer.",
                "%(count)d claims wait for your answer.",
                count,
            )
            % {"count": count},
            due=since,
            url_name="city_directory",
            button=_("Read and answer"),
        )


def _corrections(organisation: Organisation) -> Iterator[WorkspaceRow]:
    """One row for each listing of which visitors say that something is wrong."""
    for kind in LISTINGS:
        wrong = kind.objects.of_organisation(organisation).filter(
            corrections__state=CorrectionState.PENDING
        )
        counted = wrong.annotate(n=Count("corrections"), since=Min("corrections__proposed_at"))
        for listing in counted.order_by("since", "pk")[:MOST]:
            yield WorkspaceRow(
                title=str(listing),
                detail=ngettext(
                    "%(count)d correction is proposed by a visitor.",
                    "%(count)d corrections are proposed by visitors.",
                    listing.n,
                )
                % {"count": listing.n},
                due=listing.since,
                url_name="listing_corrections",
                url_kwargs={"kind": listing._meta.model_name, "pk": listing.pk},
                button=_("Compare and answer"),
            )
