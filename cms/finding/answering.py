"""From a question to a page of answers: by kind, of one kind, or on the map."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from cms.directories.narrowing import Choice, ShownFacet, echo
from cms.finding import words
from cms.finding.asking import PAGE_SIZE
from cms.finding.presenting import places_of, shown
from search import finding, ranking
from search.asking import LAST_PAGE
from search.port import Sort
from search.present import checked

if TYPE_CHECKING:
    from datetime import datetime

    from cms.directories.listing import Place
    from cms.finding.asking import Question
    from cms.finding.presenting import Shown
    from search.port import Hit, Query, Results

# Of each kind, when they stand side by side.
FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of records with how many of them answer; ``hits`` are the first few."""

    name: str
    label: str
    count: int
    url: str
    is_chosen: bool = False
    hits: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Broader:
    """What one would find without one filter."""

    label: str
    count: int
    url: str


@dataclass(slots=True)
class Answer:
    """Everything that the page shows of the answers."""

    asked: Question
    results: Results
    kinds: list[Kind]
    everything: Kind
    facets: list[ShownFacet]
    sorts: list[tuple[str, str, str]]
    groups: list[Kind] = field(default_factory=list)
    hits: list[Shown] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    table: list[tuple[str, str, str]] = field(default_factory=list)
    broader: list[Broader] = field(default_factory=list)

    @property
    def pages(self) -> int:
        """How many pages one may turn."""
        if self.asked.is_grouped or self.asked.view == "map":
            return 1
        return min(LAST_PAGE, max(1, -(-self.results.count // PAGE_SIZE)))

    @property
    def has_filters(self) -> bool:
        """Whether there is anything to tick."""
        return any(facet.choices for facet in self.facets)

    @property
    def is_sortable(self) -> bool:
        """Whether another order would show anything else."""
        return self.results.count > 1 and self.asked.view == "list"

    @property
    def previous_url(self) -> str:
        """The page before; empty on the first."""
        number = self.asked.number
        if number == 1 or self.pages == 1:
            return ""
        return self.asked.url(page=str(number - 1) if number > 2 else None)

    @property
    def next_url(self) -> str:
        """The page after; empty on the last."""
        number = self.asked.number
        return self.asked.url(page=str(number + 1)) if number < self.pages else ""

    @property
    def list_url(self) -> str:
        """The same as rows."""
        return self.asked.url(view=None)

    @property
    def map_url(self) -> str:
        """The same on the map."""
        return self.asked.url(view="map")

    @property
    def typed_url(self) -> str:
        """The way back to what was typed, when something else was looked for."""
        return self.asked.url(exact="1")


def answer(asked: Question, now: datetime, *, with_why: bool = False) -> Answer:
    """What is found; ``with_why`` adds to each answer what its place was made of."""
    results = _found(asked.query, now)
    if not results.hits and results.count and asked.query.offset:
        asked.notes.append(
            _("There is no page “%(value)s”; here is the first.")
            % {"value": echo(asked.params.get("page", ""))}
        )
        asked.number, asked.query = 1, replace(asked.query, offset=0)
        results = _found(asked.query, now)
    kinds = _kinds(asked, results)
    found = Answer(
        asked=asked,
        results=results,
        kinds=kinds,
        everything=Kind(
            "",
            _("Everything"),
            sum(kind.count for kind in kinds),
            asked.url(kind=None),
            not asked.query.kinds,
        ),
        facets=_facets(asked, results),
        sorts=_sorts(asked),
    )

    def ready(hit: Hit) -> Shown:
        why = ranking.explain(hit, now) if with_why else []
        return shown(hit, now, [(line.label, line.value) for line in why])

    if asked.view == "map":
        found.places, found.table = places_of(results.hits)
    elif asked.is_grouped:
        found.groups = [
            replace(kind, hits=tuple(ready(hit) for hit in hits))
            for kind, hits in _grouped(asked, results, kinds, now)
        ]
    else:
        found.hits = [ready(hit) for hit in results.hits]
    if not results.count:
        found.broader = _broader(asked)
    return found


def _found(query: Query, now: datetime) -> Results:
    return checked(finding.search(query), now)


def _kinds(asked: Question, results: Results) -> list[Kind]:
    counts = results.facets.get("kind", {})
    return [
        Kind(name, label, counts.get(name, 0), asked.url(kind=name), name in asked.query.kinds)
        for name, label in words.kind_labels().items()
        if counts.get(name) or name in asked.query.kinds
    ]


def _grouped(
    asked: Question, results: Results, kinds: list[Kind], now: datetime
) -> list[tuple[Kind, list[Hit]]]:
    """The first few of each kind, the kind of the best answer first.

    Most are among the best of all; a kind that is not is asked for by itself.
    """
    by_kind: dict[str, list[Hit]] = {}
    for hit in results.hits:
        by_kind.setdefault(hit.kind, []).append(hit)
    looked_for = [k for k in kinds if k.count and (not asked.query.kinds or k.is_chosen)]
    for kind in looked_for:
        if len(by_kind.get(kind.name, ())) < min(FEW, kind.count):
            alone = replace(
                asked.query,
                kinds=(kind.name,),
                is_counted=False,
                is_loose=results.is_loose,
                limit=FEW,
                offset=0,
            )
            by_kind[kind.name] = _found(alone, now).hits
    rank = {name: place for place, name in enumerate(by_kind)}
    looked_for.sort(key=lambda kind: rank.get(kind.name, len(rank)))
    return [(kind, by_kind.get(kind.name, [])[:FEW]) for kind in looked_for]


def _facets(asked: Question, results: Results) -> list[ShownFacet]:
    found = []
    for facet, label in words.facet_labels().items():
        if facet == "kind":
            continue
        counts, chosen = results.facets.get(facet, {}), asked.query.asked(facet)
        choices = [
            Choice(value, text, str(counts.get(value, 0)), value in chosen)
            for value, text in words.options(facet, asked.kind).items()
            if counts.get(value) or value in chosen
        ]
        found.append(ShownFacet(facet, label, choices))
    return found


def _sorts(asked: Question) -> list[tuple[str, str, str]]:
    labels = {
        Sort.RELEVANCE: _("most relevant first"),
        Sort.CLOSING: _("closing first"),
        Sort.NEWEST: _("newest first"),
        Sort.NAME: _("by name"),
    }
    if asked.query.near is not None:
        labels[Sort.DISTANCE] = _("nearest first")
    return [
        (str(sort), label, asked.url(sort=None if sort == Sort.RELEVANCE else str(sort)))
        for sort, label in labels.items()
    ]


def _broader(asked: Question) -> list[Broader]:
    """What there is without one filter at a time, the most first; without any, if need be."""
    labels = {
        "kind": _("In every kind"),
        "theme": _("On every theme"),
        "borough": _("In every borough"),
        "status": _("With any status"),
        "stage": _("At any stage"),
        "near": _("Without the distance"),
        "box": _("Outside of the rectangle too"),
    }
    found = []
    for name in asked.narrowed:
        count = finding.search(asked.without(name)).count
        sort = {"sort": None} if name == "near" else {}
        if count:
            found.append(Broader(labels[name], count, asked.url(**{name: None}, **sort)))
    if len(asked.narrowed) > 1 and not found:
        count = finding.search(asked.without(*asked.narrowed)).count
        found += [Broader(_("Without any filter"), count, asked.clear_url())] if count else []
    return sorted(found, key=lambda broader: -broader.count)
