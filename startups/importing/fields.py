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
    ApplicantKind,
    Currency,
    FundingStage,
    ImportKind,
    IncubatorKind,
    LegalForm,
    Offer,
    ProgramFormat,
    SizeBand,
    Stage,
)
from startups.importing import cells
from startups.importing.houses import Houses
from startups.models import Incubator, Program, Startup
from startups.validators import MOST_LINKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrPromise

Called = tuple[str, ...]


class Spoken(models.TextChoices):
    """Languages of a listing."""

    FR = "fr", _("French")
    EN = "en", _("English")


@dataclass(frozen=True, slots=True)
class Field:
    """One fact: its name on the record, how a cell is read, other names that columns give it.

    ``options`` are the values that it knows, with their words: what a file calls otherwise may
    be given one of them.
    """

    name: str
    read: Callable[[Any], Any]
    called: tuple[str, ...] = ()
    is_required: bool = False
    label: str | _StrPromise = ""
    options: Callable[[], Sequence[tuple[str, Any]]] | None = None
    is_list: bool = False


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


def _one_of(
    name: str, choices: type[models.TextChoices], called: Called = (), is_required: bool = False
) -> Field:
    return Field(
        *(name, cells.choice(choices), called, is_required), options=lambda: choices.choices
    )


def _some_of(name: str, choices: type[models.TextChoices], called: Called = ()) -> Field:
    read = cells.several(cells.choice(choices))
    return Field(name, read, called, options=lambda: choices.choices, is_list=True)


def _boroughs() -> list[tuple[str, str]]:
    return list(Borough.objects.order_by("name").values_list("slug", "name"))


def _themes() -> list[tuple[str, str]]:
    return [(theme.slug, str(theme)) for theme in Theme.objects.order_by("name_fr")]


