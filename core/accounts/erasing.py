"""What of an account goes when its person asks for it, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import APIToken, ModelLogEntry, PageSubscription
from wagtail.users.models import UserProfile

from core.accounts import roles
from core.accounts.domain.invitations import forget_invitations
from core.accounts.domain.join_requests import withdraw_request
from core.accounts.domain.ownership import drop_offers
from core.accounts.models import (
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    OwnershipOffer,
    Role,
    User,
)
from core.accounts.people import confirmed_addresses
from core.accounts.personal import linked_identities
from core.audit import log
from core.notifications.erasing import cancel_unsent
from core.notifications.models import Message
from core.registry import Eraser, erasers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet


def register_erasers() -> None:
    """Add the parts of accounts to an erasure."""
    erasers.register(
        "organisations",
        Eraser(
            label=gettext_lazy("Organisations"),
            removed=gettext_lazy(
                "You belong to no organisation any more. Your requests to join are taken back and "
                "what you wrote in them is removed."
            ),
            kept=gettext_lazy(
                "What an organisation published, submitted or signed: it belongs to the "
                "organisation, and others rely on it."
            ),
            erase=_leave_organisations,
            obstacles=_owned_alone,
        ),
    )
    erasers.register(
        "account",
        Eraser(
            label=gettext_lazy("Account"),
            removed=gettext_lazy(
                "Your name, your e-mail addresses, your password, passkeys and second factors, "
                "your city roles and every open session. A number takes the place of your name."
            ),
            kept=gettext_lazy(
                "That number, so that what was done by one person stays told apart from what was "
                "done by another."
            ),
            erase=_empty_account,
            obstacles=_last_administrator,
        ),
    )


def pseudonym(user: User) -> str:
    """What is read where the name was: the same in both languages, as a name is."""
    return f"Personne {user.pk}"


def unroutable(user: User) -> str:
    """An address that is unique and leads nowhere (RFC 2606)."""
    return f"personne-{user.pk}@efface.invalid"


def owned_alone(user: User) -> QuerySet[Organisation]:
    """Organisations, not closed, whose only active owner is ``user``."""
    owned = Organisation.objects.active().filter(
        memberships__user=user, memberships__role=Role.OWNER
    )
    others = Membership.objects.filter(role=Role.OWNER, user__is_active=True).exclude(user=user)
    return owned.exclude(pk__in=others.values("organisation")).distinct().order_by("name", "pk")


def _owned_alone(user: User) -> Iterator[str]:
    names = list(owned_alone(user).values_list("name", flat=True))
    if names:
        yield ngettext(
            "You are the only owner of %(names)s. Hand it over to another member, or close it, "
            "and come back.",
            "You are the only owner of: %(names)s. Hand each one over to another member, or close "
            "it, and come back.",
            len(names),
        ) % {"names": ", ".join(names)}


def _last_administrator(user: User) -> Iterator[str]:
    able = User.objects.filter(is_active=True, groups__name=roles.ADMINISTRATORS)
    if able.filter(pk=user.pk).exists() and not able.exclude(pk=user.pk).exists():
        yield _(
            "You are the last administrator of this site. Give this role to somebody else, and "
            "come back."
        )


def _leave_organisations(user: User, now: datetime) -> int:
    """The caller holds the locks of these organisations."""
    requests = JoinRequest.objects.filter(person=user)
    for request in requests.waiting(now).order_by("pk"):
        withdraw_request(request=request, actor=user, now=now)
    # Others were told by mails that bear the name, the address and the words.
    count = sum(_blank(Message.objects.filter(key__startswith=key)) for key in _told_by(user))
    count += requests.exclude(message="").update(message="")
    count += forget_invitations(user, now)
    for membership in user.memberships.select_related("organisation").order_by("pk"):
        log.record(
            actor=user,
            action="membership.ended",
            target=membership,
            public={
                "organisation": membership.organisation_id,
                "person": user.pk,
                "role": membership.role,
            },
            now=now,
        )
        drop_offers(membership.organisation, user, now)
        membership.delete()
        count += 1
    return count


def _told_by(user: User) -> Iterator[str]:
    """How the keys begin of the messages that name ``user`` to other people."""
    yield f"member:{user.pk}:"
    for pk in JoinRequest.objects.filter(person=user).values_list("pk", flat=True):
        yield f"join:{pk}:asked:"
    offers = OwnershipOffer.objects.filter(Q(offered_by=user) | Q(offered_to=user))
    for pk in offers.values_list("pk", flat=True):
        yield f"ownership:{pk}:"
    theirs = Q(email__in=confirmed_addresses(user)) | Q(invited_by=user) | Q(settled_by=user)
    for pk in Invitation.objects.filter(theirs).values_list("pk", flat=True):
        yield f"invitation:{pk}:"


def _blank(messages: QuerySet[Message]) -> int:
    """Their words go; to whom they went stays, as it is somebody else."""
    cancel_unsent(messages)
    count: int = messages.exclude(text="").update(subject="", text="", html="")
    return count


def _empty_account(user: User, now: datetime) -> int:
    count = 0
    for session in UserSession.objects.filter(user_id=user.pk):
        session.end()
        count += 1
    for owned in (
        EmailAddress.objects.filter(user_id=user.pk),
        Authenticator.objects.filter(user_id=user.pk),
        *(APIToken.objects.filter(user_id=user.pk), FormState.objects.filter(user_id=user.pk)),
        EditingSession.objects.filter(user_id=user.pk),
        PageSubscription.objects.filter(user_id=user.pk),
    ):
        count += owned.delete()[0]
    for identity in linked_identities(user):
        identity.delete()
        count += 1
    count += _remove_profile(user)
    user.groups.clear()
    user.user_permissions.clear()
    count += _empty_row(user)
    _rename_in_history(user)
    return count


def _remove_profile(user: User) -> int:
    """Wagtail's own, with its picture."""
    profile = UserProfile.objects.filter(user_id=user.pk).first()
    if profile is None:
        return 0
    if profile.avatar:
        profile.avatar.delete(save=False)
    profile.delete()
    return 1


def _empty_row(user: User) -> int:
    emptied: dict[str, Any] = {
        "name": pseudonym(user),
        "email": unroutable(user),
        "time_zone": "",
        "last_login": None,
        "is_active": False,
        "is_staff": False,
        "is_superuser": False,
    }
    count = sum(1 for name, value in emptied.items() if getattr(user, name) != value)
    for name, value in emptied.items():
        setattr(user, name, value)
    # No session outlives its password.
    user.set_unusable_password()
    user.save()
    return count


def _rename_in_history(user: User) -> None:
    """Wagtail's history of people keeps the name they had."""
    about = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)
    )
    about.update(label=pseudonym(user), data={})
