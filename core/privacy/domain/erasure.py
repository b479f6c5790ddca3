"""A person is erased: what the registry of erasers says goes, and the audit keeps a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import registry
from core.accounts.erasing import pseudonym
from core.accounts.models import Organisation, User
from core.accounts.people import confirmed_addresses
from core.audit import log
from core.exceptions import Incomplete, NotAllowed
from core.languages import text_in
from core.notifications.enums import SETTLED
from core.notifications.erasing import empty_messages
from core.notifications.models import NOWHERE, Message
from core.notifications.outbox import queue_message
from core.privacy.domain.exports import remove_exports_of
from core.privacy.events import GOODBYE
from core.privacy.models import Erasure
from core.taxonomy.models import CitySettings

if TYPE_CHECKING:
    from datetime import datetime

# The part that takes the addresses away.
ACCOUNT: Final = "account"


class ErasureRefused(Incomplete):
    """Something only this person can settle; ``problems`` say what."""

    code = "erasure_refused"

    def __init__(self, problems: list[str]) -> None:
        """``problems`` are the obstacles, one sentence each."""
        super().__init__(problems, _("Your account cannot be erased yet. Nothing was changed."))


def obstacles_for(user: User) -> list[str]:
    """Everything that refuses the erasure of ``user``, one sentence each."""
    return [said for eraser in registry.erasers for said in eraser.obstacles(user)]


@transaction.atomic
def erase_person(*, person: User, actor: User, now: datetime) -> Erasure:
    """Erase ``person``, who alone may ask for it; a second call finds it done.

    The confirmation goes to the address that is removed here. Raises ``ErasureRefused`` with every
    obstacle, and ``NotAllowed`` for somebody else's account.
    """
    if actor.pk != person.pk:
        raise NotAllowed(_("Only the person erases their own account."))
    return _erase(person, now, is_repeated=False)


@transaction.atomic
def erase_again(*, person: User, now: datetime) -> Erasure:
    """What a restored backup brought back goes again, without a second mail.

    Raises ``ErasureRefused`` when the backup knows this person as a last owner: the organisation
    changed hands since, and somebody must say to whom.
    """
    return _erase(person, now, is_repeated=True)


def _erase(person: User, now: datetime, *, is_repeated: bool) -> Erasure:
    _lock_organisations(person)
    person = User.objects.select_for_update().get(pk=person.pk)
    done = Erasure.objects.filter(person_number=person.pk).first()
    if done is not None:
        return done
    if problems := obstacles_for(person):
        raise ErasureRefused(problems)
    address, language = person.email, person.language
    counts = {"exports": remove_exports_of(person=person, now=now)}
    # The account last: the other parts find what is a person's by their addresses.
    for name, eraser in sorted(registry.erasers.items(), key=lambda entry: entry[0] == ACCOUNT):
        counts[name] = eraser.erase(person, now)
    erasure = Erasure.objects.create(person_number=person.pk, erased_at=now, counts=counts)
    if not is_repeated:
        _say_goodbye(person, address, language, now)
    # Whatever a part wrote about the person since goes too: no key outlives its person.
    log.erase_person(person.pk)
    log.record(
        actor=person,
        action="person.erased",
        target=person,
        public={"person": person.pk, "known_as": pseudonym(person), "counts": counts},
        now=now,
    )
    return erasure


def _lock_organisations(person: User) -> None:
    """First, and in one order: all those whose members or requests are about to change."""
    theirs = Q(memberships__user=person) | Q(join_requests__person=person)
    theirs |= Q(invitations__email__in=confirmed_addresses(person))
    pks = sorted(set(Organisation.objects.filter(theirs).values_list("pk", flat=True)))
    list(Organisation.objects.select_for_update().filter(pk__in=pks).order_by("pk"))


def _say_goodbye(person: User, address: str, language: str, now: datetime) -> None:
    """To an address and no person: the row is emptied once the mail has left."""
    city = CitySettings.current()
    queue_message(
        key=f"{GOODBYE}:{person.pk}",
        event=GOODBYE,
        to=address,
        language=language,
        context={
            "erased_at": now,
            "officer": str(text_in(city, "privacy_officer", language)),
            "officer_email": city.privacy_email,
        },
        now=now,
    )


def forget_goodbyes() -> int:
    """Empty the confirmations that have left, or never will: the last trace of an address."""
    left = Message.objects.filter(event=GOODBYE, state__in=SETTLED).exclude(to_email=NOWHERE)
    return empty_messages(left)
