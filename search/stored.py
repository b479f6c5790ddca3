"""A document as an engine keeps it, and back."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from search.port import Document, Standing

_NAMES: Final = tuple(f.name for f in fields(Document))
_INSTANTS: Final = ("published_at", "opens_at", "closes_at", "turns_at")
_values = attrgetter(*_NAMES)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump(document: Document) -> str:
    """``document`` as JSON, empty fields left out."""
    said = {name: value for name, value in zip(_NAMES, _values(document), strict=True) if value}
    for name in _INSTANTS:
        if name in said:
            said[name] = said[name].isoformat()
    return _encode(said)


def load(text: str) -> Document:
    """The document of a JSON text that :func:`dump` made."""
    said: dict[str, Any] = json.loads(text)
    for name in _INSTANTS:
        if name in said:
            said[name] = datetime.fromisoformat(said[name])
    for name in ("themes", "boroughs", "stages"):
        said[name] = tuple(said.get(name, ()))
    said["places"] = tuple((lat, lon) for lat, lon in said.get("places", ()))
    said["standing"] = Standing(said.get("standing", Standing.PLAIN))
    said.setdefault("title", "")
    return Document(**said)
