"""The whole demonstration, in the order in which a city would have lived it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management import call_command
from django.db import transaction

from cms.demo import (
    alive,
    calls,
    editing,
    fit,
    intakes,
    interest,
    links,
    people,
    records,
    source,
    trials,
)
from cms.demo.files import Files
from core.accounts.models import Membership, Role
from core.audit import log
from core.taxonomy.models import CitySettings
from pilots.enums import ChallengeState
from pilots.models import Application, Challenge
from startups.models import Startup

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cms.demo.source import Calendar
    from core.accounts.models import User

REVIEWED = (1.0, 0.7, 0.45, 0.0)


@transaction.atomic
def load_demo(*, now: datetime, say: Callable[[str], None]) -> None:
    """Fill an empty database; ``say`` is told each step."""
    source.forget()
    calendar = source.Calendar(now)
    settings = CitySettings.load()
    settings.is_demo = True
    settings.save()
    users = people.load_accounts()
    startups = _load_directory(users, calendar, say)
    sites = calls.load_sites()
    calls.load_permit_rules(calendar)
    challenges = calls.load_challenges(calendar, sites)
    say(f"{len(challenges)} challenges, {len(sites)} sites")
    files = Files(calendar, list(startups.values()), users)
    for record in source.read("pilots"):
        challenge, startup = challenges[record["challenge"]], startups[record["startup"]]
        pilot = trials.load_pilot(record, calendar, challenge, startup, sites, users["pilote"])
        received = files.for_challenge(challenge, winner=startup)
        files.review(challenge, received, 1.0)
        files.decide(challenge, received)
        trials.attach(pilot, received[0])
    _other_calls(files, challenges)
    say(f"{len(source.read('pilots'))} trials, {Application.objects.count()} applications")
    log.record(
        actor=None,
        action="demo.loaded",
        target=settings,
        public={"challenges": len(challenges), "startups": len(startups)},
        now=now,
    )
    # That of a search server is built by the worker: nothing here waits for another machine.
    call_command("search_rebuild", target="database", verbosity=0, stdout=Silent())


def _load_directory(
    users: dict[str, User], calendar: Calendar, say: Callable[[str], None]
) -> dict[str, Startup]:
    """Who helps and who invents, then what happens between them and with the city."""
    incubators = people.load_incubators(calendar)
    example = people.load_example_incubator(users["incubateur"], calendar)
    say(f"{len(incubators)} support organisations")
    say(f"{people.load_programs(incubators, calendar)} programs")
    intakes.load_intakes(example, calendar)
    fit.load_terms()
    startups = people.load_startups(calendar)
    _give_owners(startups, users)
    say(f"{len(startups)} startups")
    say(f"{records.load_records(users, calendar)} ties between startups and programs")
    shown = interest.load_interest(example, startups, users["incubateur"], calendar)
    say(f"{shown} interests in programs")
    links.load_links(calendar)
    alive.load_alive(users, calendar)
    editing.load_editing(users, calendar)
    return startups


def _give_owners(startups: dict[str, Startup], users: dict[str, User]) -> None:
    """The demonstration's members own a startup that has a running trial, and another one."""
    running = [r["startup"] for r in source.read("pilots") if r["state"] == "running"]
    preparing = [r["startup"] for r in source.read("pilots") if r["state"] == "preparing"]
    first = running[0]
    second = next(slug for slug in [*preparing, *startups] if slug != first)
    for account, slug in (("startup", first), ("startup2", second)):
        organisation = startups[slug].organisation
        assert organisation is not None
        Membership.objects.create(user=users[account], organisation=organisation, role=Role.OWNER)


def _other_calls(files: Files, challenges: dict[str, Challenge]) -> None:
    """Calls without a trial: open ones receive, closed ones are read, some chose nobody."""
    reviewed = 0
    for challenge in challenges.values():
        if challenge.pilots.exists() or challenge.state in (
            ChallengeState.DRAFT,
            ChallengeState.CANCELLED,
        ):
            continue
        received = files.for_challenge(challenge)
        assert challenge.stage is not None
        assert challenge.stage.closes_at is not None
        if not received or challenge.stage.closes_at > files.calendar.now:
            continue
        part = 1.0
        if challenge.state == ChallengeState.PUBLISHED:
            part = REVIEWED[reviewed % len(REVIEWED)]
            reviewed += 1
        files.review(challenge, received, part)
        if challenge.state != ChallengeState.PUBLISHED:
            files.decide(challenge, received)


class Silent:
    """Where a command's own words go when the loader speaks for it."""

    def write(self, *_words: object) -> None:
        """Say nothing."""

    def flush(self) -> None:
        """Nothing waits."""
