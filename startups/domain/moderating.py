"""Who looks after the listings of everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.accounts import rules
from core.exceptions import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import Organisation, User


def require_moderator(actor: User | AnonymousUser) -> None:
    """``NotAllowed`` for whoever does not look after listings."""
    if not rules.is_moderator(actor):
        raise NotAllowed(_("Moderators of the directory do this. Ask the city’s team."))


def require_no_part(actor: User, organisations: Iterable[Organisation | None]) -> None:
    """``NotAllowed`` for a moderator who belongs to one of those between whom the city answers."""
    if any(each is not None and rules.role_in(actor, each) is not None for each in organisations):
        raise NotAllowed(
            _("Another moderator answers: you belong to one of the organisations in question.")
        )
