"""Who may do what: one table for organisations, and the city's roles as predicates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from core.accounts import roles
from core.accounts.models import Membership, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.utils.functional import _StrPromise

    from core.accounts.models import Organisation, User

# What each role in an organisation may do; shown to people as this very table.
RIGHTS: Final[dict[str, frozenset[str]]] = {
    Role.OWNER: frozenset(
        {
            "view",
            "edit_content",
            "apply",
            "finance",
            "edit_details",
            "manage_members",
            "transfer",
            "close",
        }
    ),
    Role.EDITOR: frozenset({"view", "edit_content", "apply"}),
    Role.FINANCE: frozenset({"view", "finance"}),
    Role.VIEWER: frozenset({"view"}),
}

# Each right in words, in the order of the table.
RIGHTS_IN_WORDS: Final[dict[str, str | _StrPromise]] = {
    "view": _("Read what the organisation does here"),
    "edit_content": _("Write the public profile and its solutions"),
    "apply": _("Write, submit and withdraw applications"),
    "finance": _("See the plan, the invoices and the deposits"),
    "edit_details": _("Correct its name, its enterprise number and its language"),
    "manage_members": _("Let people in, change their role, remove them"),
    "transfer": _("Hand the organisation over"),
    "close": _("Close the organisation"),
}


def rights_table() -> list[tuple[str | _StrPromise, list[bool]]]:
    """The table as people read it: a right in words, then whether each of ``Role`` has it."""
    return [
        (words, [right in RIGHTS[role] for role in Role])
        for right, words in RIGHTS_IN_WORDS.items()
    ]


def roles_with(right: str) -> list[str]:
    """The roles that have ``right``."""
    return [str(role) for role in Role if right in RIGHTS[role]]


def role_in(user: User | AnonymousUser, organisation: Organisation) -> str | None:
    """The user's role, None for a stranger."""
    if not user.is_authenticated:
        return None
    found = Membership.objects.filter(user_id=user.pk, organisation=organisation)
    return found.values_list("role", flat=True).first()


def can(user: User | AnonymousUser, right: str, organisation: Organisation) -> bool:
    """Whether ``user`` has ``right`` (see :data:`RIGHTS`) in ``organisation``.

    A closed organisation is read, and nothing else.
    """
    if organisation.closed_at is not None and right != "view":
        return False
    role = role_in(user, organisation)
    return role is not None and right in RIGHTS[role]


def group_names(user: User | AnonymousUser) -> frozenset[str]:
    """The city roles of a person, read once per object."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    cached: frozenset[str] | None = getattr(user, "_city_roles", None)
    if cached is None:
        cached = frozenset(user.groups.values_list("name", flat=True))
        user._city_roles = cached  # type: ignore[attr-defined]
    return cached


def _has(user: User | AnonymousUser, *names: str) -> bool:
    return user.is_authenticated and (
        user.is_superuser or not group_names(user).isdisjoint((*names, roles.ADMINISTRATORS))
    )


def is_challenge_manager(user: User | AnonymousUser) -> bool:
    """Writes challenges and runs their calls."""
    return _has(user, roles.CHALLENGE_MANAGERS)


def is_approver(user: User | AnonymousUser) -> bool:
    """Approves what a manager wrote."""
    return _has(user, roles.CHALLENGE_APPROVERS)


def is_jury_member(user: User | AnonymousUser) -> bool:
    """May be appointed to a jury: the group itself, administration does not imply it."""
    return roles.JURY_MEMBERS in group_names(user)


def is_pilot_manager(user: User | AnonymousUser) -> bool:
    """Runs the city's side of trials."""
    return _has(user, roles.PILOT_MANAGERS)


def is_moderator(user: User | AnonymousUser) -> bool:
    """Looks after profiles and listings."""
    return _has(user, roles.MODERATORS)


def is_city_staff(user: User | AnonymousUser) -> bool:
    """Any role that opens the administration."""
    return _has(user, *roles.ADMIN_DOOR)


def is_administrator(user: User | AnonymousUser) -> bool:
    """Looks after the site itself: people, registers, rules of retention."""
    return _has(user)


def works_on_challenges(user: User | AnonymousUser) -> bool:
    """Sees unpublished challenges and received applications."""
    return _has(user, roles.CHALLENGE_MANAGERS)


def works_on_pilots(user: User | AnonymousUser) -> bool:
    """Sees and moves every pilot."""
    return _has(user, roles.PILOT_MANAGERS)
