"""What a person typed, version by version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core.drafts.models import DraftVersion
from core.registry import Exporter, exporters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.accounts.models import User


def register_exporters() -> None:
    """Add drafts to « my data »."""
    exporters.register(
        "drafts",
        Exporter(
            label=_("Drafts"),
            about=_("Every answer you typed, with its versions, submitted or not."),
            fields=("draft", "field", "version", "value", "saved_at"),
            rows=_typed,
        ),
    )


def _typed(user: User) -> Iterator[dict[str, Any]]:
    found = DraftVersion.objects.filter(saved_by_id=user.pk).order_by("saved_at", "pk")
    for row in found.iterator(chunk_size=500):
        yield {
            "draft": row.scope,
            "field": row.field,
            "version": row.version,
            "value": row.value,
            "saved_at": row.saved_at,
        }
