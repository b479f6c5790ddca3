"""What members write of a listing, in the order of the page they write on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from core.languages import LANGUAGES
from startups.models import Incubator, Program, Solution, Startup

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from startups.models import Listing


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form. An entry is a field, or a stem written in both languages: « about* »."""

    key: str
    title: str | _StrPromise
    entries: tuple[str, ...]

    def rows(self) -> list[tuple[str, ...]]:
        """The fields of each entry: one, or French and English side by side."""
        return [names_of(entry) for entry in self.entries]


def names_of(entry: str) -> tuple[str, ...]:
    """The fields that an entry stands for."""
    if not entry.endswith("*"):
        return (entry,)
    return tuple(f"{entry[:-1]}_{code}" for code in LANGUAGES)


FOUND: Final = _("Where and how it is found")
PEOPLE: Final = Section("people", _("People one may turn to"), ("people",))
LOGO: Final = Section("logo", _("Logo"), ("logo", "logo_alt*"))
SHORT: Final = _("In short")
SECTIONS: Final[dict[type[Listing], tuple[Section, ...]]] = {
    Startup: (
        Section("short", SHORT, ("name", "tagline*", "about*")),
        LOGO,
        Section("facts", _("Facts"), ("stage", "funding_stage", "size_band", "founded_year")),
        Section("found", FOUND, ("borough", "website", "links", "languages", "themes", "sectors")),
        PEOPLE,
    ),
    Solution: (
        Section("short", SHORT, ("name*", "problem*", "how*")),
        Section("shown", _("Pictures and documents"), ("files",)),
        Section("maturity", _("Maturity"), ("trl", "trl_evidence*", "certifications", "ip*")),
        Section("privacy", _("Privacy"), ("sees_people", "privacy*")),
        Section(
            "site",
            _("What it needs on site"),
            ("site_power", "site_network", "site_mounting", "site_area", "site_needs*"),
        ),
        Section("price", _("Price"), ("price*",)),
        Section("found", FOUND, ("languages", "themes")),
        Section("deployments", _("Where it has already run"), ("deployments",)),
    ),
    Incubator: (
        Section("short", SHORT, ("name", "kind", "summary*", "about*")),
        LOGO,
        Section("facts", _("Facts"), ("legal_form", "founded_year", "offers")),
        Section("place", _("Place"), ("address", "borough", "lat", "lon")),
        Section("found", FOUND, ("website", "links", "languages", "themes", "sectors")),
        PEOPLE,
    ),
    Program: (
        Section("short", SHORT, ("name*", "summary*", "about*")),
        Section("who", _("Who, and how one is chosen"), ("who*", "applicants", "selection*")),
        Section("wanted", _("What it looks for"), ("stages", "trl_min", "trl_max", "any_sector")),
        Section("terms", _("Terms"), ("format", "weeks", "place", "equity_percent", "currency")),
        Section("sums", _("Sums"), ("fee", "stipend", "investment")),
        Section("found", FOUND, ("languages", "offers", "themes", "sectors")),
    ),
}


def fields_of(model: type[Listing]) -> list[str]:
    """Every field that members write, in order."""
    entries = (entry for section in SECTIONS[model] for entry in section.entries)
    return [name for entry in entries for name in names_of(entry)]
