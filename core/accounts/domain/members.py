"""Members of an organisation: their role, their leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.accounts.domain.belonging import (
    locked,
    locked_for,
    membership_of,
    owners_of,
    record_change,
    require_another_owner,
)
from core.accounts.domain.ownership import drop_offers
from core.accounts.models import Role
from core.exceptions import NotAllowed
from core.notifications.outbox import queue_message

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import Membership, Organisation, User

# Nobody becomes an owner without saying yes: see core/accounts/domain/ownership.py.
# The one with the fewest rights comes first: it is what a form offers.
ROLES_TO_GIVE: Final = (Role.VIEWER, Role.EDITOR, Role.FINANCE)


@transaction.atomic
def change_role(*, membership: Membership, role: str, actor: User, now: datetime) -> Membership:
    """Give a member another role; they are told, unless they did it themself.

    The same role changes nothing. Raises ``NotAllowed``, ``OrganisationClosed``,
    ``NoLongerMember`` and ``LastOwner``.
    """
    if role not in ROLES_TO_GIVE:
        raise NotAllowed(_("Ownership is offered, and the other person accepts it."))
    organisation = locked_for(
        "manage_members", organisation_pk=membership.organisation_id, actor=actor
    )
    current = membership_of(membership.user_id, organisation)
    before = current.role
    if before == role:
        return current
    require_another_owner(current)
    current.role = role
    current.save(update_fields=["role"])
    drop_offers(organisation, current.user, now)
    if current.user_id != actor.pk:
        _tell(current, key=f"role:{before}:{role}", role=role, now=now)
    record_change(current, "role_changed", actor, now, before=before, after=role)
    return current


@transaction.atomic
def remove_member(*, membership: Membership, actor: User, now: datetime) -> None:
    """End somebody's membership; they are told.

    Raises ``NotAllowed``, ``OrganisationClosed``, ``NoLongerMember`` and ``LastOwner``.
    """
    organisation = locked_for(
        "manage_members", organisation_pk=membership.organisation_id, actor=actor
    )
    current = membership_of(membership.user_id, organisation)
    _end(current, organisation, actor, now, action="removed")
    if current.user_id != actor.pk:
        _tell(current, key="removed", role="", now=now)


@transaction.atomic
def leave_organisation(*, organisation: Organisation, actor: User, now: datetime) -> None:
    """End one's own membership; the owners are told.

    From a closed organisation anyone may leave. Raises ``NoLongerMember`` and ``LastOwner``.
    """
    organisation = locked(organisation.pk)
    current = membership_of(actor.pk, organisation)
    membership_pk = current.pk
    _end(current, organisation, actor, now, action="left")
    if organisation.closed_at is not None:
        return
    for owner in owners_of(organisation):
        queue_message(
            key=f"member:{actor.pk}:left:{membership_pk}:{owner.user_id}",
            event="member_left",
            to=owner.user,
            context={
                "organisation": organisation.name,
                "organisation_id": organisation.pk,
                "person": str(actor),
            },
            now=now,
        )


def _end(
    current: Membership, organisation: Organisation, actor: User, now: datetime, *, action: str
) -> None:
    if organisation.closed_at is None:
        require_another_owner(current)
    drop_offers(organisation, current.user, now)
    pk = current.pk
    current.delete()
    current.pk = pk
    record_change(current, action, actor, now, role=current.role)


def _tell(current: Membership, *, key: str, role: str, now: datetime) -> None:
    queue_message(
        key=f"member:{current.user_id}:{current.pk}:{key}:{now.isoformat()}",
        event="membership_changed",
        to=current.user,
        context={
            "organisation": current.organisation.name,
            "role": role,
        },
        now=now,
    )
