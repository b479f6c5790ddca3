"""What is findable of the city's own pages: those of the types that were named, live and public.

Page models stand on a higher floor, which names them when it starts
(:func:`find_pages`); a type that nobody named is never found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import CharField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from wagtail.models import Page

from core.languages import LANGUAGES
from search.documents.building import Kind, Moment, joined, kind_in_words
from search.port import Document

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import Model, QuerySet


@dataclass(frozen=True, slots=True)
class PageType:
    """A type of pages: the fields that are read of it, by weight."""

    model: type[Model]
    summary: str
    body: tuple[str, ...]


TYPES: Final[dict[type[Any], PageType]] = {}


def find_pages(model: type[Model], *, summary: str, body: Iterable[str]) -> None:
    """Pages of ``model`` are found by their title and by these fields, and by nothing else."""
    TYPES[model] = PageType(model, summary, tuple(body))


def with_twins(pages: Any) -> list[int]:
    """Keys of those of ``pages`` that may be found, and of the same in the other language."""
    keys = pages.exact_type(*TYPES).values("translation_key") if TYPES else []
    return list(Page.objects.filter(translation_key__in=keys).values_list("pk", flat=True))


def _public(now: datetime) -> Any:
    """Pages of the named types that anyone may read at ``now``."""
    found = Page.objects.live().public().exact_type(*TYPES)
    return found.filter(Q(expire_at__isnull=True) | Q(expire_at__gt=now))


def _pages(now: datetime) -> Any:
    """The same, each with title and summary of the page in the other language, if there is one."""
    if not TYPES:
        return Page.objects.none()
    twins = _public(now).filter(translation_key=OuterRef("translation_key"))
    twins = twins.exclude(pk=OuterRef("pk")).order_by()
    summaries = [
        Subquery(
            each.model._default_manager.filter(pk=OuterRef("twin_pk")).values(each.summary)[:1],
            output_field=CharField(),
        )
        for each in TYPES.values()
    ]
    return (
        _public(now)
        .annotate(
            language=F("locale__language_code"),
            twin_pk=Subquery(twins.values("pk")[:1]),
            twin_title=Coalesce(Subquery(twins.values("title")[:1]), Value("")),
        )
        .annotate(twin_summary=Coalesce(*summaries, Value("")))
        .specific()
    )


@dataclass(frozen=True)
class PageKind(Kind):
    """Pages are in one language each; one without a twin is what readers of both find."""

    def read(self, rows: QuerySet[Any], at: Moment) -> list[Any]:
        """Pages of their own types, each with its twin's words."""
        return list(rows)

    def is_read(self, record: Any) -> bool:
        """Whether its twin was looked for."""
        return hasattr(record, "twin_pk")

    def build(self, record: Any, at: Moment) -> list[Document]:
        """The page in its language, and in the other one when it says nothing there."""
        parts = record.get_url_parts()
        if parts is None or parts[2] is None:
            return []  # it is in no site's tree: nobody can read it
        told = LANGUAGES if record.twin_pk is None else (record.language,)
        return [self._document(record, language, parts[2]) for language in told]

    def _document(self, page: Any, language: str, url: str) -> Document:
        named = TYPES[type(page)]
        return Document(
            kind=self.name,
            pk=page.pk,
            language=language,
            slug=page.slug,
            title=page.title,
            url=url,
            summary=_words(page, named.summary),
            names=kind_in_words(named.model, language),
            other=joined((page.twin_title, page.twin_summary)),
            body=joined(_words(page, name) for name in named.body),
            published_at=page.first_published_at,
            turns_at=page.expire_at,
        )


def _words(page: Any, name: str) -> str:
    """What a reader reads of a field; of rich text and blocks, without what marks them up."""
    value, field = getattr(page, name), page._meta.get_field(name)
    if hasattr(field, "get_searchable_content"):
        return " ".join(str(part) for part in field.get_searchable_content(value))
    return str(value)


PAGE: Final = PageKind(name="page", model=Page, select=_pages)
KINDS: Final = (PAGE,)
