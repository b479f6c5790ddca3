"""Who visits."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from core.accounts import roles
from core.accounts.models import Membership, Organisation, Role, User
from tests import factories

# The city's roles, with a second factor.
CITY = {
    "juror": roles.JURY_MEMBERS,
    "manager": roles.CHALLENGE_MANAGERS,
    "approver": roles.CHALLENGE_APPROVERS,
    "pilots": roles.PILOT_MANAGERS,
    "moderator": roles.MODERATORS,
    "finance": roles.FINANCE,
    "pages": roles.EDITORS,
    "admin": roles.ADMINISTRATORS,
}
# Of the organisation that applies: its owner, and one member of each other role.
MEMBERS = {
    "owner": Role.OWNER,
    "editor": Role.EDITOR,
    "billing": Role.FINANCE,
    "viewer": Role.VIEWER,
}
# Nobody signed in; the owner of another organisation; an administrator without a second factor.
EVERYBODY = ("nobody", *MEMBERS, "rival", *CITY, "bare")


def make_people() -> dict[str, User | None]:
    """One of each; the organisation is given its members by :func:`give_members`."""
    people: dict[str, User | None] = {"nobody": None}
    for name in (*MEMBERS, "rival"):
        people[name] = factories.make_user(name)
    for name, group in CITY.items():
        people[name] = factories.make_user(name, group)
    bare = factories.make_user("bare", roles.ADMINISTRATORS)
    Authenticator.objects.filter(user=bare).delete()
    people["bare"] = bare
    for person in people.values():
        if person is not None:
            EmailAddress.objects.create(
                user=person, email=person.email, verified=True, primary=True
            )
    return people


def give_members(organisation: Organisation, people: dict[str, User | None]) -> None:
    """Its owner has it already."""
    for name, role in MEMBERS.items():
        if role != Role.OWNER:
            person = people[name]
            assert person is not None
            Membership.objects.create(user=person, organisation=organisation, role=role)
