"""Whoever only reads is followed by nothing: no cookie, and who answers is named on each page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from core.taxonomy.models import CitySettings
from tests.roles.arguments import place
from tests.roles.table import load, names
from tests.roles.walk import walk
from tests.roles.world import World

pytestmark = pytest.mark.django_db
# Read by anyone without an account: what a visitor's walk is made of.
READ = [
    row.name
    for table in names()
    if table not in ("account", "admin_doors")
    for row in load(table).rows
    if row.method == "GET" and row.answers.get("nobody") == "200"
]
ADDRESSES = {address.key: address for address in walk()}
# Where a visitor types or presses something: the token against forgery, and nothing else.
WRITTEN_ON = {
    name: ["csrftoken"]
    for name in ("follow", "follow_link", "follow_page", "follow_search", "listing_correct")
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_that_a_visitor_reads_sets_a_cookie(
    client: Client,
    world: World,
    language: str,
) -> None:
    assert len(READ) > 20
    given = {}
    for name in READ:
        with translation.override(language):
            address = place(ADDRESSES[name], world)
        response = client.get(address)
        assert response.status_code == 200
        if response.cookies:
            given[name] = list(response.cookies)
    assert given == WRITTEN_ON


@pytest.mark.parametrize(("language", "officer"), [("fr", "Greffe"), ("en", "Clerk’s office")])
def test_who_answers_for_privacy_is_named_on_each_page(
    client: Client,
    world: World,
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
            address = place(ADDRESSES[name], world)
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
