"""The demonstration's accounts: roles, not people. Refused when DEBUG is off."""

from __future__ import annotations

from typing import NamedTuple

from core.accounts import roles

PASSWORD = "essai-demo"  # noqa: S105  public on purpose, development only


class Account(NamedTuple):
    """One account: its address, its name on pages, its groups, what it is for."""

    email: str
    name: str
    groups: tuple[str, ...]
    what: str
    is_superuser: bool = False


ACCOUNTS: tuple[Account, ...] = (
    Account("startup@demo.test", "Compte jeune pousse", (), "member of a startup"),
    Account("startup2@demo.test", "Compte jeune pousse 2", (), "member of another startup"),
    Account("incubateur@demo.test", "Compte incubateur", (), "member of a support organisation"),
    Account(
        "ville@demo.test", "Gestion des défis", (roles.CHALLENGE_MANAGERS,), "challenge manager"
    ),
    Account(
        "approbation@demo.test",
        "Approbation des défis",
        (roles.CHALLENGE_APPROVERS,),
        "approves what the manager wrote",
    ),
    Account("jury1@demo.test", "Membre du jury 1", (roles.JURY_MEMBERS,), "jury member"),
    Account("jury2@demo.test", "Membre du jury 2", (roles.JURY_MEMBERS,), "jury member"),
    Account("jury3@demo.test", "Membre du jury 3", (roles.JURY_MEMBERS,), "jury member"),
    Account("pilote@demo.test", "Gestion des essais", (roles.PILOT_MANAGERS,), "pilot manager"),
    Account("moderation@demo.test", "Modération", (roles.MODERATORS,), "moderator of listings"),
    Account("finance@demo.test", "Finances", (roles.FINANCE,), "finance"),
    Account("admin@demo.test", "Administration", (roles.ADMINISTRATORS,), "administrator", True),
)
