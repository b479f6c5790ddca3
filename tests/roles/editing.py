"""Listings as their members write them: what there is to visit, and what is posted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from startups.domain import editing
from startups.domain.creating import create_listing
from startups.drafting import draft_of
from startups.models import Solution


def submit_a_solution(w: Any, now: datetime) -> None:
    """A solution of the members' organisation that waits for an answer."""
    owner = w.person("owner")
    common: dict[str, Any] = {"actor": owner, "now": now}
    w.waiting = create_listing(
        model=Solution,
        organisation=w.organisation,
        name="Compteur de pas",
        facts={"trl": 5},
        **common,
    )
    written = {"problem_fr": ("Combien passent ?", 0), "how_fr": ("Il compte.", 0)}
    editing.save_fields(listing=w.waiting, values=written, **common)
    read = draft_of(w.waiting).read
    w.edit = editing.submit_listing(listing=w.waiting, read=read, **common)


def _startup(w: Any) -> list[Any]:
    return ["startup", w.startup.pk]


def _waiting(w: Any) -> list[Any]:
    return ["solution", w.waiting.pk]


ARGUMENTS: dict[str, Callable[[Any], list[Any]]] = {
    "listing_create": lambda w: ["solution"],
    "listing_edit": _startup,
    "listing_save": lambda w: [*_startup(w), "about_fr"],
    "listing_preview": _startup,
    "listing_submit": _startup,
    "listing_withdraw": _waiting,
    "listing_discard": _startup,
    "listing_review": lambda w: [w.edit.pk],
    "listing_amend": lambda w: [w.edit.pk],
}
POSTED: dict[str, Callable[[Any], dict[str, Any]]] = {
    "listing_create": lambda w: {"title": "Autre capteur", "trl": "4"},
    "listing_edit": lambda w: {"about_fr": "Nous comptons.", "version-about_fr": "0"},
    "listing_save": lambda w: {"about_fr": "Nous comptons.", "version": "0"},
    "listing_submit": lambda w: {"read": draft_of(w.startup).read},
    "listing_review": lambda w: {"answer": "approve", "revision": w.edit.revision_id},
    "listing_amend": lambda w: {
        "name_fr": "Compteur",
        "problem_fr": "Combien ?",
        "how_fr": "Il compte.",
        "trl": "5",
        "revision": w.edit.revision_id,
    },
}
