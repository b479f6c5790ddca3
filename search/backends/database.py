"""Search inside the site's own database, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from search import analysis
from search.models import SearchEntry
from search.port import Document, Hit, Query, Results

if TYPE_CHECKING:
    from collections.abc import Iterable

BATCH = 500
# A term at the start of a word of the title is worth more than one anywhere in the text.
TITLE_POINTS = 4


class DatabaseBackend:
    """Every term of a query must stand at the start of a word."""

    def index(self, documents: Iterable[Document]) -> int:
        """Write or replace the documents, in batches."""
        total = 0
        batch: list[SearchEntry] = []
        for document in documents:
            batch.append(_entry(document))
            if len(batch) == BATCH:
                total += self._write(batch)
                batch = []
        return total + self._write(batch)

    def _write(self, batch: list[SearchEntry]) -> int:
        if batch:
            SearchEntry.objects.bulk_create(
                batch,
                update_conflicts=True,
                unique_fields=["kind", "object_pk", "language"],
                update_fields=[
                    "slug",
                    "title",
                    "summary",
                    "url",
                    "folded_title",
                    "folded",
                    "themes",
                    "boroughs",
                ],
            )
        return len(batch)

    def delete(self, kind: str, pk: int) -> None:
        """Forget a record in both languages."""
        SearchEntry.objects.filter(kind=kind, object_pk=pk).delete()

    def clear(self) -> None:
        """Forget everything."""
        SearchEntry.objects.all().delete()

    def stored(self) -> set[tuple[str, int, str]]:
        """Everything held."""
        return set(SearchEntry.objects.values_list("kind", "object_pk", "language"))

    def health(self) -> dict[str, Any]:
        """Engine and number of entries."""
        return {"engine": "database", "entries": SearchEntry.objects.count()}

    def search(self, query: Query) -> Results:
        """Best first; counts by kind ignore the kind asked for, so that one can widen."""
        wide = self._matching(query, use_kinds=False)
        by_kind = {
            row["kind"]: row["n"]
            for row in wide.order_by().values("kind").annotate(n=Count("pk")).order_by("kind")
        }
        asked = query.kinds or tuple(by_kind)
        rows = self._ranked(self._matching(query), query)
        page = rows[query.offset : query.offset + query.limit]
        return Results(
            count=sum(by_kind.get(kind, 0) for kind in asked),
            hits=[_hit(row) for row in page],
            facets={"kind": by_kind},
        )

    def matching(self, query: Query) -> list[int]:
        """Keys of the one kind asked for, best first."""
        rows = self._ranked(self._matching(query), query)
        return list(rows.values_list("object_pk", flat=True)[: query.limit])

    def _matching(self, query: Query, *, use_kinds: bool = True) -> QuerySet[SearchEntry]:
        rows = SearchEntry.objects.filter(language=query.language)
        if use_kinds and query.kinds:
            rows = rows.filter(kind__in=query.kinds)
        if query.themes:
            rows = rows.filter(themes__contains=f" {query.themes[0]} ")
        if query.boroughs:
            rows = rows.filter(boroughs__contains=f" {query.boroughs[0]} ")
        found = _terms(query.text)
        if not found and query.text.strip():
            return rows.none()
        for term in found:
            rows = rows.filter(folded__contains=f" {term}")
        return rows

    def _ranked(self, rows: QuerySet[SearchEntry], query: Query) -> QuerySet[SearchEntry]:
        points: Any = Value(0)
        for term in _terms(query.text):
            points = points + Case(
                When(Q(folded_title__contains=f" {term}"), then=Value(TITLE_POINTS)),
                default=Value(1),
                output_field=IntegerField(),
            )
        return rows.annotate(points=points, size=Length("folded_title")).order_by(
            "-points", "size", "title", "pk"
        )


def _entry(document: Document) -> SearchEntry:
    everything = (
        f"{document.title} {document.summary} {document.body} {document.other} {document.names}"
    )
    return SearchEntry(
        kind=document.kind,
        object_pk=document.pk,
        language=document.language,
        slug=document.slug,
        title=document.title[:300],
        summary=document.summary[:500],
        url=document.url,
        folded_title=_indexed(document.title),
        folded=_indexed(everything),
        themes=f" {' '.join(document.themes)} ",
        boroughs=f" {' '.join(document.boroughs)} ",
    )


def _hit(row: Any) -> Hit:
    return Hit(
        kind=row.kind,
        pk=row.object_pk,
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        url=row.url,
        score=float(row.points),
    )


_ENDINGS = ("ements", "ement", "aux", "ings", "ing", "ees", "ies", "es", "ee", "s", "x", "e")


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _terms(text: str) -> list[str]:
    found = analysis.words(text[:300])
    kept = [w for w in found if analysis.means(w)] or found
    return list(dict.fromkeys(_stem(w) for w in kept))[:12]


def _indexed(text: str) -> str:
    return f" {' '.join(analysis.words(text))} "
