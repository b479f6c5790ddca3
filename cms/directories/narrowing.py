"""What a request asks of a list: the rows that match, and what the page says of it.

The address is the state. A value the list does not know is ignored and said, never an error.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from core.languages import active_language
from search import finding
from search.port import Query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import QueryDict

    from cms.directories.listing import Directory, Facet

KNOWN: Final = (
    *("q", "theme", "borough", "status", "kind", "stage", "language", "offer", "equity", "open"),
    *("sort", "page", "view", "from", "to"),
)
LONGEST_ECHO: Final = 60
# Words narrow a list to its best matches; beyond that, more words are needed, not more pages.
MOST_FOUND: Final = 1000
AT_ONCE: Final = 500


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
class Narrowed:
    """The rows of a directory that a request asks for, and how it asked."""

    q: str
    everything: QuerySet[Any]
    base: QuerySet[Any]
    rows: QuerySet[Any]
    facets: list[Facet]
    chosen: dict[str, list[str]]
    params: QueryDict
    now: datetime
    notes: list[str] = field(default_factory=list)
    # How many rows, once the facets were counted over them.
    found: int | None = None

    @property
    def is_all(self) -> bool:
        """Whether nothing narrows it."""
        return not self.q and not any(self.chosen.values())

    def shown(self) -> list[ShownFacet]:
        """Each facet with its counts: those that are counted alike, in one query."""
        counts: dict[str, Mapping[str, int]] = {}
        for facets in self._alike():
            rows = self._without(facets[0])
            read = [f for f in facets if f.reads is not None or f.tally is not None]
            computed = [f for f in facets if f not in read and f.where is not None]
            if read:
                counted, keys = count_columns(read, rows, self.now)
                counts |= counted
                if not self.chosen[facets[0].param]:
                    self.found = len(keys)
            counts |= count_together(computed, rows, self.now) if computed else {}
            for facet in facets:
                if facet.param not in counts:
                    counts[facet.param] = facet.counts(rows, self.now)
        return [self._shown(facet, counts[facet.param]) for facet in self.facets]

    def _alike(self) -> list[list[Facet]]:
        """Facets by the rows they are counted over: one narrowed by itself stands alone."""
        alone = [[facet] for facet in self.facets if self.chosen[facet.param]]
        together = [facet for facet in self.facets if not self.chosen[facet.param]]
        return [together, *alone] if together else alone

    @property
    def clear_url(self) -> str:
        """Everything, shown in the same way."""
        return without_filters(self.params)

    def chips(self) -> list[Chip]:
        """What narrows it, each with the address without it."""
        return [
            Chip(dict(facet.options)[value], without_value(self.params, facet.param, value))
            for facet in self.facets
            for value in self.chosen[facet.param]
        ]

    def _without(self, facet: Facet) -> QuerySet[Any]:
        """Counts say what one more click would show: the other facets hold, this one does not."""
        rows = self.base
        for other in self.facets:
            if other is not facet and self.chosen[other.param]:
                rows = rows.filter(other.condition(self.chosen[other.param], self.now))
        return rows

    def _shown(self, facet: Facet, counts: Mapping[str, int]) -> ShownFacet:
        chosen = self.chosen[facet.param]
        return ShownFacet(
            facet.param,
            facet.label,
            [
                Choice(value, label, str(counts.get(value, 0)), value in chosen)
                for value, label in facet.options
                if counts.get(value) or value in chosen
            ],
        )


def count_columns(
    facets: Sequence[Facet], rows: QuerySet[Any], now: datetime
) -> tuple[dict[str, Mapping[str, int]], Set[int]]:
    """The same for facets with a ``column`` or a ``tally``, with the keys of the rows.

    In one pass that groups nothing in the database: ten thousand rows of five columns are read
    sooner than they are asked five questions each.
    """
    by_column = [facet for facet in facets if facet.reads is not None]
    read = list(rows.order_by().values_list("pk", *(facet.column for facet in by_column)))
    keys: set[int] = set()
    counters: list[Counter[Any]] = [Counter() for _facet in by_column]
    # A few hundred rows at a time are turned into columns while the processor still holds them.
    for start in range(0, len(read), AT_ONCE):
        some, *columns = zip(*read[start : start + AT_ONCE], strict=True)
        keys.update(some)
        for counter, column in zip(counters, columns, strict=True):
            counter.update(column)
    found: dict[str, Mapping[str, int]] = {}
    for facet, counter in zip(by_column, counters, strict=True):
        counts: dict[str, int] = {}
        assert facet.reads is not None
        for raw, n in counter.items():
            for value in facet.reads(raw):
                counts[value] = counts.get(value, 0) + n
        found[facet.param] = counts
    found |= {f.param: f.tally(keys, now) for f in facets if f.tally is not None}
    return found, keys


def count_together(
    facets: Sequence[Facet], rows: QuerySet[Any], now: datetime
) -> dict[str, dict[str, int]]:
    """How many rows each option of computed facets would show, in one pass over the rows."""
    asked = {
        f"n{f}_{n}": (facet, value)
        for f, facet in enumerate(facets)
        for n, (value, _label) in enumerate(facet.options)
    }
    found = rows.order_by().aggregate(
        **{name: facet.counted(value, now) for name, (facet, value) in asked.items()}
    )
    counts: dict[str, dict[str, int]] = {facet.param: {} for facet in facets}
    for name, (facet, value) in asked.items():
        counts[facet.param][value] = found[name]
    return counts


def narrow(
    directory: Directory,
    *,
    params: QueryDict,
    user: Any,
    now: datetime,
    also_known: Sequence[str] = (),
) -> Narrowed:
    """The rows of ``directory`` that ``params`` ask for."""
    notes = [
        _("“%(name)s” is not a filter of this list; it was left out.") % {"name": echo(name)}
        for name in params
        if name not in KNOWN and name not in also_known
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
    return Narrowed(q, everything, base, rows, facets, chosen, params, now, notes)


def echo(text: str) -> str:
    """What was typed, fit to be shown."""
    return "".join(c for c in text if c.isprintable())[:LONGEST_ECHO]


def left_out(value: str) -> str:
    """The note on a value that the list does not know."""
    return _("“%(value)s” is not known here; it was left out.") % {"value": echo(value)}


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


def without_filters(query: QueryDict) -> str:
    """The query string without what narrows: how the rows are shown and sorted stays."""
    changed = query.copy()
    for name in set(changed) - {"view", "sort", "month"}:
        del changed[name]
    encoded = changed.urlencode()
    return f"?{encoded}" if encoded else "?"


def without_value(query: QueryDict, name: str, value: str) -> str:
    """The query string without one value of one parameter, back at the first page."""
    changed = query.copy()
    changed.setlist(name, [v for v in changed.getlist(name) if v != value])
    changed.pop("page", None)
    encoded = changed.urlencode()
    return f"?{encoded}" if encoded else "?"


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
    return rows.filter(**{f"{directory.search_field}__in": finding.matching(asked)})


def _known_values(facet: Facet, params: QueryDict, notes: list[str]) -> list[str]:
    known = {value for value, _label in facet.options}
    asked = list(dict.fromkeys(v for v in params.getlist(facet.param) if v))
    notes.extend(left_out(value) for value in asked if value not in known)
    return [value for value in asked if value in known]
