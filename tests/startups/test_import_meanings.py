"""What a file calls otherwise: a value is given its meaning once, and it is remembered."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import queue
from core.accounts import roles
from core.accounts.models import User
from core.exceptions import NotAllowed
from startups.domain import imports
from startups.domain.imports import NotNow
from startups.importing.meanings import unknown_values
from startups.models import ImportMatching, Incubator
from tests import factories
from tests.startups.sheets import HEADER, compared, count, one, received, row, sentences, written

pytestmark = pytest.mark.django_db

# As the facts were gathered: kinds of their own, no sentence, no description.
GATHERED = json.dumps(
    [
        {
            "slug": "centech",
            "name": "Centech",
            "type": "university_incubator",
            "sectors": ["deeptech", "medtech"],
            "service_languages": ["fr", "en"],
            "website_domain": "centech.co",
            "address_or_area": "1000 rue Saint-Jacques (Griffintown/downtown edge)",
            "borough": "Le Sud-Ouest",
            "founded_year": 1996,
            "status": "active",
            "programme_facts": [{"name": "Accélération", "weeks": 12, "equity": False}],
            "source": ["quebecscience.qc.ca"],
        },
        {"slug": "ceim", "name": "CEIM", "type": "incubator", "borough": None, "note": "x"},
        {"slug": "fete", "name": "La fête", "type": "event"},
    ]
)


@pytest.fixture
def moderator() -> User:
    return factories.make_user("moderation", roles.MODERATORS, is_demo=True)


def test_facts_as_they_were_gathered(moderator: User) -> None:
    run = compared(moderator, GATHERED)
    assert count(run, "verdict") == {"new": 1, "refused": 2}
    assert sorted(unknown_values(run)) == [
        ("kind", "event", 1),
        ("kind", "university_incubator", 1),
    ]
    given = {("kind", "university_incubator"): "incubator", ("kind", "event"): "nonsense"}
    assert imports.give_meanings(run=run, given=given, actor=moderator, now=timezone.now()) == 1
    queue.drain()
    assert count(run, "verdict") == {"new": 2, "refused": 1}
    run.refresh_from_db()
    written(run, moderator)
    centech = Incubator.objects.get(slug="centech")
    assert (centech.kind, centech.borough.name, centech.live) == (
        "incubator",
        "Le Sud-Ouest",
        False,
    )
    assert centech.address.startswith("1000 rue Saint-Jacques")
    assert sentences(run, 1) == [
        "Gardée en brouillon : une fiche publique a besoin d’une phrase en français."
    ]
    # The same list next month: what was said is known.
    again = compared(moderator, GATHERED)
    assert count(again, "verdict") == {"same": 2, "refused": 1}


def test_values_of_a_list_and_those_left_out(moderator: User) -> None:
    text = HEADER + one("Alpha", thèmes="transports | licornes") + one("Bêta", type="banque")
    run = compared(moderator, text)
    for given in (
        {("themes", "transports"): "mobility", ("kind", "banque"): "-"},
        {("themes", "licornes"): "-"},
    ):
        imports.give_meanings(run=run, given=given, actor=moderator, now=timezone.now())
        queue.drain()
        run.refresh_from_db()
    assert row(run, 2).facts["themes"] == ["mobility"]
    # A kind is required: left out, it lacks.
    assert "nécessaire" in sentences(run, 3)[0]


def test_who_may_and_when(moderator: User) -> None:
    run = compared(moderator, HEADER + one("Alpha", type="banque"))
    given = {("kind", "banque"): "fund"}
    with pytest.raises(NotAllowed):
        imports.give_meanings(run=run, given=given, actor=factories.manager(), now=timezone.now())
    # What is no field, or a field of any words, means nothing.
    for odd in ({("password", "x"): "y"}, {("name", "Alpha"): "Bêta"}):
        assert not imports.give_meanings(run=run, given=odd, actor=moderator, now=timezone.now())
    assert ImportMatching.objects.get().meanings == {}
    early = received(moderator, HEADER + one("Alpha"))
    with pytest.raises(NotNow):
        imports.give_meanings(run=early, given=given, actor=moderator, now=timezone.now())


def test_the_page_asks_for_them(moderator: User, settings: object) -> None:
    settings.DEBUG = True  # type: ignore[attr-defined]
    client = Client()
    client.force_login(moderator)
    run = compared(moderator, HEADER + one("Alpha", type="caisse: d’épargne"))
    page = reverse("imports:inspect", args=[run.pk])
    name = "meaning:kind:caisse: d’épargne"
    assert f'name="{name}"' in client.get(page).content.decode().replace("&#x27;", "'")
    assert client.post(page, {"act": "mean", name: "fund"}).status_code == 302
    queue.drain()
    answer = client.get(page).content.decode()
    assert "meaning:" not in answer
    run.refresh_from_db()
    assert run.meanings == {"kind": {"caisse d epargne": "fund"}}


def test_a_meaning_given_by_mistake_is_forgotten(moderator: User, settings: object) -> None:
    settings.DEBUG = True  # type: ignore[attr-defined]
    client = Client()
    client.force_login(moderator)
    run = compared(moderator, HEADER + one("Alpha", type="banque"))
    given = {"run": run, "actor": moderator, "now": timezone.now()}
    imports.give_meanings(given={("kind", "banque"): "space"}, **given)
    queue.drain()
    imports.match_again(**given)
    page = reverse("imports:inspect", args=[run.pk])
    assert "« banque » → Espace de travail" in client.get(page).content.decode().replace(
        "\xa0", " "
    )
    columns = {f"column-{n}": name for n, name in enumerate(run.mapping)}
    client.post(page, {**columns, "forgets_meanings": "on", "act": "match"})
    queue.drain()
    run.refresh_from_db()
    assert (run.meanings, count(run, "verdict")) == ({}, {"refused": 1})
    assert received(moderator, HEADER + one("Alpha")).meanings == {}
