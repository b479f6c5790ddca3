"""Whoever only reads is followed by nothing: no cookie, and who answers is named on each page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.taxonomy.models import CitySettings
from tests.test_roles import ADDRESSES, World, world  # noqa: F401

pytestmark = pytest.mark.django_db
# Read by anyone without an account: what a visitor's walk is made of.
READ = [name for name, (_makers, answers) in ADDRESSES.items() if answers.startswith("200")]
# Where a visitor types something: the token against forgery, and nothing else.
WRITTEN_ON = {"follow": ["csrftoken"], "follow_link": ["csrftoken"]}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_that_a_visitor_reads_sets_a_cookie(
    client: Client,
    world: World,  # noqa: F811
    language: str,
) -> None:
    assert len(READ) > 20
    given = {}
    for name in READ:
        with translation.override(language):
            address = reverse(name, args=[make(world) for make in ADDRESSES[name][0]])
        response = client.get(address)
        assert response.status_code == 200
        if response.cookies:
            given[name] = list(response.cookies)
    assert given == WRITTEN_ON


@pytest.mark.parametrize(("language", "officer"), [("fr", "Greffe"), ("en", "Clerk’s office")])
def test_who_answers_for_privacy_is_named_on_each_page(
    client: Client,
    world: World,  # noqa: F811
    language: str,
    officer: str,
) -> None:
    city = CitySettings.load()
    city.privacy_officer_fr, city.privacy_officer_en = "Greffe", "Clerk’s office"
    city.privacy_email = "greffe@ville.example"
    city.save()
    pages = 0
    for name in READ:
        with translation.override(language):
            address = reverse(name, args=[make(world) for make in ADDRESSES[name][0]])
        if not address.startswith(f"/{language}/"):
            continue  # what software reads, and the API's documentation, which has one language
        response = client.get(address)
        if response.headers["Content-Type"].startswith("text/html"):
            pages += 1
            html = response.content.decode()
            assert f'<a href="mailto:greffe@ville.example">{officer}</a>' in html, name
    assert pages > 15
    missing = client.get(f"/{language}/nulle-part/")
    assert missing.status_code == 404
    assert officer in missing.content.decode()


def test_signing_in_is_where_cookies_begin(client: Client) -> None:
    """And only the two that it takes: against forgery, then the session."""
    assert set(client.get("/fr/compte/login/").cookies) == {"csrftoken"}
