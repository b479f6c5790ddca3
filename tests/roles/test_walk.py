"""Every address has a row, or a reason; the machinery that says so is tried on new addresses."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver, include, path
from django.urls.resolvers import RegexPattern

from cms.urls import urlpatterns
from tests.roles.elsewhere import without_row
from tests.roles.table import all_rows
from tests.roles.walk import Address, of_our_administration, published, takes_post, walk


def lacking(addresses: list[Address]) -> set[str]:
    named = {row.name for row in all_rows()}
    return without_row(addresses, of_our_administration(addresses), named)


def test_every_address_has_a_row_or_a_reason() -> None:
    addresses = published(walk())
    assert len(addresses) > 600
    assert lacking(addresses) == set()


def test_every_row_has_an_address() -> None:
    assert {row.name for row in all_rows()} <= {address.key for address in published(walk())}


def test_an_address_has_one_row_for_each_method() -> None:
    rows = [(row.name, row.method) for row in all_rows()]
    assert len(rows) == len(set(rows))
    addresses = {address.key: address for address in walk()}
    for name in {name for name, _method in rows}:
        assert (name, "GET") in rows, name
        assert (name, "POST") in rows or not takes_post(addresses[name]), name


def new_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def our_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


our_view.__module__ = "pilots.views.new"


def with_new(*patterns: Any) -> set[str]:
    """What lacks a row when ``patterns`` are among the addresses."""
    return lacking(published(walk(URLResolver(RegexPattern(r"^/"), [*urlpatterns, *patterns]))))


def test_a_new_address_is_seen() -> None:
    assert with_new() == set()
    assert with_new(path("neuve/", new_view, name="new")) == {"new"}
    assert with_new(path("sans-nom/", new_view)) == {"sans-nom/"}
    assert with_new(path("autre/", new_view, name="home")) == {"autre/"}
    inside = include(([path("dedans/", new_view, name="home")], "space"))
    assert with_new(path("ailleurs/", inside)) == {"space:home"}


def test_a_new_address_of_our_administration_is_seen() -> None:
    assert with_new(path("admin/wagtail/", new_view, name="theirs")) == set()
    assert with_new(path("admin/nous/", our_view, name="ours")) == {"ours"}
    both = include(([path("a/", our_view, name="a"), path("b/", new_view, name="b")], "room"))
    assert with_new(path("admin/salle/", both)) == {"room:a", "room:b"}
