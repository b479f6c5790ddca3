"""Which documents say something of a record: they are written again when it changes.

A document says the name of who runs what it tells, themes of the challenge that a trial answers,
places of the sites that it holds. Each row of :data:`SAID_BY` is one of these; words of themes and
names of boroughs are in none, for the query knows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.taxonomy.models import Borough, Theme
from pilots.models import Challenge, Pilot, Site, Stage, Verdict
from search.documents.kinds import BY_MODEL, BY_NAME
from startups.models import Incubator, Intake, Program, Solution, Startup

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from django.db.models import Model

# Of each model, the kinds that say something of it, with the path from their records to it.
SAID_BY: Final[dict[type[Model], tuple[tuple[str, str], ...]]] = {
    Challenge: (("pilot", "challenge"), ("verdict", "pilot__challenge")),
    Stage: (("challenge", "call__stages"),),
    Pilot: (("verdict", "pilot"), ("site", "bookings__pilot")),
    Verdict: (("pilot", "verdict"),),
    Site: (
        ("challenge", "sites"),
        ("pilot", "bookings__site"),
        ("verdict", "pilot__bookings__site"),
    ),
    Startup: (
        ("solution", "startup"),
        ("pilot", "startup"),
        ("verdict", "pilot__startup"),
    ),
    Solution: (("pilot", "solution"),),
    Incubator: (("program", "incubator"), ("intake", "program__incubator")),
    Program: (("intake", "program"),),
    Intake: (("program", "intakes"),),
    Theme: (
        ("challenge", "themes"),
        ("pilot", "challenge__themes"),
        ("verdict", "pilot__challenge__themes"),
        ("startup", "themes"),
        ("solution", "themes"),
        ("incubator", "themes"),
        ("program", "themes"),
        ("intake", "program__themes"),
    ),
    Borough: (
        ("challenge", "boroughs"),
        ("site", "borough"),
        ("pilot", "bookings__site__borough"),
        ("verdict", "pilot__bookings__site__borough"),
        ("startup", "borough"),
        ("solution", "startup__borough"),
        ("incubator", "borough"),
        ("program", "incubator__borough"),
        ("intake", "program__incubator__borough"),
    ),
}

# Of what one follows, the kinds that say about how many do, with the path to its address.
COUNTED_BY: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "challenge": (("challenge", "slug"),),
    "pilot": (("pilot", "slug"), ("verdict", "pilot__slug")),
    "incubator": (("incubator", "slug"),),
    "program": (("program", "slug"), ("intake", "program__slug")),
}


def affected(model: type[Any], pks: Collection[int]) -> Iterator[tuple[str, list[int]]]:
    """Kinds and keys of what is written again when records of ``model`` changed, theirs first.

    Also of what is not public: what was and is not any more has to be forgotten.
    """
    if not pks:
        return
    own = BY_MODEL.get(model)
    if own is not None:
        yield own.name, sorted(set(pks))
    yield from _along(SAID_BY.get(model, ()), pks)


def followed(kind: str, slug: str) -> Iterator[tuple[str, list[int]]]:
    """The same when somebody follows, or not any more, what has this address."""
    return _along(COUNTED_BY.get(kind, ()), [slug])


def _along(
    paths: Iterable[tuple[str, str]], values: Collection[Any]
) -> Iterator[tuple[str, list[int]]]:
    for name, path in paths:
        rows = BY_NAME[name].model._default_manager.filter(**{f"{path}__in": list(values)})
        found = sorted(set(rows.order_by().values_list("pk", flat=True)))
        if found:
            yield name, found
