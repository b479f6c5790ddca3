"""A change tells the documents that say something of what changed, and no others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from wagtail.models import PageViewRestriction

from cms.pages.models import ListPage
from core.accounts import roles
from core.accounts.models import Organisation, OrganisationKind
from core.following.models import Follow, Follower
from core.taxonomy.models import Borough, CitySettings, Theme
from pilots.domain.pilot import cancel_pilot, give_verdict
from pilots.domain.sites import book_site, release_site
from pilots.enums import PilotState, VerdictOutcome
from pilots.models import Pilot, Site, SiteBooking, Verdict
from search import targets
from search.documents import affected
from search.documents.dependants import SAID_BY
from search.domain import builds
from search.domain.rebuilding import outdated, rebuild
from search.models import Change
from startups.domain.intakes import cancel_intake
from startups.models import Incubator, Program, Startup
from startups.signals import records_changed
from tests.factories import make_user, pilot_manager
from tests.search.world import DAY, NOW, make_labels, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> Any:
    """A world, a second one that nothing of the first concerns, and nobody told yet."""
    world = make_world()
    make_world(2)
    Change.objects.all().delete()
    return world


def told() -> set[tuple[str, int]]:
    """Kinds and keys of what is to be written again; they are then forgotten."""
    waiting = set(Change.objects.values_list("kind", "object_pk"))
    Change.objects.all().delete()
    return waiting


def keys(w: Any, *names: str) -> set[tuple[str, int]]:
    return {(name, getattr(w, name).pk) for name in names}


# ---- what verbs write ---------------------------------------------------------------------------
def test_a_startup_that_takes_another_name(w: Any) -> None:
    w.startup.name = "Pousse Bleue"
    w.startup.save_revision().publish()
    assert told() == keys(w, "startup", "solution", "pilot", "verdict")


def test_a_startup_that_is_taken_down(w: Any) -> None:
    w.startup.unpublish()
    assert told() == keys(w, "startup", "solution", "pilot", "verdict")


def test_a_solution_that_takes_another_name(w: Any) -> None:
    w.solution.name_fr = "Autre nom"
    w.solution.save_revision().publish()
    assert told() == keys(w, "solution", "pilot")


def test_an_organisation_that_takes_another_name(w: Any) -> None:
    w.incubator.name = "Le Jardin"
    w.incubator.save_revision().publish()
    assert told() == keys(w, "incubator", "program", "intake")


def test_a_program_that_takes_another_name(w: Any) -> None:
    w.program.name_fr = "Autre parcours"
    w.program.save_revision().publish()
    assert told() == keys(w, "program", "intake")


def test_programs_of_a_file(w: Any) -> None:
    records_changed.send(sender=Program, pks=[w.program.pk])
    assert told() == keys(w, "program", "intake")


def test_a_challenge_that_takes_other_themes(w: Any) -> None:
    w.challenge.themes.set([])
    w.challenge.save_revision().publish()
    assert told() == keys(w, "challenge", "pilot", "verdict")


def test_an_intake_that_is_called_off(w: Any) -> None:
    moderator = make_user("moderation", roles.MODERATORS)
    program = Program.objects.get(pk=w.program.pk)
    cancel_intake(
        intake=program.intakes.get(),
        reason_fr="Faute de place.",
        reason_en="",
        actor=moderator,
        now=NOW,
    )
    assert told() == keys(w, "program", "intake")


def test_a_verdict(w: Any) -> None:
    Verdict.objects.all().delete()
    owner = Organisation.objects.create(name="P", slug="p", kind=OrganisationKind.STARTUP)
    Startup.objects.update(organisation=owner)
    # As its verbs would have left it before the verdict.
    pilot = Pilot.objects.get(pk=w.pilot.pk)
    Pilot.objects.filter(pk=pilot.pk).update(state=PilotState.COMPLETED)
    told()
    w.verdict = give_verdict(
        pilot=pilot,
        outcome=VerdictOutcome.STOP,
        reasons_fr="Rien n’a changé.",
        role_fr="Direction",
        actor=pilot_manager(),
        now=NOW,
    )
    assert told() == keys(w, "verdict", "pilot", "challenge", "site")


def test_a_site_that_is_held_given_back_and_freed(w: Any) -> None:
    manager = pilot_manager()
    place = Site.objects.get(pk=w.site.pk)
    SiteBooking.objects.all().delete()
    pilot = Pilot.objects.get(pk=w.pilot.pk)
    Pilot.objects.filter(pk=pilot.pk).update(state=PilotState.PREPARING)
    days = {"starts_on": date(2026, 3, 9), "ends_on": date(2026, 4, 9)}
    booking = book_site(pilot=pilot, site=place, actor=manager, now=NOW, **days)
    assert ("site", place.pk) in told()
    release_site(booking=booking, actor=manager, now=NOW)
    assert ("site", place.pk) in told()
    book_site(pilot=pilot, site=place, actor=manager, now=NOW, **days)
    told()
    cancel_pilot(pilot=pilot, reason_fr="Travaux.", actor=manager, now=NOW)
    assert not SiteBooking.objects.exists()
    assert ("site", place.pk) in told()


# ---- what the administration saves --------------------------------------------------------------
def test_a_site_that_is_saved(w: Any) -> None:
    w.site.lat = 45.6
    w.site.save()
    assert told() == keys(w, "site", "challenge", "pilot", "verdict")


def test_a_site_that_is_new_and_one_that_is_deleted(w: Any) -> None:
    new = Site.objects.get(pk=w.site.pk)
    new.pk, new.slug = None, "autre"
    new._state.adding = True
    new.save()
    key = new.pk
    assert told() == {("site", key)}
    new.delete()
    assert told() == {("site", key)}


def test_the_dates_of_a_call(w: Any) -> None:
    w.stage.closes_at = NOW + 40 * DAY
    w.stage.save()
    assert told() == keys(w, "challenge")


# ---- what the administration deletes -------------------------------------------------------------
def test_an_organisation_that_is_deleted_with_all_that_it_runs(w: Any) -> None:
    program, incubator = keys(w, "program", "intake"), keys(w, "incubator")
    w.program.delete()
    assert told() == program
    w.incubator.delete()
    assert told() == incubator


def test_listings_that_are_deleted_at_once(w: Any) -> None:
    Verdict.objects.all().delete()
    Pilot.objects.all().delete()
    told()
    expected = keys(w, "solution")
    type(w.solution).objects.filter(pk=w.solution.pk).delete()
    assert told() == expected
    expected = keys(w, "startup")
    Startup.objects.filter(pk=w.startup.pk).delete()
    assert told() == expected


def test_the_dates_of_a_call_that_are_deleted(w: Any) -> None:
    w.stage.delete()
    assert told() == keys(w, "challenge")


# ---- how many follow it -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("challenge", ("challenge",)),
        ("pilot", ("pilot", "verdict")),
        ("incubator", ("incubator",)),
        ("program", ("program", "intake")),
        ("startup", ()),
        ("theme", ()),
    ],
)
def test_what_somebody_follows_and_stops_following(
    w: Any, kind: str, names: tuple[str, ...]
) -> None:
    slug = getattr(w, kind).slug
    follower = Follower.objects.create(email="suit@maison.example", language="fr", created_at=NOW)
    follow = Follow.objects.create(follower=follower, kind=kind, slug=slug, asked_at=NOW)
    assert told() == set()
    follow.confirmed_at = NOW
    follow.save()
    assert told() == keys(w, *names)
    follower.delete()
    assert told() == keys(w, *names)


# ---- the city's settings ------------------------------------------------------------------------
def test_when_listings_are_asked_at_another_rhythm_all_is_written_again(w: Any) -> None:
    settings = CitySettings.load()
    settings.brand_name = "Autre nom"
    settings.save()
    rebuild(target=targets.DATABASE)
    assert outdated() == []
    build = builds.begin(targets.DATABASE)
    settings.confirm_every_days = 90
    settings.save()
    assert outdated() == [targets.DATABASE]
    with pytest.raises(builds.BuildLost):  # it read what was true before
        builds.swap(build, schema=targets.schema_of(targets.DATABASE))
    assert outdated() == [targets.DATABASE]


PLACED = ("challenge", "site", "pilot", "verdict", "startup", "solution", "incubator", "program")


@pytest.mark.parametrize(("name", "value"), [("slug", "autre"), ("lat", 45.6), ("lon", -73.7)])
def test_a_borough_elsewhere_or_at_another_address(w: Any, name: str, value: Any) -> None:
    setattr(w.borough, name, value)
    w.borough.save()
    assert told() == keys(w, *PLACED, "intake")


THEMED = ("challenge", "pilot", "verdict", "startup", "solution", "incubator", "program", "intake")


def test_a_theme_at_another_address_and_one_that_is_deleted(w: Any) -> None:
    w.theme.slug = "autre"
    w.theme.save()
    assert told() == keys(w, *THEMED)
    w.theme.order += 1  # a document says its themes in their order
    w.theme.save()
    assert told() == keys(w, *THEMED)
    w.theme.delete()
    assert told() == keys(w, *THEMED)


def test_words_of_a_theme_and_the_name_of_a_borough_are_the_business_of_the_query(w: Any) -> None:
    w.theme.synonyms_fr, w.theme.name_fr = "autrement dit", "Autre nom"
    w.theme.save()
    w.borough.name = "Autre nom"
    w.borough.save()
    make_labels(3)
    assert told() == set()


# ---- pages --------------------------------------------------------------------------------------
def both(w: Any) -> set[tuple[str, int]]:
    return {("page", w.page.pk), ("page", w.twin.pk)}


def test_a_page_that_is_published_and_unpublished(w: Any) -> None:
    w.page.title = "Autre titre"
    w.page.save_revision().publish()
    assert told() == both(w)
    w.twin.unpublish()
    assert told() == both(w)


def test_a_page_that_is_deleted(w: Any) -> None:
    expected = both(w)
    w.page.refresh_from_db()
    w.page.delete()
    assert told() == expected


def test_a_page_that_wagtail_copies_into_the_other_language(w: Any) -> None:
    w.twin.refresh_from_db()
    w.twin.delete()
    told()
    w.page.refresh_from_db()
    alias = w.page.copy_for_translation(w.twin.locale, copy_parents=True, alias=True)
    assert alias.live
    assert told() == {("page", w.page.pk), ("page", alias.pk)}
    w.page.title = "Autre titre"
    w.page.save_revision().publish()
    assert told() == {("page", w.page.pk), ("page", alias.pk)}


def test_a_page_that_is_copied(w: Any) -> None:
    w.page.refresh_from_db()
    copy = w.page.copy(update_attrs={"slug": "copie"})
    assert told() == {("page", copy.pk)}


def test_a_draft_tells_nothing(w: Any) -> None:
    w.page.title = "Autre titre"
    w.page.save_revision()
    assert told() == set()


def test_a_page_that_moves_and_what_is_below(w: Any) -> None:
    world = make_world(3)
    told()
    world.page.refresh_from_db()
    w.page.refresh_from_db()
    world.page.move(w.page, pos="last-child")
    assert told() == both(world)
    w.page.refresh_from_db()
    w.page.slug = "ailleurs"
    w.page.save_revision().publish()
    assert told() == both(w) | both(world)


def test_a_page_that_is_closed_and_opened(w: Any) -> None:
    restriction = PageViewRestriction.objects.create(page=w.page, restriction_type="login")
    assert told() == both(w)
    restriction.delete()
    assert told() == both(w)


def test_a_page_that_nobody_named_tells_nothing(w: Any) -> None:
    page = ListPage.objects.first()
    assert page is not None
    page.intro = "Autre introduction"
    page.save_revision().publish()
    assert told() == set()


# ---- the table ----------------------------------------------------------------------------------
def test_every_path_of_the_table_leads_somewhere(w: Any) -> None:
    """A path that no record takes would tell nobody."""
    for model, said_by in SAID_BY.items():
        record = {Theme: w.theme, Borough: w.borough}.get(model) or getattr(
            w, "stage" if model.__name__ == "Stage" else str(model._meta.model_name)
        )
        found = {name for name, _keys in affected(model, [record.pk])}
        assert found >= {name for name, _path in said_by}, model


def test_nothing_is_affected_by_nothing() -> None:
    assert list(affected(Incubator, [])) == []
