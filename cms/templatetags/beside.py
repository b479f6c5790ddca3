"""What a record's page proposes beside it."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from cms.finding.beside import sections
from search.port import Key

register = template.Library()


@register.inclusion_tag("search/beside.html", takes_context=True)
def proposed_beside(context: dict[str, Any], kind: str, record: Any) -> dict[str, Any]:
    """What fits and what resembles ``record``, with reasons; nothing beside a preview."""
    request = context.get("request")
    is_preview = context.get("listing_preview") or getattr(request, "is_preview", False)
    if is_preview or record.pk is None or not getattr(record, "live", True):
        return {"sections": []}
    user = context.get("user") or AnonymousUser()
    key = Key(kind, record.pk)
    found, dismissed = sections(key, record, user, timezone.now())
    return {
        "sections": found,
        "dismissed": dismissed,
        "about": f"{kind}:{record.pk}",
        "is_member": user.is_authenticated,
        "csrf_token": context.get("csrf_token"),
    }
