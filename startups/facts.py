"""What a listing says in public, field by field: what its owner confirms."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.languages import LANGUAGES
from core.numbers import number
from startups.enums import ApplicantKind, Offer, Stage
from startups.models import Deployment, Incubator, Program, Solution, Startup
from startups.models.listing import PublicPerson
from startups.sectors import in_the_readers

if TYPE_CHECKING:
    from startups.models import Listing

# Fields of the public page of each kind, in the order of a reader's interest.
PUBLIC_FACTS: Final[dict[type[Listing], tuple[str, ...]]] = {
    Startup: (
        *("name", "tagline_fr", "tagline_en", "about_fr", "about_en", "founded_year"),
        *("size_band", "stage", "funding_stage", "borough", "sectors", "themes", "languages"),
        *("website", "links", "people", "logo_alt_fr", "logo_alt_en"),
    ),
    Solution: (
        *("name_fr", "name_en", "problem_fr", "problem_en", "how_fr", "how_en", "trl"),
        *("trl_evidence_fr", "trl_evidence_en", "ip_fr", "ip_en", "certifications"),
        *("sees_people", "privacy_fr", "privacy_en", "site_power", "site_network"),
        *("site_mounting", "site_area", "site_needs_fr", "site_needs_en"),
        *("price_fr", "price_en", "themes", "languages", "deployments", "files"),
    ),
    Incubator: (
        *("name", "kind", "legal_form", "summary_fr", "summary_en", "about_fr", "about_en"),
        *("address", "lat", "lon", "borough", "founded_year", "languages", "offers", "sectors"),
        *("themes", "website", "links", "people", "logo_alt_fr", "logo_alt_en"),
    ),
    Program: (
        *("name_fr", "name_en", "summary_fr", "summary_en", "about_fr", "about_en"),
        *("applicants", "who_fr", "who_en", "selection_fr", "selection_en", "weeks", "format"),
        *("place", "equity_percent", "currency", "fee", "stipend", "investment", "stages"),
        *("trl_min", "trl_max", "languages", "offers", "any_sector", "sectors", "themes"),
    ),
}
# Lists of codes, and the words of each.
WORDS: Final[dict[str, dict[str, Any]]] = {
    "languages": {"fr": gettext_lazy("French"), "en": gettext_lazy("English")},
    "offers": dict(Offer.choices),
    "stages": dict(Stage.choices),
    "applicants": dict(ApplicantKind.choices),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One field: its name in code, its label and its value in words, empty when not given.

    ``language`` is that of the words when the field has one of its own.
    """

    name: str
    label: str
    value: str
    language: str


def facts_of(listing: Listing) -> list[Fact]:
    """Each public field of ``listing``, in the active language."""
    return [
        Fact(
            name,
            label=label_of(listing, name),
            value=in_words(listing, name),
            language=name[-2:] if name[-3:-2] == "_" and name[-2:] in LANGUAGES else "",
        )
        for name in PUBLIC_FACTS[type(listing)]
    ]


def label_of(listing: Listing, name: str) -> str:
    """What a field is called, in the active language."""
    field = listing._meta.get_field(name)
    if field.one_to_many:
        return str(field.related_model._meta.verbose_name_plural)
    return str(field.verbose_name)


def is_automatic(listing: Listing, name: str) -> bool:
    """Whether a field holds one value, which a verb can write; lists are put by a person."""
    field = listing._meta.get_field(name)
    return not (field.one_to_many or field.many_to_many or isinstance(field, models.JSONField))


def value_words(listing: Listing, name: str, value: Any) -> str:
    """A value that the field could hold, in words; as it is when it could not."""
    if not is_automatic(listing, name):
        return str(value)
    other, field = copy(listing), listing._meta.get_field(name)
    try:
        setattr(other, field.attname, field.to_python(value) if value not in ("", None) else None)
        return in_words(other, name)
    except (ValidationError, ObjectDoesNotExist):
        return str(value)


def in_words(listing: Listing, name: str) -> str:
    """What a field of ``listing`` says, in the active language; empty when it says nothing."""
    field = listing._meta.get_field(name)
    if field.one_to_many:
        return "\n".join(_line(each) for each in getattr(listing, name).all())
    if field.many_to_many:
        return ", ".join(str(each) for each in getattr(listing, name).all())
    value: Any = getattr(listing, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, "", []):
        return ""
    if isinstance(field, models.JSONField):
        if name == "sectors":
            return ", ".join(map(in_the_readers, value))
        words = WORDS.get(name, {})
        return ", ".join(str(words.get(each, each)) for each in value)
    if field.choices:
        return str(getattr(listing, f"get_{name}_display")())
    return number(value) if isinstance(value, Decimal) else str(value)


def _line(row: Any) -> str:
    """A row that belongs to a listing, all that its page says of it."""
    if isinstance(row, PublicPerson):
        return " · ".join(part for part in (str(row.role), row.name, row.email) if part)
    if isinstance(row, Deployment):
        contact = _("contact on request") if row.has_contact else ""
        said = (row.place, row.when, str(row.result), contact)
        return " · ".join(part for part in said if part)
    return str(row)
