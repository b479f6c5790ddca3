"""The way to follow, on the pages of what one can follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from cms.directories.options import borough_options, theme_options
from core.accounts.models import User
from core.following.models import Follow

if TYPE_CHECKING:
    from django.http import QueryDict

register = template.Library()
MOST = 4


@register.inclusion_tag("following/button.html", takes_context=True)
def follow_button(
    context: dict[str, Any], kind: str, slug: str, invite: str = ""
) -> dict[str, Any]:
    """A link for a visitor; one click, and one query, for whom is signed in.

    ``invite`` says what one is told, in place of the usual words.
    """
    user = context.get("user")
    is_signed_in = isinstance(user, User)
    mine = Follow.objects.visible_to(user) if isinstance(user, User) else Follow.objects.none()
    return {
        "kind": kind,
        "slug": slug,
        "invite": invite,
        "is_signed_in": is_signed_in,
        "is_followed": is_signed_in and mine.on(kind, slug).confirmed().exists(),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("following/filters.html")
def follow_filters(query: QueryDict) -> dict[str, Any]:
    """Links to follow the themes and boroughs that a list is filtered by; no query of its own."""
    options = (("theme", theme_options), ("borough", borough_options))
    chosen = [
        (kind, slug, name)
        for kind, read in options
        if (asked := set(query.getlist(kind)))
        for slug, name in read()
        if slug in asked
    ]
    return {"chosen": chosen[:MOST]}
