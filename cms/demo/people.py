"""Accounts, organisations and the directory."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from cms.demo.accounts import ACCOUNTS, PASSWORD
from cms.demo.source import boroughs, pairs, read, themes
from core.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from startups.enums import ListingState
from startups.models import Deployment, Incubator, Intake, Need, Program, Solution, Startup

if TYPE_CHECKING:
    from cms.demo.source import Calendar

EXAMPLE_INCUBATOR = "atelier-exemple"
STATES = {"closed": ListingState.CLOSED, "merged": ListingState.MERGED}


def load_accounts() -> dict[str, User]:
    """The accounts of the contract, by the part of the address before the at sign."""
    found = {}
    for account in ACCOUNTS:
        user = User.objects.create_user(
            account.email,
            PASSWORD,
            name=account.name,
            is_demo=True,
            is_superuser=account.is_superuser,
            is_staff=account.is_superuser,
        )
        user.groups.set(Group.objects.filter(name__in=account.groups))
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        found[account.email.partition("@")[0]] = user
    return found


def load_incubators(calendar: Calendar) -> dict[str, Incubator]:
    """The verified support organisations: facts only, none claimed nor confirmed by itself."""
    found: dict[str, Incubator] = {}
    for record in read("organisations"):
        domain = record.get("website_domain")
        found[record["slug"]] = Incubator.objects.create(
            slug=record["slug"],
            name=record["name"],
            kind=record["kind"],
            state=STATES.get(record["status"], ListingState.UNCLAIMED),
            **pairs(record, "summary", "about", "status_note"),
            address=record["address"],
            borough=boroughs().get(record["borough"] or ""),
            founded_year=record["founded_year"] if record["founded_verified"] else None,
            website=f"https://{domain}/" if domain and record["website_verified"] else "",
            offers=record["offers"],
            sectors=record["sectors"],
            sources=record["sources"],
            languages=record["service_languages"],
            live=True,
            first_published_at=calendar.now,
            last_published_at=calendar.now,
        )
        _set_themes(found[record["slug"]], record)
    for record in read("organisations"):
        heir = found.get(record["merged_into"] or "")
        if heir is not None:
            Incubator.objects.filter(slug=record["slug"]).update(merged_into=heir)
    return found


def load_example_incubator(owner: User, calendar: Calendar) -> Incubator:
    """The one invented support organisation: a demonstration account must own something."""
    organisation = Organisation.objects.create(
        name="Atelier exemple", slug=EXAMPLE_INCUBATOR, kind=OrganisationKind.SUPPORT, is_demo=True
    )
    Membership.objects.create(user=owner, organisation=organisation, role=Role.OWNER)
    incubator: Incubator = Incubator.objects.create(
        slug=EXAMPLE_INCUBATOR,
        name="Atelier exemple",
        kind="incubator",
        state=ListingState.CLAIMED,
        organisation=organisation,
        summary_fr="Incubateur inventé pour la démonstration : voici ce que voit un membre.",
        summary_en="Incubator invented for the demonstration: this is what a member sees.",
        about_fr=(
            "Cette fiche n’est celle d’aucune organisation réelle. Elle appartient au compte de "
            "démonstration des incubateurs, qui peut en suivre les programmes."
        ),
        about_en=(
            "This page is that of no real organisation. It belongs to the demonstration account "
            "of incubators, which can follow its programs."
        ),
        borough=boroughs()["le-sud-ouest"],
        is_example=True,
        verified_on=calendar.today - timedelta(days=20),
        live=True,
        first_published_at=calendar.now,
    )
    incubator.themes.set([themes()["mobility"], themes()["public-space"]])
    incubator.save()
    return incubator


def load_programs(incubators: dict[str, Incubator], calendar: Calendar) -> int:
    """Programs with intakes around today; what is invented in them is marked."""
    for record in read("programs"):
        program = Program.objects.create(
            slug=record["slug"],
            incubator=incubators[record["organisation"]],
            **pairs(record, "name", "summary", "about", "who", "selection"),
            weeks=record["weeks"],
            format=record["format"],
            equity_percent=record["equity_percent"],
            fee=record["fee"],
            stipend=record["stipend"],
            stages=record["stages"],
            trl_min=record["trl_min"],
            trl_max=record["trl_max"],
            sectors=record["sectors"],
            offers=record["offers"],
            languages=record["languages"],
            is_example=bool(record["invented"] or record["example_fields"]),
            live=True,
            first_published_at=calendar.now,
        )
        _set_themes(program, record)
        Intake.objects.bulk_create(
            _intake(program, intake, calendar) for intake in record["intakes"]
        )
    return len(read("programs"))


def _intake(program: Program, record: dict[str, Any], calendar: Calendar) -> Intake:
    starts, weeks = record["cohort_starts_in_days"], record["cohort_weeks"]
    starts_on = calendar.today + timedelta(days=starts) if starts is not None else None
    rolling = record["rolling"]
    return Intake(
        program=program,
        opens_at=None if rolling else calendar.at(record["opens_in_days"], 9),
        closes_at=None if rolling else calendar.at(record["closes_in_days"], 17),
        is_rolling=rolling,
        cohort_starts_on=starts_on,
        cohort_ends_on=starts_on + timedelta(weeks=weeks) if starts_on and weeks else None,
        places=record["places"],
        **pairs(record, "how"),
        is_example=True,
    )


def load_startups(calendar: Calendar) -> dict[str, Startup]:
    """Invented startups, each with its organisation, needs and solutions."""
    found = {}
    for number, record in enumerate(read("startups")):
        organisation = Organisation.objects.create(
            name=record["name"],
            slug=record["slug"],
            kind=OrganisationKind.STARTUP,
            email_domain=f"{record['slug']}.example",
            is_demo=True,
        )
        startup = Startup.objects.create(
            slug=record["slug"],
            name=record["name"],
            organisation=organisation,
            state=ListingState.CLAIMED,
            **pairs(record, "tagline", "about"),
            founded_year=record["founded_year"],
            size_band=record["size_band"],
            stage=record["stage"],
            funding_stage=record["funding_stage"],
            borough=boroughs().get(record["borough"]),
            languages=record["languages"],
            verified_on=calendar.today - timedelta(days=7 * number % 160),
            is_example=True,
            live=True,
            first_published_at=calendar.now,
        )
        _set_themes(startup, record)
        Need.objects.bulk_create(
            Need(
                startup=startup,
                kind=need["kind"],
                **pairs(need, "text"),
                expires_on=calendar.today + timedelta(days=need["expires_in_days"]),
            )
            for need in record["needs"]
        )
        for solution in record["solutions"]:
            _solution(startup, solution, calendar)
        found[record["slug"]] = startup
    return found


def _solution(startup: Startup, record: dict[str, Any], calendar: Calendar) -> None:
    solution = Solution.objects.create(
        slug=record["slug"],
        startup=startup,
        organisation=startup.organisation,
        state=ListingState.CLAIMED,
        **pairs(
            record, "name", "problem", "how", "trl_evidence", "ip", "privacy", "site_needs", "price"
        ),
        trl=record["trl"],
        sees_people=record["sees_people"],
        certifications=record["certifications"],
        languages=startup.languages,
        verified_on=startup.verified_on,
        is_example=True,
        live=True,
        first_published_at=calendar.now,
    )
    _set_themes(solution, record)
    Deployment.objects.bulk_create(
        Deployment(
            solution=solution,
            sort_order=n,
            place=deployment["place"],
            year=deployment["year"],
            **pairs(deployment, "result"),
        )
        for n, deployment in enumerate(record["deployments"])
    )


def _set_themes(owner: Any, record: dict[str, Any]) -> None:
    owner.themes.set([themes()[slug] for slug in record["themes"]])
    owner.save()
