"""A view with nothing around it, that answers the bytes it is given."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

CONTENT = {"bytes": b""}


def same_bytes(request: HttpRequest) -> HttpResponse:
    """The bytes, as they are."""
    return HttpResponse(CONTENT["bytes"], content_type="text/html; charset=utf-8")


urlpatterns = [path("bare/", same_bytes)]
