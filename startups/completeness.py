"""What a listing lacks, and why each item matters to who reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from startups.fit.reading import missing_for_fit
from startups.fit.rules import CRITERIA
from startups.models import Incubator, Program, Solution, Startup

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from startups.models import Listing

_ENGLISH = _("Until then, the English pages show the French text and say so.")
_MAP = _("Without it the map and the boroughs’ lists do not show you.")
_FIT = _("The questions “Which program suits me?” answer “unknown” without it, never “fits”.")

# Fields in the order in which they help, each with the reason that its owner reads.
MATTERS: Final[dict[type[Listing], dict[str, _StrPromise]]] = {
    Incubator: {
        "summary_en": _ENGLISH,
        "about_en": _ENGLISH,
        "address": _MAP,
        "borough": _MAP,
        "offers": _("Startups filter by what is offered; needs are matched to it."),
        "themes": _("Lists and alerts are narrowed by theme."),
        "website": _("A founder checks it before writing."),
        "logo": _("Cards and calendars are recognised by it."),
        "founded_year": _("It says how long you have been here."),
    },
    Program: {
        "name_en": _ENGLISH,
        "summary_en": _ENGLISH,
        "stages": _FIT,
        "trl_min": _FIT,
        "equity_percent": _("The first thing founders ask; zero is an answer."),
        "fee": _("Founders compare it; zero is an answer."),
        "applicants": _FIT,
        "languages": _FIT,
        "format": _FIT,
        "offers": _("Needs of startups are matched to programs by it."),
        "weeks": _("Founders plan their year by it."),
        "who_fr": _("It spares you applications that cannot succeed."),
        "selection_fr": _("Founders prepare better when they know how one is chosen."),
        "themes": _("Lists and alerts are narrowed by theme."),
    },
    Startup: {
        "tagline_en": _ENGLISH,
        "about_en": _ENGLISH,
        "borough": _MAP,
        "themes": _("Lists and alerts are narrowed by theme."),
        "size_band": _("Programs and challenges ask for it."),
        "funding_stage": _FIT,
        "website": _("Whoever hesitates looks there."),
        "logo": _("Cards are recognised by it."),
    },
    Solution: {
        "name_en": _ENGLISH,
        "problem_en": _ENGLISH,
        "trl_evidence_fr": _("A maturity without evidence convinces no jury."),
        "privacy_fr": _("The city asks it first of whatever stands in the street."),
        "site_needs_fr": _("It says which sites can receive you."),
        "price_fr": _("A manager plans a budget with it."),
        "themes": _("Challenges are matched to solutions by theme."),
    },
}


@dataclass(frozen=True, slots=True)
class Lack:
    """One item that is not given, and why it matters."""

    name: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of what matters is given, and what is not."""

    listing: Any
    given: int
    wanted: int
    lacks: list[Lack]

    @property
    def kind(self) -> str:
        """The name of its model, as the pages of members are addressed."""
        return str(self.listing._meta.model_name)


def completeness_of(listing: Listing) -> Completeness:
    """What ``listing`` lacks of what matters, in the active language."""
    wanted = MATTERS[type(listing)]
    given = {name for name in wanted if _is_given(listing, name)}
    if isinstance(listing, Program):
        # The rules know more than an empty field: one end of a maturity is enough, and so is "all
        # sectors"; a code that no question knows is no answer.
        asked = {criterion.needed for criterion in CRITERIA.values()}
        given = (given - asked) | (asked.intersection(wanted) - set(missing_for_fit(listing)))
    lacks = [
        Lack(name, _label(listing, name), str(reason))
        for name, reason in wanted.items()
        if name not in given
    ]
    return Completeness(listing, len(wanted) - len(lacks), len(wanted), lacks)


def _label(listing: Listing, name: str) -> str:
    label = str(listing._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def _is_given(listing: Listing, name: str) -> bool:
    """Zero is an answer; an empty text or list is none."""
    field = listing._meta.get_field(name)
    if field.many_to_many:
        return bool(getattr(listing, name).all())
    return getattr(listing, field.attname) not in (None, "", [])
