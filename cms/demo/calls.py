"""Sites, rules, and the verified challenges in every state of a call."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.text import slugify

from cms.demo.source import boroughs, pairs, read, themes
from pilots.domain.defaults import QUESTIONS
from pilots.enums import ChallengeState, QuestionKind
from pilots.models import Call, Challenge, Criterion, PermitRule, Question, Site, Stage

if TYPE_CHECKING:
    from cms.demo.source import Calendar

LENGTH = 35
HOME = "Montréal"
# With its preposition, which French joins to the name.
OF_CITY_FR = {
    "Amsterdam": "d’Amsterdam",
    "Barcelona": "de Barcelone",
    "Belfast and Dublin": "de Belfast et Dublin",
    "Groningen": "de Groningue",
    "Helsinki": "d’Helsinki",
    "State of Nevada": "de l’État du Nevada",
    "The Hague": "de La Haye",
}


class Moment(NamedTuple):
    """Where a call stands: its state, and days from today to its close."""

    state: ChallengeState
    closes_in: int


_P, _D = ChallengeState.PUBLISHED, ChallengeState.DECIDED
# What the board shows on an ordinary day; challenges of trials are decided and not among these.
MOMENTS = (
    *(Moment(_P, days) for days in (2, 4, 6, 9, 12, 15, 17, 20, 22, 25, 27, 30)),
    *(Moment(_P, days) for days in (39, 43, 48, 52)),
    *(Moment(_P, days) for days in (-3, -6, -9, -11, -13, -18)),
    *(Moment(_D, days) for days in (-40, -55, -70, -95)),
    *(Moment(ChallengeState.ARCHIVED, days) for days in (-300, -340, -420, -480)),
    *(Moment(ChallengeState.CANCELLED, days) for days in (-30, -120)),
    *(Moment(ChallengeState.DRAFT, days) for days in (50, 60)),
)
WHY_CANCELLED_FR = (
    "Le tronçon prévu pour l’essai est en chantier jusqu’à l’automne prochain. Le défi sera publié "
    "de nouveau ; les brouillons des équipes sont conservés."
)
WHY_CANCELLED_EN = (
    "The section meant for the trial is under construction until next autumn. The challenge will "
    "be published again; the drafts of the teams are kept."
)


def load_sites() -> dict[str, Site]:
    """Test sites across the boroughs, with their geometry."""
    return {
        record["slug"]: Site.objects.create(
            slug=record["slug"],
            kind=record["kind"],
            borough=boroughs()[record["borough"]],
            geometry=record["geometry"],
            lat=record["lat"],
            lon=record["lon"],
            **pairs(record, "name", "description", "equipment", "limits"),
            has_power=record["has_power"],
            has_network=record["has_network"],
            is_shared=record["is_shared"],
            is_example=True,
        )
        for record in read("sites")
    }


def load_permit_rules(calendar: Calendar) -> int:
    """Example rules for every borough that has a site."""
    rules = [
        PermitRule(
            borough=borough,
            site_kind=record["kind"],
            **pairs(record, "label"),
            delay_days=record["delay_days"] + borough.pk % 3 * 5,
            fee=record["fee"],
            source="exemple",
            is_example=True,
            valid_from=date(calendar.today.year - 3, 1, 1),
        )
        for borough in boroughs().values()
        for record in read("permits")
    ]
    return len(PermitRule.objects.bulk_create(rules))


def load_challenges(calendar: Calendar, sites: dict[str, Site]) -> dict[str, Challenge]:
    """The verified challenges; those of a trial are decided before it begins."""
    trials = {trial["challenge"]: trial for trial in read("pilots")}
    others = iter(MOMENTS * 2)
    plans = []
    for record in read("challenges"):
        trial = trials.get(record["slug"])
        moment = (
            Moment(_D, min(trial["starts_in_days"], 0) - 45) if trial is not None else next(others)
        )
        plans.append((moment, record))
    # The earliest published has the lowest number of its year.
    plans.sort(key=lambda plan: (plan[0].closes_in, plan[1]["slug"]))
    numbers: dict[int, int] = {}
    return {
        record["slug"]: _challenge(record, moment, calendar, sites, numbers)
        for moment, record in plans
    }


def _challenge(
    record: dict[str, Any],
    moment: Moment,
    calendar: Calendar,
    sites: dict[str, Site],
    numbers: dict[int, int],
) -> Challenge:
    stage = _stage(record, moment, calendar)
    assert stage.opens_at is not None
    is_draft = moment.state == ChallengeState.DRAFT
    # Upcoming calls are published a little before they open.
    published = min(stage.opens_at - timedelta(days=8), calendar.now - timedelta(hours=5))
    number = 0
    if not is_draft:
        numbers[published.year] = number = numbers.get(published.year, 0) + 1
        Call.objects.filter(pk=stage.call_id).update(frozen_at=published)
    decided = moment.state in (_D, ChallengeState.ARCHIVED)
    cancelled = moment.state == ChallengeState.CANCELLED
    challenge: Challenge = Challenge.objects.create(
        slug=record["slug"],
        reference="" if is_draft else f"{published.year}-{number:02d}",
        state=moment.state,
        call=stage.call,
        title_fr=record["title_fr"],
        title_en=record["title_en"],
        **pairs(
            record,
            *("summary", "problem", "wanted", "offer_places", "offer_data", "offer_team"),
            *("purchase", "department", "contact_role"),
        ),
        budget_max=record["budget_max"],
        contact_email="bancdessai@ville.example",
        sdgs=record["sdg"],
        trial_weeks=record["trial_weeks"],
        source_city_fr=_of_city(record["city"]),
        source_city_en="" if record["city"] == HOME else record["city"],
        source_year=record["year"],
        source_programme=record["programme"] or "",
        source_reference=record["source"] or "",
        is_example=True,
        live=not is_draft,
        published_at=None if is_draft else published,
        first_published_at=None if is_draft else published,
        last_published_at=None if is_draft else published,
        decided_at=calendar.at(moment.closes_in + 14, 10) if decided else None,
        cancelled_reason_fr=WHY_CANCELLED_FR if cancelled else "",
        cancelled_reason_en=WHY_CANCELLED_EN if cancelled else "",
    )
    challenge.themes.set([themes()[slug] for slug in record["themes"]])
    places = [boroughs()[slug] for slug in record["boroughs"]]
    challenge.boroughs.set(places)
    challenge.sites.set([site for site in sites.values() if site.borough in places][:3])
    challenge.save()
    return challenge


def _of_city(city: str) -> str:
    return "" if city == HOME else OF_CITY_FR.get(city, f"de {city}")


def _stage(record: dict[str, Any], moment: Moment, calendar: Calendar) -> Stage:
    closes_at = calendar.at(moment.closes_in, 17)
    stage: Stage = Stage.objects.create(
        call=Call.objects.create(),
        number=1,
        opens_at=calendar.at(moment.closes_in - LENGTH, 9),
        questions_until=closes_at - timedelta(days=7),
        closes_at=closes_at,
        decision_by=calendar.today + timedelta(days=moment.closes_in + 14),
    )
    own = record["question"]
    questions = [
        *QUESTIONS,
        {
            "key": slugify(own["key"])[:50],
            "kind": QuestionKind.LONG,
            **pairs(own, "label", "help"),
            "max_words": own["max_words"],
        },
    ]
    Question.objects.bulk_create(
        Question(stage=stage, sort_order=n, **question) for n, question in enumerate(questions)
    )
    Criterion.objects.bulk_create(
        Criterion(stage=stage, sort_order=n, weight=c["weight"], **pairs(c, "label", "guide"))
        for n, c in enumerate(record["criteria"])
    )
    return stage
