"""The guard against doubles looks both ways: at addresses and at web sites, at first and later."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.accounts.domain.organisations import (
    MayBeHereAlready,
    change_details,
    create_organisation,
)
from core.accounts.doubles import Likeness, find_doubles
from core.accounts.models import Organisation, User
from core.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)


def person(email: str) -> User:
    return User.objects.create_user(email, "motdepasse", name=email.partition("@")[0].title())


def make(email: str, name: str, website: str = "", others: Any = ()) -> Organisation:
    return create_organisation(
        name=name,
        kind="startup",
        language="fr",
        website=website,
        others=others,
        actor=User.objects.filter(email=email).first() or person(email),
        now=NOW,
    ).organisation


@pytest.fixture
def acme() -> Organisation:
    return make("ana@gmail.com", "Acme Robotique", "https://www.acme.ca")


@pytest.mark.parametrize(
    ("email", "website"),
    [
        ("bo@gmail.com", "https://acme.ca"),
        ("bo@gmail.com", "http://WWW.ACME.CA:8080/fr/?x=1"),
        ("cy@acme.ca", ""),
        ("cy@www.acme.ca", ""),
        ("cy@acme.ca", "https://tout-autre.ca"),
    ],
)
def test_the_site_of_one_that_is_here_is_compared(
    acme: Organisation, email: str, website: str
) -> None:
    with pytest.raises(MayBeHereAlready) as refused:
        make(email, "Tout autre nom", website)
    (match,) = refused.value.matches
    assert (match.pk, match.name, match.likeness) == (
        acme.pk,
        "Acme Robotique",
        (Likeness.DOMAIN,),
    )
    assert make(email, "Tout autre nom", website, [acme.pk]).pk != acme.pk


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://www.été-mtl.ca", "https://xn--t-mtl-9rab.ca/"),
        ("https://xn--t-mtl-9rab.ca/", "https://Été-MTL.ca"),
    ],
)
def test_a_site_is_the_same_however_its_accents_are_written(first: str, second: str) -> None:
    assert "été-mtl.ca".encode("idna") == b"xn--t-mtl-9rab.ca"
    make("ana@gmail.com", "Alpha", first)
    with pytest.raises(MayBeHereAlready):
        make("bo@gmail.com", "Zoulou", second)


@pytest.mark.parametrize(
    ("email", "website"),
    [
        ("bo@gmail.com", ""),
        ("bo@pasacme.ca", "https://acme.ca.example.com/acme.ca?de=acme.ca"),
        ("bo@gmail.com", "https://essai.acme.ca"),
    ],
)
def test_another_domain_is_another(acme: Organisation, email: str, website: str) -> None:
    assert make(email, "Tout autre nom", website).pk != acme.pk


@pytest.mark.parametrize("website", ["https://gmail.com/", "https://www.facebook.com/mon-nom"])
def test_where_anyone_may_have_a_page_says_nothing(website: str) -> None:
    make("ana@gmail.com", "Alpha", website)
    assert make("bo@gmail.com", "Zoulou", website).website == website


def test_a_closed_one_is_not_compared(acme: Organisation) -> None:
    Organisation.objects.update(closed_at=NOW)
    assert make("cy@acme.ca", "Tout autre nom").email_domain == "acme.ca"


def test_what_cannot_be_read_of_a_site_is_no_likeness(acme: Organisation) -> None:
    Organisation.objects.update(website="https://[acme.ca")
    assert find_doubles(domains={"acme.ca"}) == []


@pytest.mark.parametrize("many", [1, 12])
def test_it_asks_the_database_once(many: int) -> None:
    for n in range(many):
        Organisation.objects.create(
            name=f"Nom {n * 7919}", slug=f"n{n}", kind="startup", website=f"https://{n}.ca"
        )
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(find_doubles(name="Nom", domains={"0.ca"})) == 1
    assert len(asked) == 1


# ---- details ------------------------------------------------------------------------------------


@pytest.fixture
def mine() -> Organisation:
    return make("bo@gmail.com", "Boréal", "https://boreal.ca")


def change(organisation: Organisation, others: Any = (), **more: str) -> Organisation:
    values = {"name": "Boréal", "neq": "", "website": "https://boreal.ca", "language": "fr"}
    return change_details(
        organisation=organisation,
        actor=organisation.memberships.get().user,
        now=LATER,
        others=others,
        **(values | more),
    )


@pytest.mark.parametrize(
    ("typed", "likeness"),
    [
        ({"name": "ACME Robotique inc."}, Likeness.NAME),
        ({"website": "https://acme.ca/nous"}, Likeness.DOMAIN),
    ],
)
def test_a_new_name_or_site_is_compared_again(
    acme: Organisation, mine: Organisation, typed: dict[str, str], likeness: Likeness
) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(MayBeHereAlready) as refused:
        change(mine, **typed)
    assert [(m.pk, m.likeness) for m in refused.value.matches] == [(acme.pk, (likeness,))]
    mine.refresh_from_db()
    assert (mine.name, mine.website) == ("Boréal", "https://boreal.ca")
    assert AuditEntry.objects.count() == before
    change(mine, [acme.pk], **typed)
    mine.refresh_from_db()
    assert {"name": mine.name, "website": mine.website} | typed == {
        "name": mine.name,
        "website": mine.website,
    }
    line = AuditEntry.objects.order_by("-sequence")[0]
    assert line.public == {"fields": list(typed), "unlike": [acme.pk]}


def test_what_was_answered_for_is_not_asked_again(acme: Organisation) -> None:
    twin = make("bo@gmail.com", "Acme Robotique", "https://acme.ca", [acme.pk])
    kept = {"name": "Acme Robotique", "website": "https://acme.ca"}
    change(twin, **kept, neq="1145678901")
    change(twin, **{**kept, "name": "ACME robotique"}, neq="1145678901")
    change(twin, **{**kept, "website": "https://www.acme.ca/fr"}, neq="1145678901")
    twin.refresh_from_db()
    assert (twin.name, twin.website) == ("Acme Robotique", "https://www.acme.ca/fr")


def test_an_organisation_is_not_its_own_double(mine: Organisation) -> None:
    change(mine, name="Boréale", website="https://boréal.ca")
    mine.refresh_from_db()
    assert mine.name == "Boréale"


def test_the_page_keeps_what_was_typed_and_takes_the_answer(
    client: Client, acme: Organisation, mine: Organisation
) -> None:
    client.force_login(mine.memberships.get().user)
    address = reverse("organisation_details", args=[mine.pk])
    typed = {"name": "Acmé Robotique", "neq": "", "website": "", "language": "en"}
    asked = client.post(address, typed)
    page = re.sub(r"\s+", " ", asked.content.decode())
    assert asked.status_code == 409
    assert "Rien n’a été enregistré" in page
    assert "<b>Acme Robotique</b>" in page
    assert page.count('value="Acmé Robotique"') == 2
    for private in ("ana@gmail.com", "https://www.acme.ca"):
        assert private not in page
    # The form that insists is not the one where the Enter key sends what was changed.
    typing = page.partition('id="id_name"')[0].rpartition("<form")[2]
    assert f'name="other" value="{acme.pk}"' in page
    assert 'name="other"' not in typing
    mine.refresh_from_db()
    assert mine.name == "Boréal"
    saved = client.post(address, {**typed, "other": str(acme.pk)})
    assert saved.status_code == 302
    mine.refresh_from_db()
    assert (mine.name, mine.website, mine.language) == ("Acmé Robotique", "", "en")


def test_nobody_tries_a_whole_register_by_renaming(client: Client, mine: Organisation) -> None:
    client.force_login(mine.memberships.get().user)
    address = reverse("organisation_details", args=[mine.pk])
    typed = {"name": "Boréal", "neq": "", "website": "", "language": "fr"}
    answers = {client.post(address, typed).status_code for _look in range(30)}
    assert answers == {302}
    assert client.post(address, typed).status_code == 429
