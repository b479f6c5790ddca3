"""Facets counted by combination: which sets of values records have, each under one number.

Thousands of records share a few hundred combinations of kind, themes, boroughs, status and stages.
A database groups by one number, and what the numbers mean is known here: any facet can be counted
without its own filter from the same answer.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from search.port import FACETS, Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeAlias

    Chosen: TypeAlias = Mapping[str, tuple[str, ...]]


def said(document: Document) -> str:
    """The combination of ``document``, as it is kept."""
    return json.dumps([sorted(set(document.values(facet))) for facet in FACETS])


class Combinations:
    """The combinations known so far, by number."""

    def __init__(self) -> None:
        """Knows none."""
        self.last = 0
        self.number: dict[str, int] = {}
        self._values: dict[int, list[list[str]]] = {}
        self._having: dict[tuple[str, str], set[int]] = defaultdict(set)

    def learn(self, rows: Iterable[tuple[int, str]]) -> None:
        """Add numbers with what :func:`said` of them."""
        for number, text in rows:
            values = json.loads(text)
            self.last = max(self.last, number)
            self.number[text] = number
            self._values[number] = values
            for facet, found in zip(FACETS, values, strict=True):
                for value in found:
                    self._having[facet, value].add(number)

    def knows(self, numbers: Iterable[int]) -> bool:
        """Whether all of ``numbers`` have been learnt."""
        return self._values.keys() >= set(numbers)

    def allowed(self, chosen: Chosen) -> set[int] | None:
        """Numbers that have one value of each facet chosen; None when nothing is chosen."""
        sets = [self._of(facet, values) for facet, values in chosen.items() if values]
        return set.intersection(*sets) if sets else None

    def counts(
        self, of: Mapping[int, int], chosen: Chosen
    ) -> tuple[int, dict[str, dict[str, int]]]:
        """How many records in all, and by facet without its own filter.

        ``of`` says how many records each combination has before any facet is chosen.
        """
        asked = {facet: self._of(facet, values) for facet, values in chosen.items() if values}
        facets: dict[str, dict[str, int]] = {}
        for at, facet in enumerate(FACETS):
            others = [numbers for name, numbers in asked.items() if name != facet]
            found: Counter[str] = Counter()
            for number in set(of).intersection(*others) if others else of:
                n = of[number]
                for value in self._values[number][at]:
                    found[value] += n
            facets[facet] = dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
        kept = set(of).intersection(*asked.values()) if asked else of
        return sum(of[number] for number in kept), facets

    def _of(self, facet: str, values: Iterable[str]) -> set[int]:
        return set().union(*(self._having.get((facet, value), set()) for value in values))
