"""What an address of the API takes, and the sentence that says so: in its documentation, and in
the answer to a value that cannot be used."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_noop
from ninja import Schema
from pydantic import BeforeValidator, Field, WithJsonSchema, create_model

MOST_ROWS = 200
MOST_READINGS = 1000
FARTHEST = 10_000_000
YEARS = range(1900, 2200)
# In an address, a plus sign that was not encoded arrives as a space.
LOST_PLUS = re.compile(r"(?<=\d) (?=\d\d:?\d\d$)")

WORDS: dict[str, str] = {
    "limit": gettext_noop("How many rows: a whole number from 1 to the most this address gives."),
    "offset": gettext_noop("How many rows to pass over: a whole number from 0."),
    "updated_since": gettext_noop(
        "Only what changed since: a date, or an ISO 8601 instant with its offset or Z."
    ),
    "since": gettext_noop(
        "Only readings from then on: a date, or an ISO 8601 instant with its offset or Z."
    ),
    "theme": gettext_noop("Address of a theme; may be repeated."),
    "borough": gettext_noop("Address of a borough or linked city; may be repeated."),
    "status": gettext_noop("Code of a status; may be repeated."),
    "stage": gettext_noop("Code of a stage; may be repeated."),
    "sort": gettext_noop("Order of the answers: relevance, closing, newest or name."),
    "kind": gettext_noop("Code of a kind; may be repeated."),
    "q": gettext_noop("Words to look for, in the language of the request."),
    "lang": gettext_noop("Language of the answers: fr or en."),
    "indicator": gettext_noop("Key of an indicator; may be repeated."),
    "slug": gettext_noop("Address of the record, as the list gives it."),
}


def parse_moment(text: Any) -> datetime:
    """An aware instant; a date alone is the beginning of that day on the city's clocks."""
    if not isinstance(text, str):
        msg = "An instant is text."
        raise ValueError(msg)  # pydantic reads ValueError
    text = LOST_PLUS.sub("+", text.strip())
    day: date | None = parse_date(text) if len(text) == len("2026-01-31") else None
    if day is not None:
        found = datetime.combine(day, time.min, timezone.get_default_timezone())
    else:
        instant = parse_datetime(text)
        if instant is None or instant.tzinfo is None:
            msg = "Not an instant with its offset."
            raise ValueError(msg)
        found = instant
    if found.year not in YEARS:
        msg = "Not an instant of our times."
        raise ValueError(msg)
    return found.astimezone(UTC)


Moment = Annotated[
    datetime,
    BeforeValidator(parse_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS, description=WORDS["limit"])]
Offset = Annotated[int, Field(ge=0, le=FARTHEST, description=WORDS["offset"])]


class Paged(Schema):
    """Which rows of a list."""

    limit: Limit = 50
    offset: Offset = 0


def changed_since() -> Any:
    """The field that asks for what changed."""
    return (Moment | None, Field(None, description=WORDS["updated_since"]))


def words() -> Any:
    """The field that holds words to look for."""
    return (str, Field("", description=WORDS["q"]))


def choices(name: str, known: tuple[str, ...] = ()) -> Any:
    """A filter that may be repeated; ``known`` are its codes when they are few and fixed."""
    items: dict[str, Any] = {"type": "string", **({"enum": list(known)} if known else {})}
    field: Any = Field(
        default_factory=list, description=WORDS[name], json_schema_extra={"items": items}
    )
    return (list[str], field)


def filters(name: str, fields: dict[str, Any], *, base: type[Schema] = Schema) -> type[Schema]:
    """The parameters ``fields`` as one schema."""
    made: type[Schema] = create_model(name, __base__=base, **fields)
    return made
