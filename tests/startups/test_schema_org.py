"""What machines read on the pages of the directory, by a parser that is not ours."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from pyld import jsonld

from core.addresses import site_url
from core.files.models import StoredFile
from startups.models import (
    Incubator,
    IncubatorPerson,
    Intake,
    Program,
    SolutionFile,
    StartupPerson,
)
from tests import factories

pytestmark = pytest.mark.django_db
VOCABULARY = "https://schema.org/"
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
HOSTILE = 'Tremplin</script><script>alert(1)</script>&amp;"'
# Of each type, the properties that schema.org gives it and that we use.
PROPERTIES = {
    "WebPage": "url name inLanguage dateModified lastReviewed mainEntity",
    "Organization": "name url description foundingDate dissolutionDate knowsLanguage sameAs logo "
    "contactPoint numberOfEmployees address location",
    "EducationalOccupationalProgram": "url name description provider educationalProgramMode "
    "timeToComplete programPrerequisites offers applicationStartDate applicationDeadline startDate "
    "endDate maximumEnrollment",
    "Product": "url name description manufacturer image additionalProperty",
    "Event": "url name description startDate endDate eventStatus eventAttendanceMode location "
    "organizer inLanguage about maximumAttendeeCapacity offers",
    "PropertyValue": "name value minValue maxValue",
    "QuantitativeValue": "minValue maxValue",
    "ContactPoint": "contactType name email",
    "ImageObject": "contentUrl caption",
    "PostalAddress": "streetAddress",
    "Place": "name geo address",
    "VirtualLocation": "url",
    "GeoCoordinates": "latitude longitude",
    "Offer": "price priceCurrency url",
}


def loader(url: str, options: Any) -> dict[str, Any]:
    """The context without the network."""
    assert url == "https://schema.org"
    return {
        "contextUrl": None,
        "documentUrl": url,
        "contentType": "application/ld+json",
        "document": {"@context": {"@vocab": VOCABULARY}},
    }


def read(record: Any, language: str = "en") -> list[dict[str, Any]]:
    """The nodes of a page, expanded."""
    with translation.override(language):
        address = record.get_absolute_url()
    html = Client().get(address).content.decode()
    blocks = BLOCK.findall(html)
    assert len(blocks) == 1
    nodes: list[dict[str, Any]] = jsonld.expand(
        json.loads(blocks[0]), {"documentLoader": loader, "base": "https://ailleurs.example/"}
    )
    for node in nodes:
        known(node)
    return nodes


def known(node: dict[str, Any]) -> None:
    """Every type and property, however deep, is one of schema.org's."""
    if "@value" in node or set(node) == {"@id"}:
        return
    (kind,) = node["@type"]
    said = {key for key in node if not key.startswith("@")}
    allowed = PROPERTIES[kind.removeprefix(VOCABULARY)].split()
    assert said <= {f"{VOCABULARY}{name}" for name in allowed}
    for key in said:
        for each in node[key]:
            known(each)


