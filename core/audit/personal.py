"""The lines of the audit that are about a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.audit.models import AuditEntry
from core.registry import Exporter, exporters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.accounts.models import User

PERSON = "accounts.user"


def register_exporters() -> None:
    """Add the audit to « my data »."""
    exporters.register(
        "audit",
        Exporter(
            label=_("Audit"),
            about=_("What the log keeps of what you did, and of what was done about you."),
            fields=(
                *("number", "at", "by_you", "action", "object_type", "object_id"),
                *("public", "private"),
            ),
            rows=_lines,
        ),
    )


def _lines(user: User) -> Iterator[dict[str, Any]]:
    """One's own acts, acts about one, and every line whose private part is one's own."""
    found = AuditEntry.objects.filter(
        Q(actor_id=user.pk)
        | Q(private__subject_id=user.pk)
        | Q(object_type=PERSON, object_id=str(user.pk))
        | Q(public__person=user.pk)
    )
    found = found.select_related("private").order_by("sequence")
    for entry in found.iterator(chunk_size=500):
        private = getattr(entry, "private", None)
        yield {
            "number": entry.sequence,
            "at": entry.at,
            "by_you": entry.actor_id == user.pk,
            "action": entry.action,
            "object_type": entry.object_type,
            "object_id": entry.object_id,
            "public": entry.public,
            "private": private.data if private and private.subject_id == user.pk else None,
        }
