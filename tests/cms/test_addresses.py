"""The addresses of the contract answer, in both languages, to a visitor on an empty site."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

PAIRS = [
    ("/fr/", "/en/"),
    ("/fr/defis/", "/en/challenges/"),
    ("/fr/incubateurs/", "/en/incubators/"),
    ("/fr/programmes/", "/en/programs/"),
    ("/fr/programmes/calendrier/", "/en/programs/calendar/"),
    ("/fr/jeunes-pousses/", "/en/startups/"),
    ("/fr/solutions/", "/en/solutions/"),
    ("/fr/projets-pilotes/", "/en/pilots/"),
    ("/fr/sites/", "/en/sites/"),
    ("/fr/recherche/?q=neige", "/en/search/?q=neige"),
    ("/fr/suivre/", "/en/follow/"),
    ("/fr/compte/login/", "/en/account/login/"),
]
FEEDS = [
    ("/fr/defis/flux.atom", "application/atom+xml"),
    ("/en/challenges/feed.atom", "application/atom+xml"),
    ("/fr/projets-pilotes/flux.atom", "application/atom+xml"),
    ("/en/pilots/feed.atom", "application/atom+xml"),
    ("/fr/defis/calendrier.ics", "text/calendar"),
    ("/en/challenges/calendar.ics", "text/calendar"),
    ("/fr/programmes/calendrier.ics", "text/calendar"),
    ("/en/programs/calendar.ics", "text/calendar"),
]


@pytest.mark.parametrize(("french", "english"), PAIRS)
def test_a_page_names_its_twin(client: Client, french: str, english: str) -> None:
    for code, here, there in (("fr", french, english), ("en", english, french)):
        response = client.get(here)
        assert response.status_code == 200
        html = response.content.decode()
        assert f'<html lang="{code}">' in html
        other = "en" if code == "fr" else "fr"
        assert f'hreflang="{other}" href="http://localhost:8000{there}"' in html


@pytest.mark.parametrize(("address", "kind"), FEEDS)
def test_feeds_and_calendars(client: Client, address: str, kind: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith(kind)


@pytest.mark.parametrize(
    ("header", "target"), [("en-CA,en;q=0.9", "/en/"), ("de", "/fr/"), ("fr", "/fr/")]
)
def test_the_root_answers_by_the_readers_language(client: Client, header: str, target: str) -> None:
    response = client.get("/", headers={"accept-language": header})
    assert (response.status_code, response.headers["Location"]) == (302, target)


def test_health(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"
    report = client.get("/readyz").json()
    assert report["ready"] is True
    assert set(report["checks"]) == {"database", "queue", "search", "mail"}


@pytest.mark.parametrize(
    "query",
    ["?status=zz", "?foo=1", "?page=99999999999999", "?page=-1", "?view=map&theme=%00", "?sort=x"],
)
def test_an_unknown_value_is_ignored_with_a_note(client: Client, query: str) -> None:
    response = client.get(f"/en/challenges/{query}")
    assert response.status_code == 200
    assert response.context["listing"].notes


def test_no_inline_style_or_script_and_a_strict_policy(client: Client) -> None:
    response = client.get("/fr/")
    html = response.content.decode()
    assert " style=" not in html
    assert "<style" not in html
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "script-src 'self'" in policy


def test_an_unknown_address_is_a_page_in_the_readers_language(client: Client) -> None:
    response = client.get("/en/nowhere/")
    assert response.status_code == 404
    assert "There is no page at this address." in response.content.decode()
