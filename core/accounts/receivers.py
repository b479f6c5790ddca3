"""What accounts hear from allauth."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import (
    authentication_step_completed,
    email_changed,
    user_signed_up,
)
from django.dispatch import receiver

from core.accounts.mail_domains import is_throw_away
from core.accounts.models import User


@receiver(authentication_step_completed)
def put_out_who_took_the_address(
    sender: Any, user: User, method: str, email: str | None = None, **kwargs: Any
) -> None:
    """The first to prove that an address is theirs keeps the account, whoever made it.

    Somebody may have created it, with a password, and waited for the owner of the address to sign
    in with a code: from then on that password opens nothing.
    """
    if method != "code" or not email or not user.has_usable_password():
        return
    addresses = EmailAddress.objects.filter(user=user, email__iexact=email)
    if addresses.filter(verified=False).exists():
        user.set_unusable_password()
        user.save(update_fields=["password"])


@receiver([user_signed_up, email_changed])
def note_throw_away_address(sender: Any, user: User, **kwargs: Any) -> None:
    """Nobody is refused for their address; moderators see it in a report."""
    noted = is_throw_away(user.email)
    if noted != user.has_throw_away_address:
        user.has_throw_away_address = noted
        user.save(update_fields=["has_throw_away_address"])
