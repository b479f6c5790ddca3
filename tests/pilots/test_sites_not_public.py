"""A site that is not shown to the public is told by no page of what stands on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.audit.models import AuditEntry, AuditPrivate
from core.following.models import Happening
from core.taxonomy.models import Borough
from pilots import news
from pilots.domain import sites
from pilots.models import Challenge, Pilot, SiteBooking
from tests import factories

pytestmark = pytest.mark.django_db
SECRET = "Ruelle tenue secrète"


class World:
    """A challenge that offers two sites and a trial that holds both, one of each not public."""

    def __init__(self) -> None:
        near, far = Borough.objects.order_by("pk")[:2]
        self.far = far
        self.shown = factories.make_site(name_fr="Place montrée", borough=near)
        self.hidden = factories.make_site(
            name_fr=SECRET, slug="ruelle-secrete", borough=far, is_public=False, lat=45.12345
        )
        self.challenge: Challenge = factories.make_challenge()
        self.challenge.sites.set([self.shown, self.hidden])
        self.challenge.save()
        self.pilot: Pilot = factories.make_pilot(challenge=self.challenge)
        self.boss = factories.pilot_manager()
        factories.make_rule(self.hidden, label_fr="Permis de tournage")
        assert self.pilot.starts_on
        assert self.pilot.ends_on
        for site in (self.shown, self.hidden):
            sites.book_site(
                pilot=self.pilot,
                site=site,
                starts_on=self.pilot.starts_on,
                ends_on=self.pilot.ends_on,
                actor=self.boss,
                now=timezone.now(),
            )


@pytest.fixture
def w(db: None) -> World:
    return World()


def read(address: str, user: Any = None) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_of_a_challenge(w: World) -> None:
    address = f"/fr/defis/{w.challenge.slug}/"
    page = read(address)
    assert "Place montrée" in page
    assert SECRET not in page
    assert SECRET not in read(address, factories.make_user("quelqu-un"))
    seen = read(address, factories.manager())
    assert SECRET in seen
    assert "Non public" in seen


def test_the_page_of_a_trial_names_it_neither_as_a_place_nor_by_its_permit(w: World) -> None:
    address = f"/fr/projets-pilotes/{w.pilot.slug}/"
    page = read(address)
    assert "Place montrée" in page
    assert "Permis de tournage" in page
    assert "1 site n’est pas montré au public" in page
    assert SECRET not in page
    assert "ruelle-secrete" not in page
    seen = read(address, w.boss)
    assert SECRET in seen
    assert "n’est pas montré au public" not in seen


def test_previews_show_what_a_visitor_will_read(w: World) -> None:
    now = timezone.now()
    assert w.challenge.preview_context(now)["sites"] == [w.shown]
    shown = w.pilot.preview_context(now)
    assert [booking.site for booking in shown["bookings"]] == [w.shown]


def test_the_list_of_trials_its_map_and_its_boroughs(w: World) -> None:
    page = read("/fr/projets-pilotes/?view=map")
    assert "Place montrée" in page
    assert SECRET not in page
    assert "45.12345" not in page
    listing = Client().get("/fr/projets-pilotes/").context["listing"]
    assert listing.entries[0].meta[-1] == w.shown.borough.name
    (boroughs,) = (facet for facet in listing.facets if facet.param == "borough")
    assert [(c.value, c.count) for c in boroughs.choices] == [(w.shown.borough.slug, "1")]


@pytest.mark.parametrize("address", ["/fr/projets-pilotes/", "/api/v1/pilots"])
def test_who_asks_for_its_borough_does_not_find_the_trial(w: World, address: str) -> None:
    client = Client()
    found = []
    for borough in (w.shown.borough, w.far):
        answer = client.get(f"{address}?borough={borough.slug}")
        json = address.startswith("/api")
        found.append(answer.json()["count"] if json else len(answer.context["listing"].entries))
    assert found == [1, 0]


def test_those_who_follow_its_borough_are_told_nothing(w: World) -> None:
    texts = {"hypothesis_fr": "Si, alors.", "stop_rule_fr": "Moins de dix."}
    Pilot.objects.filter(pk=w.pilot.pk).update(started_at=timezone.now(), state="running", **texts)
    news.look()
    (told,) = Happening.objects.filter(event="pilot_started")
    boroughs = {slug for kind, slug in told.about if kind == "borough"}
    assert boroughs == {w.shown.borough.slug}


def test_the_public_audit_does_not_name_it(w: World) -> None:
    booked = list(AuditEntry.objects.filter(action="site.booked").order_by("sequence"))
    assert [entry.public.get("site") for entry in booked] == [w.shown.slug, None]
    assert AuditPrivate.objects.get(entry=booked[1]).data == {"site": "ruelle-secrete"}
    now = timezone.now()
    permit = w.pilot.permits.get(site=w.hidden)
    sites.request_permit(permit=permit, on=now.date(), actor=w.boss, now=now)
    (booking,) = SiteBooking.objects.filter(site=w.hidden)
    sites.release_site(booking=booking, actor=w.boss, now=now + timedelta(seconds=1))
    said = AuditEntry.objects.filter(action__in=["permit.requested", "site.released"])
    assert [entry.public.get("site") for entry in said] == [None, None]
