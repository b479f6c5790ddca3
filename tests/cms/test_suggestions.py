"""What a few letters may mean: groups, addresses, limits."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.finding import suggestions
from search import finding
from search.finding import Named, Suggestions
from tests.cms.finding import all_are_public, make_hit

pytestmark = pytest.mark.django_db
FRENCH, ENGLISH = "/fr/recherche/suggestions/", "/en/search/suggestions/"
QUERIES = 0


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the engine was asked; it knows one record, one theme and one borough."""
    calls: list[tuple[str, str]] = []

    def suggest(text: str, language: str, *, limit: int = 6) -> Suggestions:
        calls.append((text, language))
        named = [Named("borough", "verdun", "Verdun"), Named("theme", "snow", "Neige & glace")]
        return Suggestions([make_hit(1, title="<Défi>")], named)

    monkeypatch.setattr(finding, "suggest", suggest)
    all_are_public(monkeypatch)
    return calls


def get(address: str, text: str) -> Any:
    return Client().get(address, {"q": text})


def test_groups_in_french(asked: list[tuple[str, str]]) -> None:
    response = get(FRENCH, " ne\x00ige ")
    assert response.json() == {
        "groups": [
            {
                "label": "Fiches",
                "options": [{"text": "<Défi>", "detail": "Défi", "url": "/fr/defis/defi-1/"}],
            },
            {
                "label": "Thèmes",
                "options": [
                    {"text": "Neige & glace", "detail": "", "url": "/fr/recherche/?theme=snow"}
                ],
            },
            {
                "label": "Arrondissements",
                "options": [
                    {"text": "Verdun", "detail": "", "url": "/fr/recherche/?borough=verdun"}
                ],
            },
        ],
        "said": "3 suggestions",
    }
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "private, max-age=60"
    assert asked == [("ne ige", "fr")]


def test_in_english(asked: list[tuple[str, str]]) -> None:
    found = get(ENGLISH, "snow").json()
    assert [group["label"] for group in found["groups"]] == ["Records", "Themes", "Boroughs"]
    assert found["groups"][1]["options"][0]["url"] == "/en/search/?theme=snow"
    assert asked == [("snow", "en")]


@pytest.mark.parametrize("text", ["", "n", "   ", " n ", "\x00\x00\x00"])
def test_one_letter_means_too_much(asked: list[tuple[str, str]], text: str) -> None:
    assert get(FRENCH, text).json() == {"groups": [], "said": ""}
    assert asked == []


def test_nothing_known_is_said() -> None:
    assert get(FRENCH, "xyzzy").json() == {"groups": [], "said": "Aucune suggestion"}


def test_too_often_is_answered_by_nothing(
    asked: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cms.finding.views.MOST_AN_HOUR", 2)
    assert [get(FRENCH, "neige").status_code for _n in range(3)] == [200, 200, 429]
    refused = get(ENGLISH, "neige")
    assert refused.status_code == 429
    assert refused.json() == {"groups": [], "said": ""}
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert len(asked) == 2
    # The search itself goes on.
    assert Client().get("/fr/recherche/?q=neige").status_code == 200


def test_an_office_is_not_stopped() -> None:
    """Twenty people who type ten words of eight letters each in the same hour."""
    assert suggestions.MOST_AN_HOUR >= 20 * 10 * 8


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_adds_no_query_to_the_engine_s(
    monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    hits = [make_hit(n) for n in range(count)]
    all_are_public(monkeypatch)
    monkeypatch.setattr(finding, "suggest", lambda *args, **kwargs: Suggestions(hits))
    with CaptureQueriesContext(connection) as read:
        assert len(get(FRENCH, "neige").json()["groups"][0]["options"]) == count
    assert len(read) == QUERIES
