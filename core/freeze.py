"""Frozen copies: what was agreed at an instant, and the fingerprint that proves it.

The canonical form is small on purpose, so that anybody can compute it again: JSON with sorted
keys, no spaces, UTF-8, text in NFC; instants in ISO 8601 UTC with a ``Z``; decimals as strings; a
whole float as an integer, so that the form survives both databases.
"""

from __future__ import annotations

import hashlib
import json
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Frozen:
    """A payload made of plain JSON values, and its SHA-256 fingerprint (64 hex digits)."""

    payload: Any
    fingerprint: str


def plain(value: Any) -> Any:
    """``value`` in plain JSON types; what JSON cannot say raises ``TypeError``/``ValueError``."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str | Promise):
        return _text(str(value))
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float | Decimal):
        return _number(value)
    if isinstance(value, datetime | date | time | timedelta):
        return _moment(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=canonical_json)
    msg = f"{type(value).__name__} has no canonical form."
    raise TypeError(msg)


def _text(value: str) -> str:
    """Text in NFC; a NUL or a lone surrogate cannot be stored everywhere and is refused."""
    if "\0" in value:
        msg = "Text with a NUL character has no canonical form."
        raise ValueError(msg)
    value.encode("utf-8")
    return unicodedata.normalize("NFC", value)


def _number(value: float | Decimal) -> int | float | str:
    """A decimal as a string; a whole float as an integer; NaN and infinities are refused."""
    if not math.isfinite(value):
        msg = "NaN and infinities have no canonical form."
        raise ValueError(msg)
    if isinstance(value, Decimal):
        return format(value, "f")
    return int(value) if value.is_integer() else float(value)


def _moment(value: date | time | timedelta) -> str | int | float:
    """ISO 8601; an instant in UTC, a duration in seconds."""
    if isinstance(value, datetime):
        if value.tzinfo is None or value.utcoffset() is None:
            msg = "An instant without a time zone has no canonical form."
            raise ValueError(msg)
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        seconds = _number(value.total_seconds())
        return seconds if not isinstance(seconds, str) else 0
    return value.isoformat()


def _object(value: Mapping[Any, Any]) -> dict[str, Any]:
    """An object with text keys; two keys that become the same text are refused."""
    found: dict[str, Any] = {}
    for key, item in value.items():
        name = plain(key)
        if not isinstance(name, str):
            name = canonical_json(name).decode()
        if name in found:
            msg = f"Two keys read “{name}”."
            raise ValueError(msg)
        found[name] = plain(item)
    return found


def canonical_json(value: Any) -> bytes:
    """The canonical form of ``value``: same value, same bytes, on any machine."""
    return json.dumps(
        plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode("utf-8")


def fingerprint(value: Any) -> str:
    """The SHA-256 of the canonical form, as 64 hex digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def freeze(payload: Any) -> Frozen:
    """A copy of ``payload`` that later changes cannot reach, and its fingerprint."""
    encoded = canonical_json(payload)
    return Frozen(payload=json.loads(encoded), fingerprint=hashlib.sha256(encoded).hexdigest())
