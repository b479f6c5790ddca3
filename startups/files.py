"""Who reads the files of the directory, besides the members of their organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.accounts import rules

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User
    from core.files.models import StoredFile

CLAIM_FILE: Final = "claim"


def may_read_claim_file(user: User | AnonymousUser, stored: StoredFile) -> bool:
    """Moderators, who judge what it proves."""
    return rules.is_moderator(user)
