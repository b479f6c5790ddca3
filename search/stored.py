"""A document as an engine keeps it, and back."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from search.port import Document, Standing

_NAMES: Final = tuple(f.name for f in fields(Document))
_INSTANTS: Final = ("published_at", "opens_at", "closes_at", "turns_at")


def dump(document: Document) -> str:
    """``document`` as JSON, empty fields left out."""
    said = {name: value for name in _NAMES if (value := getattr(document, name))}
    for name in _INSTANTS:
        if name in said:
            said[name] = said[name].isoformat()
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


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
