"""Addresses of the API, without a language; everything unknown below is a problem document."""

from django.urls import path, re_path

from cms.opendata import views
from cms.opendata.api import api
from cms.opendata.problems import door, unknown

patterns, app, namespace = api.urls
for pattern in patterns:
    pattern.callback = door(pattern.callback)  # type: ignore[union-attr, arg-type]

urlpatterns = [
    path("api/v1/docs", views.api_docs, name="api_docs"),
    path("api/v1/", (patterns, app, namespace)),
    re_path(r"^api/v1(?:/[\s\S]*)?$", door(unknown)),
]
