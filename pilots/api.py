"""The address where a pilot's instruments send what they measure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from core.freeze import fingerprint
from pilots.domain.reading import (
    MOST_AT_ONCE,
    Answer,
    NewReading,
    pilot_of_key,
    receive_readings,
)
from pilots.models import Pilot

LONGEST_KEY = 120
FIRST_YEAR = 1900
FIELDS = ("indicator", "at", "value", "note")

router = Router()


class ReadingIn(Schema):
    """A value to record."""

    indicator: str = Field(description=gettext_noop("Key of the pilot's indicator."))
    at: datetime = Field(
        description=gettext_noop("When it was measured: ISO 8601, with its offset or Z.")
    )
    value: float | str = Field(description=gettext_noop("The value: a number, or its digits."))
    note: str = Field("", description=gettext_noop("A few words, shown in public."))


class AnswerOut(Schema):
    """What became of one value, in the place where it stood."""

    status: Literal["created", "duplicate", "refused"]
    problem: str


class Recorded(Schema):
    """One answer for each value, in the order they came."""

    answers: list[AnswerOut]
    created: int


ONE = ReadingIn.model_json_schema()
MANY = {
    "type": "object",
    "required": ["readings"],
    "properties": {
        "readings": {"type": "array", "minItems": 1, "maxItems": MOST_AT_ONCE, "items": ONE}
    },
}
DESCRIBED: dict[str, Any] = {
    "responses": {"default": {"description": "A problem document (RFC 9457)."}},
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"oneOf": [ONE, MANY]}}},
    },
    "parameters": [
        {
            "in": "header",
            "name": "Authorization",
            "required": True,
            "schema": {"type": "string"},
            "description": gettext_noop("“Bearer ” and the pilot's key, which begins with bde_."),
        },
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "schema": {"type": "string", "maxLength": LONGEST_KEY},
            "description": gettext_noop(
                "Words of your choice: a request repeated with them gets the same answer again, "
                "and records nothing twice."
            ),
        },
    ],
}


@router.post(
    "/{slug:slug}/readings",
    response=Recorded,
    operation_id="send_readings",
    summary=gettext_noop("Send readings"),
    openapi_extra=DESCRIBED,
)
def send_readings(request: HttpRequest, response: HttpResponse, slug: str) -> Any:
    """One value, or up to 1,000 under “readings”; each is answered for itself."""
    pilot = _pilot(request, slug)
    key = _idempotency_key(request)
    rows = _rows(request)
    answer, is_repeat = receive_readings(
        pilot=pilot,
        items=[_item(row) for row in rows],
        key=key,
        fingerprint=_fingerprint(rows),
        now=timezone.now(),
    )
    if is_repeat:
        response.headers["Idempotency-Replayed"] = "true"
    return answer


def _pilot(request: HttpRequest, slug: str) -> Pilot:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    pilot = (
        pilot_of_key(secret=secret, slug=slug) if scheme.lower() == "bearer" and secret else None
    )
    if pilot is None:
        raise HttpError(
            401,
            _(
                "Send the key of this pilot in the header “Authorization: Bearer bde_…”. The "
                "city's pilot managers create keys on the pilot's page of their workspace; ask "
                "them for one."
            ),
        )
    return pilot


def _idempotency_key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise HttpError(
            400, _("An Idempotency-Key has at most 120 characters, letters, digits and signs.")
        )
    return key


def _rows(request: HttpRequest) -> list[dict[str, str | None]]:
    """The values sent, each as the text that was typed; numbers are never rounded here."""
    kind = (request.content_type or "").lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise HttpError(415, _("Send JSON, with the header “Content-Type: application/json”."))
    try:
        body = json.loads(
            request.body.decode(), parse_int=str, parse_float=str, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise HttpError(400, _("The body is not JSON in UTF-8.")) from error
    found = body["readings"] if isinstance(body, dict) and "readings" in body else [body]
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise HttpError(
            422, _("Send one object, or {“readings”: […]} with one object for each value.")
        )
    if not 1 <= len(found) <= MOST_AT_ONCE:
        raise HttpError(
            422, _("Send from 1 to 1,000 values at once; there were %(n)s.") % {"n": len(found)}
        )
    return [{name: _typed(row.get(name)) for name in FIELDS} for row in found]


def _no_constant(name: str) -> Any:
    msg = f"{name} is not JSON."
    raise ValueError(msg)


def _typed(value: Any) -> str | None:
    """Text as it is; None for what is neither a text nor a number."""
    return value if isinstance(value, str) else None


def _fingerprint(rows: list[dict[str, str | None]]) -> str:
    try:
        return fingerprint(rows)
    except ValueError as error:
        raise HttpError(422, _("A text holds a character that cannot be kept.")) from error


def _item(row: dict[str, str | None]) -> NewReading | Answer:
    """A value to record, or the sentence that refuses it."""
    at = _instant(row["at"] or "")
    if at is None:
        return Answer(
            "refused",
            _("“at” is an ISO 8601 instant with its offset, such as 2026-03-01T08:00:00-05:00."),
        )
    return NewReading(
        indicator=row["indicator"] or "",
        at=at,
        value="" if row["value"] is None else row["value"],
        note=row["note"] or "",
    )


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        return None
    if found is None or found.tzinfo is None or found.year < FIRST_YEAR or found.year > 9000:
        return None
    return found.astimezone(UTC)
