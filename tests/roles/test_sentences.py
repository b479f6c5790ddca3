"""What is said to who is refused, or has nothing yet."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Membership, Organisation, OrganisationKind, Role
from tests import factories
from tests.roles.arguments import place
from tests.roles.table import all_rows
from tests.roles.visits import sign_in
from tests.roles.walk import walk
from tests.roles.world import World

pytestmark = pytest.mark.django_db
# A link made for another account says so in words of its own.
FOR_SOMEBODY_ELSE = {
    *("follow_page", "follow_data", "follow_forget", "organisation_join"),
    "listing_claim_prove",
}


def test_a_refusal_says_whom_to_ask(world: World) -> None:
    """Every page that answers 403 to one of the persons."""
    addresses, clients = {address.key: address for address in walk()}, {}
    pages = 0
    for row in all_rows():
        person = next((p for p, answer in row.answers.items() if answer == "403"), None)
        if row.method != "GET" or person is None or row.name in FOR_SOMEBODY_ELSE:
            continue
        client = clients.setdefault(person, sign_in(world.people[person]))
        pages += 1
        html = client.get(place(addresses[row.name], world)).content.decode()
        assert "Demandez à" in html, row.name
    assert pages > 15


def test_a_member_is_told_whose_the_administration_is(world: World) -> None:
    answer = sign_in(world.people["owner"]).get("/admin/")
    assert answer.status_code == 403
    assert "Demandez à" in answer.content.decode()


def test_a_viewer_does_not_read_who_is_invited(world: World) -> None:
    where = reverse("organisation_members", args=[world.organisation.pk])
    for person, reads in (("owner", True), ("editor", False), ("viewer", False)):
        html = sign_in(world.people[person]).get(where).content.decode()
        assert (world.invitation.email in html) == reads, person


def test_someone_without_an_organisation_is_told_what_to_do(client: Client) -> None:
    client.force_login(factories.make_user("seul"))
    html = client.get(reverse("workspace")).content.decode()
    assert "n’appartient encore à aucune organisation" in html


def test_an_organisation_without_a_profile_is_told_what_to_do(client: Client, world: World) -> None:
    person = factories.make_user("sansfiche")
    organisation = Organisation.objects.create(
        name="Sans fiche", slug="sans-fiche", kind=OrganisationKind.STARTUP
    )
    Membership.objects.create(user=person, organisation=organisation, role=Role.OWNER)
    client.force_login(person)
    response = client.post(reverse("application_start", args=[world.open_challenge.slug]))
    assert response.status_code == 409
    assert "n’a pas encore de fiche de jeune pousse" in response.content.decode()
