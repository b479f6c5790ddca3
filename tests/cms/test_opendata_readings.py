"""The door where instruments send: keys, answers one by one, repeats, and bodies refused."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pilots.domain.reading import digest_of
from pilots.enums import PilotState
from pilots.models import Pilot, PilotKey, Reading
from tests.cms.opendata_rows import API, body_of, make, problem_of

pytestmark = pytest.mark.django_db

SECRET = "bde_a-key-of-the-tests"


@pytest.fixture
def pilot() -> Pilot:
    make(1)
    found = Pilot.objects.get()
    PilotKey.objects.create(
        pilot=found, label="station", prefix="bde_a-ke", digest=digest_of(SECRET)
    )
    return found


def send(client: Client, body: Any, *, secret: str = SECRET, key: str = "") -> Any:
    headers = {"authorization": f"Bearer {secret}", "accept-language": "en"}
    if key:
        headers["idempotency-key"] = key
    return client.post(
        f"{API}/pilots/pilot-1/readings",
        body if isinstance(body, str | bytes) else json.dumps(body),
        content_type="application/json",
        headers=headers,
    )


def value(**changes: Any) -> dict[str, Any]:
    return {"indicator": "bruit", "at": "2026-02-01T08:00:00-05:00", "value": 61.5, **changes}


def test_indicators_and_readings(client: Client, pilot: Pilot) -> None:
    (indicator,) = client.get(f"{API}/pilots/pilot-1/indicators").json()["results"]
    assert (indicator["key"], indicator["readings"], indicator["last_value"]) == ("bruit", 1, 61.5)
    base = f"{API}/pilots/pilot-1/readings"
    data = client.get(f"{base}?limit=1000&indicator=bruit&since=2025-12-31").json()
    (row,) = data["results"]
    assert row["recorded_at"]
    assert {**row, "recorded_at": ""} == {
        "indicator": "bruit",
        "at": "2026-01-01T00:00:00Z",
        "value": 61.5,
        "unit": "dB(A)",
        "note": "",
        "source": "form",
        "recorded_at": "",
    }
    assert len(client.get(f"{base}?indicator=zz").json()["notes"]) == 1
    assert client.get(f"{base}?since=2126-01-01").json()["count"] == 0
    problem_of(client.get(f"{base}?limit=1001"), 422)
    (row,) = csv.DictReader(io.StringIO(body_of(client.get(f"{base}.csv"))))
    assert row["value"] == "61.5"
    assert body_of(client.get(f"{API}/pilots/pilot-1/indicators.csv")).startswith("key,")
    problem_of(client.get(f"{API}/pilots/nowhere/readings"), 404)


def test_a_key_is_required(client: Client, pilot: Pilot) -> None:
    for response in (
        client.post(f"{API}/pilots/pilot-1/readings", {}, content_type="application/json"),
        send(client, value(), secret="bde_wrong"),
        send(client, value(), secret=""),
    ):
        found = problem_of(response, 401)
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert "bde_" in found["detail"]
    PilotKey.objects.update(revoked_at=timezone.now())
    problem_of(send(client, value()), 401)
    assert Reading.objects.count() == 1


def test_each_value_is_answered_for_itself(client: Client, pilot: Pilot) -> None:
    response = send(
        client,
        {
            "readings": [
                value(),
                value(),
                value(value=70),
                value(at="2026-02-01T08:00:00"),
                value(at=12, value=1),
                value(at="2126-02-01T08:00:00Z"),
                value(indicator="chaleur"),
                value(at="2026-02-02T08:00:00Z", value="12,25", note="=1+1"),
                value(at="2026-02-03T08:00:00Z", value=None),
                value(at="2026-02-03T08:00:00Z", value=True),
                value(at="2026-02-03T08:00:00Z", value="9999999999.99999"),
                value(at="2026-02-03T08:00:00Z", value="1e9999999"),
            ]
        },
    )
    assert response.status_code == 200
    data = response.json()
    assert [a["status"] for a in data["answers"]] == [
        "created",
        "duplicate",
        *["refused"] * 5,
        "created",
        *["refused"] * 4,
    ]
    assert all(a["problem"] for a in data["answers"] if a["status"] == "refused")
    assert data["created"] == 2
    assert Reading.objects.filter(source="api").count() == 2
    assert Reading.objects.filter(value=Decimal("12.25")).exists()


def test_one_value_alone(client: Client, pilot: Pilot) -> None:
    assert send(client, value()).json() == {
        "answers": [{"status": "created", "problem": ""}],
        "created": 1,
    }


def test_a_repeated_request_gets_the_same_answer_once(client: Client, pilot: Pilot) -> None:
    first = send(client, value(), key="k1")
    again = send(client, value(), key="k1")
    assert again.json() == first.json() == send(client, value(), key="k1").json()
    assert first.json()["created"] == 1
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Reading.objects.filter(source="api").count() == 1
    found = problem_of(send(client, value(value=5), key="k1"), 409)
    assert found["code"] == "idempotency_key_reused"
    assert send(client, value()).json()["answers"][0]["status"] == "duplicate"
    problem_of(send(client, value(), key="k" * 121), 400)


def test_a_pilot_that_does_not_measure_refuses(client: Client, pilot: Pilot) -> None:
    Pilot.objects.update(state=PilotState.CONCLUDED)
    found = problem_of(send(client, value(), key="k2"), 409)
    assert found["code"] == "not_measuring"
    assert found["detail"] == "Readings are taken from the start of the trial to its verdict."


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        (b"\xff", 400),
        ('{"value": NaN}', 400),
        ("[" * 100_000, 400),
        ("[]", 422),
        ("3", 422),
        ('"text"', 422),
        ({"readings": []}, 422),
        ({"readings": {}}, 422),
        ({"readings": [1]}, 422),
        ({"readings": [value()] * 1001}, 422),
        (value(note="\x00"), 422),
        (value(note="\ud800"), 422),
    ],
)
def test_bodies_that_cannot_be_read(client: Client, pilot: Pilot, body: Any, status: int) -> None:
    problem_of(send(client, body), status)
    assert Reading.objects.count() == 1


def test_a_thousand_values_at_once(client: Client, pilot: Pilot) -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    rows = [value(at=(start + timedelta(hours=n)).isoformat(), value=n) for n in range(1000)]
    assert send(client, {"readings": rows}).json()["created"] == 1000


def test_another_kind_of_body_and_too_large_a_body(client: Client, pilot: Pilot) -> None:
    headers = {"authorization": f"Bearer {SECRET}"}
    address = f"{API}/pilots/pilot-1/readings"
    response = client.post(address, "a=1", content_type="text/plain", headers=headers)
    problem_of(response, 415)
    problem_of(send(client, " " * 3_000_000), 413)
