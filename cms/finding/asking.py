"""What an address asks of the search page: the query, how it is shown, what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from cms.directories.narrowing import Chip, echo, left_out, with_params, without_value
from cms.finding import words
from core import numbers
from core.languages import active_language
from search import asking
from search.port import FACETS, Sort

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import QueryDict

    from search.port import Query

PAGE_SIZE: Final = 20
# Enough of the best to find the first few of most kinds among them.
GROUPED: Final = 60
ON_THE_MAP: Final = 200
# Of a position, a rectangle, a page number.
LONGEST_KEPT: Final = 200
VIEWS: Final = ("list", "map")
# Where a query keeps what a facet asks for.
FIELDS: Final = {
    "kind": "kinds",
    "theme": "themes",
    "borough": "boroughs",
    "status": "statuses",
    "stage": "stages",
}
# What narrows where one looks, beside the facets.
NARROWING: Final = (*FACETS, "near", "box")


@dataclass(slots=True)
class Question:
    """What was asked, as the page needs it."""

    params: QueryDict
    query: Query
    view: str
    number: int
    notes: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The one kind looked for; empty when they stand side by side."""
        return self.query.kinds[0] if len(self.query.kinds) == 1 else ""

    @property
    def is_grouped(self) -> bool:
        """Whether answers stand by kind, the first few of each."""
        return not self.kind and self.view == "list"

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked."""
        return not self.query.text and not self.narrowed

    @property
    def narrowed(self) -> list[str]:
        """The names of what narrows it."""
        by_facet = [facet for facet in FACETS if self.query.asked(facet)]
        near = ["near"] if self.query.near is not None else []
        return by_facet + near + (["box"] if self.query.box is not None else [])

    @property
    def kept(self) -> dict[str, Any]:
        """What an address says of it, as it was understood."""
        return asking.params_of(self.query)

    @property
    def address(self) -> str:
        """The same as a query string: what one follows."""
        return urlencode(self.kept, doseq=True)

    def url(self, **changes: str | None) -> str:
        """The same with some parameters changed, back at the first page."""
        return with_params(self.params, **({"page": None} | changes))

    def chips(self) -> list[Chip]:
        """What narrows it, each with the address without it; the kind has its own line."""
        found = []
        for facet in FACETS[1:]:
            # A status that this kind never has is still said in words.
            labels = words.options(facet) | words.options(facet, self.kind)
            found += [
                Chip(labels.get(value, value), without_value(self.params, facet, value))
                for value in self.query.asked(facet)
            ]
        near, sort = self.query.near, self.query.sort
        if near is not None:
            label = _("Within %(km)s km of the position given") % {"km": numbers.number(near.km)}
            far = {"sort": None} if sort == "distance" else {}
            found.append(Chip(label, self.url(near=None, **far)))
        if self.query.box is not None:
            found.append(Chip(_("Within a rectangle of the map"), self.url(box=None)))
        if self.query.exact and self.query.text:
            found.append(Chip(_("Exactly as typed"), self.url(exact=None)))
        return found

    def clear_url(self) -> str:
        """The same words, everywhere."""
        return self.url(**dict.fromkeys((*NARROWING, "exact", "sort")))

    def without(self, *names: str) -> Query:
        """The query without some of :data:`NARROWING`, to be counted."""
        dropped: dict[str, Any] = {
            FIELDS.get(name, name): () if name in FIELDS else None for name in names
        }
        return replace(self.query, sort=Sort.RELEVANCE, limit=1, offset=0, **dropped)

    def radii(self) -> list[tuple[str, str, bool]]:
        """How far around the position one may look: words, address, whether it is so now."""
        near = self.query.near
        if near is None:
            return []
        return [
            (
                _("%(km)s km") % {"km": km},
                self.url(near=f"{near.lat:g},{near.lon:g},{km}"),
                near.km == km,
            )
            for km in (1, 2, 5, 10)
        ]


def question(params: QueryDict, now: datetime) -> Question:
    """What ``params`` ask at ``now``; what they say that is not known is noted."""
    query, left = asking.query_from(
        params, language=active_language(), now=now, known=words.known(), size=PAGE_SIZE
    )
    view = params.get("view", "")
    notes = [_note(each) for each in left if each.name != "view"]
    if view and view not in VIEWS:
        notes.append(left_out(view))
    view = view if view in VIEWS else "list"
    found = Question(_kept(params, query, left), query, view, query.offset // PAGE_SIZE + 1, notes)
    if found.is_grouped:
        found.query = replace(query, limit=GROUPED, offset=0)
    elif view == "map":
        found.query = replace(query, limit=ON_THE_MAP, offset=0)
    return found


def _kept(params: QueryDict, query: Query, left: list[asking.Left]) -> QueryDict:
    """``params`` as far as they were understood, without what a field left empty says: each link
    of the page repeats them.
    """
    kept = params.copy()
    for name in {*kept} - {*asking.NAMES, "view"} | {each.name for each in left if each.value}:
        if name not in FACETS:
            del kept[name]
    for name in kept:
        typed = [query.text if name == "q" else str(kept[name])[:LONGEST_KEPT]]
        kept.setlist(name, [v for v in (query.asked(name) if name in FACETS else typed) if v])
    return kept


def _note(left: asking.Left) -> str:
    if left.value:
        return left_out(left.value)
    name = {"name": echo(left.name)}
    return _("“%(name)s” is not a filter of this list; it was left out.") % name
