"""One machine for every list: words, facets with counts, chips, sort, pages and views.

The address is the state. A value the list does not know is ignored and said, never an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from cms.directories.narrowing import (
    Chip,
    Choice,
    Narrowed,
    ShownFacet,
    count_together,
    echo,
    left_out,
    narrow,
    with_params,
    without_value,
)
from core.taxonomy.labels import fill_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence, Set
    from datetime import datetime

    from django.db.models import Model
    from django.utils.functional import _StrPromise

    from core.thread import Thread

PAGE_SIZE = 20
VIEWS = ("list", "cards", "map", "calendar")


@dataclass(frozen=True, slots=True)
class Tag:
    """A short label; ``tone`` is open, soon, late, hold or nothing."""

    label: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the map, with the row of the table behind it."""

    label: str
    url: str
    lat: float
    lon: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """A dated row of the calendar view."""

    at: Any
    label: str
    url: str
    what: str


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a row's box stands for, where rows can be set side by side."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list, prepared: a template computes nothing."""

    url: str
    title: str
    summary: str = ""
    tags: tuple[Tag, ...] = ()
    meta: tuple[str, ...] = ()
    big: str = ""
    small: str = ""
    thread: Thread | None = None
    compared: Ticked | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """A question a list can be narrowed by.

    ``field`` counts by grouping on a column; ``where`` gives the condition of a computed value.
    ``repeats`` says that one row may meet an option of ``field`` twice. ``column`` with ``reads``
    is counted faster: the column of every row, of which each distinct value is read as options.
    ``tally`` counts among the keys of the rows that the list has read anyway, in one query.
    ``only`` leaves out of ``field`` what leads through a row that is not for everybody.
    """

    param: str
    label: str
    model: type[Model]
    options: Sequence[tuple[str, str]]
    field: str = ""
    where: Callable[[str, datetime], Q] | None = None
    repeats: bool = False
    only: Q | None = None
    column: Any = None
    reads: Callable[[Any], Iterable[str]] | None = None
    tally: Callable[[Set[int], datetime], Mapping[str, int]] | None = None

    def condition(self, values: Sequence[str], now: datetime) -> Q:
        """Rows that match any of ``values``."""
        if self.where is None:
            # A list of keys, not a join: a row with two matching themes stays one row.
            wanted = Q(**{f"{self.field}__in": values}) & (self.only or Q())
            keyed = self.model._default_manager.filter(wanted)
            return Q(pk__in=keyed.values("pk"))
        matched = Q()
        for value in values:
            matched |= self.where(value, now)
        return matched

    def counts(self, rows: QuerySet[Any], now: datetime) -> dict[str, int]:
        """How many rows each option would show, in one query."""
        if self.where is not None:
            return count_together([self], rows, now)[self.param]
        counted_rows = rows.order_by() if self.only is None else rows.order_by().filter(self.only)
        grouped = counted_rows.values_list(self.field)
        counted = grouped.annotate(n=Count("pk", distinct=self.repeats))
        return {value: n for value, n in counted if value is not None}

    def counted(self, value: str, now: datetime) -> Count:
        """How many rows a computed option would show."""
        assert self.where is not None
        return Count("pk", filter=self.where(value, now))


# Fields to sort by, or what gives them when they depend on the hour.
Order = "Sequence[str] | Callable[[datetime], Sequence[Any]]"


@dataclass(frozen=True, slots=True)
class Directory:
    """What a list is made of; everything else follows from the request.

    It has a map when its rows have ``places``, a calendar when they have ``happenings``.
    ``points`` are the columns of where a row is, in pairs, the best first: its map then shows
    clusters, and the table beneath comes in pages.
    ``labels`` are its many-to-many fields to the taxonomy, filled for the rows of a page.
    ``plain`` are the rows to read again by key, where ``rows`` carry what only the order needs.
    ``compares`` says that its rows have boxes, and the page the form that sets them side by side.
    """

    kind: str
    rows: Callable[[Any, datetime], QuerySet[Any]]
    prepare: Callable[[Any], QuerySet[Any]]
    entry: Callable[[Any, datetime], Entry]
    facets: Callable[[], list[Facet]]
    sorts: Mapping[
        str, tuple[str | _StrPromise, Sequence[Any] | Callable[[datetime], Sequence[Any]]]
    ]
    search_kind: str
    search_field: str = "pk"
    has_cards: bool = False
    compares: bool = False
    places: Callable[[Any], list[Place]] | None = None
    points: tuple[str, ...] = ()
    happenings: Callable[[Any], list[Happening]] | None = None
    labels: tuple[str, ...] = ()
    plain: Callable[[], QuerySet[Any]] | None = None
    # What is not indexed is narrowed by words in the database.
    by_words: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        """``rows`` with all that an entry shows."""
        found = list(self.prepare(rows))
        fill_labels(found, *self.labels)
        return found

    def order(self, sort: str, now: datetime) -> Sequence[Any]:
        """What ``order_by`` takes for ``sort``; an order may depend on the hour."""
        fields = self.sorts[sort][1]
        return fields(now) if callable(fields) else fields

    @property
    def views(self) -> list[str]:
        """The ways to see it, rows first."""
        has = (("map", self.places), ("calendar", self.happenings))
        cards = ["cards"] if self.has_cards else []
        return ["list", *cards, *(name for name, rows in has if rows is not None)]


