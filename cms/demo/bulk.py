"""Synthetic records for load: fixed proportions, fixed seed, the same rows each time."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.core.management import call_command
from django.db import transaction
from django.db.models import Max

from cms.demo.load import Silent
from cms.demo.source import Calendar, boroughs, themes
from core.accounts.models import Organisation, OrganisationKind
from core.freeze import freeze
from pilots.enums import ApplicationState, ChallengeState
from pilots.models import Application, Call, Challenge, Criterion, Question, Stage
from startups.enums import ListingState
from startups.models import Incubator, Program, Solution, Startup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import Model

BATCH: Final = 1000
# Shares of the records asked for.
SHARES: Final = {
    "challenges": 0.15,
    "startups": 0.2,
    "solutions": 0.3,
    "programs": 0.1,
    "applications": 0.25,
}
VERBS = (
    ("Réduire", "Reduce"),
    ("Mesurer", "Measure"),
    ("Partager", "Share"),
    ("Prévoir", "Forecast"),
    ("Simplifier", "Simplify"),
    ("Éclairer", "Light"),
)
THINGS = (
    ("le bruit des chantiers", "construction noise"),
    ("l’attente aux arrêts", "waiting at stops"),
    ("les nids-de-poule", "potholes"),
    ("les îlots de chaleur", "heat islands"),
    ("les demandes de permis", "permit requests"),
    ("la collecte des matières organiques", "organic waste collection"),
    ("le stationnement de livraison", "delivery parking"),
    ("les fuites du réseau d’eau", "leaks in the water network"),
    ("le déneigement des abribus", "snow clearing of bus shelters"),
)
PLACES = (
    ("près des écoles", "near schools"),
    ("dans les ruelles", "in alleys"),
    ("le long du canal", "along the canal"),
    ("dans les parcs", "in parks"),
    ("autour des hôpitaux", "around hospitals"),
)


def add_synthetic(size: int, *, say: Callable[[str], None]) -> None:
    """Add about ``size`` records in :data:`SHARES`; each batch is kept on its own."""
    maker = Synthetic()
    for kind, share in SHARES.items():
        wanted, made = round(size * share), 0
        rows = getattr(maker, kind)(wanted)
        while batch := list(islice(rows, BATCH)):
            with transaction.atomic():
                made += maker.write(kind, batch)
            say(f"{kind}: {made} of {wanted}")
    say("search index")
    call_command("search_rebuild", verbosity=0, stdout=Silent())


class Synthetic:
    """Makes rows; numbers go on from those there are, so that it can be run again."""

    def __init__(self) -> None:
        """Reads what there is."""
        self.random = random.Random("load")  # noqa: S311  the same rows each time
        self.calendar = Calendar()
        self.themes = list(themes().values())
        self.boroughs = list(boroughs().values())
        self.incubators = list(Incubator.objects.order_by("pk"))
        self.offset = max(
            model.objects.aggregate(last=Max("pk"))["last"] or 0
            for model in (Organisation, Challenge)
        )

    def title(self) -> tuple[str, str]:
        """A problem in both languages."""
        parts = [self.random.choice(bank) for bank in (VERBS, THINGS, PLACES)]
        return " ".join(p[0] for p in parts), " ".join(p[1] for p in parts)

    def challenges(self, count: int) -> Iterator[Challenge]:
        """Published challenges around today, each with its call."""
        for n in range(count):
            fr, en = self.title()
            opens = self.calendar.at(self.random.randint(-400, 20))
            yield Challenge(
                slug=f"charge-{self.offset}-{n}",
                reference=f"C{self.offset}-{n}",
                state=ChallengeState.PUBLISHED,
                call=Call(frozen_at=opens),
                title_fr=f"{fr} ({n})",
                title_en=f"{en} ({n})",
                summary_fr=f"{fr} : enregistrement d’essai de charge.",
                summary_en=f"{en}: load test record.",
                problem_fr=f"{fr}. " * 8,
                problem_en=f"{en}. " * 8,
                budget_max=self.random.randrange(10_000, 120_000, 500),
                is_example=True,
                live=True,
                published_at=opens - timedelta(days=5),
                first_published_at=opens - timedelta(days=5),
            )

    def startups(self, count: int) -> Iterator[Startup]:
        """Profiles, each with its organisation."""
        for n in range(count):
            fr, en = self.title()
            slug = f"charge-{self.offset}-{n}"
            organisation = Organisation(
                name=f"Charge {n}", slug=slug, kind=OrganisationKind.STARTUP, is_demo=True
            )
            yield Startup(
                slug=slug,
                name=f"Charge {self.offset}-{n}",
                organisation=organisation,
                state=ListingState.CLAIMED,
                tagline_fr=fr,
                tagline_en=en,
                about_fr=f"{fr}. " * 6,
                about_en=f"{en}. " * 6,
                borough=self.random.choice(self.boroughs),
                **self._listed(),
            )

    def solutions(self, count: int) -> Iterator[Solution]:
        """Solutions of the synthetic startups in turn."""
        owners = list(Startup.objects.filter(slug__startswith=f"charge-{self.offset}-"))
        for n in range(count if owners else 0):
            fr, en = self.title()
            yield Solution(
                slug=f"charge-{self.offset}-{n}",
                startup=owners[n % len(owners)],
                organisation_id=owners[n % len(owners)].organisation_id,
                state=ListingState.CLAIMED,
                name_fr=f"{fr} {n}",
                name_en=f"{en} {n}",
                problem_fr=f"{fr}. " * 4,
                problem_en=f"{en}. " * 4,
                how_fr=f"{fr}. " * 6,
                how_en=f"{en}. " * 6,
                trl=self.random.randint(3, 9),
                **self._listed(),
            )

    def programs(self, count: int) -> Iterator[Program]:
        """Programs of invented shape; they hang on the one invented organisation."""
        own = [i for i in self.incubators if i.is_example] or self.incubators
        for n in range(count if own else 0):
            fr, en = self.title()
            yield Program(
                slug=f"charge-{self.offset}-{n}",
                incubator=own[n % len(own)],
                name_fr=f"{fr} {n}",
                name_en=f"{en} {n}",
                summary_fr=fr,
                summary_en=en,
                about_fr=f"{fr}. " * 6,
                about_en=f"{en}. " * 6,
                weeks=self.random.randint(4, 40),
                **self._listed(),
            )

    def applications(self, count: int) -> Iterator[Application]:
        """Received applications, spread over the synthetic challenges."""
        mine = f"charge-{self.offset}-"
        owners = list(Startup.objects.filter(slug__startswith=mine).only("pk", "organisation_id"))
        stages = list(
            Stage.objects.filter(call__challenges__slug__startswith=mine).values_list(
                "pk", "call__challenges__pk", "call__challenges__reference", "opens_at"
            )
        )
        for n in range(count if owners and stages else 0):
            stage, challenge, reference, opens = stages[n % len(stages)]
            # Another startup at each turn of the challenges: no pair twice.
            owner = owners[(n // len(stages) + n % len(stages)) % len(owners)]
            frozen = freeze({"number": f"{reference}-{n}", "language": "fr", "answers": []})
            yield Application(
                challenge_id=challenge,
                stage_id=stage,
                organisation_id=owner.organisation_id,
                startup=owner,
                state=ApplicationState.SUBMITTED,
                number=f"{reference}-{n // len(stages) + 1:03d}",
                submitted_at=opens + timedelta(days=3),
                frozen=frozen.payload,
                fingerprint=frozen.fingerprint,
            )

    def _listed(self) -> dict[str, Any]:
        return {
            "verified_on": self.calendar.today - timedelta(days=self.random.randint(0, 300)),
            "is_example": True,
            "live": True,
            "first_published_at": self.calendar.now,
        }

    def write(self, kind: str, rows: list[Any]) -> int:
        """One batch with what hangs on its rows."""
        if kind == "challenges":
            Call.objects.bulk_create([row.call for row in rows])
            for row in rows:
                row.call_id = row.call.pk
        if kind == "startups":
            Organisation.objects.bulk_create([row.organisation for row in rows])
            for row in rows:
                row.organisation_id = row.organisation.pk
        type(rows[0]).objects.bulk_create(rows)
        if kind == "challenges":
            self._stages(rows)
            self._link(Challenge.boroughs.through, rows, "borough_id", self.boroughs)
        if kind != "applications":
            self._link(type(rows[0]).themes.through, rows, "theme_id", self.themes)
        return len(rows)

    def _stages(self, rows: list[Challenge]) -> None:
        stages = Stage.objects.bulk_create(
            Stage(
                call_id=row.call_id,
                opens_at=row.published_at + timedelta(days=5) if row.published_at else None,
                closes_at=row.published_at + timedelta(days=40) if row.published_at else None,
                decision_by=(row.published_at + timedelta(days=54)).date()
                if row.published_at
                else None,
            )
            for row in rows
        )
        Question.objects.bulk_create(
            Question(stage=stage, key="solution", label_fr="Que proposez-vous ?")
            for stage in stages
        )
        Criterion.objects.bulk_create(
            Criterion(stage=stage, label_fr="Effet sur le problème", weight=100) for stage in stages
        )

    def _link(self, through: type[Model], rows: list[Any], column: str, targets: list[Any]) -> None:
        owner = f"{rows[0]._meta.model_name}_id"
        through._default_manager.bulk_create(
            through(**{owner: row.pk, column: self.random.choice(targets).pk}) for row in rows
        )
