"""What is not public is not found: each record, as it is before it is shown and once it is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from wagtail.models import PageViewRestriction

from cms.pages.models import ArticlePage, HomePage, ListPage
from pilots.enums import ChallengeState
from pilots.models import Challenge, Pilot, Site
from search.documents import BY_NAME, KINDS, documents_of
from startups.enums import ListingState
from startups.models import Incubator, Intake, Program, Solution, Startup
from tests.search.world import DAY, NOW, all_documents, documents_at, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> Any:
    return make_world()


def kinds_left(w: Any) -> set[str]:
    return {kind.name for kind in KINDS if documents_at(kind, [getattr(w, kind.name).pk], NOW)}


ALL = {kind.name for kind in KINDS}


@pytest.mark.parametrize(
    ("model", "name", "fields", "lost"),
    [
        (Challenge, "challenge", {"live": False}, {"challenge"}),
        (
            Challenge,
            "challenge",
            {"live": False, "state": ChallengeState.DRAFT, "call": None},
            {"challenge"},
        ),
        (Pilot, "pilot", {"live": False}, {"pilot", "verdict"}),
        (Site, "site", {"is_public": False}, {"site"}),
        (Startup, "startup", {"live": False}, {"startup", "solution"}),
        (Solution, "solution", {"live": False}, {"solution"}),
        (Incubator, "incubator", {"live": False}, {"incubator", "program", "intake"}),
        (Program, "program", {"live": False}, {"program", "intake"}),
        # Closed and merged ones stay, labelled; their intakes are over with them.
        (Program, "program", {"state": ListingState.CLOSED}, {"intake"}),
        (Incubator, "incubator", {"state": ListingState.MERGED}, {"intake"}),
        (Startup, "startup", {"state": ListingState.MERGED}, set()),
    ],
)
def test_what_is_not_public_is_not_found_nor_what_hangs_on_it(
    w: Any, model: Any, name: str, fields: dict[str, Any], lost: set[str]
) -> None:
    assert kinds_left(w) == ALL
    model._default_manager.filter(pk=getattr(w, name).pk).update(**fields)
    assert kinds_left(w) == ALL - lost


@pytest.mark.parametrize(
    ("later", "is_left"),
    [(timedelta(days=36), True), (timedelta(days=36, microseconds=1), False)],
)
def test_an_intake_leaves_a_month_after_its_close(w: Any, later: timedelta, is_left: bool) -> None:
    assert bool(documents_of(BY_NAME["intake"], w.intake, NOW + later)) is is_left


def test_a_cancelled_intake_leaves_after_ninety_days(w: Any) -> None:
    Intake.objects.filter(pk=w.intake.pk).update(
        cancelled_at=NOW, opens_at=NOW + 100 * DAY, closes_at=NOW + 200 * DAY
    )
    kind = BY_NAME["intake"]
    (first, _english) = documents_of(kind, w.intake, NOW)
    assert first.turns_at == NOW + timedelta(days=90, microseconds=1)
    assert documents_of(kind, w.intake, NOW + 90 * DAY)
    assert documents_of(kind, w.intake, first.turns_at) == []


def test_what_a_trial_is_tied_to_and_is_not_public_is_not_said(w: Any) -> None:
    Site.objects.update(is_public=False)
    Solution.objects.update(live=False)
    Challenge.objects.update(live=False)
    document = documents_of(BY_NAME["pilot"], w.pilot, NOW)[0]
    assert (document.boroughs, document.places) == ((), ())
    assert document.names == "P2026-01\nPousse Verte\nprojet pilote"
    assert document.body == "hypothesis fr\nstop_rule fr\nnotice fr"


# ---- pages --------------------------------------------------------------------------------------
def pages() -> set[str]:
    return {d.url for d in all_documents(NOW) if d.kind == "page"}


OWN = {
    *("/fr/comment-ca-marche/", "/fr/accessibilite/", "/fr/vie-privee/", "/fr/conditions/"),
    *("/en/how-it-works/", "/en/accessibility/", "/en/privacy/", "/en/terms/"),
}
MADE = {"/fr/marche-1/", "/en/steps-1/"}


def test_articles_are_found_and_no_other_type_of_page(w: Any) -> None:
    assert HomePage.objects.exists()
    assert ListPage.objects.exists()
    assert pages() == OWN | MADE


def test_a_page_that_is_not_live_or_is_past_its_day_is_not_found(w: Any) -> None:
    w.page.unpublish()
    ArticlePage.objects.filter(pk=w.twin.pk).update(expire_at=NOW)
    assert pages() == OWN


def test_a_page_that_ends_says_when(w: Any) -> None:
    ArticlePage.objects.filter(pk=w.page.pk).update(expire_at=NOW + DAY)
    assert documents_of(BY_NAME["page"], w.page, NOW)[0].turns_at == NOW + DAY


@pytest.mark.parametrize("kind", ["password", "groups", "login"])
def test_a_page_behind_a_door_is_not_found_nor_what_is_below_nor_quoted_elsewhere(
    w: Any, kind: str
) -> None:
    below = ArticlePage(title="Dessous", slug="dessous", body="<p>Ici.</p>", locale=w.page.locale)
    w.page.add_child(instance=below)
    assert pages() == OWN | MADE | {"/fr/marche-1/dessous/"}
    restriction = PageViewRestriction.objects.create(
        page=w.page, restriction_type=kind, password="mot" if kind == "password" else ""
    )
    restriction.groups.set(Group.objects.all()[:1])
    assert pages() == OWN | {"/en/steps-1/"}
    (twin, french) = sorted(documents_of(BY_NAME["page"], w.twin, NOW), key=lambda d: d.language)
    assert (twin.other, french.title) == ("", "What to do")