@dataclass(slots=True)
class Listing:
    """A list as asked for by one request, ready to be shown."""

    directory: Directory
    asked: Narrowed
    view: str
    sort: str
    page: Page[Any]
    rows: list[Any]
    now: datetime
    total: int
    found: int
    facets: list[ShownFacet]
    chips: list[Chip]
    sorts: list[tuple[str, str, str]]
    views: list[tuple[str, str]]
    notes: list[str] = field(default_factory=list)
    query: QueryDict = field(default_factory=QueryDict)

    @property
    def q(self) -> str:
        """The words looked for."""
        return self.asked.q

    @property
    def entries(self) -> list[Entry]:
        """The rows of the page."""
        return [self.directory.entry(row, self.now) for row in self.rows]

    @property
    def places(self) -> list[Place]:
        """The points of the page's rows."""
        found = self.directory.places
        return [p for row in self.rows for p in found(row)] if found else []

    @property
    def table(self) -> list[tuple[str, str, str]]:
        """What stands under a map: label, address and place of each row, on the map or not."""
        rows: list[tuple[str, str, str]] = []
        for row in self.rows:
            places = self.directory.places(row) if self.directory.places else []
            entry = self.directory.entry(row, self.now)
            rows.extend((p.label, p.url, p.detail) for p in places)
            if not places:
                rows.append((entry.title, entry.url, _("not on the map")))
        return rows

    @property
    def happenings(self) -> list[Happening]:
        """The dated rows of the page."""
        found = self.directory.happenings
        return [h for row in self.rows for h in found(row)] if found else []

    @property
    def compares(self) -> bool:
        """Whether the page shows rows to tick."""
        return self.directory.compares and self.view in ("list", "cards") and bool(self.rows)

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.q or self.chips)

    @property
    def clear_url(self) -> str:
        """Everything, shown in the same way."""
        return self.asked.clear_url

    def page_url(self, number: int) -> str:
        """The same list at another page."""
        return with_params(self.query, page=str(number) if number > 1 else None)


def build_listing(
    directory: Directory, *, params: QueryDict, user: Any, now: datetime, page_size: int = PAGE_SIZE
) -> Listing:
    """Answer a request for a list: a constant number of queries, whatever the rows."""
    asked = narrow(directory, params=params, user=user, now=now)
    rows, notes = asked.rows, asked.notes
    sort = one_of(params, "sort", list(directory.sorts), notes)
    view = one_of(params, "view", directory.views, notes)
    # Sorted by number alone: the wide rows are read for one page only.
    ordered = rows.order_by(*directory.order(sort, now)).values_list("pk", flat=True)
    paginator = Paginator(ordered, page_size)
    facets = asked.shown()
    # What the facets were counted over needs no counting again.
    found = paginator.count = rows.count() if asked.found is None else asked.found
    total = found if asked.is_all else asked.everything.count()
    page = paginator.page(page_number(params, paginator.num_pages, notes))
    wanted = list(page.object_list)
    again = directory.plain() if directory.plain is not None else asked.everything
    read = directory.read(again.filter(pk__in=wanted).order_by())
    by_number = {row.pk: row for row in read}
    return Listing(
        directory=directory,
        asked=asked,
        view=view,
        sort=sort,
        page=page,
        rows=[by_number[number] for number in wanted if number in by_number],
        now=now,
        total=total,
        found=found,
        facets=facets,
        chips=asked.chips(),
        sorts=_sort_links(directory, params),
        views=[(v, with_params(params, view=v, page=None)) for v in directory.views],
        notes=notes,
        query=params,
    )


def one_of(params: QueryDict, name: str, known: list[str], notes: list[str]) -> str:
    """The value asked for, or the first; what is not known is noted."""
    asked = params.get(name, "")
    if asked in known:
        return asked
    if asked and not (name == "view" and asked in VIEWS):
        notes.append(left_out(asked))
    return known[0]


def page_number(params: QueryDict, pages: int, notes: list[str]) -> int:
    """The page asked for, or the first; one that is not there is noted."""
    asked = params.get("page", "1") or "1"
    if asked.isdecimal() and len(asked) <= 9 and 1 <= int(asked) <= pages:
        return int(asked)
    notes.append(_("There is no page “%(value)s”; here is the first.") % {"value": echo(asked)})
    return 1


def _sort_links(directory: Directory, params: QueryDict) -> list[tuple[str, str, str]]:
    return [
        (name, str(label), with_params(params, sort=name, page=None))
        for name, (label, _fields) in directory.sorts.items()
    ]


__all__ = ["Chip", "Choice", "ShownFacet", "with_params", "without_value"]
