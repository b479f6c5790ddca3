"""What was found is shown if anybody may still read it.

The index follows the records by a second or two, and by as long as the worker stands still. What
was taken back meanwhile, by mistake published or erased, is not shown by its old words.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from search.documents import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from search.port import Hit, Results


def public_now(hits: Iterable[Hit], now: datetime) -> list[Hit]:
    """Those of ``hits`` that anyone may read at ``now``, in their order: a query for each kind."""
    found = list(hits)
    by_kind: dict[str, list[int]] = defaultdict(list)
    for hit in found:
        by_kind[hit.kind].append(hit.pk)
    there = {
        (name, pk)
        for name, pks in by_kind.items()
        if name in BY_NAME
        for pk in BY_NAME[name].rows(now).filter(pk__in=pks).values_list("pk", flat=True)
    }
    return [hit for hit in found if (hit.kind, hit.pk) in there]


def checked(results: Results, now: datetime) -> Results:
    """``results`` with the answers that anyone may read at ``now``."""
    hits = public_now(results.hits, now)
    gone = len(results.hits) - len(hits)
    return replace(results, hits=hits, count=max(0, results.count - gone)) if gone else results
