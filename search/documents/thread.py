"""What is findable of the thread: challenges, trials, verdicts, sites."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F

from core.deadlines import city_time
from pilots.domain.status import CLOSING_SOON, challenge_status
from pilots.enums import ChallengeState, PilotState, SiteKind, VerdictOutcome
from pilots.models import Challenge, Pilot, Site, SiteBooking, Stage, Verdict
from search.documents.building import (
    NEXT,
    Facts,
    Moment,
    RecordKind,
    Related,
    follower_count,
    label,
    light,
    next_turn,
    pairs_in,
    popularity,
    slugs,
    start_of,
    text,
    themes,
)

DAY: Final = timedelta(days=1)


# ---- challenges ---------------------------------------------------------------------------------
CHALLENGE_TEXTS: Final = (
    *("problem", "wanted", "offer_places", "offer_data", "offer_team", "offer_budget"),
    *("purchase", "source_city"),
)
STAGE: Final = ("opens_at", "closes_at", "grace_minutes")


def _challenges(now: datetime) -> Any:
    return (
        Challenge.objects.public()
        .with_dates()
        .annotate(
            **{f"stage_{name}": F(f"first_stage__{name}") for name in ("id", *STAGE)},
            follower_count=follower_count("challenge"),
        )
    )


def _stage_of(challenge: Any) -> Any:
    if challenge.stage_id is None:
        return None
    return light(Stage, STAGE, [getattr(challenge, f"stage_{name}") for name in STAGE])


def _challenge_facts(challenge: Any, at: Moment) -> Facts:
    stage = challenge.__dict__["first_stage"] = _stage_of(challenge)
    takes = stage is not None and challenge.state != ChallengeState.CANCELLED
    opens_at, closes_at = (stage.opens_at, stage.closes_at) if takes else (None, None)
    instants: list[datetime | None] = []
    if challenge.state == ChallengeState.PUBLISHED and stage is not None:
        instants.append(opens_at)
        if closes_at is not None:
            instants += [closes_at - CLOSING_SOON, closes_at + NEXT, closes_at + stage.grace + NEXT]
    centres = tuple((lat, lon) for _slug, lat, lon in challenge.its_boroughs)
    return {
        "themes": slugs(challenge.its_themes),
        "boroughs": slugs(challenge.its_boroughs),
        "status": challenge_status(challenge, at.now).value,
        "published_at": challenge.published_at,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "turns_at": next_turn(at.now, instants, lambda then: challenge_status(challenge, then)),
        # The places it offers, else the centres of its boroughs.
        "places": tuple(challenge.public_sites) or centres,
        "popularity": popularity(challenge),
    }


def _challenge_more(challenge: Any, language: str) -> Iterable[str]:
    if challenge.state == ChallengeState.CANCELLED:
        yield text(challenge, "cancelled_reason", language)


def _its_boroughs(at: Moment) -> Any:
    rows = Challenge.boroughs.through.objects
    return rows.order_by("borough__slug")


def _public_sites(at: Moment) -> Any:
    rows = Challenge.sites.through.objects.filter(site__is_public=True)
    return rows.order_by("site__name_fr", "site_id")


CHALLENGE: Final = RecordKind(
    name="challenge",
    model=Challenge,
    select=_challenges,
    columns=(
        *("slug", "reference", "state", "published_at"),
        *pairs_in("title", "summary", "department", "cancelled_reason", *CHALLENGE_TEXTS),
    ),
    related=(
        themes(Challenge, "challenge_id"),
        Related(
            "its_boroughs",
            _its_boroughs,
            "challenge_id",
            ("borough__slug", "borough__lat", "borough__lon"),
        ),
        Related("public_sites", _public_sites, "challenge_id", ("site__lat", "site__lon")),
    ),
    url_name="challenge_detail",
    title="title",
    summary="summary",
    body=CHALLENGE_TEXTS,
    facts=_challenge_facts,
    names=lambda c, language: (c.reference, text(c, "department", language)),
    more=_challenge_more,
)


# ---- trials -------------------------------------------------------------------------------------
def _held(of: str = "id") -> Related:
    """The sites that anyone may see of those that a trial holds, as ``public_sites``."""
    held = SiteBooking.objects.filter(site__is_public=True).order_by("starts_on", "pk")
    columns = ("site__borough__slug", "site__lat", "site__lon")
    return Related("public_sites", lambda at: held.all(), "pilot_id", columns, of)


def _where(record: Any) -> Facts:
    return {
        "themes": slugs(record.its_themes),
        "boroughs": slugs(record.public_sites),
        "places": tuple((lat, lon) for _slug, lat, lon in record.public_sites),
        "popularity": popularity(record),
    }


def _pilots(now: datetime) -> Any:
    return Pilot.objects.public().annotate(
        startup_name=F("startup__name"),
        solution_live=F("solution__live"),
        **{f"solution_{name}": F(f"solution__{name}") for name in pairs_in("name")},
        challenge_live=F("challenge__live"),
        **{f"challenge_{name}": F(f"challenge__{name}") for name in pairs_in("title")},
        follower_count=follower_count("pilot"),
    )


def _pilot_facts(pilot: Any, at: Moment) -> Facts:
    published_at = pilot.first_published_at or pilot.created_at
    return {**_where(pilot), "status": pilot.state, "published_at": published_at}


def _pilot_names(pilot: Any, language: str) -> Iterable[str]:
    yield pilot.reference
    yield pilot.startup_name
    if pilot.solution_live:
        yield text(pilot, "solution_name", language)


def _pilot_more(pilot: Any, language: str) -> Iterable[str]:
    if pilot.state == PilotState.SUSPENDED:
        yield text(pilot, "suspended_reason", language)
    elif pilot.state == PilotState.CANCELLED:
        yield text(pilot, "cancelled_reason", language)
    # The page says which challenge it answers.
    if pilot.challenge_live:
        yield text(pilot, "challenge_title", language)


PILOT_TEXTS: Final = ("hypothesis", "stop_rule", "notice")
PILOT: Final = RecordKind(
    name="pilot",
    model=Pilot,
    select=_pilots,
    columns=(
        *("slug", "reference", "state", "challenge_id", "first_published_at", "created_at"),
        *pairs_in("title", "summary", "suspended_reason", "cancelled_reason", *PILOT_TEXTS),
    ),
    related=(themes(Challenge, "challenge_id", "challenge_id"), _held()),
    url_name="pilot_detail",
    title="title",
    summary="summary",
    body=PILOT_TEXTS,
    facts=_pilot_facts,
    names=_pilot_names,
    more=_pilot_more,
)


# ---- verdicts -----------------------------------------------------------------------------------
def _verdicts(now: datetime) -> Any:
    read = ("slug", "reference", "challenge_id", *pairs_in("title"))
    return Verdict.objects.filter(pilot__live=True).annotate(
        **{f"pilot_{name}": F(f"pilot__{name}") for name in read},
        startup_name=F("pilot__startup__name"),
        follower_count=follower_count("pilot", "pilot__slug"),
    )


VERDICT: Final = RecordKind(
    name="verdict",
    model=Verdict,
    select=_verdicts,
    columns=("pilot_id", "outcome", "decided_at", *pairs_in("reasons", "role")),
    related=(themes(Challenge, "challenge_id", "pilot_challenge_id"), _held("pilot_id")),
    url_name="pilot_detail",
    title="pilot_title",
    summary="reasons",
    body=("role",),
    facts=lambda verdict, at: {
        **_where(verdict),
        "status": verdict.outcome,
        "published_at": verdict.decided_at,
    },
    names=lambda verdict, language: (
        label(VerdictOutcome, verdict.outcome, language),
        verdict.pilot_reference,
        verdict.startup_name,
    ),
    anchor=lambda verdict: "#verdict",
    address=lambda verdict: str(verdict.pilot_slug),
)


# ---- sites --------------------------------------------------------------------------------------
def _sites(now: datetime) -> Any:
    return Site.objects.public().annotate(borough_slug=F("borough__slug"))


def _holds(at: Moment) -> Any:
    return SiteBooking.objects.filter(ends_on__gte=at.today).order_by("starts_on", "pk")


def _site_status(site: Any, at: datetime) -> str:
    today = city_time(at).date()
    return "held" if any(first <= today <= last for first, last in site.holds) else "free"


def _site_facts(site: Any, at: Moment) -> Facts:
    ends = [start_of(day) for first, last in site.holds for day in (first, last + DAY)]
    return {
        "boroughs": (site.borough_slug,),
        "status": _site_status(site, at.now),
        "published_at": site.created_at,
        "turns_at": next_turn(at.now, ends, lambda then: _site_status(site, then)),
        "places": ((site.lat, site.lon),),
    }


SITE: Final = RecordKind(
    name="site",
    model=Site,
    select=_sites,
    columns=(
        *("slug", "kind", "lat", "lon", "created_at"),
        *pairs_in("name", "description", "equipment", "limits"),
    ),
    related=(Related("holds", _holds, "site_id", ("starts_on", "ends_on")),),
    url_name="site_detail",
    title="name",
    summary="description",
    body=("equipment", "limits"),
    facts=_site_facts,
    names=lambda site, language: (label(SiteKind, site.kind, language),),
)

KINDS: Final = (CHALLENGE, PILOT, VERDICT, SITE)
