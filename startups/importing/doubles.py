"""Whether a row is a listing that is here already, or another row of the same file."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rapidfuzz import fuzz, process

from core.accounts.doubles import SIMILAR, Likeness, comparable
from core.accounts.mail_domains import domain_of_site
from startups.importing.fields import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ARTICLES: Final = frozenset({"le", "la", "les", "l", "un", "une", "des", "du", "the", "a", "an"})
MOST: Final = 5
# Two names cannot be that alike when their lengths differ by more.
SHORTER: Final = SIMILAR / (200 - SIMILAR)


def folded(name: str) -> str:
    """A name as it is compared: no accents, legal form nor article in front."""
    words = comparable(name).split()
    while len(words) > 1 and words[0] in ARTICLES:
        words.pop(0)
    return " ".join(words)


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


@dataclass(frozen=True, slots=True)
class Found:
    """``same`` is the one that the row is for certain; ``alike`` those that it may be, and why."""

    same: Known | None
    alike: tuple[tuple[Known, Likeness], ...] = ()


class Directory:
    """What is known, by number, address, domain and name."""

    def __init__(self, kind: str) -> None:
        """The listings of ``kind``, whatever their state."""
        self.by_neq: dict[str, list[Known]] = defaultdict(list)
        self.by_slug: dict[str, Known] = {}
        self.by_domain: dict[str, list[Known]] = defaultdict(list)
        self.by_name: dict[str, list[Known]] = defaultdict(list)
        self.by_length: dict[int, list[str]] = defaultdict(list)
        rows = MODELS[kind].objects.order_by("pk")
        for pk, slug, name, site, neq in rows.values_list("pk", "slug", "name", "website", "neq"):
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


def known_row(number: int, facts: Mapping[str, Any]) -> Known:
    """A row as it is compared."""
    return Known(
        is_row=True,
        key=number,
        called=facts.get("name", ""),
        name=folded(facts.get("name", "")),
        domain=domain_of_site(facts.get("website", "")),
        neq=facts.get("neq", ""),
        slug=facts.get("slug", ""),
    )


def identity(row: Known) -> str:
    """What a choice made once is remembered by: the same row in another file has the same."""
    said = f"{row.name}\n{row.domain}\n{row.neq}"
    return hashlib.sha256(said.encode()).hexdigest()
