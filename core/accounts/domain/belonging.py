"""What every change of members stands on: one lock, one count of owners, one line of audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core.accounts import rules
from core.accounts.models import Membership, Organisation, Role, User
from core.audit import log
from core.exceptions import DomainError, NotAllowed

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.querysets import MembershipQuerySet


class LastOwner(DomainError):
    """Without an owner nobody could let people in, nor close the organisation."""

    code = "last_owner"
    default_message = _(
        "An organisation always has an owner, and this is its only one. Hand it over to another "
        "member first, or close it."
    )


class OrganisationClosed(DomainError):
    """It is read, and nothing else."""

    code = "organisation_closed"
    default_message = _("This organisation is closed: nothing changes in it any more.")


class NoLongerMember(DomainError):
    """The person left, or was removed, since the page was read."""

    code = "no_longer_member"
    default_message = _("This person no longer belongs to the organisation. Reload the page.")


def locked(organisation_pk: int) -> Organisation:
    """The organisation, whose row is the lock of all that changes who belongs to it."""
    return Organisation.objects.select_for_update().get(pk=organisation_pk)


def locked_person(person: User) -> User:
    """Somebody who is about to belong, whom nobody erases meanwhile. After :func:`locked`.

    Raises ``NotAllowed`` when the account was erased or closed since the page was read.
    """
    found = User.objects.select_for_update().get(pk=person.pk)
    if not found.is_active:
        raise NotAllowed(_("This account is closed. Ask the city’s team."))
    return found


def require_right(right: str, organisation: Organisation, actor: User) -> None:
    """``NotAllowed`` unless ``actor`` has ``right`` in ``organisation``."""
    if not rules.can(actor, right, organisation):
        raise NotAllowed(_("Only the owners of an organisation do this. Ask one of them."))


def locked_for(right: str, *, organisation_pk: int, actor: User) -> Organisation:
    """The same for an ``actor`` who has ``right``.

    Raises ``OrganisationClosed`` and ``NotAllowed``.
    """
    organisation = locked(organisation_pk)
    if organisation.closed_at is not None:
        raise OrganisationClosed
    require_right(right, organisation, actor)
    return organisation


def owners_of(organisation: Organisation) -> MembershipQuerySet:
    """The memberships of those who own it and can sign in."""
    return organisation.memberships.all().owners().select_related("user")  # type: ignore[no-any-return]


def require_another_owner(membership: Membership) -> None:
    """``LastOwner`` when without ``membership`` nobody would own. Call it under :func:`locked`."""
    if membership.role != Role.OWNER:
        return
    if not owners_of(membership.organisation).exclude(pk=membership.pk).exists():
        raise LastOwner


def membership_of(user_pk: int, organisation: Organisation) -> Membership:
    """A person's membership as it is now. ``NoLongerMember`` when there is none."""
    found = organisation.memberships.filter(user_id=user_pk).select_related("user").first()
    if found is None:
        raise NoLongerMember
    found.organisation = organisation
    return found  # type: ignore[no-any-return]


def record_change(
    membership: Membership, action: str, actor: User | None, now: datetime, **public: Any
) -> None:
    """The audit line of a change of one membership: whose, where, what."""
    log.record(
        actor=actor,
        action=f"membership.{action}",
        target=membership,
        public={
            "organisation": membership.organisation_id,
            "person": membership.user_id,
            **public,
        },
        now=now,
    )
