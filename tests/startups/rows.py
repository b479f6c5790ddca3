"""Programs and intakes for the tests of intakes, lists and calendars."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from core.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from startups.models import Incubator, Intake, Program

CITY = ZoneInfo("America/Toronto")
_numbers = count(1)


def at(text: str) -> datetime:
    """``2027-03-01T17:00`` on the city's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


def make_incubator(owner: User | None = None, **fields: Any) -> Incubator:
    """A public one, with its organisation and owner when given."""
    number = next(_numbers)
    organisation = None
    if owner is not None:
        organisation = Organisation.objects.create(
            name=f"Maison {number}", slug=f"maison-{number}", kind=OrganisationKind.SUPPORT
        )
        Membership.objects.create(user=owner, organisation=organisation, role=Role.OWNER)
    found: Incubator = Incubator.objects.create(
        **{
            "slug": f"maison-{number}",
            "name": f"Maison {number}",
            "kind": "incubator",
            "summary_fr": "Une phrase.",
            "about_fr": "Un paragraphe.",
            "organisation": organisation,
            "live": True,
            "verified_on": timezone.localdate(),
            **fields,
        }
    )
    return found


def make_program(incubator: Incubator | None = None, **fields: Any) -> Program:
    """A public one."""
    number = next(_numbers)
    found: Program = Program.objects.create(
        **{
            "slug": f"parcours-{number}",
            "incubator": incubator or make_incubator(),
            "name_fr": f"Parcours {number}",
            "name_en": f"Track {number}",
            "summary_fr": "Une phrase.",
            "about_fr": "Un paragraphe.",
            "live": True,
            "verified_on": timezone.localdate(),
            **fields,
        }
    )
    return found


def make_intake(program: Program | None = None, **fields: Any) -> Intake:
    """Open since yesterday, for ten days."""
    now = timezone.now()
    found: Intake = Intake.objects.create(
        **{
            "program": program or make_program(),
            "opens_at": now - timedelta(days=1),
            "closes_at": now + timedelta(days=10),
            **fields,
        }
    )
    return found
