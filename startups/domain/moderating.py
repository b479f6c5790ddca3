"""Who looks after the listings of everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.accounts import rules
from core.exceptions import NotAllowed

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User


def require_moderator(actor: User | AnonymousUser) -> None:
    """``NotAllowed`` for whoever does not look after listings."""
    if not rules.is_moderator(actor):
        raise NotAllowed(_("Moderators of the directory do this. Ask the city’s team."))
