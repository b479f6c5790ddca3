"""What of the drafts goes with whoever typed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from core.drafts.models import DraftValue, DraftVersion
from core.registry import Eraser, erasers

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import User


def register_erasers() -> None:
    """Add drafts to an erasure."""
    erasers.register(
        "drafts",
        Eraser(
            label=_("Drafts"),
            removed=_("The earlier versions of what you typed and then replaced."),
            kept=_(
                "The last version of each answer: the application belongs to the organisation, "
                "whose members go on with it."
            ),
            erase=_forget_versions,
        ),
    )


def _forget_versions(user: User, now: datetime) -> int:
    current = DraftValue.objects.filter(
        scope=OuterRef("scope"), field=OuterRef("field"), version=OuterRef("version")
    )
    past = DraftVersion.objects.filter(~Exists(current), saved_by_id=user.pk)
    return past.delete()[0]
