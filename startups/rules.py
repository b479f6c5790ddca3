"""For which startups a person may act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.rules import roles_with
from startups.models import Startup

if TYPE_CHECKING:
    from core.accounts.models import User


def startups_of(user: User) -> list[Startup]:
    """Those, public and acting, for which ``user`` may act, by name."""
    mine = user.memberships.filter(
        role__in=roles_with("apply"), organisation__closed_at__isnull=True
    )
    found = Startup.objects.current().filter(organisation__in=mine.values("organisation"))
    return list(found.select_related("organisation").order_by("name", "pk"))
