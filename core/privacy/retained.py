"""What this room does not keep for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.privacy.enums import ExportState
from core.privacy.models import DataExport
from core.registry import Retained, retained

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


def register_retained() -> None:
    """Add the rows of copies; the files themselves live 72 hours whatever a rule says."""
    retained.register(
        "export_records",
        Retained(
            label=_("Records of copies of data"),
            what=_("That somebody took a copy of their data; the audit’s line stays."),
            count=lambda before: _past(before).count(),
            apply=_remove,
        ),
    )


def _past(before: datetime) -> QuerySet[DataExport]:
    over = [ExportState.REMOVED, ExportState.FAILED]
    found: QuerySet[DataExport] = DataExport.objects.filter(state__in=over, asked_at__lt=before)
    return found.order_by("asked_at", "pk")


def _remove(before: datetime, most: int) -> int:
    pks = list(_past(before).values_list("pk", flat=True)[:most])
    DataExport.objects.filter(pk__in=pks).delete()
    return len(pks)
