"""What of the audit goes with a person, and what no one can take out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.audit import log
from core.registry import Eraser, erasers

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import User


def register_erasers() -> None:
    """Add the audit to an erasure."""
    erasers.register(
        "audit",
        Eraser(
            label=_("Audit"),
            removed=_(
                "The private part of every line about you, and the key that proved it. Nobody, the "
                "city included, can read or prove it afterwards."
            ),
            kept=_(
                "The public part of each line with your number: the log cannot be edited, so that "
                "decisions can be checked."
            ),
            erase=_forget,
        ),
    )


def _forget(user: User, now: datetime) -> int:
    return log.erase_person(user.pk)
