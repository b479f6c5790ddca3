"""The pages of the directory in the words of schema.org, for machines that read them.

https://schema.org/Organization, EducationalOccupationalProgram, Product and Event. What was not
given is left out: an absent price is none, a price of zero is free.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.addresses import site_url
from core.deadlines import city_time
from core.files.serving import DRAWN
from core.languages import active_language
from startups.enums import ProgramFormat, SizeBand

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal

    from startups.models import Incubator, Intake, Program, Solution, SolutionFile, Startup
    from startups.models.listing import OrganisationProfile, PublicPerson

    Node = dict[str, Any]

CONTEXT: Final = "https://schema.org"
# Nothing of a name may end the element that it stands in.
ESCAPES: Final = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
MODES: Final[dict[str, tuple[str, str]]] = {
    ProgramFormat.IN_PERSON: ("onsite", "OfflineEventAttendanceMode"),
    ProgramFormat.HYBRID: ("blended", "MixedEventAttendanceMode"),
    ProgramFormat.REMOTE: ("online", "OnlineEventAttendanceMode"),
}
PEOPLE: Final[dict[str, tuple[int | None, int | None]]] = {
    SizeBand.TINY: (1, 4),
    SizeBand.SMALL: (5, 9),
    SizeBand.MEDIUM: (10, 24),
    SizeBand.LARGE: (25, 49),
    SizeBand.LARGER: (50, None),
}


def as_script(nodes: Iterable[Node]) -> SafeString:
    """The data block of a page; a browser reads it as data and runs nothing of it."""
    graph = {"@context": CONTEXT, "@graph": [_without_holes(node) for node in nodes]}
    text = json.dumps(graph, ensure_ascii=False).translate(ESCAPES)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        SafeString(text),
    )


def of_startup(startup: Startup, people: Iterable[PublicPerson]) -> list[Node]:
    """A startup is an organisation."""
    lowest, highest = PEOPLE.get(startup.size_band, (None, None))
    size: Node = {"@type": "QuantitativeValue", "minValue": lowest, "maxValue": highest}
    return [
        _page(startup, str(startup.name)),
        {
            **_organisation(startup, people, str(startup.tagline)),
            "numberOfEmployees": size if lowest else None,
        },
    ]


def of_incubator(incubator: Incubator, people: Iterable[PublicPerson]) -> list[Node]:
    """A support organisation, with its place."""
    return [
        _page(incubator, str(incubator.name)),
        {
            **_organisation(incubator, people, str(incubator.summary)),
            "address": _address(incubator.address),
            "location": _place(incubator),
        },
    ]


def of_program(program: Program, intakes: Iterable[Intake], upcoming: Intake | None) -> list[Node]:
    """A program, and an event for each dated intake; ``upcoming`` is the next or the open one."""
    mode, _attendance = _modes(program)
    node: Node = {
        "@type": "EducationalOccupationalProgram",
        "@id": f"{_url(program)}#program",
        "url": _url(program),
        "name": str(program.name),
        "description": str(program.summary),
        "provider": _named(program.incubator),
        "educationalProgramMode": mode,
        "timeToComplete": f"P{program.weeks}W" if program.weeks else None,
        "programPrerequisites": str(program.who),
        "offers": _offer(program.fee, program.currency, _url(program)),
    }
    if upcoming is not None:
        node |= {
            "applicationStartDate": _instant(upcoming.opens_at),
            "applicationDeadline": _instant(upcoming.closes_at),
            "startDate": _day(upcoming.cohort_starts_on),
            "endDate": _day(upcoming.cohort_ends_on),
            "maximumEnrollment": upcoming.places,
        }
    dated = [intake for intake in intakes if intake.opens_at and intake.closes_at]
    events = [_event(program, intake) for intake in dated]
    return [_page(program, str(program.name)), node, *events]


def of_solution(solution: Solution, files: Iterable[SolutionFile]) -> list[Node]:
    """A solution is a product of its startup, as mature as it says."""
    drawn = [each for each in files if each.file.content_type in DRAWN]
    return [
        _page(solution, str(solution.name)),
        {
            "@type": "Product",
            "@id": f"{_url(solution)}#solution",
            "url": _url(solution),
            "name": str(solution.name),
            "description": str(solution.problem),
            "manufacturer": _named(solution.startup),
            "image": [_file(each.file_id) for each in drawn],
            "additionalProperty": {
                "@type": "PropertyValue",
                "name": _("Technology readiness level"),
                "value": solution.trl,
                "minValue": 1,
                "maxValue": 9,
            },
        },
    ]


def _modes(program: Program) -> tuple[str | None, str | None]:
    """Of the program and of its events; nothing when it does not say."""
    return MODES.get(program.format, (None, None))


def _event(program: Program, intake: Intake) -> Node:
    """From the opening of an intake to its close."""
    _mode, attendance = _modes(program)
    status = "EventScheduled" if intake.cancelled_at is None else "EventCancelled"
    address = f"{_url(program)}#intake-{intake.pk}"
    return {
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": _("Intake of “%(program)s”") % {"program": program.name},
        "description": str(program.summary),
        "startDate": _instant(intake.opens_at),
        "endDate": _instant(intake.closes_at),
        "eventStatus": f"{CONTEXT}/{status}",
        "eventAttendanceMode": f"{CONTEXT}/{attendance}" if attendance else None,
        "location": _event_place(program),
        "organizer": _named(program.incubator),
        "inLanguage": list(intake.languages) or program.language_codes,
        "about": {"@id": f"{_url(program)}#program"},
        "maximumAttendeeCapacity": intake.places,
        "offers": _offer(intake.fee, program.currency, intake.apply_url or address),
    }


def _event_place(program: Program) -> Node:
    where = program.place or program.incubator.address
    if not where or program.format == ProgramFormat.REMOTE:
        return {"@type": "VirtualLocation", "url": _url(program)}
    return {"@type": "Place", "name": program.place or program.incubator.name, "address": where}


def _page(record: Any, name: str) -> Node:
    """The page itself, in its language, and what it is about."""
    kind = record._meta.model_name
    part = {"program": "program", "solution": "solution"}.get(kind, "organisation")
    return {
        "@type": "WebPage",
        "@id": _url(record),
        "url": _url(record),
        "name": name,
        "inLanguage": active_language(),
        "dateModified": _instant(record.updated_at),
        "lastReviewed": _day(record.verified_on),
        "mainEntity": {"@id": f"{_url(record)}#{part}"},
    }


def _organisation(
    record: OrganisationProfile, people: Iterable[PublicPerson], description: str
) -> Node:
    return {
        **_named(record),
        "description": description,
        "foundingDate": str(record.founded_year or ""),
        "dissolutionDate": _day(record.closed_on),
        "knowsLanguage": record.language_codes,
        "sameAs": [url for url in (record.website, *record.links) if url],
        "logo": _logo(record),
        "contactPoint": [
            {
                "@type": "ContactPoint",
                "contactType": str(person.role),
                "name": person.name,
                "email": person.email,
            }
            for person in people
            if person.email
        ],
    }


def _named(record: Any) -> Node:
    """An organisation as other records point to it."""
    return {
        "@type": "Organization",
        "@id": f"{_url(record)}#organisation",
        "name": str(record.name),
        "url": _url(record),
    }


def _logo(record: OrganisationProfile) -> Node | None:
    if not record.logo_id:
        return None
    image = _file(record.logo_id)
    return {"@type": "ImageObject", "contentUrl": image, "caption": str(record.logo_alt)}


def _address(address: str) -> Node | None:
    return {"@type": "PostalAddress", "streetAddress": address} if address else None


def _place(incubator: Incubator) -> Node | None:
    if incubator.lat is None or incubator.lon is None:
        return None
    at = {"@type": "GeoCoordinates", "latitude": incubator.lat, "longitude": incubator.lon}
    return {"@type": "Place", "name": str(incubator.name), "geo": at}


def _offer(price: Decimal | None, currency: str, url: str) -> Node | None:
    """What one pays; nothing when it was not given."""
    if price is None:
        return None
    return {"@type": "Offer", "price": str(price), "priceCurrency": currency, "url": url}


def _url(record: Any) -> str:
    return f"{site_url()}{record.get_absolute_url()}"


def _file(pk: Any) -> str:
    return f"{site_url()}{reverse('picture', args=[pk])}"


def _instant(value: datetime | None) -> str | None:
    """With the zone of the city."""
    return city_time(value).isoformat(timespec="seconds") if value is not None else None


def _day(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


def _without_holes(value: Any) -> Any:
    """What was not given is not said."""
    if isinstance(value, dict):
        kept = {key: _without_holes(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if each not in (None, "", [], {})}
    if isinstance(value, list):
        return [_without_holes(each) for each in value]
    return value
