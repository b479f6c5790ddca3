"""The organisations that may be the same as the one in a form, and what a person says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core import limits
from core.accounts.links import joining_link
from core.numbers import key_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from core.accounts.doubles import Match
    from core.accounts.models import User

MOST_LOOKS: Final = 30


def count_look(user: User, now: datetime) -> None:
    """Each look compares with all that are here, and says which: nobody tries a whole register."""
    limits.count("organisations", str(user.pk), most=MOST_LOOKS, now=now)


def others_said(request: HttpRequest) -> set[int]:
    """The organisations that the person was shown and says are not theirs."""
    sent = request.POST.getlist("other")[:50]
    return {key for text in sent if (key := key_of(text)) is not None}


def matches_context(matches: list[Match], user: User) -> dict[str, Any]:
    """What ``organisations/matches.html`` shows of ``matches``, and whether one may insist."""
    return {
        "matches": _for_page(matches, user),
        "may_insist": bool(matches) and not any(match.is_certain for match in matches),
    }


def _for_page(matches: list[Match], user: User) -> list[dict[str, Any]]:
    """Names, and a link to ask: nothing else of an organisation that one does not belong to."""
    if not matches:
        return []
    mine = set(user.memberships.values_list("organisation_id", flat=True))
    return [
        {
            "pk": match.pk,
            "name": match.name,
            "why": [why.label for why in match.likeness],
            "is_mine": match.pk in mine,
            "link": joining_link(user, match.pk),
        }
        for match in matches
    ]
