"""What the thread does not keep for ever: drafts of calls that are long over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.drafts.models import DraftValue, DraftVersion
from core.registry import Retained, retained
from pilots.enums import ApplicationState
from pilots.models import Application

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


def register_retained() -> None:
    """Add abandoned drafts."""
    retained.register(
        "abandoned_drafts",
        Retained(
            label=_("Abandoned drafts"),
            what=_("Applications that were never submitted, long after their call has closed."),
            count=lambda before: _abandoned(before).count(),
            apply=_remove,
            least_days=180,
        ),
    )


def _abandoned(before: datetime) -> QuerySet[Application]:
    found: QuerySet[Application] = Application.objects.filter(
        state=ApplicationState.DRAFT,
        submitted_at__isnull=True,
        number="",
        created_at__lt=before,
        stage__closes_at__lt=before,
        decisions__isnull=True,
        assignments__isnull=True,
    )
    return found.exclude(stage__extensions__until__gte=before).order_by("pk")


def _remove(before: datetime, most: int) -> int:
    drafts = list(_abandoned(before)[:most])
    scopes = [draft.draft_scope for draft in drafts]
    DraftVersion.objects.filter(scope__in=scopes).delete()
    DraftValue.objects.filter(scope__in=scopes).delete()
    Application.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
    return len(drafts)
