"""What the worker does for personal information."""

from __future__ import annotations

from django.utils import timezone

from core.privacy.domain import erasure, exports, retention
from core.privacy.models import DataExport


def make_export(export_pk: str) -> None:
    """Make a copy that was asked. Safe to call twice."""
    export = DataExport.objects.select_related("person").filter(pk=export_pk).first()
    if export is not None:
        exports.make_export(export=export, now=timezone.now())


def tidy() -> int:
    """Every quarter of an hour: what is past its time leaves. How many rows changed."""
    return exports.remove_old_exports(now=timezone.now()) + erasure.forget_goodbyes()


def run_retention() -> int:
    """Every half hour, of which one a night does something. How many rules ran."""
    return len(retention.run_rules(now=timezone.now()))