def of(nodes: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [node for node in nodes if node["@type"] == [f"{VOCABULARY}{kind}"]]


def values(node: dict[str, Any], name: str) -> list[Any]:
    return [each.get("@value", each.get("@id")) for each in node.get(f"{VOCABULARY}{name}", [])]


def child(node: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = node[f"{VOCABULARY}{name}"]
    assert isinstance(found, dict)
    return found


@pytest.fixture
def incubator() -> Incubator:
    found: Incubator = Incubator.objects.create(
        slug="tremplin",
        name=HOSTILE,
        kind="accelerator",
        summary_fr="Une phrase.",
        summary_en="A sentence.",
        about_fr="Un paragraphe.",
        founded_year=1996,
        website="https://tremplin.example/",
        links=["https://reseau.example/"],
        address="1, rue du Port",
        lat=45.5,
        lon=-73.55,
        languages=["fr", "en"],
        live=True,
    )
    IncubatorPerson.objects.create(incubator=found, role_fr="Accueil", email="a@tremplin.example")
    IncubatorPerson.objects.create(incubator=found, role_fr="Direction")
    return found


@pytest.fixture
def program(incubator: Incubator) -> Program:
    found: Program = Program.objects.create(
        slug="rue",
        incubator=incubator,
        name_fr="Parcours rue",
        name_en="Street track",
        summary_fr="Une phrase.",
        about_fr="x",
        weeks=12,
        format="in_person",
        fee=0,
        languages=["fr"],
        live=True,
    )
    return found


def test_a_name_does_not_leave_its_block(incubator: Incubator) -> None:
    (organisation,) = of(read(incubator), "Organization")
    assert values(organisation, "name") == [HOSTILE]
    with translation.override("en"):
        html = Client().get(incubator.get_absolute_url()).content.decode()
    assert "<script>alert(1)" not in html


def test_a_support_organisation(incubator: Incubator) -> None:
    page, organisation = read(incubator)
    url = f"{site_url()}/en/incubators/tremplin/"
    assert (page["@id"], organisation["@id"]) == (url, f"{url}#organisation")
    assert values(page, "mainEntity") == [organisation["@id"]]
    assert values(organisation, "url") == [url]
    assert values(organisation, "foundingDate") == ["1996"]
    assert values(organisation, "sameAs") == [
        "https://tremplin.example/",
        "https://reseau.example/",
    ]
    assert values(organisation, "knowsLanguage") == ["fr", "en"]
    assert values(child(organisation, "contactPoint"), "email") == ["a@tremplin.example"]
    at = child(child(organisation, "location"), "geo")
    assert (values(at, "latitude"), values(at, "longitude")) == ([45.5], [-73.55])
    assert values(child(organisation, "address"), "streetAddress") == ["1, rue du Port"]


@pytest.mark.parametrize(
    ("language", "words", "path"),
    [("fr", "Une phrase.", "/fr/incubateurs/"), ("en", "A sentence.", "/en/incubators/")],
)
def test_each_page_speaks_its_language(
    incubator: Incubator, language: str, words: str, path: str
) -> None:
    page, organisation = read(incubator, language)
    assert values(page, "inLanguage") == [language]
    assert values(organisation, "description") == [words]
    assert path in page["@id"]


def test_a_program_and_an_event_for_each_dated_intake(program: Program) -> None:
    year = timezone.now().year + 1
    winter = Intake.objects.create(
        program=program,
        opens_at=datetime(year, 1, 12, 14, 0, tzinfo=UTC),
        closes_at=datetime(year, 7, 2, 21, 0, tzinfo=UTC),
        cohort_starts_on=date(year, 9, 1),
        places=12,
        fee=Decimal("25.50"),
    )
    Intake.objects.create(
        program=program,
        opens_at=winter.opens_at + timedelta(days=300),
        closes_at=winter.opens_at + timedelta(days=330),
        cancelled_at=timezone.now(),
    )
    Intake.objects.create(program=program, is_rolling=True)
    nodes = read(program)
    (found,) = of(nodes, "EducationalOccupationalProgram")
    assert values(found, "name") == ["Street track"]
    assert values(found, "timeToComplete") == ["P12W"]
    assert values(found, "educationalProgramMode") == ["onsite"]
    assert values(child(found, "offers"), "price") == ["0.00"]
    assert values(child(found, "provider"), "name") == [HOSTILE]
    first, second = of(nodes, "Event")
    # The zone of the city in winter, then in summer.
    assert values(first, "startDate") == [f"{year}-01-12T09:00:00-05:00"]
    assert values(first, "endDate") == [f"{year}-07-02T17:00:00-04:00"]
    assert values(first, "eventStatus") == [f"{VOCABULARY}EventScheduled"]
    assert values(second, "eventStatus") == [f"{VOCABULARY}EventCancelled"]
    assert values(first, "inLanguage") == ["fr"]
    assert values(child(first, "offers"), "priceCurrency") == ["CAD"]
    assert values(child(first, "location"), "address") == ["1, rue du Port"]
    assert first["@id"] == f"{site_url()}/en/programs/rue/#intake-{winter.pk}"


def test_what_was_not_given_is_not_said(program: Program) -> None:
    Program.objects.update(fee=None, weeks=None)
    (found,) = of(read(program), "EducationalOccupationalProgram")
    assert {"offers", "timeToComplete", "applicationDeadline"}.isdisjoint(
        key.removeprefix(VOCABULARY) for key in found
    )


def test_a_startup_and_its_solution() -> None:
    startup = factories.make_startup(name="Nordet", size_band="10-24")
    StartupPerson.objects.create(startup=startup, role_fr="Essais", email="e@nordet.example")
    stored = StoredFile.objects.create(
        kind="solution_picture", size=1, content_type="image/jpeg", original_name="rue.jpg"
    )
    solution = startup.solutions.get()
    SolutionFile.objects.create(solution=solution, file=stored, caption_fr="La rue")
    (organisation,) = of(read(startup), "Organization")
    size = child(organisation, "numberOfEmployees")
    assert (values(size, "minValue"), values(size, "maxValue")) == ([10], [24])
    (product,) = of(read(solution), "Product")
    assert values(product, "image") == [f"{site_url()}/pictures/{stored.pk}/"]
    assert values(child(product, "manufacturer"), "name") == ["Nordet"]
    assert values(child(product, "additionalProperty"), "value") == [7]
