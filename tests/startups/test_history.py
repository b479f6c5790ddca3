"""The history of a page: what changed, when, by its organisation or the city; never a name."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core.accounts import roles
from core.accounts.models import User
from core.audit import log
from core.taxonomy.models import Borough
from startups.domain import editing
from startups.domain.amending import amend
from startups.domain.confirming import confirm_listing
from startups.domain.moderation import approve_edit
from startups.drafting import draft_of
from startups.models import Startup
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return factories.make_user("Nom de la propriétaire")


@pytest.fixture
def startup(owner: User) -> Startup:
    return factories.make_startup(owner, founded_year=2015, verified_on=None)


def change(startup: Startup, name: str, text: str, actor: User) -> None:
    with transaction.atomic():
        amend(listing=startup, name=name, text=text, actor=actor, now=timezone.now())


def page_of(startup: Startup, language: str = "fr", **query: Any) -> str:
    with translation.override(language):
        at = reverse("listing_history", args=["startup", startup.slug])
    return Client().get(at, query).text


def test_it_says_what_changed_and_who_keeps_it(startup: Startup, owner: User) -> None:
    moderator = factories.make_user("Nom de la modératrice", roles.MODERATORS)
    change(startup, "founded_year", "2016", owner)
    change(startup, "stage", "growth", moderator)
    confirm_listing(listing=startup, actor=owner, now=timezone.now())
    french, english = page_of(startup), page_of(startup, "en")
    for words in ("2015", "2016", "Tout est confirmé", "par son organisation", "par la ville"):
        assert words in french
    for words in ("All of it confirmed", "by its organisation", "by the city", "Growth"):
        assert words in english
    for name in ("Nom de la", owner.email, moderator.email):
        assert name not in french
    public = Client().get(startup.get_absolute_url()).text
    assert "<summary>" in public
    assert "2016" in public


def note(startup: Startup, **changes: Any) -> None:
    with transaction.atomic():
        log.record(
            actor=None, action="startup.published", target=startup, public={"changes": changes}
        )


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ([False, True], "<del>—</del> → <ins>un logo</ins>"),
        ([True, False], "<del>un logo</del> → <ins>—</ins>"),
        ([True, True], "<del>un logo</del> → <ins>un autre</ins>"),
    ],
)
def test_a_logo_is_a_change_too(startup: Startup, pair: list[bool], said: str) -> None:
    note(startup, logo=pair)
    assert said in page_of(startup)


def test_rows_that_change_without_more_or_fewer_of_them_are_said_to(startup: Startup) -> None:
    note(startup, people=[2, 2])
    assert "<del>2</del> → <ins>2, modifié</ins>" in page_of(startup)


def test_a_borough_is_said_by_its_name_whichever_verb_wrote_it(
    startup: Startup, owner: User
) -> None:
    rosemont = Borough.objects.create(
        slug="b", name="Rosemont", kind="borough", code="1", lat=45.5, lon=-73.6, bbox=[0, 0, 1, 1]
    )
    change(startup, "borough", str(rosemont.pk), owner)
    assert f"<ins>{rosemont}</ins>" in page_of(startup)


def test_what_the_organisation_wrote_is_not_said_to_be_the_citys(
    startup: Startup, owner: User
) -> None:
    moderator = factories.make_user("moderation", roles.MODERATORS)
    sent = {"tagline_fr": ("Une autre phrase.", 0)}
    editing.save_fields(listing=startup, values=sent, actor=owner, now=timezone.now())
    edit = editing.submit_listing(
        listing=startup, read=draft_of(startup).read, actor=owner, now=timezone.now()
    )
    approve_edit(edit=edit, revision=edit.revision_id or 0, actor=moderator, now=timezone.now())
    assert "par son organisation, lu par la ville" in page_of(startup)
    found = Startup.objects.get()
    found.tagline_fr = "Celle de la ville."
    found.save_revision(user=moderator).publish(user=moderator)
    assert page_of(startup).count("par la ville</span>") == 2  # « lu par la ville » is one


def test_only_public_facts_are_told(startup: Startup, owner: User) -> None:
    with transaction.atomic():
        log.record(
            actor=owner,
            action="startup.published",
            target=startup,
            public={"changes": {"secret": ["a1", "b2"], "languages": [["fr"], ["fr", "en"]]}},
        )
        log.record(actor=owner, action="startup.published", target=startup, public={"slug": "x"})
    page = page_of(startup)
    assert "b2" not in page
    assert "français, anglais" in page.lower()


def test_it_is_paged_and_empty_at_first(startup: Startup, owner: User) -> None:
    assert "Rien n’a changé" in page_of(startup)
    for year in range(1990, 2020):
        change(startup, "founded_year", str(year), owner)
    assert "1990" not in page_of(startup)
    assert "1990" in page_of(startup, page=2)
    latest = Client().get(startup.get_absolute_url()).text
    assert "Tout ce qui a changé" in latest
    assert "2013" not in latest


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same(
    startup: Startup, owner: User, django_assert_num_queries: Any, count: int
) -> None:
    for year in range(2000, 2000 + count):
        change(startup, "founded_year", str(year), owner)
    page_of(startup)
    with django_assert_num_queries(4):
        page_of(startup)