# What every kind says.
SHARED: Final = (
    Field(
        *("slug", cells.slug, ("address slug", "identifiant", "id")),
        label=_("end of the address of its page"),
    ),
    Field("sectors", cells.several(cells.line(80)), ("secteurs", "sector", "secteur")),
    Field(
        *("themes", cells.several(cells.by_name(lambda: Places.themes)), ("theme", "sujets")),
        options=_themes,
        is_list=True,
    ),
    _some_of("languages", Spoken, ("langues", "service languages", "langue", "language")),
    Field("about_fr", cells.lines(10_000), ("description", "description fr", "a propos")),
    Field("about_en", cells.lines(10_000), ("description en",)),
)
OFFERS: Final = _some_of("offers", Offer, ("offres", "offre"))
ORGANISATION: Final = (
    Field("name", cells.line(200), ("nom", "organisation", "organization"), is_required=True),
    Field("neq", cells.neq, ("numero d entreprise", "numero d entreprise du quebec")),
    Field("founded_year", cells.year, ("founded", "fondee", "fondation", "annee", "year")),
    Field(
        *("borough", cells.by_name(lambda: Places.boroughs), ("arrondissement",)),
        options=_boroughs,
    ),
    Field("website", cells.url, ("website domain", "site", "site web", "url", "web")),
    Field("links", cells.at_most(MOST_LINKS, cells.several(cells.url)), ("liens", "other links")),
    *SHARED,
)
SUMMARY: Final = (
    Field("summary_fr", cells.line(300), ("resume", "resume fr", "en une phrase")),
    Field("summary_en", cells.line(300), ("resume en", "summary")),
)
FIELDS: Final[dict[str, tuple[Field, ...]]] = {
    ImportKind.INCUBATOR: (
        *ORGANISATION,
        _one_of("kind", IncubatorKind, ("type", "sorte", "genre"), is_required=True),
        _one_of("legal_form", LegalForm, ("forme juridique",)),
        *SUMMARY,
        Field("address", cells.line(255), ("adresse", "adresse civique", "address or area")),
        Field("lat", cells.decimal("latitude", 90), ("latitude", "y")),
        Field("lon", cells.decimal("longitude", 180), ("longitude", "lng", "long", "x")),
        OFFERS,
        Field("sources", cells.several(cells.line(200)), ("source", "provenance")),
    ),
    ImportKind.STARTUP: (
        *ORGANISATION,
        Field(
            *("tagline_fr", cells.line(255)),
            ("resume", "resume fr", "en une phrase", "slogan", "summary fr"),
        ),
        Field("tagline_en", cells.line(255), ("resume en", "tagline", "summary en", "summary")),
        _one_of("stage", Stage, ("stade", "etape")),
        _one_of("funding_stage", FundingStage, ("financement", "funding")),
        _one_of("size_band", SizeBand, ("taille", "size", "employes", "employees")),
    ),
    ImportKind.PROGRAM: (
        Field("name_fr", cells.line(200), ("nom", "programme", "name", "nom fr"), True),
        Field("name_en", cells.line(200), ("program", "nom en")),
        Field(
            *("incubator", Houses.read),
            (
                *("organisme", "organisation", "organization", "organisme de soutien", "neq"),
                *("incubateur", "accelerateur", "numero d entreprise", "run by"),
            ),
            is_required=True,
            label=_("organisation that runs it: number, web site or name"),
        ),
        *SHARED,
        *SUMMARY,
        Field("who_fr", cells.lines(10_000), ("admissibilite", "qui peut postuler", "who")),
        Field("who_en", cells.lines(10_000), ("eligibility",)),
        Field("selection_fr", cells.lines(10_000), ("selection", "etapes de selection")),
        Field("selection_en", cells.lines(10_000)),
        Field(
            *("weeks", cells.weeks),
            ("semaines", "duree", "duree en semaines", "length", "duration"),
        ),
        _one_of("format", ProgramFormat, ("formule",)),
        Field("place", cells.line(160), ("lieu", "endroit")),
        Field(
            *("equity_percent", cells.amount("share", 100)),
            ("equity", "parts", "part", "participation", "equity %"),
        ),
        _one_of("currency", Currency, ("devise",)),
        Field("fee", cells.amount("sum", 99_999_999), ("frais", "cout", "prix", "price", "cost")),
        Field("stipend", cells.amount("sum", 9_999_999_999), ("bourse", "allocation", "grant")),
        Field("investment", cells.amount("sum", 9_999_999_999), ("investissement",)),
        _some_of("applicants", ApplicantKind, ("candidats", "candidatures", "ouvert a")),
        _some_of("stages", Stage, ("stades", "stade", "stage")),
        Field(
            "trl_min",
            cells.trl,
            ("trl minimal", "trl de", "trl from", "trl"),
        ),
        Field(
            "trl_max",
            cells.trl,
            ("trl maximal", "trl a", "trl to"),
        ),
        Field("any_sector", cells.yes_no, ("tous secteurs",)),
        OFFERS,
    ),
}
BY_NAME: Final = {kind: {field.name: field for field in FIELDS[kind]} for kind in FIELDS}
Imported = Incubator | Startup | Program
MODELS: Final[dict[str, type[Imported]]] = {
    ImportKind.INCUBATOR: Incubator,
    ImportKind.STARTUP: Startup,
    ImportKind.PROGRAM: Program,
}
# The field that names a listing, and the one that says it in one sentence.
NAMES: Final = {
    ImportKind.INCUBATOR: "name",
    ImportKind.STARTUP: "name",
    ImportKind.PROGRAM: "name_fr",
}
SENTENCES: Final = {
    ImportKind.INCUBATOR: "summary_fr",
    ImportKind.STARTUP: "tagline_fr",
    ImportKind.PROGRAM: "summary_fr",
}


def label_of(kind: str, name: str) -> str:
    """The words of a field in the active language."""
    words = str(by_name(kind)[name].label or MODELS[kind]._meta.get_field(name).verbose_name)
    return words[:1].upper() + words[1:]


def by_name(kind: str) -> dict[str, Field]:
    """The fields of ``kind``."""
    return BY_NAME[kind]


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
