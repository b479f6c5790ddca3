"""What startups and the example incubator say to each other, and how often its pages are read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cms.demo.source import pairs, read, themes
from core.languages import LANGUAGES, text_in
from startups.domain.viewing import week_of
from startups.enums import ListingState, RelaySide
from startups.models import (
    AlumniTie,
    Deployment,
    Intake,
    Interest,
    InterestWord,
    Need,
    Program,
    Relay,
    RelayWord,
    WeeklyViews,
)
from startups.profile import frozen_profile

if TYPE_CHECKING:
    from cms.demo.source import Calendar
    from core.accounts.models import User
    from startups.models import Incubator, Startup


def load_interest(
    incubator: Incubator, startups: dict[str, Startup], owner: User, calendar: Calendar
) -> int:
    """A program with two intakes, interests in three states, needs, a conversation, views."""
    facts = read("interest")
    program = _program(incubator, facts["program"], calendar)
    intake, _next = (_intake(program, record, calendar) for record in facts["intakes"])
    for record in facts["interests"]:
        _interest(intake, startups[record["startup"]], record, calendar)
    _needs(facts["needs"], startups, calendar)
    _relay(facts["relay"], startups, incubator, owner, calendar)
    _alumni(facts["alumni"], program, startups, calendar)
    Deployment.objects.filter(solution__slug=facts["contact_of"]).update(has_contact=True)
    _views(facts["views"], {"incubator": incubator.pk, "program": program.pk}, calendar)
    return len(facts["interests"])


def _program(incubator: Incubator, record: dict[str, Any], calendar: Calendar) -> Program:
    plain = ("slug", "weeks", "equity_percent", "fee", "stages", "trl_min", "trl_max")
    program: Program = Program.objects.create(
        **{name: record[name] for name in (*plain, "offers", "languages")},
        **pairs(record, "name", "summary", "about", "who"),
        incubator=incubator,
        organisation=incubator.organisation,
        state=ListingState.CLAIMED,
        verified_on=calendar.today - timedelta(days=20),
        is_example=True,
        live=True,
        first_published_at=calendar.now,
    )
    program.themes.set([themes()[slug] for slug in record["themes"]])
    program.save()
    return program


def _intake(program: Program, record: dict[str, Any], calendar: Calendar) -> Intake:
    return Intake.objects.create(
        program=program,
        opens_at=calendar.at(record["opens_in_days"], 9),
        closes_at=calendar.at(record["closes_in_days"], 17),
        places=record["places"],
        is_example=True,
    )


def _interest(intake: Intake, startup: Startup, record: dict[str, Any], calendar: Calendar) -> None:
    assert startup.organisation is not None  # each of the demonstration has one
    copy = frozen_profile(startup, list(startup.solutions.current()))
    sent_at = calendar.at(-record["days_ago"], 10)
    words = record["words"]
    interest = Interest.objects.create(
        intake=intake,
        startup=startup,
        organisation=startup.organisation,
        state=record["state"],
        waits_for=record["waits_for"],
        word=record["word"],
        declined_reason=record.get("reason", ""),
        frozen=copy.payload,
        fingerprint=copy.fingerprint,
        sent_at=sent_at,
        moved_at=calendar.at(-words[-1]["days_ago"], 15) if words else sent_at,
    )
    InterestWord.objects.bulk_create(
        InterestWord(
            interest=interest,
            side=word["side"],
            text=word["text"],
            at=calendar.at(-word["days_ago"], 15),
        )
        for word in words
    )


def _needs(records: list[dict[str, Any]], startups: dict[str, Startup], calendar: Calendar) -> None:
    Need.objects.bulk_create(
        Need(
            startup=startups[record["startup"]],
            kind=record["kind"],
            **pairs(record, "text"),
            expires_on=calendar.today + timedelta(days=record["expires_in_days"]),
        )
        for record in records
    )


def _relay(
    record: dict[str, Any],
    startups: dict[str, Startup],
    incubator: Incubator,
    owner: User,
    calendar: Calendar,
) -> None:
    startup = startups[record["startup"]]
    need = startup.needs.order_by("pk")[0]
    words = record["words"]
    relay = Relay.objects.create(
        startup=startup,
        need=need,
        **{f"about_{code}": text_in(need, "text", code) for code in LANGUAGES},
        organisation=incubator.organisation,
        author=owner,
        waits_for=RelaySide.WRITER,
        began_at=calendar.at(-record["days_ago"], 11),
        moved_at=calendar.at(-words[-1]["days_ago"], 11),
    )
    RelayWord.objects.bulk_create(
        RelayWord(
            relay=relay,
            side=word["side"],
            text=word["text"],
            at=calendar.at(-word["days_ago"], 11),
        )
        for word in words
    )


def _alumni(
    records: list[dict[str, Any]],
    program: Program,
    startups: dict[str, Startup],
    calendar: Calendar,
) -> None:
    """Ties that both sides said, and one that waits for the program's word."""
    AlumniTie.objects.bulk_create(
        AlumniTie(
            program=program,
            startup=startups[record["startup"]],
            year=calendar.today.year - record["years_ago"],
            startup_said_at=calendar.at(-30),
            program_said_at=calendar.at(-28) if record["is_confirmed"] else None,
        )
        for record in records
    )


def _views(counts: dict[str, list[int]], keys: dict[str, int], calendar: Calendar) -> None:
    last = week_of(calendar.now)
    WeeklyViews.objects.bulk_create(
        WeeklyViews(
            kind=kind,
            listing_pk=keys[kind],
            week=last - timedelta(weeks=len(numbers) - 1 - place),
            n=n,
        )
        for kind, numbers in counts.items()
        for place, n in enumerate(numbers)
        if n
    )
