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

from core.languages import active_language
from core.taxonomy.labels import fill_labels
from search.port import Query, backend

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import Model
    from django.utils.functional import _StrPromise

    from core.thread import Thread

PAGE_SIZE = 20
KNOWN = ("q", "theme", "borough", "status", "kind", "sort", "page", "view", "from", "to")
VIEWS = ("list", "map", "calendar")
LONGEST_ECHO = 60
# Words narrow a list to its best matches; beyond that, more words are needed, not more pages.
MOST_FOUND = 1000


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


@dataclass(frozen=True, slots=True)
class Facet:
    """A question a list can be narrowed by.

    ``field`` counts by grouping on a column; ``where`` gives the condition of a computed value.
    ``repeats`` says that one row may meet an option of ``field`` twice.
    """

    param: str
    label: str
    model: type[Model]
    options: Sequence[tuple[str, str]]
    field: str = ""
    where: Callable[[str, datetime], Q] | None = None
    repeats: bool = False

    def condition(self, values: Sequence[str], now: datetime) -> Q:
        """Rows that match any of ``values``."""
        if self.where is None:
            # A list of keys, not a join: a row with two matching themes stays one row.
            keyed = self.model._default_manager.filter(**{f"{self.field}__in": values})
            return Q(pk__in=keyed.values("pk"))
        matched = Q()
        for value in values:
            matched |= self.where(value, now)
        return matched

    def counts(self, rows: QuerySet[Any], now: datetime) -> dict[str, int]:
        """How many rows each option would show, in one query."""
        rows = rows.order_by()
        if self.where is None:
            grouped = rows.values_list(self.field).annotate(n=Count("pk", distinct=self.repeats))
            return {value: n for value, n in grouped if value is not None}
        names = {f"n{i}": value for i, (value, _label) in enumerate(self.options)}
        found = rows.aggregate(
            **{name: Count("pk", filter=self.where(value, now)) for name, value in names.items()}
        )
        return {value: found[name] for name, value in names.items()}


# Fields to sort by, or what gives them when they depend on the hour.
Order = "Sequence[str] | Callable[[datetime], Sequence[Any]]"


@dataclass(frozen=True, slots=True)
class Directory:
    """What a list is made of; everything else follows from the request.

    It has a map when its rows have ``places``, a calendar when they have ``happenings``.
    ``labels`` are its many-to-many fields to the taxonomy, filled for the rows of a page.
    """

    kind: str
    rows: Callable[[Any, datetime], QuerySet[Any]]
    prepare: Callable[[Any], QuerySet[Any]]
    entry: Callable[[Any, datetime], Entry]
    facets: Callable[[], list[Facet]]
    sorts: Mapping[
        str, tuple[str | _StrPromise, Sequence[str] | Callable[[datetime], Sequence[Any]]]
    ]
    search_kind: str
    places: Callable[[Any], list[Place]] | None = None
    happenings: Callable[[Any], list[Happening]] | None = None
    labels: tuple[str, ...] = ()
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
        return ["list", *(name for name, rows in has if rows is not None)]


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a facet as shown; its count is text, which a template need not format."""

    value: str
    label: str
    count: str
    is_selected: bool


@dataclass(frozen=True, slots=True)
class ShownFacet:
    """A facet as shown: the options worth showing, the selected ones always."""

    param: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter and the address without it."""

    label: str
    url: str


@dataclass(slots=True)
class Listing:
    """A list as asked for by one request, ready to be shown."""

    directory: Directory
    q: str
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
    def entries(self) -> list[Entry]:
        """The rows of the page."""
        return [self.directory.entry(row, self.now) for row in self.rows]

    @property
    def places(self) -> list[Place]:
        """The points of the page's rows."""
        found = self.directory.places
        return [p for row in self.rows for p in found(row)] if found else []

    @property
    def happenings(self) -> list[Happening]:
        """The dated rows of the page."""
        found = self.directory.happenings
        return [h for row in self.rows for h in found(row)] if found else []

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.q or self.chips)

    def page_url(self, number: int) -> str:
        """The same list at another page."""
        return with_params(self.query, page=str(number) if number > 1 else None)


def with_params(query: QueryDict, **changes: str | None) -> str:
    """The query string with some parameters replaced, or dropped when None."""
    changed = query.copy()
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = value
    encoded = changed.urlencode()
    return f"?{encoded}" if encoded else "?"


def without_value(query: QueryDict, name: str, value: str) -> str:
    """The query string without one value of one parameter, back at the first page."""
    changed = query.copy()
    changed.setlist(name, [v for v in changed.getlist(name) if v != value])
    changed.pop("page", None)
    encoded = changed.urlencode()
    return f"?{encoded}" if encoded else "?"


