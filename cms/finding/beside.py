"""What a record's page proposes beside it: what fits it, and what resembles it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Q, prefetch_related_objects
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _

from cms.directories.listing import Tag
from cms.directories.programs import INTAKE_TONES, program_when
from cms.finding import reasons
from cms.finding.presenting import Shown, shown
from core.languages import active_language
from pilots.domain.status import challenge_status
from pilots.enums import ChallengeStatus, PilotState
from pilots.models import Challenge, Pilot
from search import finding, present
from search.models import Dismissal
from search.port import Key
from startups.enums import GONE, NeedKind
from startups.matching import programs_offering
from startups.models import Incubator, Need, Program, Solution, Startup

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User
    from search.finding import Likeness

MOST: Final = 5
UPCOMING: Final = ChallengeStatus.UPCOMING
TAKING: Final = (ChallengeStatus.OPEN, ChallengeStatus.CLOSING, ChallengeStatus.GRACE)
# What has such a page, and may be proposed on one.
RECORDS: Final[dict[str, Any]] = {
    "challenge": Challenge,
    "solution": Solution,
    "program": Program,
    "incubator": Incubator,
    "startup": Startup,
    "pilot": Pilot,
    "need": Need,
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A record proposed, and why."""

    key: Key
    shown: Shown
    reasons: tuple[str, ...]

    @property
    def value(self) -> str:
        """What a form says of it."""
        return f"{self.key.kind}:{self.key.pk}"


@dataclass(frozen=True, slots=True)
class Section:
    """Proposals of one sort under their heading."""

    title: str
    rows: list[Proposed]


def sections(
    key: Key, record: Any, user: User | AnonymousUser, now: datetime
) -> tuple[list[Section], int]:
    """What to propose beside ``record``, and how many ``user`` found irrelevant there."""
    without = Dismissal.objects.visible_to(user).beside(key).keys()
    found = []
    match key.kind:
        case "challenge" if challenge_status(record, now) in (UPCOMING, *TAKING):
            found.append(Section(_("Solutions that could fit"), _solutions(record, without, now)))
        case "solution":
            found.append(Section(_("Open calls that could suit it"), _calls(record, without, now)))
        case "need":
            found.append(Section("", _programs(record, without, now)))
    if key.kind != "need":
        found.append(Section(_("Similar records"), _similar(key, without, now)))
    return [section for section in found if section.rows], len(without)


def _like(key: Key, without: set[Key], now: datetime, **where: Any) -> list[Likeness]:
    """Nearest first; a likeness that nothing in words shows is none."""
    likes = finding.similar(key, active_language(), without=without, limit=MOST, now=now, **where)
    told = [like for like in likes if like.words or like.themes]
    public = {(hit.kind, hit.pk) for hit in present.public_now([like.hit for like in told], now)}
    return [like for like in told if (like.hit.kind, like.hit.pk) in public]


def _proposed(like: Likeness, now: datetime, more: Sequence[str] = ()) -> Proposed:
    hit = replace(like.hit, marked_title="", extract="")
    why = (*reasons.in_common(like), *more)
    return Proposed(Key(hit.kind, hit.pk), shown(hit, now), why)


def _similar(key: Key, without: set[Key], now: datetime) -> list[Proposed]:
    return [_proposed(like, now) for like in _like(key, without, now, kinds=(key.kind,))]


def _solutions(challenge: Challenge, without: set[Key], now: datetime) -> list[Proposed]:
    """For a challenge: solutions that act, with what shows that they work."""
    # Those that are closed take no place from those that act.
    where = {"kinds": ("solution",), "statuses": ("active",)}
    likes = _like(Key("challenge", challenge.pk), without, now, **where)
    boroughs = list(challenge.boroughs.all()) if likes else []
    acting = Solution.objects.public().exclude(state__in=GONE).filter(startup__live=True)
    concluded = Q(pilots__live=True, pilots__state=PilotState.CONCLUDED)
    rows = {
        solution.pk: solution
        for solution in acting.filter(pk__in=[like.hit.pk for like in likes])
        .select_related("startup__borough")
        .annotate(
            concluded=Count("pilots", filter=concluded, distinct=True),
            deployed=Count("deployments", distinct=True),
        )
    }
    return [
        _proposed(
            like,
            now,
            reasons.same_borough(rows[like.hit.pk].startup.borough, boroughs)
            + reasons.of_solution(rows[like.hit.pk]),
        )
        for like in likes
        if like.hit.pk in rows
    ]


def _calls(solution: Solution, without: set[Key], now: datetime) -> list[Proposed]:
    """For a solution: the calls that take applications at ``now``."""
    key = Key("solution", solution.pk)
    likes = _like(key, without, now, kinds=("challenge",), statuses=[str(s) for s in TAKING])
    found = Challenge.objects.public().with_dates().filter(pk__in=[like.hit.pk for like in likes])
    rows = {c.pk: c for c in found.for_lists() if challenge_status(c, now) in TAKING}
    borough = solution.startup.borough
    return [
        _proposed(like, now, reasons.same_borough(borough, rows[like.hit.pk].boroughs.all()))
        for like in likes
        if like.hit.pk in rows
    ]


def _programs(need: Need, without: set[Key], now: datetime) -> list[Proposed]:
    """For a need: the programs that offer it, the open doors first."""
    found = programs_offering(NeedKind(need.kind), now, MOST + len(without))
    kept = [(p, door) for p, door in found if Key("program", p.pk) not in without][:MOST]
    prefetch_related_objects([program for program, _door in kept], "themes", "incubator__borough")
    best = Solution.objects.public().filter(startup=need.startup).order_by("-trl")
    trl = best.values_list("trl", flat=True).first() if kept else None
    rows = []
    for program, door in kept:
        big, small = program_when(door, now)
        row = Shown(
            url=program.get_absolute_url(),
            title=conditional_escape(program.name),
            extract=conditional_escape(program.incubator.name),
            kind=_("Program"),
            tags=(Tag(str(door[1].label), INTAKE_TONES.get(door[1], "")),) if door else (),
            meta=(),
            big=big,
            small=small or _("No intake is announced."),
        )
        why = tuple(reasons.of_program(program, need, trl))
        rows.append(Proposed(Key("program", program.pk), row, why))
    return rows


def page_of(key: Key, record: Any) -> str:
    """The address of a record's page."""
    return (
        reverse("need_detail", args=[record.pk])
        if key.kind == "need"
        else str(record.get_absolute_url())
    )
