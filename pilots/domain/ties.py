"""Who is tied to which organisation, as far as the records show (promise 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.accounts.mail_domains import own_domain
from core.accounts.models import Organisation
from core.exceptions import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Collection

    from core.accounts.models import User
    from pilots.models import Challenge


def computed_conflicts(user: User, organisations: Collection[Organisation]) -> dict[int, str]:
    """Ties that the records show: organisation key to the reason, in words.

    From memberships, and from the domain of the e-mail address unless it is a public one.
    """
    member_of = set(user.memberships.values_list("organisation_id", flat=True))
    domain = own_domain(user.email)
    found: dict[int, str] = {}
    for organisation in organisations:
        if organisation.pk in member_of:
            found[organisation.pk] = str(_("You belong to this organisation."))
        elif domain and domain == organisation.email_domain.lower():
            found[organisation.pk] = str(_("Your address has this organisation's domain."))
    return found


def require_untied(actor: User, challenge: Challenge) -> None:
    """``NotAllowed`` when ``actor`` is tied to an organisation that applied to ``challenge``."""
    applied = Organisation.objects.filter(
        applications__challenge=challenge, applications__submitted_at__isnull=False
    ).distinct()
    if computed_conflicts(actor, list(applied)):
        raise NotAllowed(
            _("You are tied to an organisation that applied: another challenge manager does this.")
        )
