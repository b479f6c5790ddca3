"""Say that a proposal is not relevant, and take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.audit import log
from core.exceptions import DomainError
from search.models import Dismissal

if TYPE_CHECKING:
    from datetime import datetime

    from search.port import Key

# Beside one record; whoever finds more irrelevant needs other words, not a longer memory.
MOST_BESIDE_ONE = 100


class TooManyDismissed(DomainError):
    """So many that the proposals are of no use here."""

    code = "too_many_dismissed"
    default_message = _(
        "So many were found not relevant here that no more are kept. A search says better what you "
        "look for."
    )


def dismiss(*, actor: User, about: Key, what: Key, now: datetime) -> bool:
    """Propose ``what`` to ``actor`` beside ``about`` no more; whether it was so until now.

    ``ValueError`` when both are one record; ``TooManyDismissed`` beyond a hundred beside one.
    """
    if about == what:
        msg = "A record is not proposed beside itself."
        raise ValueError(msg)
    with transaction.atomic():
        mine = _locked(actor, about)
        if what in {(kind, pk) for kind, pk in mine}:
            return False
        if len(mine) >= MOST_BESIDE_ONE:
            raise TooManyDismissed
        made = Dismissal.objects.create(
            user=actor,
            about_kind=about.kind,
            about_pk=about.pk,
            kind=what.kind,
            object_pk=what.pk,
            created_at=now,
        )
        log.record(
            actor=actor,
            action="dismissal.made",
            target=made,
            public={},
            private={"beside": list(about), "what": list(what)},
            subject=actor,
            now=now,
        )
    return True


def bring_back(*, actor: User, about: Key, now: datetime) -> int:
    """Propose everything to ``actor`` beside ``about`` again; how many come back."""
    with transaction.atomic():
        _locked(actor, about)
        found = Dismissal.objects.visible_to(actor).beside(about)
        last = found.order_by("-pk").first()
        if last is None:
            return 0
        count, _rows = found.delete()
        log.record(
            actor=actor,
            action="dismissal.taken_back",
            target=last,
            public={"count": count},
            private={"beside": list(about)},
            subject=actor,
            now=now,
        )
    return count


def _locked(actor: User, about: Key) -> list[tuple[str, int]]:
    """What is not proposed; two clicks of one person go one after the other."""
    User.objects.select_for_update().get(pk=actor.pk)
    found = Dismissal.objects.visible_to(actor).beside(about)
    return list(found.values_list("kind", "object_pk"))
