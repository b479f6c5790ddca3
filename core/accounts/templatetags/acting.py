"""In whose name the person acts, for the frame of every page."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import template

from core.accounts.acting import chosen_key
from core.accounts.models import Organisation, User

register = template.Library()


class Acting(NamedTuple):
    """The organisation in whose name this page acts, and the others one may choose."""

    organisation: Organisation
    others: list[Organisation]


@register.simple_tag(takes_context=True)
def acting(context: dict[str, Any]) -> Acting | None:
    """One query for whoever is signed in, none for a visitor, whose pages are kept for all.

    A page about one of the person's organisations acts in the name of that one, whatever was
    chosen; any other, in the name of the one that was chosen.
    """
    user, request = context.get("user"), context.get("request")
    if not isinstance(user, User) or request is None:
        return None
    mine = list(Organisation.objects.of_member(user).active().only("pk", "name"))
    if not mine:
        return None
    by_key = {organisation.pk: organisation for organisation in mine}
    wanted = (_key_of_page(context), chosen_key(request))
    now = next((by_key[key] for key in wanted if key in by_key), mine[0])
    return Acting(now, [organisation for organisation in mine if organisation != now])


def _key_of_page(context: dict[str, Any]) -> int | None:
    organisation = context.get("organisation")
    if isinstance(organisation, Organisation):
        return organisation.pk
    return getattr(context.get("application"), "organisation_id", None)
