"""Whether a row is a listing that is here already, or another row of the same file."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rapidfuzz import fuzz, process

from core.accounts.doubles import SIMILAR, Likeness
from core.accounts.mail_domains import domain_of_site
from startups.enums import ImportKind
from startups.importing.fields import MODELS
from startups.importing.names import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.db.models import QuerySet

MOST: Final = 5
# Two names cannot be that alike when their lengths differ by more.
SHORTER: Final = SIMILAR / (200 - SIMILAR)


@dataclass(frozen=True, slots=True)
class Known:
    """A listing (``is_row`` false) or a row of the file; ``key`` is its key or its number,
    ``name`` what it is ``called``, folded."""

    is_row: bool
    key: int
    called: str
    name: str
    domain: str
    neq: str
    slug: str
    # Of a program, the key of the support organisation that runs it.
    house: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """``same`` is the one that the row is for certain; ``alike`` those that it may be, and why."""

    same: Known | None
    alike: tuple[tuple[Known, Likeness], ...] = ()


class Directory:
    """What is known, by number, address, domain and name."""

    def __init__(self, listings: QuerySet[Any]) -> None:
        """Those of ``listings``, whatever their state."""
        self.by_neq: dict[str, list[Known]] = defaultdict(list)
        self.by_slug: dict[str, Known] = {}
        self.by_domain: dict[str, list[Known]] = defaultdict(list)
        self.by_name: dict[str, list[Known]] = defaultdict(list)
        self.by_length: dict[int, list[str]] = defaultdict(list)
        rows = listings.order_by("pk").values_list("pk", "slug", "name", "website", "neq")
        for pk, slug, name, site, neq in rows:
            self.add(Known(False, pk, name, folded(name), domain_of_site(site), neq, slug))

    def add(self, known: Known) -> None:
        """One more, for the rows that follow."""
        if known.neq:
            self.by_neq[known.neq].append(known)
        if known.slug:
            self.by_slug.setdefault(known.slug, known)
        if known.domain:
            self.by_domain[known.domain].append(known)
        if known.name not in self.by_name:
            self.by_length[len(known.name)].append(known.name)
        self.by_name[known.name].append(known)

    def find(self, row: Known) -> Found:
        """The one that ``row`` is, or those that it may be: listings before rows, five at most."""
        if same := self._same(row):
            return Found(same)
        alike: dict[Known, Likeness] = {}
        for known in self.by_domain.get(row.domain, ()):
            alike.setdefault(known, Likeness.DOMAIN)
        for known in self._called_alike(row.name):
            # Two enterprise numbers are two enterprises.
            if not (row.neq and known.neq):
                alike.setdefault(known, Likeness.NAME)
        ordered = sorted(alike.items(), key=lambda pair: (pair[0].is_row, pair[0].key))
        return Found(None, tuple(ordered[:MOST]))

    def _same(self, row: Known) -> Known | None:
        if row.neq and (found := self.by_neq.get(row.neq)):
            return found[0]
        if row.slug and row.slug in self.by_slug:
            return self.by_slug[row.slug]
        for known in self.by_name.get(row.name, ()):
            if row.domain and known.domain == row.domain and not (row.neq and known.neq):
                return known
        return None

    def _called_alike(self, name: str) -> Iterator[Known]:
        least, most = int(len(name) * SHORTER), int(len(name) / SHORTER) + 1
        for length in range(least, most + 1):
            names = self.by_length.get(length)
            if names:
                close = process.extract(
                    name, names, scorer=fuzz.ratio, processor=None, score_cutoff=SIMILAR, limit=MOST
                )
                for called, _score, _place in close:
                    yield from self.by_name[called][:MOST]


class Programs:
    """Programs, by the organisation that runs them: those of two are never the same."""

    def __init__(self, listings: QuerySet[Any]) -> None:
        """Those of ``listings``, whatever their state."""
        self.by_slug: dict[str, Known] = {}
        self.of_house: dict[int, dict[str, list[Known]]] = defaultdict(lambda: defaultdict(list))
        rows = listings.order_by("pk").values_list("pk", "slug", "name_fr", "incubator_id")
        for pk, slug, name, house in rows:
            self.add(Known(False, pk, name, folded(name), "", "", slug, house))

    def add(self, known: Known) -> None:
        """One more, for the rows that follow."""
        if known.slug:
            self.by_slug.setdefault(known.slug, known)
        self.of_house[known.house][known.name].append(known)

    def find(self, row: Known) -> Found:
        """The one that ``row`` is, or those that it may be: listings before rows, five at most."""
        here = self.by_slug.get(row.slug)
        if here is not None and here.house == row.house:
            return Found(here)
        names = self.of_house[row.house]
        if row.name in names:
            return Found(names[row.name][0])
        close = process.extract(
            row.name, list(names), scorer=fuzz.ratio, processor=None, score_cutoff=SIMILAR
        )
        alike = [(known, Likeness.NAME) for called, _s, _p in close for known in names[called]]
        alike.sort(key=lambda pair: (pair[0].is_row, pair[0].key))
        return Found(None, tuple(alike[:MOST]))


def directory_of(kind: str, among: QuerySet[Any] | None = None) -> Directory | Programs:
    """What is known of ``kind``: all of it, or what is ``among`` it."""
    listings = MODELS[kind].objects.all() if among is None else among
    return Programs(listings) if kind == ImportKind.PROGRAM else Directory(listings)


def known_row(number: int, facts: Mapping[str, Any]) -> Known:
    """A row as it is compared."""
    name = facts.get("name") or facts.get("name_fr", "")
    return Known(
        is_row=True,
        key=number,
        called=name,
        name=folded(name),
        domain=domain_of_site(facts.get("website", "")),
        neq=facts.get("neq", ""),
        slug=facts.get("slug", ""),
        house=facts.get("incubator", 0),
    )


def identity(row: Known) -> str:
    """What a choice made once is remembered by: the same row in another file has the same."""
    said = f"{row.name}\n{row.domain}\n{row.neq}" + (f"\n{row.house}" if row.house else "")
    return hashlib.sha256(said.encode()).hexdigest()
