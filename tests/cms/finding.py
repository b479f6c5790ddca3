"""Answers for the pages of search, as an engine would give them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from search import present
from search.port import Hit, Query, Results


def make_hit(pk: int = 1, **fields: Any) -> Hit:
    """A challenge found."""
    return Hit(
        **{
            "kind": "challenge",
            "pk": pk,
            "slug": f"defi-{pk}",
            "title": f"Défi {pk}",
            "summary": "Une phrase.",
            "url": f"/fr/defis/defi-{pk}/",
            "score": 1.0,
            **fields,
        }
    )


@dataclass
class Engine:
    """Answers each query by ``reply``, and remembers what was asked."""

    reply: Callable[[Query], Results]
    asked: list[Query] = field(default_factory=list)

    def search(self, query: Query) -> Results:
        self.asked.append(query)
        return self.reply(query)


def all_are_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an engine of a test finds stands for records that it did not make."""
    monkeypatch.setattr(present, "public_now", lambda hits, now: list(hits))
