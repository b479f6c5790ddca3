"""Pure predicates of the thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts import rules
from pilots.models import Application

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User
    from core.files.models import StoredFile


def may_read_application_file(user: User | AnonymousUser, stored: StoredFile) -> bool:
    """Challenge managers read the files of received applications; jury members never do here."""
    if not rules.works_on_challenges(user):
        return False
    received = Application.objects.filter(
        organisation=stored.organisation, submitted_at__isnull=False
    ).values_list("frozen", flat=True)
    return any(
        isinstance(answer.get("value"), dict) and answer["value"].get("file") == str(stored.pk)
        for frozen in received
        for answer in (frozen or {}).get("answers", [])
    )