def build_listing(
    directory: Directory, *, params: QueryDict, user: Any, now: datetime, page_size: int = PAGE_SIZE
) -> Listing:
    """Answer a request for a list: a constant number of queries, whatever the rows."""
    notes = [
        _("“%(name)s” is not a filter of this list; it was left out.") % {"name": _echo(name)}
        for name in params
        if name not in KNOWN
    ]
    q = " ".join(params.get("q", "").replace("\x00", " ").split())[:300]
    facets = directory.facets()
    chosen = {f.param: _known_values(f, params, notes) for f in facets}
    everything = directory.rows(user, now)
    base = _by_words(directory, everything, q)
    rows = base
    for facet in facets:
        if chosen[facet.param]:
            rows = rows.filter(facet.condition(chosen[facet.param], now))
    sort = _one_of(params, "sort", list(directory.sorts), notes)
    view = _one_of(params, "view", directory.views, notes)
    # Sorted by number alone: the wide rows are read for one page only.
    ordered = rows.order_by(*directory.order(sort, now)).values_list("pk", flat=True)
    paginator = Paginator(ordered, page_size)
    found = paginator.count = rows.count()
    page = paginator.page(_page_number(params, paginator, notes))
    wanted = list(page.object_list)
    by_number = {row.pk: row for row in directory.read(everything.filter(pk__in=wanted).order_by())}
    return Listing(
        directory=directory,
        q=q,
        view=view,
        sort=sort,
        page=page,
        rows=[by_number[number] for number in wanted if number in by_number],
        now=now,
        total=found if rows is everything else everything.count(),
        found=found,
        facets=[_shown(f, facets, chosen, base, now) for f in facets],
        chips=_chips(facets, chosen, params),
        sorts=_sort_links(directory, params),
        views=[(v, with_params(params, view=v, page=None)) for v in directory.views],
        notes=notes,
        query=params,
    )


def _echo(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:LONGEST_ECHO]


def _by_words(directory: Directory, rows: QuerySet[Any], q: str) -> QuerySet[Any]:
    if not q:
        return rows
    if directory.by_words is not None:
        return directory.by_words(rows, q)
    asked = Query(
        text=q,
        language=active_language(),
        kinds=(directory.search_kind,),
        limit=MOST_FOUND,
    )
    return rows.filter(pk__in=backend().matching(asked))


def _known_values(facet: Facet, params: QueryDict, notes: list[str]) -> list[str]:
    known = {value for value, _label in facet.options}
    asked = list(dict.fromkeys(v for v in params.getlist(facet.param) if v))
    notes.extend(
        _("“%(value)s” is not known here; it was left out.") % {"value": _echo(value)}
        for value in asked
        if value not in known
    )
    return [value for value in asked if value in known]


def _one_of(params: QueryDict, name: str, known: list[str], notes: list[str]) -> str:
    asked = params.get(name, "")
    if asked in known:
        return asked
    if asked and not (name == "view" and asked in VIEWS):
        notes.append(_("“%(value)s” is not known here; it was left out.") % {"value": _echo(asked)})
    return known[0]


def _page_number(params: QueryDict, paginator: Paginator[Any], notes: list[str]) -> int:
    asked = params.get("page", "1") or "1"
    if asked.isdecimal() and len(asked) <= 9 and 1 <= int(asked) <= paginator.num_pages:
        return int(asked)
    notes.append(_("There is no page “%(value)s”; here is the first.") % {"value": _echo(asked)})
    return 1


def _shown(
    facet: Facet,
    facets: list[Facet],
    chosen: dict[str, list[str]],
    base: QuerySet[Any],
    now: datetime,
) -> ShownFacet:
    """Counts say what one more click would show: the other facets hold, this one does not."""
    rows = base
    for other in facets:
        if other is not facet and chosen[other.param]:
            rows = rows.filter(other.condition(chosen[other.param], now))
    counts = facet.counts(rows, now)
    choices = [
        Choice(value, label, str(counts.get(value, 0)), value in chosen[facet.param])
        for value, label in facet.options
        if counts.get(value) or value in chosen[facet.param]
    ]
    return ShownFacet(
        param=facet.param,
        label=facet.label,
        choices=choices,
    )


def _chips(facets: list[Facet], chosen: dict[str, list[str]], params: QueryDict) -> list[Chip]:
    return [
        Chip(label=dict(facet.options)[value], url=without_value(params, facet.param, value))
        for facet in facets
        for value in chosen[facet.param]
    ]


def _sort_links(directory: Directory, params: QueryDict) -> list[tuple[str, str, str]]:
    return [
        (name, str(label), with_params(params, sort=name, page=None))
        for name, (label, _fields) in directory.sorts.items()
    ]
