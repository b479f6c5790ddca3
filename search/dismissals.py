"""What this floor knows of a person: what they found irrelevant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.registry import Eraser, Exporter, erasers, exporters
from search.models import Dismissal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from typing import Any

    from core.accounts.models import User

FIELDS = ("about_kind", "about_pk", "kind", "object_pk", "created_at")


def register_dismissals() -> None:
    """Add them to « my data » and to an erasure."""
    exporters.register(
        "dismissals",
        Exporter(
            label=_("Proposals not relevant"),
            about=_("The records that you asked not to be proposed any more beside others."),
            fields=FIELDS,
            rows=_rows,
        ),
    )
    erasers.register(
        "dismissals",
        Eraser(
            label=_("Proposals not relevant"),
            removed=_("The records that you asked not to be proposed any more beside others."),
            erase=_erase,
        ),
    )


def _rows(user: User) -> Iterable[Mapping[str, Any]]:
    yield from Dismissal.objects.visible_to(user).order_by("pk").values(*FIELDS).iterator()


def _erase(user: User, now: datetime) -> int:
    count, _kinds = Dismissal.objects.visible_to(user).delete()
    return count
