"""``/api/v1/search``: facets, spelling, filters, and what it does not know."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cms.opendata import schemas
from core.taxonomy.models import Borough, Theme
from search import finding
from search.port import FACETS, Query, Results, Sort
from tests.cms.finding import Engine, all_are_public, make_hit

pytestmark = pytest.mark.django_db
API = "/api/v1/search"


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    facets = {"kind": {"challenge": 1}, "status": {"open": 1}}
    made = Engine(lambda query: Results(1, [make_hit()], facets, corrected="déneigement"))
    monkeypatch.setattr(finding, "search", made.search)
    all_are_public(monkeypatch)
    return made


def get(query: str) -> Any:
    response = Client().get(f"{API}?{query}", headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.json()


def test_all_facets_and_the_spelling(engine: Engine) -> None:
    found = get("q=deniegement&lang=fr")
    schemas.Found.model_validate(found)
    assert found["facets"] == {
        "kind": {"challenge": 1},
        "theme": {},
        "borough": {},
        "status": {"open": 1},
        "stage": {},
    }
    assert found["corrected"] == "déneigement"
    assert found["results"][0]["url"] == "http://localhost:8000/fr/defis/defi-1/"


def test_filters_and_order(engine: Engine) -> None:
    theme, borough = Theme.objects.all()[0].slug, Borough.objects.all()[0].slug
    found = get(
        f"q=neige&kind=challenge&kind=pilot&theme={theme}&borough={borough}"
        "&status=open&stage=idea&sort=closing&limit=5&offset=10"
    )
    assert found["notes"] == []
    (query,) = engine.asked
    assert [query.asked(facet) for facet in FACETS] == [
        ("challenge", "pilot"),
        (theme,),
        (borough,),
        ("open",),
        ("idea",),
    ]
    assert (query.sort, query.limit, query.offset, query.language) == (Sort.CLOSING, 5, 10, "en")


def test_a_filter_alone_is_a_question(engine: Engine) -> None:
    assert get("status=open")["count"] == 1
    assert [query.text for query in engine.asked] == [""]


def test_nothing_asked_is_answered_by_nothing(engine: Engine) -> None:
    assert get("q=+&status=nowhere&sort=name")["count"] == 0
    assert engine.asked == []


@pytest.mark.parametrize(
    "query",
    ["theme=x", "borough=x", "status=x", "stage=x", "kind=x", "sort=distance", "lang=de", "near=1"],
)
def test_what_is_not_known_is_left_out_with_a_note(engine: Engine, query: str) -> None:
    found = get(f"q=neige&{query}")
    (note,) = found["notes"]
    assert note.endswith("it was left out.")
    (asked,) = engine.asked
    assert (asked.sort, [asked.asked(facet) for facet in FACETS]) == (Sort.RELEVANCE, [()] * 5)


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "offset=-1", "limit=abc"])
def test_a_malformed_number_is_a_problem(engine: Engine, query: str) -> None:
    response = Client().get(f"{API}?q=neige&{query}")
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"


def test_the_documentation_says_what_it_takes() -> None:
    document = Client().get("/api/v1/openapi.json").json()
    taken = document["paths"]["/api/v1/search"]["get"]["parameters"]
    by_name = {parameter["name"]: parameter["schema"] for parameter in taken}
    assert set(by_name) == {
        *("q", "lang", *FACETS),
        *("sort", "limit", "offset"),
    }
    assert by_name["sort"]["enum"] == ["", "relevance", "closing", "newest", "name"]


def test_a_list_goes_through_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Query] = []
    monkeypatch.setattr(finding, "matching", lambda query: asked.append(query) or [])
    assert Client().get("/api/v1/challenges?q=neige").json()["count"] == 0
    assert Client().get("/fr/defis/?q=neige").status_code == 200
    assert [(query.text, query.kinds) for query in asked] == [("neige", ("challenge",))] * 2
