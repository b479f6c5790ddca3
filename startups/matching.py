"""Programs that offer what a startup looks for, and the door that opens next."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Exists, Min, OuterRef, Q, TextField
from django.db.models.functions import Cast

from startups.enums import GONE, OFFER_FOR, IntakeStatus, NeedKind
from startups.models import Intake, Program

if TYPE_CHECKING:
    from collections.abc import Iterable

    from startups.querysets import ProgramQuerySet

# What a reader can use first comes first.
DOORS: Final = (
    IntakeStatus.CLOSING,
    IntakeStatus.OPEN,
    IntakeStatus.ROLLING,
    IntakeStatus.UPCOMING,
)
MOST: Final = 5


def _programs() -> ProgramQuerySet:
    """Public programs that act, of organisations that act; what they offer, as text.

    A list of codes is JSON: SQLite has no containment, and text is read alike by both databases.
    """
    acting: ProgramQuerySet = (
        Program.objects.current()
        .filter(incubator__live=True)
        .exclude(incubator__state__in=GONE)
        .annotate(offered=Cast("offers", TextField()))
    )
    return acting


def _offers(kind: NeedKind) -> Q:
    return Q(offered__contains=f'"{OFFER_FOR[kind].value}"')


def how_many_offer(kinds: Iterable[NeedKind]) -> dict[NeedKind, int]:
    """How many programs offer each of ``kinds`` that a program can offer, in one query."""
    asked = [kind for kind in dict.fromkeys(kinds) if kind in OFFER_FOR]
    if not asked:
        return {}
    found = _programs().aggregate(
        **{kind.value: Count("pk", filter=_offers(kind)) for kind in asked}
    )
    return {kind: found[kind.value] for kind in asked}


def programs_offering(
    kind: NeedKind, now: datetime, most: int = MOST
) -> list[tuple[Program, tuple[Intake, IntakeStatus] | None]]:
    """Some of them, the open doors first, each with the intake that one can use first."""
    if kind not in OFFER_FOR:
        return []
    intakes = Intake.objects.filter(program=OuterRef("pk"))
    found = _programs().filter(_offers(kind)).select_related("incubator")
    found = found.annotate(
        is_open=Exists(intakes.accepting(now)),
        is_coming=Exists(intakes.upcoming(now)),
        closes=Min("intakes__closes_at", filter=Q(intakes__closes_at__gte=now)),
    ).order_by("-is_open", "-is_coming", "closes", "name_fr", "pk")
    rows = found.prefetch_related("intakes")[:most]
    return [(program, next_door(program, now)) for program in rows]


def next_door(program: Any, now: datetime) -> tuple[Intake, IntakeStatus] | None:
    """The intake that one can use first, with its status; None when all are closed."""
    far = datetime.max.replace(tzinfo=now.tzinfo)
    doors = [(intake, intake.status(now)) for intake in program.intakes.all()]
    return min(
        (door for door in doors if door[1] in DOORS),
        key=lambda door: (DOORS.index(door[1]), door[0].closes_at or far),
        default=None,
    )
