"""Logos, people by role, terms and alumni of the demonstration's own organisations."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from cms.demo.people import EXAMPLE_INCUBATOR
from cms.demo.source import pairs, read, themes
from core.accounts.models import Membership
from startups.domain.pictures import LOGO, SOLUTION_PICTURE, store_picture
from startups.models import (
    AlumniTie,
    Incubator,
    IncubatorPerson,
    Intake,
    Program,
    SolutionFile,
    Startup,
    StartupPerson,
)

if TYPE_CHECKING:
    from cms.demo.source import Calendar
    from core.accounts.models import Organisation, User

SIDE: Final = 256
OPENED_DAYS_AGO: Final = 12
CLOSES_IN_DAYS: Final = 33


def load_records(users: dict[str, User], calendar: Calendar) -> int:
    """Fill what the pages of the accounts' organisations say; answers how many ties."""
    facts = read("records")
    incubator = _incubator(facts["example_incubator"])
    for record in facts["programs"]:
        _program(record, incubator, calendar)
    startups = {}
    for record in facts["startups"]:
        startups[record["account"]] = _startup(record, users[record["account"]])
    for record in facts["ties"]:
        _tie(record, startups[record["startup"]], calendar)
    return len(facts["ties"])


def _incubator(record: dict[str, Any]) -> Incubator:
    found: Incubator = Incubator.objects.get(slug=EXAMPLE_INCUBATOR)
    plain = ("legal_form", "founded_year", "address", "lat", "lon", "website", "links", "offers")
    for name in (*plain, "sectors", "logo_alt_fr", "logo_alt_en"):
        setattr(found, name, record[name])
    found.logo = _logo(record, found.organisation)
    found.save()
    for number, person in enumerate(record["people"]):
        IncubatorPerson.objects.create(incubator=found, sort_order=number, **person)
    return found


def _program(record: dict[str, Any], incubator: Incubator, calendar: Calendar) -> None:
    plain = ("weeks", "format", "place", "equity_percent", "fee", "stipend", "applicants")
    lists = ("stages", "trl_min", "trl_max", "sectors", "offers", "languages", "slug")
    program = Program.objects.create(
        incubator=incubator,
        **pairs(record, "name", "summary", "about", "who", "selection"),
        **{name: record[name] for name in (*plain, *lists)},
        any_sector=record.get("any_sector", False),
        verified_on=calendar.today - timedelta(days=20),
        is_example=True,
        live=True,
        first_published_at=calendar.now,
    )
    program.themes.set([themes()[slug] for slug in record["themes"]])
    program.save()
    if record["weeks"] > 20:
        Intake.objects.create(
            program=program, is_rolling=True, is_example=True, languages=record["languages"]
        )
        return
    starts_on = calendar.today + timedelta(days=60)
    Intake.objects.create(
        program=program,
        opens_at=calendar.at(-OPENED_DAYS_AGO, 9),
        closes_at=calendar.at(CLOSES_IN_DAYS, 17),
        cohort_starts_on=starts_on,
        cohort_ends_on=starts_on + timedelta(weeks=record["weeks"]),
        places=8,
        languages=record["languages"],
        fee=0,
        contact="Admissions",
        how_fr="Deux pages, puis une démonstration.",
        how_en="Two pages, then a demonstration.",
        is_example=True,
    )


def _startup(record: dict[str, Any], owner: User) -> Startup:
    organisation = Membership.objects.select_related("organisation").get(user=owner).organisation
    found: Startup = Startup.objects.get(organisation=organisation)
    found.logo = _logo(record, organisation)
    found.logo_alt_fr, found.logo_alt_en = record["logo_alt_fr"], record["logo_alt_en"]
    found.sectors = record["sectors"]
    found.website = f"https://{found.slug}.example/"
    found.save()
    for number, person in enumerate(record["people"]):
        StartupPerson.objects.create(
            startup=found,
            sort_order=number,
            email=f"{person['box']}@{found.slug}.example",
            **pairs(person, "role"),
        )
    if record.get("picture_fr"):
        solution = found.solutions.order_by("pk").first()
        upload = SimpleUploadedFile("appareil.png", _drawn(record["colour"], "pole", 1200, 800))
        stored = store_picture(
            upload=upload, kind=SOLUTION_PICTURE, organisation=organisation, actor=owner
        )
        SolutionFile.objects.create(
            solution=solution, file=stored, **pairs(record, caption="picture")
        )
        solution.deployments.update(has_contact=True)
        solution.site_power, solution.site_network = "mains", "cellular"
        solution.site_mounting, solution.site_area = "pole", "0.25"
        solution.save()
    return found


def _tie(record: dict[str, Any], startup: Startup, calendar: Calendar) -> None:
    said = {f"{side}_said_at": calendar.at(-9 - n, 10) for n, side in enumerate(record["said_by"])}
    AlumniTie.objects.create(
        startup=startup,
        program=Program.objects.get(slug=record["program"]),
        year=calendar.today.year - record["years_ago"],
        **said,
    )


def _logo(record: dict[str, Any], organisation: Organisation | None) -> Any:
    upload = SimpleUploadedFile("marque.png", _drawn(record["colour"], record["shape"]))
    return store_picture(upload=upload, kind=LOGO, organisation=organisation, actor=None)


def _drawn(colour: str, shape: str, width: int = SIDE, height: int = SIDE) -> bytes:
    """A simple shape of one colour on white."""
    image = Image.new("RGB", (width, height), "#e6eae5" if shape == "pole" else "white")
    pen = ImageDraw.Draw(image)
    match shape:
        case "bench":
            pen.rectangle((32, 104, 224, 136), fill=colour)
            for left in (52, 180):
                pen.rectangle((left, 136, left + 24, 216), fill=colour)
            pen.rectangle((96, 56, 160, 104), outline=colour, width=12)
        case "rings":
            for left in (24, 76, 128):
                pen.ellipse((left, 76, left + 104, 180), outline=colour, width=16)
        case "waves":
            for top in (72, 136):
                pen.arc((24, top, 128, top + 72), 180, 360, fill=colour, width=18)
                pen.arc((112, top, 216, top + 72), 0, 180, fill=colour, width=18)
        case _:
            pen.rectangle((0, 660, width, height), fill="#8b9992")
            pen.rectangle((580, 120, 610, 660), fill="#14201d")
            pen.rectangle((520, 180, 670, 330), fill=colour)
            pen.ellipse((565, 225, 625, 285), fill="white")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
