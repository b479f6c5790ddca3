"""What this floor knows of a person: the searches that they follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.people import confirmed_addresses
from core.registry import Eraser, Exporter, erasers, exporters, held_on_followers
from search.models import SavedSearch, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from core.accounts.models import User
    from core.following.models import Follower

FIELDS = ("params", "language", "frequency", "told_until")


def register_personal() -> None:
    """Add them to « my data » and to an erasure."""
    exporters.register(
        "saved_searches",
        Exporter(
            label=_("Searches that you follow"),
            about=_("What you look for, in which language, and how often you are told."),
            fields=FIELDS,
            rows=_rows,
        ),
    )
    held_on_followers.register("saved_searches", _held_on)
    erasers.register(
        "saved_searches",
        Eraser(
            label=_("Searches that you follow"),
            removed=_("The searches themselves, and which of their results you were told of."),
            erase=_erase,
        ),
    )


def _of(user: User) -> QuerySet[SavedSearch]:
    """Those of the person, and of the same person before they had an account."""
    whose = Q(follow__follower__user=user) | Q(
        follow__follower__email__in=confirmed_addresses(user)
    )
    found: QuerySet[SavedSearch] = SavedSearch.objects.filter(whose)
    return found.order_by("pk")


def _rows(user: User) -> Iterable[Mapping[str, Any]]:
    yield from _of(user).values(*FIELDS).iterator()


def _held_on(follower: Follower) -> list[dict[str, Any]]:
    """The same for an address without an account."""
    found = SavedSearch.objects.filter(follow__follower=follower).order_by("pk")
    return list(found.values(*FIELDS))


def _erase(user: User, now: datetime) -> int:
    """Whatever the order of the parts of an erasure: their follows take these along."""
    pks = list(_of(user).values_list("pk", flat=True))
    told, _kinds = Told.objects.filter(saved__in=pks).delete()
    gone, _kinds = SavedSearch.objects.filter(pk__in=pks).delete()
    return told + gone
