"""To follow a search, to choose how often one is told, and to see what became findable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit import log
from core.exceptions import DomainError
from core.following.domain.following import ask_to_follow, follow_signed_in, follower_of
from core.following.enums import DIGESTS, Frequency
from core.following.models import Follow, Follower
from search.models import SavedSearch
from search.saved import KIND, kept_params, target_for_stranger, target_of

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import User
    from search.port import Query

# Searches that one account follows, or that one address follows or has asked to follow.
MOST_SEARCHES: Final = 20


class TooManySearches(DomainError):
    """More letters than anybody reads."""

    code = "too_many_searches"

    def __init__(self) -> None:
        """Its sentence in the active language."""
        super().__init__(
            _("You follow %(most)s searches already. Stop one of them first.")
            % {"most": MOST_SEARCHES}
        )


class SearchStopped(DomainError):
    """It was stopped in another window."""

    code = "search_stopped"
    default_message = gettext_lazy("This search is no longer followed: nothing was changed.")


@transaction.atomic
def save_search(*, user: User, query: Query, frequency: Frequency, now: datetime) -> SavedSearch:
    """Follow a search with one's account; one that is followed changes its rhythm alone.

    Raises ``TooManySearches``, or ``TooManyFollowed``.
    """
    params = kept_params(query)
    target = target_of(params, query.language)
    follower = follower_of(user=user, now=now)
    known = follower.follows.on(KIND, target.slug).confirmed().first()
    if known is not None:
        return choose_rhythm(follow=known, frequency=frequency, now=now)
    # What was asked in its name and nobody confirmed takes no place from the one who signs in.
    others = follower.follows.confirmed().filter(kind=KIND).exclude(slug=target.slug)
    if others.count() >= MOST_SEARCHES:
        raise TooManySearches
    follow = follow_signed_in(user=user, target=target, now=now)
    return _keep(follow, query, frequency, now)


@transaction.atomic
def ask_to_save(
    *, email: str, query: Query, frequency: Frequency, language: str, now: datetime
) -> None:
    """Send a link to ``email``, which alone can confirm; nobody learns what was known of it.

    A search that the address follows keeps its rhythm: who asks here has proved nothing. Beyond
    the limits nothing is kept and nothing leaves, and the page answers the same.
    """
    target = target_for_stranger(kept_params(query), query.language)
    others = Follow.objects.filter(follower__email=email.lower(), kind=KIND)
    if others.exclude(slug=target.slug).count() >= MOST_SEARCHES:
        return
    ask_to_follow(email=email, target=target, language=language, now=now)
    waiting = Follow.objects.on(KIND, target.slug).filter(
        follower__email=email.lower(), confirmed_at__isnull=True
    )
    for follow in waiting:
        _keep(follow, query, frequency, now)


def _keep(follow: Follow, query: Query, frequency: Frequency, now: datetime) -> SavedSearch:
    saved, _made = SavedSearch.objects.update_or_create(
        follow=follow,
        defaults={
            "params": kept_params(query),
            "language": query.language,
            "frequency": Frequency(frequency),
            "told_until": now,
        },
    )
    found: SavedSearch = saved
    return found


@transaction.atomic
def choose_rhythm(*, follow: Follow, frequency: str, now: datetime) -> SavedSearch:
    """Tell of a search once a day or once a week; what waits goes with the next letter.

    ``ValueError`` on another frequency; raises ``SearchStopped``.
    """
    wanted = Frequency(frequency)
    if wanted not in DIGESTS:
        msg = f"A search is told of once a day or once a week, not {wanted.value}."
        raise ValueError(msg)
    locked = Follower.objects.select_for_update(of=("self",)).select_related("user")
    follower = locked.filter(pk=follow.follower_id).first()
    saved: SavedSearch | None = SavedSearch.objects.filter(follow=follow.pk).first()
    if follower is None or saved is None:
        raise SearchStopped
    if saved.frequency == wanted:
        return saved
    saved.frequency = wanted
    saved.save(update_fields=["frequency"])
    log.record(
        actor=follower.user,
        action="search.rhythm_chosen",
        target=saved,
        public={"frequency": wanted.value},
        now=now,
    )
    return saved
