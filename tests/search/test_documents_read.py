"""How records are read to become documents: slices, queries, nothing that was not named."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site as WagtailSite

from core.taxonomy.models import CitySettings
from search.documents import BY_NAME, KINDS, documents_of, records_at
from search.documents.building import light
from search.domain.reading import slices
from search.port import Key
from startups.models import Startup
from tests.search.world import NOW, all_documents, documents_at, make_world

pytestmark = pytest.mark.django_db
# Confirmed on the first of March, a listing is asked again after 180 days, labelled 30 days later.


QUERIES = {
    "challenge": 4,
    "pilot": 3,
    "verdict": 3,
    "site": 2,
    "incubator": 2,
    "program": 3,
    "intake": 2,
    "startup": 2,
    "solution": 2,
    "page": 4,
}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", QUERIES)
def test_a_slice_costs_as_many_queries_for_one_as_for_three(name: str, count: int) -> None:
    worlds = [make_world(n + 1) for n in range(count)]
    kind = BY_NAME[name]
    CitySettings.current()
    WagtailSite.get_site_root_paths()
    keys = [getattr(world, name).pk for world in worlds]
    documents_at(kind, keys, NOW)  # content types and patterns are read once for all
    with CaptureQueriesContext(connection) as captured:
        found = documents_at(kind, keys, NOW)
    assert len({document.pk for document in found}) == count
    assert len(captured) == QUERIES[name]


def test_every_kind_has_its_count() -> None:
    assert list(QUERIES) == [kind.name for kind in KINDS]


def test_slices_give_every_record_once_in_the_order_of_its_key() -> None:
    keys = [Key("startup", make_world(n).startup.pk) for n in (1, 2, 3)]
    found = [some for some in slices(2) if some[0].kind == "startup"]
    assert found == [keys[:2], keys[2:]]


def test_all_documents_are_those_of_every_kind(w: Any) -> None:
    found = [(d.kind, d.pk, d.language) for d in all_documents(NOW) if d.kind != "page"]
    names = [kind.name for kind in KINDS if kind.name != "page"]
    assert found == [(n, getattr(w, n).pk, code) for n in names for code in ("fr", "en")]


def test_a_record_read_with_others_asks_nothing_more(w: Any) -> None:
    kind = BY_NAME["program"]
    (record,) = records_at(kind, [w.program.pk], NOW)
    with CaptureQueriesContext(connection) as captured:
        found = documents_of(kind, record, NOW)
    assert len(captured) == 0
    assert found == documents_of(kind, w.program, NOW)


def test_a_record_holds_only_what_was_named() -> None:
    record = light(Startup, ("id", "slug"), (1, "x"))
    assert (record.pk, record.slug) == (1, "x")
    with pytest.raises(AttributeError):
        record.neq  # noqa: B018
