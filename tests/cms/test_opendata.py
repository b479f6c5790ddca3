"""The public API: what it gives, to whom, in how many queries, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.opendata import exports, schemas
from cms.opendata.resources import BY_NAME, RESOURCES
from core.accounts.models import User
from core.taxonomy.models import Borough
from pilots.enums import ChallengeState, VerdictOutcome
from pilots.models import (
    Challenge,
    Pilot,
    Site,
    Verdict,
)
from search.domain.rebuilding import rebuild
from startups.models import Incubator, Startup
from tests.cms.opendata_rows import API, body_of, make, problem_of

pytestmark = pytest.mark.django_db

NAMES = [resource.name for resource in RESOURCES]
PLACED = [resource.name for resource in RESOURCES if resource.geometry]


@pytest.fixture
def filled() -> None:
    make(1)


# ---- reading ------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", NAMES)
def test_a_list_answers_on_an_empty_site(client: Client, name: str) -> None:
    data = client.get(f"{API}/{name}").json()
    assert (data["next"], data["previous"], data["license"]) == (None, None, "CC BY 4.0")
    assert data["count"] == len(data["results"])


@pytest.mark.parametrize("name", NAMES)
def test_a_list_and_a_record_have_the_fields_announced(
    client: Client, name: str, filled: None
) -> None:
    response = client.get(f"{API}/{name}")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cache-Control"] == "public, max-age=60"
    row = response.json()["results"][-1]
    schema = BY_NAME[name].schema
    assert list(row) == list(schema.model_fields)
    schema.model_validate(row)
    one = client.get(f"{API}/{name}/{row['slug']}").json()
    assert one.pop("license") == "CC BY 4.0"
    assert one == row
    assert row["url_fr"].startswith("http://localhost:8000/fr/")
    assert row["url_en"].startswith("http://localhost:8000/en/")


# Queries of the list, the CSV, the GeoJSON, and the list with every filter.
QUERIES = {
    "challenges": (7, 6, 6, 9),
    "programs": (4, 3, None, 6),
    "intakes": (2, 1, None, 4),
    "incubators": (3, 2, 2, 5),
    "startups": (3, 2, None, 5),
    "solutions": (3, 2, None, 5),
    "sites": (2, 1, 1, 3),
    "pilots": (6, 5, 5, 8),
    "themes": (2, 1, None, 2),
    "boroughs": (2, 1, 1, 2),
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", NAMES)
def test_queries_do_not_grow_with_rows(client: Client, name: str, rows: int) -> None:
    for n in range(1, rows + 1):
        make(n)
    everything = "".join(f"&theme=theme-{n}&borough=borough-{n}" for n in range(1, rows + 1))
    for suffix, expected in zip(
        ("", ".csv", ".geojson", f"?a{everything}"), QUERIES[name], strict=True
    ):
        if expected is not None:
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                body = body_of(client.get(f"{API}/{name}{suffix}"))
            assert len(queries) == expected, suffix
            assert "-1" in body


def test_public_rows_only(client: Client, filled: None) -> None:
    Challenge.objects.update(state=ChallengeState.DRAFT, live=False)
    Pilot.objects.update(live=False)
    Site.objects.update(is_public=False)
    for model in (Startup, Incubator):
        model.objects.update(live=False)
    for name in NAMES[:8]:
        assert client.get(f"{API}/{name}").json()["count"] == 0
    for address in ("challenges/challenge-1", "pilots/pilot-1", "pilots/pilot-1/readings"):
        problem_of(client.get(f"{API}/{address}"), 404)


def test_what_is_tied_and_not_public_is_not_named(client: Client, filled: None) -> None:
    Startup.objects.update(live=False)
    Site.objects.update(is_public=False)
    row = client.get(f"{API}/pilots/pilot-1").json()
    assert (row["startup"], row["startup_name"], row["sites"]) == (None, "Pousse 1", [])
    assert client.get(f"{API}/challenges/challenge-1").json()["sites"] == []


def test_codes_and_ties(client: Client, filled: None) -> None:
    pilot = client.get(f"{API}/pilots/pilot-1").json()
    assert pilot["status"] == "running"
    assert pilot["is_verdict_overdue"] is True
    assert (pilot["challenge"], pilot["sites"], pilot["themes"]) == (
        "challenge-1",
        ["site-1"],
        ["theme-1"],
    )
    assert client.get(f"{API}/challenges/challenge-1").json()["status"] == "open"
    assert client.get(f"{API}/sites/site-1").json()["status"] == "held"
    intake = client.get(f"{API}/intakes").json()["results"][0]
    assert (intake["status"], intake["is_example"]) == ("open", True)


def test_a_verdict_is_said(client: Client, filled: None) -> None:
    pilot = Pilot.objects.get()
    Verdict.objects.create(
        pilot=pilot,
        outcome=VerdictOutcome.STOP,
        reasons_fr="Trop cher.",
        role_fr="Direction",
        decided_by=User.objects.create_user("direction@example.org"),
        decided_at=timezone.now(),
    )
    row = client.get(f"{API}/pilots/pilot-1").json()
    assert (row["verdict_outcome"], row["verdict_reasons_fr"]) == ("stop", "Trop cher.")
    assert row["is_verdict_overdue"] is False
    assert "direction@example.org" not in json.dumps(row)


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("challenges?status=open", 1),
        ("challenges?status=open&status=decided", 1),
        ("challenges?status=closing", 0),
        ("challenges?status=grace", 0),
        ("challenges?theme=theme-1&borough=borough-1", 1),
        ("pilots?status=running&theme=theme-1&borough=borough-1", 1),
        ("pilots?status=concluded", 0),
        ("sites?status=held&kind=square", 1),
        ("sites?status=free", 0),
        ("incubators?status=active&kind=incubator", 1),
        ("intakes?status=open&borough=borough-1", 1),
        ("intakes?status=closed", 0),
        ("programs?status=open", 1),
        ("startups?kind=prototype", 1),
        ("solutions?kind=6", 1),
        ("solutions?kind=7", 0),
        ("boroughs?kind=borough", 1),
        ("challenges?updated_since=2020-01-01", 1),
        ("challenges?updated_since=2020-01-01T00:00:00+00:00", 1),
        ("challenges?updated_since=2120-01-01T00:00:00Z", 0),
        ("intakes?updated_since=2020-01-01", 1),
    ],
)
def test_filters(client: Client, filled: None, address: str, count: int) -> None:
    Borough.objects.exclude(slug="borough-1").delete()
    data = client.get(f"{API}/{address}").json()
    assert (data["count"], data["notes"]) == (count, [])


def test_words_and_search(client: Client, filled: None) -> None:
    rebuild(target="database")
    assert client.get(f"{API}/challenges?q=deneiger").json()["count"] == 1
    assert client.get(f"{API}/challenges?q=zzzz").json()["count"] == 0
    assert client.get(f"{API}/intakes?q=parcours").json()["count"] == 1
    found = client.get(f"{API}/search?q=snow&lang=en&kind=challenge&limit=5").json()
    schemas.Found.model_validate(found)
    assert found["count"] == 1
    assert found["results"][0]["url"] == "http://localhost:8000/en/challenges/challenge-1/"
    assert found["facets"]["kind"]["challenge"] == 1
    assert client.get(f"{API}/search?q=").json()["count"] == 0
    assert len(client.get(f"{API}/search?q=a&lang=de&kind=x").json()["notes"]) == 2


@pytest.mark.parametrize(
    "query",
    ["status=zz", "foo=1", "theme=%00", "borough=" + "x" * 500, "updated_since=2020-01-01&a"],
)
def test_an_unknown_value_is_left_out_with_a_note(client: Client, query: str) -> None:
    response = client.get(f"{API}/challenges?{query}", headers={"accept-language": "en"})
    assert response.status_code == 200
    (note,) = response.json()["notes"]
    assert note.endswith("it was left out.")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=abc", "limit"),
        ("limit=", "limit"),
        ("offset=-1", "offset"),
        ("offset=99999999999999999999", "offset"),
        ("updated_since=hier", "updated_since"),
        ("updated_since=2026-02-30", "updated_since"),
        ("updated_since=2026-02-01T10:00:00", "updated_since"),
        ("updated_since=0001-01-01T00:00:00%2B14:00", "updated_since"),
        ("updated_since=1700000000", "updated_since"),
    ],
)
def test_a_malformed_value_is_a_problem(client: Client, query: str, name: str) -> None:
    for suffix in ("", ".csv") if name == "updated_since" else ("",):
        found = problem_of(client.get(f"{API}/challenges{suffix}?{query}"), 422)
        assert found["errors"][0]["name"] == name
        assert f"“{name}”" in found["detail"]


def test_pages_follow_one_another(client: Client, filled: None) -> None:
    make(2)
    make(3)
    address, seen = f"{API}/challenges?limit=2&theme=theme-1&theme=theme-2&theme=theme-3", []
    first = client.get(address).json()
    assert (first["count"], first["previous"]) == (3, None)
    second = client.get(first["next"].removeprefix("http://localhost:8000")).json()
    seen = [row["slug"] for page in (first, second) for row in page["results"]]
    assert seen == ["challenge-1", "challenge-2", "challenge-3"]
    assert second["next"] is None
    assert "offset=0" in second["previous"]


# ---- files --------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", NAMES)
def test_csv(client: Client, name: str, filled: None) -> None:
    response = client.get(f"{API}/{name}.csv")
    assert response.headers["Content-Type"].startswith("text/csv; charset=utf-8")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    rows = list(csv.DictReader(io.StringIO(body_of(response))))
    assert rows
    assert {"slug", "url_fr", "url_en"} <= set(rows[0])


def test_csv_runs_nothing(client: Client, filled: None) -> None:
    Challenge.objects.update(title_fr='=HYPERLINK("http://x")', title_en="@SUM(1)", summary_fr="-5")
    (row,) = csv.DictReader(io.StringIO(body_of(client.get(f"{API}/challenges.csv"))))
    assert row["title_fr"] == '\'=HYPERLINK("http://x")'
    assert row["title_en"] == "'@SUM(1)"
    assert row["summary_fr"] == "-5"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("+1 514", "'+1 514"),
        ("-1+cmd", "'-1+cmd"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-3.5", "-3.5"),
        (-3.5, "-3.5"),
        (["=a", "b"], "'=a | b"),
        (None, ""),
        (True, "true"),
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00Z"),
    ],
)
def test_cells(given: Any, shown: str) -> None:
    assert exports.cell(given) == shown


@pytest.mark.parametrize("name", PLACED)
def test_geojson(client: Client, name: str) -> None:
    assert json.loads(body_of(client.get(f"{API}/{name}.geojson")))["type"] == "FeatureCollection"
    make(1)
    response = client.get(f"{API}/{name}.geojson?foo=1")
    assert response.headers["Content-Type"] == "application/geo+json"
    data = json.loads(body_of(response))
    assert (data["type"], data["license"], len(data["notes"])) == (
        "FeatureCollection",
        "CC BY 4.0",
        1,
    )
    feature = data["features"][-1]
    assert set(feature) == {"type", "id", "geometry", "properties"}
    assert feature["geometry"]["type"] == "Point"
    lon, lat = feature["geometry"]["coordinates"]
    assert -74 < lon < -73 < 45 < lat < 46
    assert feature["properties"]["slug"] == feature["id"]


def test_a_challenge_without_site_is_in_its_boroughs(client: Client, filled: None) -> None:
    Site.objects.update(is_public=False)
    data = json.loads(body_of(client.get(f"{API}/challenges.geojson")))
    assert data["features"][0]["geometry"]["coordinates"] == [-73.6, 45.5]


# ---- problems and documents ---------------------------------------------------------------------
@pytest.mark.parametrize(
    "address", ["/nowhere", "", "/challenges/", "/challenges/nowhere", "/intakes/x-1", "/a%0Ab"]
)
def test_unknown_addresses(client: Client, address: str) -> None:
    response = client.get(f"{API}{address}", headers={"accept-language": "en"})
    found = problem_of(response, 404)
    assert found["instance"] == unquote(f"{API}{address}")
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_problems_speak_the_readers_language(client: Client) -> None:
    response = client.get(f"{API}/challenges?limit=0", headers={"accept-language": "fr"})
    assert response.headers["Content-Language"] == "fr"
    problem_of(client.get(f"{API}/challenges?" + "a&" * 2001), 400)


def test_methods(client: Client, filled: None) -> None:
    response = client.delete(f"{API}/challenges")
    problem_of(response, 405)
    assert response.headers["Allow"] == "GET"
    head = client.head(f"{API}/challenges")
    assert (head.status_code, head.content) == (200, b"")
    assert client.head(f"{API}/challenges.csv").status_code == 200
    options = client.options(f"{API}/challenges")
    assert (options.status_code, options.headers["Access-Control-Allow-Origin"]) == (204, "*")


def test_an_unchanged_answer_is_not_sent_again(client: Client, filled: None) -> None:
    etag = client.get(f"{API}/themes").headers["ETag"]
    again = client.get(f"{API}/themes", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_fault_of_ours_is_a_problem_without_details(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("cms.opendata.asking.page", broken)
    client.raise_request_exception = False
    found = problem_of(client.get(f"{API}/themes"), 500)
    assert "secret" not in json.dumps(found)


def test_the_schema_and_the_index(client: Client) -> None:
    schema = client.get(f"{API}/openapi.json").json()
    assert schema["openapi"].startswith("3.")
    for name in NAMES:
        assert f"{API}/{name}" in schema["paths"]
        assert f"{API}/{name}/{{slug}}" in schema["paths"]
    assert set(schema["paths"][f"{API}/pilots/{{slug}}/readings"]) == {"get", "post"}
    index = client.get(f"{API}/").json()
    schemas.Index.model_validate(index)
    assert [entry["name"] for entry in index["datasets"]] == NAMES


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_for_people(client: Client, language: str) -> None:
    response = client.get(f"{API}/docs?lang={language}")
    html = response.content.decode()
    assert f'<html lang="{language}">' in html
    assert f'hreflang="fr" href="http://localhost:8000{API}/docs?lang=fr"' in html
    assert "/api/v1/challenges.geojson" in html
    assert "<script" not in html.split("<main", 1)[1]
    assert " style=" not in html


def test_the_data_page(client: Client) -> None:
    response = client.get("/en/data/")
    assert response.status_code == 200
    html = response.content.decode()
    for name in NAMES:
        assert f'href="/api/v1/{name}.csv"' in html
    assert "creativecommons.org/licenses/by/4.0/" in html
    assert "Bearer bde_" in html
