"""What accounts do not keep for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.domain.invitations import NOWHERE, forget_address
from core.accounts.enums import JoinRequestState
from core.accounts.models import Invitation, JoinRequest, User
from core.audit import log
from core.notifications.erasing import empty_messages
from core.notifications.personal import messages_to
from core.registry import Retained, retained

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


def register_retained() -> None:
    """Add the classes of accounts."""
    retained.register(
        "unconfirmed_accounts",
        Retained(
            label=_("Accounts never confirmed"),
            what=_("Accounts whose address was never confirmed, and that nobody ever opened."),
            count=lambda before: _never_confirmed(before).count(),
            apply=_remove_accounts,
            least_days=7,
        ),
    )
    retained.register(
        "ended_sessions",
        Retained(
            label=_("Past sessions"),
            what=_("The network address and browser of sessions that nobody uses any more."),
            count=lambda before: UserSession.objects.filter(last_seen_at__lt=before).count(),
            apply=_end_sessions,
        ),
    )
    retained.register(
        "invitation_addresses",
        Retained(
            label=_("Addresses of past invitations"),
            what=_("To whom an invitation was sent; that one was sent, and the answer, stay."),
            count=lambda before: _past_invitations(before).count(),
            apply=_forget_addresses,
        ),
    )
    retained.register(
        "join_request_words",
        Retained(
            label=_("Words of settled requests to join"),
            what=_("What people wrote to ask to join; that they asked, and the answer, stay."),
            count=lambda before: _settled_words(before).count(),
            apply=_empty_words,
        ),
    )


def _never_confirmed(before: datetime) -> QuerySet[User]:
    mine = EmailAddress.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(mine),
        ~Exists(mine.filter(verified=True)),
        date_joined__lt=before,
        last_login__isnull=True,
        memberships__isnull=True,
        groups__isnull=True,
        is_staff=False,
        is_superuser=False,
        is_demo=False,
    ).order_by("pk")


def _remove_accounts(before: datetime, most: int) -> int:
    gone = list(_never_confirmed(before)[:most])
    for user in gone:
        log.erase_person(user.pk)
        empty_messages(messages_to(user))
        user.delete()
    return len(gone)


def _end_sessions(before: datetime, most: int) -> int:
    found = list(UserSession.objects.filter(last_seen_at__lt=before).order_by("pk")[:most])
    for session in found:
        session.end()
    return len(found)


def _settled_words(before: datetime) -> QuerySet[JoinRequest]:
    settled = JoinRequest.objects.exclude(state=JoinRequestState.PENDING).exclude(message="")
    found: QuerySet[JoinRequest] = settled.filter(settled_at__lt=before).order_by("pk")
    return found


def _empty_words(before: datetime, most: int) -> int:
    pks = list(_settled_words(before).values_list("pk", flat=True)[:most])
    return JoinRequest.objects.filter(pk__in=pks).update(message="")


def _past_invitations(before: datetime) -> QuerySet[Invitation]:
    past: QuerySet[Invitation] = Invitation.objects.filter(answer_by__lt=before)
    return past.exclude(email__endswith=NOWHERE).order_by("pk")


def _forget_addresses(before: datetime, most: int) -> int:
    found = list(_past_invitations(before)[:most])
    for invitation in found:
        forget_address(invitation, timezone.now())
    return len(found)
