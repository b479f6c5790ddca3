"""What a row may say of each kind of listing, and by which names of columns it is recognised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.languages import LANGUAGES
from core.taxonomy.models import Borough, Theme
from core.text import fold
from startups.enums import (
    FundingStage,
    ImportKind,
    IncubatorKind,
    LegalForm,
    Offer,
    SizeBand,
    Stage,
)
from startups.importing import cells
from startups.models import Incubator, Startup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrPromise


class Spoken(models.TextChoices):
    """Languages of a listing."""

    FR = "fr", _("French")
    EN = "en", _("English")


@dataclass(frozen=True, slots=True)
class Field:
    """One fact: its name on the record, how a cell is read, other names that columns give it."""

    name: str
    read: Callable[[Any], Any]
    called: tuple[str, ...] = ()
    is_required: bool = False
    label: str | _StrPromise = ""


class Places:
    """Boroughs and themes by name, read once for a batch."""

    boroughs: dict[str, int] = {}
    themes: dict[str, str] = {}

    @classmethod
    def load(cls) -> None:
        """As they are now."""
        cls.boroughs = {}
        for pk, slug, name in Borough.objects.values_list("pk", "slug", "name"):
            cls.boroughs |= {fold(slug): pk, fold(name): pk}
        cls.themes = {}
        for slug, fr, en in Theme.objects.values_list("slug", "name_fr", "name_en"):
            cls.themes |= {fold(slug): slug, fold(fr): slug, fold(en): slug}


SHARED: Final = (
    Field("name", cells.line(200), ("nom", "organisation", "organization"), is_required=True),
    Field("slug", cells.slug, ("address slug", "identifiant", "id")),
    Field("neq", cells.neq, ("numero d entreprise", "numero d entreprise du quebec")),
    Field("founded_year", cells.year, ("founded", "fondee", "fondation", "annee", "year")),
    Field("borough", cells.by_name(lambda: Places.boroughs), ("arrondissement",)),
    Field("website", cells.url, ("website domain", "site", "site web", "url", "web")),
    Field("links", cells.several(cells.url), ("liens", "other links")),
    Field("sectors", cells.several(cells.line(80)), ("secteurs", "sector", "secteur")),
    Field("themes", cells.several(cells.by_name(lambda: Places.themes)), ("theme", "sujets")),
    Field(
        "languages",
        cells.several(cells.choice(Spoken)),
        ("langues", "service languages", "langue", "language"),
    ),
    Field("about_fr", cells.lines(10_000), ("description", "description fr", "a propos")),
    Field("about_en", cells.lines(10_000), ("description en",)),
)
FIELDS: Final[dict[str, tuple[Field, ...]]] = {
    ImportKind.INCUBATOR: (
        *SHARED,
        Field("kind", cells.choice(IncubatorKind), ("type", "sorte", "genre"), is_required=True),
        Field("legal_form", cells.choice(LegalForm), ("forme juridique",)),
        Field(
            "summary_fr",
            cells.line(300),
            ("resume", "resume fr", "en une phrase"),
            is_required=True,
        ),
        Field("summary_en", cells.line(300), ("resume en", "summary")),
        Field("address", cells.line(255), ("adresse", "adresse civique")),
        Field("lat", cells.decimal("latitude", 90), ("latitude", "y")),
        Field("lon", cells.decimal("longitude", 180), ("longitude", "lng", "long", "x")),
        Field("offers", cells.several(cells.choice(Offer)), ("offres", "offre")),
        Field("sources", cells.several(cells.line(200)), ("source", "provenance")),
    ),
    ImportKind.STARTUP: (
        *SHARED,
        Field(
            "tagline_fr",
            cells.line(255),
            ("resume", "resume fr", "en une phrase", "slogan", "summary fr"),
            is_required=True,
        ),
        Field("tagline_en", cells.line(255), ("resume en", "tagline", "summary en", "summary")),
        Field("stage", cells.choice(Stage), ("stade", "etape")),
        Field("funding_stage", cells.choice(FundingStage), ("financement", "funding")),
        Field("size_band", cells.choice(SizeBand), ("taille", "size", "employes", "employees")),
    ),
}
MODELS: Final[dict[str, type[Incubator] | type[Startup]]] = {
    ImportKind.INCUBATOR: Incubator,
    ImportKind.STARTUP: Startup,
}


def label_of(kind: str, name: str) -> str:
    """The words of a field in the active language."""
    words = str(MODELS[kind]._meta.get_field(name).verbose_name)
    return words[:1].upper() + words[1:]


def by_name(kind: str) -> dict[str, Field]:
    """The fields of ``kind``."""
    return {field.name: field for field in FIELDS[kind]}


def suggest(kind: str, columns: Sequence[str]) -> list[str]:
    """For each column the field that it names, empty for none; a field serves once."""
    known: dict[str, str] = {}
    for field in FIELDS[kind]:
        for code in LANGUAGES:
            with translation.override(code):
                known.setdefault(fold(label_of(kind, field.name)), field.name)
        for called in field.called:
            known.setdefault(fold(called), field.name)
    for field in FIELDS[kind]:
        known[fold(field.name.replace("_", " "))] = field.name
    found: list[str] = []
    for column in columns:
        name = known.get(fold(column.replace("_", " ").replace("-", " ")), "")
        found.append("" if name in found else name)
    return found
