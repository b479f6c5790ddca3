"""What organisations ask of a person today: rows of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.accounts.models import JoinRequest
from core.registry import WorkspaceRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.accounts.models import Organisation, User

MOST = 10


def rows(user: User, organisation: Organisation | None, now: datetime) -> Iterator[WorkspaceRow]:
    """Requests to join that wait for an answer, in all the organisations that ``user`` owns."""
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
