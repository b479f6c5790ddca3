"""What a startup says of itself to an incubator: the public facts, frozen as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import translation

from core.freeze import Frozen, freeze
from core.languages import LANGUAGES, active_language
from startups.facts import facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from startups.models import Listing, Solution, Startup


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of a frozen profile in the reader's language; ``language`` is that of its words."""

    label: str
    value: str
    language: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A startup or a solution of a frozen profile."""

    name: str
    kind: str
    slug: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that reads otherwise today than when it was sent."""

    of: str
    label: str
    before: str
    after: str
    language: str


def frozen_profile(startup: Startup, solutions: Iterable[Solution]) -> Frozen:
    """The public facts of ``startup`` and of ``solutions``, in both languages, and their print."""
    return freeze({"startup": _sheet(startup), "solutions": [_sheet(each) for each in solutions]})


def _sheet(listing: Listing) -> dict[str, Any]:
    said = {}
    for code in LANGUAGES:
        with translation.override(code):
            said[code] = (str(listing), facts_of(listing))
    return {
        "kind": listing._meta.model_name,
        "slug": listing.slug,
        "name": {code: said[code][0] for code in LANGUAGES},
        "facts": [
            {
                "name": fact.name,
                "language": fact.language,
                "label": {code: said[code][1][n].label for code in LANGUAGES},
                "value": {code: said[code][1][n].value for code in LANGUAGES},
            }
            for n, fact in enumerate(said[LANGUAGES[0]][1])
        ],
    }


def sheets_of(payload: dict[str, Any]) -> list[Sheet]:
    """The startup, then its solutions, as a reader of the active language sees them."""
    code = active_language()
    return [
        Sheet(
            name=sheet["name"][code],
            kind=sheet["kind"],
            slug=sheet["slug"],
            lines=[
                Line(_label(fact, code), fact["value"][code], fact["language"])
                for fact in sheet["facts"]
                if fact["value"][code]
            ],
        )
        for sheet in _raw(payload)
    ]


def fact_of(sheet: dict[str, Any], name: str) -> str:
    """The value of one fact of a frozen sheet, in the active language; empty when not there."""
    code = active_language()
    return next((str(f["value"][code]) for f in sheet["facts"] if f["name"] == name), "")


def changes_since(payload: dict[str, Any], startup: Startup) -> list[Change]:
    """What the public pages say otherwise now. A listing that is public no more says nothing."""
    now = frozen_profile(startup, _still_public(payload, startup)).payload
    today = {(sheet["kind"], sheet["slug"]): sheet for sheet in _raw(now)}
    return [
        change
        for sheet in _raw(payload)
        if (after := today.get((sheet["kind"], sheet["slug"]))) is not None
        for change in _changes(sheet, after)
    ]


def _still_public(payload: dict[str, Any], startup: Startup) -> list[Solution]:
    slugs = [sheet["slug"] for sheet in payload["solutions"]]
    return list(startup.solutions.current().filter(slug__in=slugs)) if slugs else []


def _changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    code = active_language()
    values = {fact["name"]: fact["value"][code] for fact in after["facts"]}
    for fact in before["facts"]:
        was, is_now = fact["value"][code], values.get(fact["name"])
        if is_now is not None and is_now != was:
            label = _label(fact, code)
            yield Change(after["name"][code], label, was, is_now, fact["language"])


def _raw(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return [payload["startup"], *payload["solutions"]]


def _label(fact: dict[str, Any], code: str) -> str:
    label: str = fact["label"][code]
    return label[:1].upper() + label[1:]
