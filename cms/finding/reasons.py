"""Why a record is proposed beside another, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.finding import words
from core.dates import locale
from startups.enums import OFFER_FOR, ListingState, NeedKind, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from search.finding import Likeness

# Technology readiness levels of Horizon 2020 (work programme 2014-2015, general annex G): from
# the sixth on it was shown working outside of a laboratory.
READY_FROM: Final = 6


def in_common(like: Likeness) -> list[str]:
    """Themes and words that two records share."""
    themes = words.options("theme")
    return [
        *on_themes(themes[slug] for slug in like.themes if slug in themes),
        *([_("words in common: %(words)s") % {"words": _list(like.words)}] if like.words else []),
    ]


def on_themes(names: Iterable[str]) -> list[str]:
    """The same themes."""
    found = list(names)
    return [_("same theme: %(themes)s") % {"themes": _list(found)}] if found else []


def same_borough(one: Any, others: Iterable[Any]) -> list[str]:
    """The borough of one, when it is among the others."""
    near = one is not None and one.pk in {other.pk for other in others}
    return [_("in the same borough: %(borough)s") % {"borough": one.name}] if near else []


def of_solution(solution: Any) -> list[str]:
    """How far a solution is, and what shows it; ``concluded`` and ``deployed`` are counts.

    What nobody but its owner says is told as such.
    """
    found = []
    if solution.trl >= READY_FROM:
        found.append(_("ready for a trial: TRL %(n)s, as the startup says") % {"n": solution.trl})
    if solution.concluded:
        n = solution.concluded
        found.append(ngettext("%(n)s trial concluded", "%(n)s trials concluded", n) % {"n": n})
    if solution.deployed:
        n = solution.deployed
        said = ngettext(
            "has run in %(n)s place, as the startup says",
            "has run in %(n)s places, as the startup says",
            n,
        )
        found.append(said % {"n": n})
    return found + verified(solution.startup)


def of_program(program: Any, need: Any, trl: int | None) -> list[str]:
    """What a program has for the need of a startup, of which the best solution is at ``trl``."""
    startup = need.startup
    offer = OFFER_FOR[NeedKind(need.kind)]
    found = [_("offers: %(offer)s") % {"offer": offer.label}]
    mine = {theme.pk for theme in startup.themes.all()}
    found += on_themes(str(theme.name) for theme in program.themes.all() if theme.pk in mine)
    if startup.stage in program.stages:
        found.append(_("takes your stage: %(stage)s") % {"stage": Stage(startup.stage).label})
    low, high = program.trl_min, program.trl_max
    if trl is not None and (low or high) and (low or 1) <= trl <= (high or 9):
        asked = {"low": low or 1, "high": high or 9, "mine": trl}
        found.append(_("takes TRL %(low)s to %(high)s; yours is %(mine)s") % asked)
    house = program.incubator
    return (
        found
        + same_borough(startup.borough, [house.borough] if house.borough else ())
        + (verified(house))
    )


def verified(listing: Any) -> list[str]:
    """Who vouches for it."""
    return [_("verified listing")] if listing.state == ListingState.VERIFIED else []


def _list(texts: Iterable[str]) -> str:
    return str(format_list(list(texts), locale=locale()))
