"""The pages where members write intakes, and the city's list of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts import roles
from core.accounts.models import Role, User
from core.deadlines import city_time
from startups.models import Incubator, Intake, Program
from tests import factories
from tests.startups.rows import at, make_incubator, make_intake, make_program

pytestmark = pytest.mark.django_db
LIST = "/fr/espace/appels/"
LIST_QUERIES = 7
COMING = timezone.now().year + 1


@pytest.fixture
def owner() -> User:
    return factories.make_user("proprio")


@pytest.fixture
def incubator(owner: User) -> Incubator:
    return make_incubator(owner)


@pytest.fixture
def program(incubator: Incubator) -> Program:
    return make_program(incubator)


@pytest.fixture
def client(owner: User) -> Client:
    return signed(owner)


def signed(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "opens_at": f"{COMING}-02-01T09:00",
        "closes_at": f"{COMING}-02-26T17:00",
        "apply_by": "here",
        "languages": ["fr"],
        **changes,
    }


def said(response: Any) -> list[str]:
    """The sentences of the page one is led to."""
    return [str(message) for message in response.context["messages"]]


def new(program: Program) -> str:
    return f"/fr/espace/programmes/{program.pk}/appels/nouveau/"


def test_an_intake_is_announced_and_said(client: Client, program: Program) -> None:
    response = client.post(new(program), typed(places="12"), follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert said(response) == [
        (
            f"L’appel à candidatures de «\u00a0{program.name}\u00a0» est annoncé\u00a0; "
            "les personnes qui le suivent sont prévenues à son ouverture."
        )
    ]
    intake = Intake.objects.get()
    assert intake.closes_at == at(f"{COMING}-02-26T17:00")
    assert (intake.places, intake.languages) == (12, ["fr"])


def test_what_is_wrong_is_said_and_kept(client: Client, program: Program) -> None:
    wrong = typed(closes_at=f"{COMING}-01-26T17:00", contact="Accueil", apply_by="web")
    response = client.post(new(program), wrong)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"closes_at", "apply_url"}
    assert 'value="Accueil"' in response.content.decode()
    assert not Intake.objects.exists()


def test_the_zone_is_said_beside_the_close(client: Client, program: Program) -> None:
    page = client.get(new(program)).content.decode()
    assert "À l’heure de Montréal." in page
    assert 'aria-describedby="id_closes_at_helptext"' in page


def test_a_doubt_is_answered_by_a_second_button(client: Client, program: Program) -> None:
    past = city_time(timezone.now() - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    response = client.post(new(program), typed(opens_at=past))
    assert response.status_code == 422
    assert 'name="sure"' in response.content.decode()
    assert not Intake.objects.exists()
    assert client.post(new(program), typed(opens_at=past, sure="yes")).status_code == 302
    assert Intake.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "note", "instant"),
    [
        (
            {"opens_at": "2027-03-14T02:30", "closes_at": "2027-03-26T17:00"},
            (
                "Il n’y a pas de 02:30 le 14 mars 2027\u00a0: l’heure avance\u00a0; "
                "c’est 3\u00a0h\u00a030 qui est retenu."
            ),
            ("opens_at", "2027-03-14T03:30-04:00"),
        ),
        (
            {"opens_at": "2027-11-01T09:00", "closes_at": "2027-11-07T01:30"},
            (
                "01:30 revient deux fois le 7 novembre 2027\u00a0: l’heure recule. "
                "C’est la seconde qui est retenue."
            ),
            ("closes_at", "2027-11-07T01:30-05:00"),
        ),
    ],
)
def test_the_nights_the_clocks_change(
    client: Client, program: Program, changes: dict[str, str], note: str, instant: tuple[str, str]
) -> None:
    response = client.post(new(program), typed(**changes, sure="yes"), follow=True)
    assert said(response)[1:] == [note]
    name, text = instant
    assert getattr(Intake.objects.get(), name) == timezone.datetime.fromisoformat(text)


def test_an_intake_is_changed(client: Client, program: Program) -> None:
    intake = make_intake(program)
    address = f"{LIST}{intake.pk}/"
    form = client.get(address).context["form"]
    read_at = form["read_at"].value()
    response = client.post(address, typed(read_at=read_at, how_fr="Trois pages."), follow=True)
    assert said(response)[0].startswith("C’est enregistré")
    intake.refresh_from_db()
    assert (intake.how_fr, intake.sequence) == ("Trois pages.", 1)
    # The second of two reads what stands, and what they wrote is kept.
    late = client.post(address, typed(read_at=read_at, how_fr="Quatre pages."))
    assert late.status_code == 409
    page = late.content.decode()
    assert "Trois pages." in page
    assert 'value="Quatre pages."' in page
    again = late.context["form"]["read_at"].value()
    assert client.post(address, typed(read_at=again, how_fr="Quatre pages.")).status_code == 302


def test_an_intake_is_cancelled_for_a_reason(client: Client, program: Program) -> None:
    intake = make_intake(program)
    address = f"{LIST}{intake.pk}/annuler/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason_fr": ""}).status_code == 422
    assert client.post(address, {"reason_fr": "Travaux."}).status_code == 302
    assert "Travaux." in client.get(LIST).content.decode()
    assert client.get(f"{LIST}{intake.pk}/").status_code == 409


def test_the_next_one_is_shown_and_confirmed(client: Client, program: Program) -> None:
    now = timezone.now()
    intake = make_intake(
        program,
        opens_at=now - timedelta(days=330),
        closes_at=now - timedelta(days=300),
        repeats=True,
    )
    assert "confirmez-vous les dates" in client.get("/fr/espace/").content.decode()
    address = f"{LIST}{intake.pk}/suivant/"
    form = client.get(address).context["form"]
    assert Intake.objects.count() == 1
    sent = typed(
        opens_at=form["opens_at"].value().strftime("%Y-%m-%dT%H:%M"),
        closes_at=form["closes_at"].value().strftime("%Y-%m-%dT%H:%M"),
        repeats="on",
    )
    assert client.post(address, sent).status_code == 302
    assert Intake.objects.get(previous=intake).repeats
    assert client.post(address, sent).status_code == 409
    assert "confirmez-vous les dates" not in client.get("/fr/espace/").content.decode()


def test_nobody_is_asked_any_more(client: Client, program: Program) -> None:
    intake = make_intake(program, repeats=True)
    client.post(f"{LIST}{intake.pk}/suivant/", {"stop": "yes"})
    intake.refresh_from_db()
    assert not intake.repeats


def test_nothing_to_confirm_is_said(client: Client, program: Program) -> None:
    intake = make_intake(program, repeats=True)
    response = client.get(f"{LIST}{intake.pk}/suivant/", follow=True)
    assert said(response)[0].startswith("Aucun prochain appel")


@pytest.mark.parametrize("page", ["", "annuler/", "suivant/"])
def test_those_of_others_are_not_there(page: str) -> None:
    intake = make_intake(make_program(make_incubator(factories.make_user("proprio"))))
    rival = factories.make_user("rival")
    make_incubator(rival)
    assert signed(rival).get(f"{LIST}{intake.pk}/{page}").status_code == 404
    assert signed(rival).get(new(intake.program)).status_code == 404


def test_a_reader_of_the_organisation_is_refused(program: Program) -> None:
    reader = factories.make_user("lecture")
    program.incubator.organisation.memberships.create(user=reader, role=Role.VIEWER)
    assert signed(reader).get(new(program)).status_code == 403
    assert signed(reader).post(new(program), typed()).status_code == 403


def test_the_empty_list_leads_to_the_programs() -> None:
    page = signed(factories.make_user("seule")).get(LIST).content.decode()
    assert 'href="/fr/programmes/"' in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    client: Client, incubator: Incubator, count: int, django_assert_num_queries: Any
) -> None:
    for _n in range(count):
        program = make_program(incubator)
        for _m in range(count):
            make_intake(program, repeats=True)
    client.get(LIST)
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(LIST).status_code == 200


def test_the_city_finds_them_all(settings: Any) -> None:
    settings.DEBUG = True
    intake = make_intake()
    moderator = signed(factories.make_user("mod", roles.MODERATORS, is_demo=True))
    page = moderator.get("/admin/intakes/").content.decode()
    assert str(intake.program.name) in page
    assert f'href="{LIST}{intake.pk}/"' in page
    response = moderator.post(f"{LIST}{intake.pk}/", typed(how_fr="Par la ville."))
    assert response.url == f"/fr/programmes/{intake.program.slug}/"
    pages = signed(factories.make_user("ed", roles.EDITORS, is_demo=True))
    assert pages.get("/admin/intakes/").status_code == 302
    assert pages.get(f"{LIST}{intake.pk}/").status_code == 404


@pytest.mark.parametrize("page", ["intake_edit", "intake_next", "intake_cancel"])
def test_who_moderates_without_a_second_factor_changes_nobody_s_intake(page: str) -> None:
    intake = make_intake()
    moderator = signed(factories.make_user("mod", roles.MODERATORS, is_demo=True))
    sent = typed(how_fr="Par la ville.", reason_fr="Aucune.", stop="1")
    assert moderator.post(reverse(page, args=[intake.pk]), sent).status_code == 403
    before = (intake.how_fr, intake.cancelled_at, intake.repeats)
    intake.refresh_from_db()
    assert (intake.how_fr, intake.cancelled_at, intake.repeats) == before
