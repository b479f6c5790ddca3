"""What a person is known by here, and changes about themself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from allauth.account.models import EmailAddress
from django.db import transaction

from core.accounts.models import User
from core.audit import log
from core.text import clean_line

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_NAME: Final = 150


@transaction.atomic
def change_preferences(*, user: User, name: str, language: str, now: datetime) -> User:
    """Keep the name others read and the language the person is written to in (``fr``, ``en``).

    Raises ``TextRefused`` on a name that imitates another one.
    """
    name = clean_line(name, most=LONGEST_NAME)
    person = User.objects.select_for_update().get(pk=user.pk)
    changed = [
        field
        for field, value in (("name", name), ("language", language))
        if getattr(person, field) != value
    ]
    if changed:
        person.name, person.language = name, language
        person.save(update_fields=changed)
        log.record(
            actor=user,
            action="person.preferences_changed",
            target=person,
            public={"fields": changed},
            now=now,
        )
    return person


def confirmed_addresses(user: User) -> frozenset[str]:
    """The addresses, in lower case, that ``user`` has proved to read: nobody signs in without."""
    proved = EmailAddress.objects.filter(user_id=user.pk, verified=True)
    return frozenset(
        {user.email.lower(), *(a.lower() for a in proved.values_list("email", flat=True))}
    )
