"""Split by audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent, even when it is empty; None when the page is only read."""
    return request.POST if request.method == "POST" else None


def is_key(text: str) -> bool:
    """Whether a part of an address can be a row's number: ASCII digits, no more than a key has."""
    return text.isascii() and text.isdecimal() and len(text) <= 18
