"""What is findable of the directory: organisations, programs, intakes, startups, solutions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from django.db.models import F

from core.deadlines import city_time
from search.documents.building import (
    NEXT,
    Facts,
    Moment,
    RecordKind,
    Related,
    first_of,
    follower_count,
    is_gone,
    label,
    labels,
    light,
    month,
    next_turn,
    pairs_in,
    popularity,
    sectors,
    slugs,
    standing,
    text,
    themes,
)
from startups.enums import IncubatorKind, IntakeStatus, Offer, Stage
from startups.models import CLOSING_SOON, Incubator, Intake, Program, Solution, Startup
from startups.querysets.listings import CANCELLED_FOR, PAST_FOR

# Of several doors, the one that a reader can use first says what a program is.
DOORS: Final = (
    IntakeStatus.CLOSING,
    IntakeStatus.OPEN,
    IntakeStatus.ROLLING,
    IntakeStatus.UPCOMING,
    IntakeStatus.CLOSED,
)
DATES: Final = ("opens_at", "closes_at", "is_rolling", "cancelled_at", "created_at")
LISTED: Final = ("slug", "state", "verified_on", "first_published_at", "created_at")


def _borough(path: str) -> dict[str, F]:
    """Address and centre of the borough that ``path`` leads to, read with the row."""
    return {f"borough_{name}": F(f"{path}__{name}") for name in ("slug", "lat", "lon")}


def _boroughs(record: Any) -> tuple[str, ...]:
    return (record.borough_slug,) if record.borough_slug else ()


def _centre(record: Any) -> tuple[tuple[float, float], ...]:
    return ((record.borough_lat, record.borough_lon),) if record.borough_slug else ()


def _listed(listing: Any, at: Moment, *, gone: bool) -> Facts:
    """What every listing says; one that is closed or merged is on no map."""
    vouched, turns_at = standing(listing.verified_on, listing.state, at)
    return {
        "themes": slugs(listing.its_themes),
        "boroughs": _boroughs(listing),
        "status": "gone" if gone else "active",
        "published_at": listing.first_published_at or listing.created_at,
        "turns_at": turns_at,
        "places": () if gone else _centre(listing),
        "standing": vouched,
    }


def _status_note(listing: Any, language: str) -> Iterable[str]:
    return (text(listing, "status_note", language),) if is_gone(listing.state) else ()


# ---- support organisations ----------------------------------------------------------------------
def _incubators(now: datetime) -> Any:
    return Incubator.objects.public().annotate(
        **_borough("borough"), follower_count=follower_count("incubator")
    )


def _incubator_facts(incubator: Any, at: Moment) -> Facts:
    facts = _listed(incubator, at, gone=is_gone(incubator.state))
    if facts["status"] == "active" and incubator.lat is not None:
        facts["places"] = ((incubator.lat, incubator.lon),)
    return {**facts, "popularity": popularity(incubator)}


INCUBATOR: Final = RecordKind(
    name="incubator",
    model=Incubator,
    select=_incubators,
    columns=(
        *(*LISTED, "name", "kind", "sectors", "offers", "address", "lat", "lon"),
        *pairs_in("summary", "about", "status_note"),
    ),
    related=(themes(Incubator, "incubator_id"),),
    url_name="incubator_detail",
    title="name",
    summary="summary",
    body=("about", "address"),
    facts=_incubator_facts,
    names=lambda i, language: (
        label(IncubatorKind, i.kind, language),
        *sectors(i, language),
    ),
    more=lambda i, language: (*labels(Offer, i.offers, language), *_status_note(i, language)),
)


# ---- programs -----------------------------------------------------------------------------------
def _run_by(path: str) -> dict[str, F]:
    """What is read of the organisation that runs a program."""
    names = ("name", "kind", "state", "lat", "lon")
    return {f"incubator_{name}": F(f"{path}__{name}") for name in names}


def _programs(now: datetime) -> Any:
    return (
        Program.objects.public()
        .filter(incubator__live=True)
        .annotate(
            **_run_by("incubator"),
            **_borough("incubator__borough"),
            follower_count=follower_count("program"),
        )
    )


def _standing(at: Moment) -> Any:
    return Intake.objects.standing().order_by("pk")


def _ends(intake: Any) -> list[datetime | None]:
    """The instants at which the clock makes something else of an intake."""
    if intake.cancelled_at is not None or intake.is_rolling or intake.closes_at is None:
        return []
    return [intake.opens_at, intake.closes_at - CLOSING_SOON, intake.closes_at + NEXT]


def _dates(intake: Any) -> Facts:
    """When it opens and closes; a rolling one is open since it was announced, at the latest."""
    if intake is None or intake.cancelled_at is not None:
        return {"opens_at": None, "closes_at": None}
    if intake.is_rolling:
        return {"opens_at": intake.opens_at or intake.created_at, "closes_at": None}
    return {"opens_at": intake.opens_at, "closes_at": intake.closes_at}


def _first_door(program: Any, now: datetime) -> tuple[IntakeStatus, Any]:
    """The door that a reader can use first, None when there is none: then it is closed."""
    found = [(DOORS.index(door.status(now)), door) for door in program.doors]
    rank, first = min(
        found, key=lambda f: (f[0], f[1].closes_at is None, f[1].closes_at), default=(-1, None)
    )
    return DOORS[rank], first


def _at(record: Any) -> tuple[tuple[float, float], ...]:
    """Where the organisation that runs it is, else the centre of its borough."""
    if record.incubator_lat is not None:
        return ((record.incubator_lat, record.incubator_lon),)
    return _centre(record)


def _known_stages(values: Iterable[Any] | None) -> tuple[str, ...]:
    return tuple(str(value) for value in values or () if value in Stage.values)


def _program_facts(program: Any, at: Moment) -> Facts:
    program.doors = [light(Intake, DATES, values) for values in program.door_dates]
    gone = is_gone(program.state, program.incubator_state)
    facts = _listed(program, at, gone=gone)
    # What is closed or merged takes nobody, whatever its dates were.
    status, door = (IntakeStatus.CLOSED, None) if gone else _first_door(program, at.now)
    ends = [] if gone else [end for door in program.doors for end in _ends(door)]
    return {
        **facts,
        "status": status.value,
        "stages": _known_stages(program.stages),
        **_dates(door),
        "turns_at": first_of(
            facts["turns_at"],
            next_turn(at.now, ends, lambda then: _first_door(program, then)[0]),
        ),
        "places": () if gone else _at(program),
        "popularity": popularity(program),
    }


PROGRAM: Final = RecordKind(
    name="program",
    model=Program,
    select=_programs,
    columns=(
        *(*LISTED, "sectors", "offers", "stages", "place"),
        *pairs_in("name", "summary", "about", "who", "selection", "status_note"),
    ),
    related=(
        themes(Program, "program_id"),
        Related("door_dates", _standing, "program_id", DATES),
    ),
    url_name="program_detail",
    title="name",
    summary="summary",
    body=("about", "who", "selection", "place"),
    facts=_program_facts,
    names=lambda p, language: (
        p.incubator_name,
        label(IncubatorKind, p.incubator_kind, language),
        *sectors(p, language),
    ),
    more=lambda p, language: (*labels(Offer, p.offers, language), *_status_note(p, language)),
)


# ---- intakes ------------------------------------------------------------------------------------
def _intakes(now: datetime) -> Any:
    read = (
        *("slug", "state", "verified_on", "stages"),
        *pairs_in("name", "summary", "who"),
    )
    return (
        Intake.objects.of_public_programs()
        .not_long_over(now)
        .annotate(
            **{f"program_{name}": F(f"program__{name}") for name in read},
            **_run_by("program__incubator"),
            **_borough("program__incubator__borough"),
            follower_count=follower_count("program", "program__slug"),
        )
    )


def _leaves_at(intake: Any) -> datetime | None:
    """From when on it is in no list any more."""
    over = None if intake.is_rolling else intake.closes_at
    forgotten = intake.cancelled_at
    return first_of(
        over + PAST_FOR + NEXT if over else None,
        forgotten + CANCELLED_FOR + NEXT if forgotten else None,
    )


def _intake_facts(intake: Any, at: Moment) -> Facts:
    vouched, turns_at = standing(intake.program_verified_on, intake.program_state, at)
    return {
        # It has no page of its own: the address of its program and its number.
        "slug": f"{intake.program_slug}-{intake.pk}",
        "themes": slugs(intake.its_themes),
        "boroughs": _boroughs(intake),
        "status": intake.status(at.now).value,
        "stages": _known_stages(intake.program_stages),
        "published_at": intake.created_at,
        **_dates(intake),
        "turns_at": first_of(
            turns_at, next_turn(at.now, _ends(intake), intake.status), _leaves_at(intake)
        ),
        "places": _at(intake),
        "popularity": popularity(intake),
        "standing": vouched,
    }


def _months(intake: Any, language: str) -> Iterable[str]:
    if intake.is_rolling:
        return
    for instant in (intake.opens_at, intake.closes_at):
        if instant is not None:
            day = city_time(instant).date()
            yield month(date(day.year, day.month, 1), language)


def _intake_more(intake: Any, language: str) -> Iterable[str]:
    yield text(intake, "program_who", language)
    if intake.cancelled_at is not None:
        yield text(intake, "cancelled_reason", language)


INTAKE: Final = RecordKind(
    name="intake",
    model=Intake,
    select=_intakes,
    columns=("program_id", *DATES, *pairs_in("how", "cancelled_reason")),
    related=(themes(Program, "program_id", "program_id"),),
    url_name="program_detail",
    title="program_name",
    summary="program_summary",
    body=("how",),
    facts=_intake_facts,
    names=lambda i, language: (
        i.incubator_name,
        label(IncubatorKind, i.incubator_kind, language),
        *_months(i, language),
    ),
    more=_intake_more,
    anchor=lambda intake: f"#intake-{intake.pk}",
    address=lambda intake: str(intake.program_slug),
)


# ---- startups and solutions ---------------------------------------------------------------------
def _startups(now: datetime) -> Any:
    return Startup.objects.public().annotate(**_borough("borough"))


STARTUP: Final = RecordKind(
    name="startup",
    model=Startup,
    select=_startups,
    columns=(
        *(*LISTED, "name", "stage", "sectors"),
        *pairs_in("tagline", "about", "status_note"),
    ),
    related=(themes(Startup, "startup_id"),),
    url_name="startup_detail",
    title="name",
    summary="tagline",
    body=("about",),
    facts=lambda startup, at: {
        **_listed(startup, at, gone=is_gone(startup.state)),
        "stages": _known_stages([startup.stage]),
    },
    names=lambda startup, language: (
        label(Stage, startup.stage, language),
        *sectors(startup, language),
    ),
    more=_status_note,
)

SOLUTION_TEXTS: Final = ("how", "trl_evidence", "ip", "privacy", "site_needs", "price")


def _solutions(now: datetime) -> Any:
    return (
        Solution.objects.public()
        .filter(startup__live=True)
        .annotate(
            startup_name=F("startup__name"),
            startup_state=F("startup__state"),
            **_borough("startup__borough"),
        )
    )


SOLUTION: Final = RecordKind(
    name="solution",
    model=Solution,
    select=_solutions,
    columns=(
        *(*LISTED, "trl", "certifications"),
        *pairs_in("name", "problem", "status_note", *SOLUTION_TEXTS),
    ),
    related=(themes(Solution, "solution_id"),),
    url_name="solution_detail",
    title="name",
    summary="problem",
    body=(*SOLUTION_TEXTS, "certifications"),
    facts=lambda solution, at: {
        **_listed(solution, at, gone=is_gone(solution.state, solution.startup_state)),
        # How far along it is: its technology readiness level, 1 to 9.
        "stages": (str(solution.trl),),
    },
    names=lambda solution, language: (solution.startup_name,),
    more=_status_note,
)

KINDS: Final = (INCUBATOR, PROGRAM, INTAKE, STARTUP, SOLUTION)
