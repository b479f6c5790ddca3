"""The city opens accounts for its people and gives them their roles; each change leaves a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.accounts import roles, rules
from core.accounts.mail_domains import clean_address
from core.accounts.models import User
from core.accounts.people import LONGEST_NAME
from core.audit import log
from core.exceptions import DomainError, NotAllowed
from core.notifications.outbox import queue_message
from core.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.contrib.auth.models import Group

OPENED: Final = "account_opened"
# The same in the audit.
DONE: Final = "person.account_opened"


class HasAccount(DomainError):
    """One address, one account."""

    code = "has_account"
    default_message = _("This address has an account already: give it its roles there.")


class OwnDoor(DomainError):
    """Who closes the door from inside cannot open it again."""

    code = "own_door"
    default_message = _(
        "You cannot close your own account here, nor leave the administrators: another "
        "administrator does it."
    )


@transaction.atomic
def open_account(
    *,
    email: str,
    name: str,
    language: str,
    groups: Collection[Group],
    actor: User,
    now: datetime,
) -> User:
    """An account without a password: its person signs in by a code sent to ``email``.

    They are told by mail. Raises ``NotAllowed``, ``TextRefused`` and ``HasAccount``.
    """
    _require_administrator(actor)
    email, name = clean_address(email), clean_line(name, most=LONGEST_NAME)
    if User.objects.filter(email=email).exists() or _is_another_ones(email):
        raise HasAccount
    person = User.objects.create_user(email, name=name, language=language)
    EmailAddress.objects.create(user=person, email=email, primary=True, verified=False)
    person.groups.set(groups)
    queue_message(
        key=f"{OPENED}:{person.pk}",
        event=OPENED,
        to=person,
        context=opened_facts(person, actor),
        now=now,
    )
    log.record(
        actor=actor,
        action=DONE,
        target=person,
        public={"roles": _names(groups)},
        private={"email": email},
        subject=person,
        now=now,
    )
    return person


def opened_facts(person: User, actor: User) -> dict[str, Any]:
    """What the person reads."""
    return {"opened_by": str(actor), "email": person.email}


@transaction.atomic
def change_account(
    *,
    person: User,
    name: str,
    language: str,
    is_active: bool,
    groups: Collection[Group],
    actor: User,
    now: datetime,
) -> User:
    """Give or take roles, close the account or open it again; nothing said twice.

    Raises ``TextRefused``, ``OwnDoor``, and ``NotAllowed`` also for whoever set the site up.
    """
    _require_administrator(actor)
    name = clean_line(name, most=LONGEST_NAME)
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.is_superuser and not actor.is_superuser:
        raise NotAllowed(_("The account of who set this site up is changed on the server only."))
    before, after = _names(person.groups.all()), _names(groups)
    if person.pk == actor.pk and not (is_active and _still_enters(person, after)):
        raise OwnDoor
    wanted = {"name": name, "language": language, "is_active": is_active}
    changed = [field for field, value in wanted.items() if getattr(person, field) != value]
    if not changed and before == after:
        return person
    for field in changed:
        setattr(person, field, wanted[field])
    person.save(update_fields=changed or None)
    person.groups.set(groups)
    public: dict[str, Any] = {"fields": changed}
    if before != after:
        public["roles"] = {"before": before, "after": after}
    if "is_active" in changed:
        public["is_active"] = is_active
    log.record(actor=actor, action="person.account_changed", target=person, public=public, now=now)
    return person


def _require_administrator(actor: User) -> None:
    if not rules.is_administrator(actor):
        raise NotAllowed(_("Only administrators look after accounts."))


def _is_another_ones(email: str) -> bool:
    return bool(EmailAddress.objects.filter(email__iexact=email, verified=True).exists())


def _still_enters(person: User, groups: list[str]) -> bool:
    return person.is_superuser or roles.ADMINISTRATORS in groups


def _names(groups: Any) -> list[str]:
    return sorted(group.name for group in groups)
