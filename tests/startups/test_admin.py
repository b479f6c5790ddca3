"""The directory in the administration: who opens what, and what a moderator publishes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.search.index import insert_or_update_object

from core.accounts import roles
from core.accounts.models import User
from core.audit.models import AuditEntry
from startups.enums import ListingState
from startups.models import Incubator, Program, Solution, Startup
from startups.signals import record_changed
from startups.viewsets import (
    IncubatorViewSet,
    ProgramViewSet,
    SolutionViewSet,
    StartupViewSet,
)
from tests import factories

pytestmark = pytest.mark.django_db
VIEWSETS = (StartupViewSet, SolutionViewSet, IncubatorViewSet, ProgramViewSet)
LIST_QUERIES = 11


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    """Demonstration accounts enter with their password alone, in development only."""
    settings.DEBUG = True


@pytest.fixture
def moderator() -> User:
    return factories.make_user("moderation", roles.MODERATORS, is_demo=True)


@pytest.fixture
def told() -> Iterator[list[tuple[Any, int]]]:
    """What the floor tells those above, as the search hears it."""
    heard: list[tuple[Any, int]] = []

    def hear(sender: Any, pk: int, **kwargs: Any) -> None:
        heard.append((sender, pk))

    record_changed.connect(hear)
    yield heard
    record_changed.disconnect(hear)


def signed(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(viewset: Any, action: str, *args: Any) -> str:
    return reverse(viewset().get_url_name(action), args=args)


def rows(**named: list[dict[str, Any]]) -> dict[str, Any]:
    """New rows of each child of a form."""
    sent: dict[str, Any] = {}
    for name, values in named.items():
        sent |= {f"{name}-TOTAL_FORMS": len(values), f"{name}-INITIAL_FORMS": 0}
        for n, row in enumerate(values):
            sent |= {f"{name}-{n}-{k}": v for k, v in row.items()}
            sent[f"{name}-{n}-ORDER"] = n + 1
    return sent


def startup_fields(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Banc d’air",
        "slug": "banc-d-air",
        "tagline_fr": "L’air mesuré au coin de la rue.",
        "tagline_en": "Air measured at the street corner.",
        "about_fr": "Nous mesurons.",
        "about_en": "We measure.",
        "stage": "pilot",
        "languages": ["fr", "en"],
        **rows(people=[]),
        **changes,
    }


def program_fields(incubator: Incubator, **changes: Any) -> dict[str, Any]:
    return {
        "incubator": incubator.pk,
        "name_fr": "Parcours rue",
        "name_en": "Street track",
        "slug": "parcours-rue",
        "summary_fr": "Douze semaines.",
        "summary_en": "Twelve weeks.",
        "about_fr": "Un parcours.",
        "about_en": "A track.",
        "format": "hybrid",
        "offers": ["mentors", "space"],
        "stages": ["prototype"],
        "sectors": "mobilité\n\n énergie ",
        "languages": ["fr"],
        **changes,
    }


def make_incubator() -> Incubator:
    found: Incubator = Incubator.objects.create(
        slug="inc", name="Inc", kind="incubator", summary_fr="x", about_fr="x", live=True
    )
    return found


@pytest.mark.parametrize("role", roles.ALL)
def test_who_opens_the_directory(role: str) -> None:
    client = signed(factories.make_user("x", role, is_demo=True))
    answers = {client.get(url(v, a)).status_code for v in VIEWSETS for a in ("list", "add")}
    opened = role in (roles.MODERATORS, roles.ADMINISTRATORS)
    # A member of the jury does not enter the administration at all.
    refused = 403 if role == roles.JURY_MEMBERS else 302
    assert answers == {200 if opened else refused}


def test_a_moderator_writes_and_publishes_a_startup_and_other_floors_are_told(
    moderator: User, told: list[tuple[Any, int]]
) -> None:
    client = signed(moderator)
    response = client.post(url(StartupViewSet, "add"), startup_fields())
    assert response.status_code == 302, response.context["form"].errors
    startup = Startup.objects.get()
    assert (startup.live, startup.state) == (False, ListingState.UNCLAIMED)
    assert startup.languages == ["fr", "en"]
    sent = startup_fields(languages=["en"])
    edit = url(StartupViewSet, "edit", startup.pk)
    assert client.post(edit, {**sent, "action-publish": "1"}).status_code == 302
    startup = Startup.objects.get()
    assert (startup.live, startup.languages) == (True, ["en"])
    assert told == [(Startup, startup.pk)]
    assert client.post(url(StartupViewSet, "unpublish", startup.pk)).status_code == 302
    assert told == [(Startup, startup.pk)] * 2
    actions = AuditEntry.objects.order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["startup.published", "startup.unpublished"]


def test_a_listing_is_submitted_and_a_moderator_approves_it(moderator: User) -> None:
    boss = factories.make_user("admin", roles.ADMINISTRATORS, is_demo=True)
    sent = {**startup_fields(), "action-submit": "1"}
    assert signed(boss).post(url(StartupViewSet, "add"), sent).status_code == 302
    startup = Startup.objects.get()
    assert startup.current_workflow_state.workflow.name == "Modération · Moderation"
    task = startup.current_workflow_task_state
    approve = url(StartupViewSet, "workflow_action", startup.pk, "approve", task.pk)
    signed(boss).post(approve)
    assert Startup.objects.get().live is False
    signed(moderator).post(approve)
    assert Startup.objects.get().live is True


def test_an_old_revision_does_not_turn_a_verified_listing_back(moderator: User) -> None:
    startup = factories.make_startup()
    old = startup.save_revision(user=moderator)
    Startup.objects.filter(pk=startup.pk).update(state=ListingState.VERIFIED)
    type(old).objects.get(pk=old.pk).publish(user=moderator)
    assert Startup.objects.get().state == ListingState.VERIFIED


def test_a_program_is_written_with_its_lists(moderator: User) -> None:
    incubator = make_incubator()
    client = signed(moderator)
    response = client.post(url(ProgramViewSet, "add"), program_fields(incubator))
    assert response.status_code == 302, response.context["form"].errors
    program = Program.objects.get()
    assert (program.offers, program.stages) == (["mentors", "space"], ["prototype"])
    assert program.sectors == ["mobilité", "énergie"]
    page = client.get(url(ProgramViewSet, "edit", program.pk)).content.decode()
    assert "mobilité\nénergie" in page


@pytest.mark.parametrize(("mode", "words"), [("fr", "L’air mesuré"), ("en", "Air measured")])
def test_a_startup_is_previewed_before_it_is_saved(moderator: User, mode: str, words: str) -> None:
    client, address = signed(moderator), url(StartupViewSet, "preview_on_add")
    assert client.post(address, startup_fields()).json()["is_valid"] is True
    html = client.get(f"{address}?mode={mode}").content.decode()
    assert f'<html lang="{mode}">' in html
    assert words in html
    assert not Startup.objects.exists()


def test_every_listing_is_previewed(moderator: User) -> None:
    startup = factories.make_startup()
    incubator = make_incubator()
    solution = Solution.objects.get()
    client = signed(moderator)
    short = {
        "name": "Inc",
        "slug": "inc",
        "kind": "fund",
        "summary_fr": "Le fonds",
        "about_fr": "x",
        **rows(people=[]),
    }
    long = {"slug": "s", "problem_fr": "x", "how_fr": "x", "trl": 5, "startup": startup.pk}
    solution_fields = {**long, "name_fr": "Le capteur", **rows(deployments=[], files=[])}
    for viewset, record, sent, words in (
        (IncubatorViewSet, incubator, short, "Le fonds"),
        (SolutionViewSet, solution, solution_fields, "Le capteur"),
    ):
        for address in (url(viewset, "preview_on_add"), url(viewset, "preview_on_edit", record.pk)):
            assert client.post(address, {**sent, "slug": "autre"}).json()["is_valid"] is True
            assert words in client.get(f"{address}?mode=fr").content.decode()
    address = url(ProgramViewSet, "preview_on_add")
    assert client.post(address, program_fields(incubator)).json()["is_valid"] is True
    assert "Street track" in client.get(f"{address}?mode=en").content.decode()


@pytest.mark.parametrize("viewset", [StartupViewSet, SolutionViewSet])
def test_the_lists_ask_as_much_for_one_as_for_three(
    moderator: User, viewset: Any, django_assert_num_queries: Any
) -> None:
    client, address = signed(moderator), url(viewset, "list")
    factories.make_startup()
    client.get(address)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(address)
    factories.make_startup()
    factories.make_startup()
    with django_assert_num_queries(LIST_QUERIES):
        client.get(address)


def test_a_place_outside_the_city_is_asked_about_once(moderator: User) -> None:
    client = signed(moderator)
    sent = {
        "name": "Ailleurs",
        "slug": "ailleurs",
        "kind": "space",
        "summary_fr": "Une phrase.",
        "about_fr": "Un texte.",
        "lat": "48.85",
        "lon": "2.35",
        "languages": ["fr"],
        **rows(people=[]),
    }
    refused = client.post(url(IncubatorViewSet, "add"), sent)
    assert "hors du territoire" in refused.content.decode()
    assert Incubator.objects.count() == 0
    answer = client.post(url(IncubatorViewSet, "add"), {**sent, "is_elsewhere": "on"})
    assert answer.status_code == 302
    # What is written again without moving it is not asked about again.
    edit = url(IncubatorViewSet, "edit", Incubator.objects.get().pk)
    assert client.post(edit, {**sent, "name": "Autre nom"}).status_code == 302
    assert Incubator.objects.get().get_latest_revision_as_object().name == "Autre nom"


@pytest.mark.parametrize(
    ("viewset", "name"),
    [
        (StartupViewSet, "Jardinières du Nord"),
        (SolutionViewSet, "Capteur de gouttières"),
        (IncubatorViewSet, "Laboratoire des ruelles"),
        (ProgramViewSet, "Parcours des quartiers"),
    ],
)
def test_the_first_letters_of_a_word_are_enough(moderator: User, viewset: Any, name: str) -> None:
    model = viewset.model
    house, startup = make_incubator(), factories.make_startup()
    belongs = {Solution: {"startup": startup, "trl": 5}, Program: {"incubator": house}}.get(
        model, {}
    )
    kind = {"kind": "incubator"} if model is Incubator else {}
    named = {"name_fr": name} if belongs else {"name": name}
    made = model.objects.create(slug="cherche", **named, **belongs, **kind)
    # What the worker does with the change.
    insert_or_update_object(made)
    for typed, is_found in ((name[:4], True), ("zzzz", False)):
        page = signed(moderator).get(url(viewset, "list_results"), {"q": typed})
        assert (name in page.content.decode()) is is_found
