"""What organisations ask of a person today: rows of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.accounts.links import invitation_link
from core.accounts.models import Invitation, JoinRequest, OwnershipOffer
from core.accounts.people import confirmed_addresses
from core.registry import WorkspaceRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.accounts.models import Organisation, User

MOST = 10


def rows(user: User, organisation: Organisation | None, now: datetime) -> Iterator[WorkspaceRow]:
    """What one is asked to belong to or to own; who asks to join what one owns."""
    yield from _invitations(user, now)
    yield from _offers(user, now)
    yield from _requests(user, now)


def _invitations(user: User, now: datetime) -> Iterator[WorkspaceRow]:
    mine = Invitation.objects.filter(email__in=confirmed_addresses(user)).waiting(now)
    mine = mine.filter(organisation__closed_at__isnull=True)
    for invitation in mine.select_related("organisation", "invited_by")[:MOST]:
        yield WorkspaceRow(
            title=_("Invitation to join %(organisation)s")
            % {"organisation": invitation.organisation},
            detail=_("Your role: %(role)s.") % {"role": invitation.get_role_display()},
            due=invitation.answer_by,
            url_name="invitation",
            url_kwargs={"link": invitation_link(invitation.pk)},
            button=_("Answer"),
        )


def _offers(user: User, now: datetime) -> Iterator[WorkspaceRow]:
    mine = OwnershipOffer.objects.filter(offered_to=user).waiting(now)
    for offer in mine.select_related("organisation", "offered_by")[:MOST]:
        yield WorkspaceRow(
            title=_("Own %(organisation)s") % {"organisation": offer.organisation},
            detail=_("%(person)s offers it to you.") % {"person": offer.offered_by},
            due=offer.answer_by,
            url_name="ownership_offer",
            url_kwargs={"pk": offer.pk},
            button=_("Answer"),
        )


def _requests(user: User, now: datetime) -> Iterator[WorkspaceRow]:
    waiting = JoinRequest.objects.answerable_by(user).waiting(now)
    for request in waiting.select_related("organisation", "person")[:MOST]:
        yield WorkspaceRow(
            title=_("%(person)s asks to join %(organisation)s")
            % {"person": request.person, "organisation": request.organisation},
            detail=_("Accept or refuse; without an answer the request lapses."),
            due=request.answer_by,
            url_name="organisation_requests",
            url_kwargs={"pk": request.organisation_id},
            button=_("Answer"),
        )
