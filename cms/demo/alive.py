"""What keeps a listing alive: one that two organisations claim, two corrections of visitors."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from cms.demo.source import pairs, read
from core.accounts.models import Organisation, OrganisationKind
from core.files.storing import store_upload
from startups.domain.claiming import claim_by_document
from startups.domain.correcting import propose_correction
from startups.enums import ClaimWay
from startups.models import Claim, Incubator, Startup
from startups.showing import CLAIM_FILE

if TYPE_CHECKING:
    from cms.demo.source import Calendar
    from core.accounts.models import User
    from startups.models import Listing


def load_alive(users: dict[str, User], calendar: Calendar) -> None:
    """For the moderator: rival claims and a correction; for a member of a startup: another one."""
    for record in read("alive"):
        listing = _listing(record, calendar)
        _claims(listing, record, users["incubateur"], calendar)
        _correction(listing, record["correction"], calendar)
        mine = Startup.objects.filter(organisation__memberships__user=users["startup"]).first()
        assert mine is not None
        _correction(mine, record["correction_of_startup"], calendar)


def _listing(record: dict[str, Any], calendar: Calendar) -> Incubator:
    found: Incubator = Incubator.objects.create(
        slug=record["slug"],
        name=record["name"],
        kind=record["kind"],
        website=record["website"],
        founded_year=record["founded_year"],
        **pairs(record, "summary", "about"),
        is_example=True,
        live=True,
        first_published_at=calendar.now,
        last_published_at=calendar.now,
    )
    return found


def _claims(listing: Incubator, record: dict[str, Any], member: User, calendar: Calendar) -> None:
    """One by a document; one by an address, of an organisation that has no account here."""
    organisation = Organisation.objects.of_member(member).get()
    deed = store_upload(
        upload=SimpleUploadedFile("acte.pdf", _blank_page()),
        kind=CLAIM_FILE,
        organisation=organisation,
        actor=member,
    )
    claim_by_document(
        listing=listing,
        organisation=organisation,
        document=deed,
        message=record["message"],
        actor=member,
        now=calendar.now,
    )
    rival = Organisation.objects.create(
        name=record["rival"], slug="reseau-exemple", kind=OrganisationKind.SUPPORT, is_demo=True
    )
    Claim.objects.create(
        incubator=listing,
        organisation=rival,
        way=ClaimWay.ADDRESS,
        email=record["rival_email"],
        asked_at=calendar.now,
    )


def _blank_page() -> bytes:
    out, pdf = io.BytesIO(), pikepdf.new()
    pdf.add_blank_page()
    pdf.save(out)
    return out.getvalue()


def _correction(listing: Listing, record: dict[str, str], calendar: Calendar) -> None:
    propose_correction(
        listing=listing,
        field=record["field"],
        value=record["value"],
        source=record["source"],
        email="",
        language="fr",
        connection="demo",
        now=calendar.now,
    )
