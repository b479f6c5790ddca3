"""Administrators read how the indexes are, and are told when something needs them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.accounts import roles
from core.registry import WorkspaceRow
from search.domain.changes import note
from search.models import Change, Index
from search.workspace import rows
from tests import factories

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def client(settings: Any) -> Client:
    settings.DEBUG = True  # a demonstration account needs no second factor there
    client = Client()
    client.force_login(factories.make_user("admin", roles.ADMINISTRATORS, is_demo=True))
    return client


@pytest.fixture(autouse=True)
def _nothing_waits(db: None) -> None:
    Change.objects.all().delete()


def told() -> list[WorkspaceRow]:
    admin = factories.make_user("admin", roles.ADMINISTRATORS)
    return list(rows(admin, None, NOW))


def set_aside(count: int) -> None:
    Change.objects.bulk_create(
        Change(
            target="database",
            kind="site",
            object_pk=pk,
            stamp=1,
            noted_at=NOW - timedelta(hours=2),
            due_at=NOW,
            tries=5,
        )
        for pk in range(1, count + 1)
    )


def test_nobody_is_told_when_all_is_well(client: Client) -> None:
    assert told() == []
    page = client.get("/admin/reports/search-index/").content.decode()
    assert "Tout va bien." in page
    assert "Pas encore comparé" in page
    assert "Aucune fiche n’attend d’être inscrite." in page


def test_a_restart_of_the_server_is_nobodys_business(settings: Any) -> None:
    settings.ELASTICSEARCH_URL = "http://localhost:1"
    server = Index.objects.create(
        pk="elasticsearch", made=1, live=1, trouble="away", trouble_since=NOW
    )
    assert told() == []
    server.trouble_since = NOW - timedelta(minutes=11)
    server.save()
    assert [row.due for row in told()] == [server.trouble_since]
    server.trouble, server.trouble_since = "full", NOW
    server.save()
    assert len(told()) == 1


def test_a_drift_and_what_was_set_aside_are_told_to_administrators_alone(client: Client) -> None:
    Index.objects.update(drift=2, checked_at=NOW)
    set_aside(1)
    (row,) = told()
    assert str(row.title) == "La recherche ne dit pas tout ce que disent les fiches"
    assert list(rows(factories.manager(), None, NOW)) == []
    page = client.get("/admin/reports/search-index/").content.decode()
    assert "2 fiches différaient" in page
    assert "<code>manage.py search_check --repair</code>" in page
    assert "Fiches qui n’ont pas pu être inscrites" in page


def test_the_page_costs_the_same_at_one_row_and_at_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/admin/reports/search-index/")
    set_aside(1)
    with django_assert_num_queries(13):
        client.get("/admin/reports/search-index/")
    Change.objects.all().delete()
    set_aside(3)
    with django_assert_num_queries(13):
        client.get("/admin/reports/search-index/")


def test_readiness_shows_each_index(client: Client) -> None:
    Index.objects.update(drift=2, checked_at=NOW)
    report = client.get("/readyz").json()["checks"]["search"]
    assert report["ok"] is True
    assert report["indexes"]["database"]["drift"] == 2
    Index.objects.update(live=None)
    assert client.get("/readyz").status_code == 503


def test_what_is_tried_again_after_days_closes_nothing(client: Client) -> None:
    """It was set aside on Monday, and somebody changed it now."""
    row = Change.objects.create(
        target="database",
        kind="site",
        object_pk=1,
        stamp=1,
        noted_at=NOW - timedelta(days=3),
        due_at=NOW - timedelta(days=3),
        tries=5,
    )
    assert client.get("/readyz").json()["checks"]["search"]["ok"] is True
    note("site", [1])
    report = client.get("/readyz").json()["checks"]["search"]
    assert (report["ok"], report["indexes"]["database"]["late"]) == (True, False)
    row.refresh_from_db()
    row.due_at = NOW - timedelta(minutes=31)
    row.save()
    assert client.get("/readyz").json()["checks"]["search"]["ok"] is False
