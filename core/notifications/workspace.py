"""What messages ask of a person today: a row of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.notifications.closed_addresses import closed_of
from core.registry import WorkspaceRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.accounts.models import Organisation, User


def rows(user: User, organisation: Organisation | None, now: datetime) -> Iterator[WorkspaceRow]:
    """That we no longer write to them, when their address is closed."""
    closed = closed_of(user)
    if closed is not None:
        yield WorkspaceRow(
            title=_("We no longer write to %(email)s") % {"email": closed.email},
            detail=_("%(reason)s. Decisions and reminders do not reach you.")
            % {"reason": closed.get_reason_display()},
            due=closed.closed_at,
            url_name="own_address",
            button=_("See why and put it right"),
        )
