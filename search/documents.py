"""What is findable of each kind of record: one builder a kind, public fields named one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import translation

from core.languages import LANGUAGES, text_in
from pilots.models import Challenge, Pilot, Site
from search.port import Document
from startups.models import Incubator, Program, Solution, Startup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import Model, QuerySet

    from core.taxonomy.models import Borough, Theme


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of record is found."""

    name: str
    model: type[Model]
    rows: Callable[[], QuerySet[Any]]
    url_name: str
    title: str
    summary: str
    body: tuple[str, ...]
    themes: Callable[[Any], list[Theme]]
    boroughs: Callable[[Any], list[Borough]]
    names: Callable[[Any], str] = lambda record: ""


def _themes(record: Any) -> list[Theme]:
    return list(record.themes.all())


def _borough(record: Any) -> list[Borough]:
    return [record.borough] if record.borough_id else []


KINDS: tuple[Kind, ...] = (
    Kind(
        name="challenge",
        model=Challenge,
        rows=lambda: Challenge.objects.public().prefetch_related("themes", "boroughs"),
        url_name="challenge_detail",
        title="title",
        summary="summary",
        body=("problem", "wanted", "offer_places", "offer_data", "department"),
        themes=_themes,
        boroughs=lambda c: list(c.boroughs.all()),
        names=lambda c: c.reference,
    ),
    Kind(
        name="pilot",
        model=Pilot,
        rows=lambda: (
            Pilot.objects.public()
            .select_related("startup", "challenge")
            .prefetch_related("challenge__themes", "bookings__site__borough")
        ),
        url_name="pilot_detail",
        title="title",
        summary="summary",
        body=("hypothesis", "notice"),
        themes=lambda p: _themes(p.challenge),
        boroughs=lambda p: list(dict.fromkeys(b.site.borough for b in p.bookings.all())),
        names=lambda p: f"{p.startup.name} {p.reference}",
    ),
    Kind(
        name="site",
        model=Site,
        rows=lambda: Site.objects.public().select_related("borough"),
        url_name="site_detail",
        title="name",
        summary="description",
        body=("equipment", "limits"),
        themes=lambda s: [],
        boroughs=_borough,
    ),
    Kind(
        name="incubator",
        model=Incubator,
        rows=lambda: (
            Incubator.objects.public().select_related("borough").prefetch_related("themes")
        ),
        url_name="incubator_detail",
        title="name",
        summary="summary",
        body=("about",),
        themes=_themes,
        boroughs=_borough,
        names=lambda i: " ".join([i.get_kind_display(), *map(str, i.sectors)]),
    ),
    Kind(
        name="program",
        model=Program,
        rows=lambda: (
            Program.objects.public().select_related("incubator__borough").prefetch_related("themes")
        ),
        url_name="program_detail",
        title="name",
        summary="summary",
        body=("about", "who"),
        themes=_themes,
        boroughs=lambda p: _borough(p.incubator),
        names=lambda p: " ".join([p.incubator.name, *map(str, p.sectors)]),
    ),
    Kind(
        name="startup",
        model=Startup,
        rows=lambda: Startup.objects.public().select_related("borough").prefetch_related("themes"),
        url_name="startup_detail",
        title="name",
        summary="tagline",
        body=("about",),
        themes=_themes,
        boroughs=_borough,
    ),
    Kind(
        name="solution",
        model=Solution,
        rows=lambda: (
            Solution.objects.public().select_related("startup__borough").prefetch_related("themes")
        ),
        url_name="solution_detail",
        title="name",
        summary="problem",
        body=("how", "site_needs"),
        themes=_themes,
        boroughs=lambda s: _borough(s.startup),
        names=lambda s: s.startup.name,
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}
BY_MODEL = {kind.model: kind for kind in KINDS}


def documents_of(kind: Kind, record: Any) -> list[Document]:
    """``record`` as it is found in each language."""
    themes, boroughs = kind.themes(record), kind.boroughs(record)
    documents = []
    for language in LANGUAGES:
        with translation.override(language):
            documents.append(_document(kind, record, language, themes, boroughs))
    return documents


def _document(
    kind: Kind, record: Any, language: str, themes: list[Theme], boroughs: list[Borough]
) -> Document:
    def text(stem: str, of: str = language) -> str:
        if hasattr(type(record), f"{stem}_fr"):
            return str(text_in(record, stem, of))
        return str(getattr(record, stem, ""))

    other = "en" if language == "fr" else "fr"
    return Document(
        kind=kind.name,
        pk=record.pk,
        language=language,
        slug=record.slug,
        title=text(kind.title),
        summary=text(kind.summary),
        body=" ".join(text(stem) for stem in kind.body),
        names=kind.names(record),
        other=f"{text(kind.title, other)} {text(kind.summary, other)}",
        themes=tuple(t.slug for t in themes),
        boroughs=tuple(b.slug for b in boroughs),
        url=reverse(kind.url_name, args=[record.slug]),
    )


def all_documents() -> Iterator[Document]:
    """Every public record in both languages, read in slices."""
    for kind in KINDS:
        for record in kind.rows().order_by("pk").iterator(chunk_size=500):
            yield from documents_of(kind, record)
