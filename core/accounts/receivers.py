"""What accounts hear from allauth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.signals import (
    authentication_step_completed,
    email_changed,
    user_logged_in,
    user_signed_up,
)
from django.dispatch import receiver

from core.accounts.mail_domains import is_throw_away
from core.accounts.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest


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


@receiver(user_logged_in)
def note_how_one_came_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Who has just signed up is known as well as who has just signed in.

    allauth notes each way in but this one: it would ask a newcomer at once who they are.
    """
    if not get_authentication_records(request, user):
        record_authentication(request, user, method="signup")


@receiver([user_signed_up, email_changed])
def note_throw_away_address(sender: Any, user: User, **kwargs: Any) -> None:
    """Nobody is refused for their address; moderators see it in a report."""
    noted = is_throw_away(user.email)
    if noted != user.has_throw_away_address:
        user.has_throw_away_address = noted
        user.save(update_fields=["has_throw_away_address"])
