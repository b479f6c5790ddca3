"""What accounts hold on a person: what leaves with them, named field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Invitation, OwnershipOffer
from core.accounts.people import confirmed_addresses
from core.registry import Exporter, exporters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.accounts.models import User


def register_exporters() -> None:
    """Add the parts of accounts to « my data »."""
    _register_identity()
    exporters.register(
        "invitations",
        Exporter(
            label=_("Invitations"),
            about=_("The organisations that invited your addresses, and your answer."),
            fields=("organisation", "email", "role", "state", "invited_at", "settled_at"),
            rows=_invitations,
        ),
    )
    exporters.register(
        "ownership_offers",
        Exporter(
            label=_("Offers of ownership"),
            about=_("The organisations that you were asked to own, or asked somebody to own."),
            fields=("organisation", "is_made_by_you", "state", "offered_at", "settled_at"),
            rows=_offers,
        ),
    )
    exporters.register(
        "memberships",
        Exporter(
            label=_("Organisations"),
            about=_("The organisations you belong to, your role, and since when."),
            fields=("organisation", "role", "since"),
            rows=_memberships,
        ),
    )
    exporters.register(
        "join_requests",
        Exporter(
            label=_("Requests to join"),
            about=_("The organisations you asked to join, what you wrote, and the answer."),
            fields=("organisation", "message", "state", "asked_at", "answer_by", "settled_at"),
            rows=_join_requests,
        ),
    )


def _register_identity() -> None:
    exporters.register(
        "account",
        Exporter(
            label=_("Account"),
            about=_("Your name, your language, when you came and your roles at the city."),
            fields=(
                *("number", "email", "name", "language", "time_zone", "joined", "last_login"),
                *("is_active", "is_city_staff", "city_roles"),
            ),
            rows=_account,
        ),
    )
    exporters.register(
        "email_addresses",
        Exporter(
            label=_("E-mail addresses"),
            about=_("The addresses of your account, and whether you confirmed them."),
            fields=("email", "is_confirmed", "is_main"),
            rows=_addresses,
        ),
    )
    exporters.register(
        "security",
        Exporter(
            label=_("Second factors"),
            about=_("Their kind and their dates; the secrets themselves never leave."),
            fields=("kind", "added_at", "last_used_at"),
            rows=_factors,
        ),
    )
    exporters.register(
        "sessions",
        Exporter(
            label=_("Open sessions"),
            about=_("From which address and with which browser you signed in."),
            fields=("ip_address", "browser", "began_at", "last_seen_at"),
            rows=_sessions,
        ),
    )
    exporters.register(
        "identities",
        Exporter(
            label=_("Identities of other services"),
            about=_("The accounts elsewhere by which you sign in here."),
            fields=("provider", "identifier", "linked_at", "last_used_at"),
            rows=_identities,
        ),
    )


def _invitations(user: User) -> Iterator[dict[str, Any]]:
    mine = Invitation.objects.filter(email__in=confirmed_addresses(user))
    for found in mine.select_related("organisation").order_by("pk"):
        yield {
            "organisation": found.organisation.name,
            "email": found.email,
            "role": found.role,
            "state": found.state,
            "invited_at": found.invited_at,
            "settled_at": found.settled_at,
        }


def _offers(user: User) -> Iterator[dict[str, Any]]:
    mine = OwnershipOffer.objects.filter(Q(offered_by=user) | Q(offered_to=user))
    for found in mine.select_related("organisation").order_by("pk"):
        yield {
            "organisation": found.organisation.name,
            "is_made_by_you": found.offered_by_id == user.pk,
            "state": found.state,
            "offered_at": found.offered_at,
            "settled_at": found.settled_at,
        }


def _account(user: User) -> Iterator[dict[str, Any]]:
    yield {
        "number": user.pk,
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "time_zone": user.time_zone,
        "joined": user.date_joined,
        "last_login": user.last_login,
        "is_active": user.is_active,
        "is_city_staff": user.is_staff,
        "city_roles": list(user.groups.order_by("name").values_list("name", flat=True)),
    }


def _addresses(user: User) -> Iterator[dict[str, Any]]:
    for found in EmailAddress.objects.filter(user_id=user.pk).order_by("pk"):
        yield {"email": found.email, "is_confirmed": found.verified, "is_main": found.primary}


def _factors(user: User) -> Iterator[dict[str, Any]]:
    for found in Authenticator.objects.filter(user_id=user.pk).order_by("pk"):
        yield {
            "kind": found.type,
            "added_at": found.created_at,
            "last_used_at": found.last_used_at,
        }


def _sessions(user: User) -> Iterator[dict[str, Any]]:
    for found in UserSession.objects.filter(user_id=user.pk).order_by("pk").iterator():
        yield {
            "ip_address": found.ip,
            "browser": found.user_agent,
            "began_at": found.created_at,
            "last_seen_at": found.last_seen_at,
        }


def linked_identities(user: User) -> Any:
    """The rows of allauth's social accounts, where the site lets people in that way."""
    if not apps.is_installed("allauth.socialaccount"):
        return ()
    model: Any = apps.get_app_config("socialaccount").get_model("SocialAccount")
    return model.objects.filter(user_id=user.pk).order_by("pk")


def _identities(user: User) -> Iterator[dict[str, Any]]:
    for found in linked_identities(user):
        yield {
            "provider": found.provider,
            "identifier": found.uid,
            "linked_at": found.date_joined,
            "last_used_at": found.last_login,
        }


def _memberships(user: User) -> Iterator[dict[str, Any]]:
    for found in user.memberships.select_related("organisation").order_by("pk"):
        yield {
            "organisation": found.organisation.name,
            "role": found.role,
            "since": found.since,
        }


def _join_requests(user: User) -> Iterator[dict[str, Any]]:
    for found in user.join_requests.select_related("organisation").order_by("pk"):
        yield {
            "organisation": found.organisation.name,
            "message": found.message,
            "state": found.state,
            "asked_at": found.asked_at,
            "answer_by": found.answer_by,
            "settled_at": found.settled_at,
        }
