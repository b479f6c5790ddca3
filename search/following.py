"""Saved searches among what one follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.languages import active_language
from core.registry import Followable, Rhythm, followables
from search.domain.saving import choose_rhythm
from search.models import SavedSearch
from search.saved import KIND, LABEL, Named, address_of, query_of
from search.wording import no_longer_there

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def register_followables() -> None:
    """Searches are followed like everything else, each with a rhythm of its own."""
    followables.register(
        KIND,
        Followable(
            kind=KIND,
            label=LABEL,
            find=_find,
            url=lambda named: address_of(named.params, named.language),
            rhythms=_rhythms,
            set_rhythm=choose_rhythm,
            has_page=False,
        ),
    )


def _find(slugs: Collection[str]) -> Mapping[str, Named]:
    rows = SavedSearch.objects.filter(follow__kind=KIND, follow__slug__in=slugs)
    found = rows.values_list("follow__slug", "params", "language")
    return {slug: Named(params, language) for slug, params, language in found}


def _rhythms(follows: Collection[int]) -> Mapping[int, Rhythm]:
    found = {}
    for saved in SavedSearch.objects.filter(follow__in=follows):
        query = query_of(saved.params, saved.language)
        gone = no_longer_there(query, active_language())
        note = _("The city no longer uses a theme or a place that this search names.")
        found[saved.follow_id] = Rhythm(saved.frequency, note if gone else "")
    return found
