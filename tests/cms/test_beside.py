"""What a record's page proposes beside it: what fits, what resembles, with reasons; not again."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from cms.finding import views
from core.accounts.models import User
from core.taxonomy.models import Borough, Theme
from pilots.models import Pilot
from search import finding
from search.domain import dismissing
from search.domain.dismissing import MOST_BESIDE_ONE, TooManyDismissed, bring_back, dismiss
from search.finding import Likeness
from search.models import Dismissal
from search.port import Key
from startups.enums import ListingState, Offer, Stage
from startups.models import Need, Solution
from tests import factories
from tests.cms.finding import make_hit
from tests.startups.rows import make_incubator, make_intake, make_program

pytestmark = pytest.mark.django_db
NOW = timezone.now()
Likes = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def likes(monkeypatch: pytest.MonkeyPatch) -> Likes:
    """Puts an engine behind the page that finds these records alike; what it is asked."""

    def put(*found: Likeness) -> list[dict[str, Any]]:
        asked: list[dict[str, Any]] = []

        def similar(key: Key, language: str, **where: Any) -> list[Likeness]:
            asked.append({"key": key, "language": language, **where})
            left = [
                like
                for like in found
                if like.hit.kind in where["kinds"]
                and Key(like.hit.kind, like.hit.pk) not in where["without"]
            ]
            return left[: where["limit"]]

        monkeypatch.setattr(finding, "similar", similar)
        return asked

    return put


def like(record: Any, kind: str, words: tuple[str, ...] = (), *themes: Theme) -> Likeness:
    slugs = tuple(theme.slug for theme in themes)
    hit = make_hit(record.pk, kind=kind, title=f"{kind} {record.pk}", url=record.get_absolute_url())
    return Likeness(hit, words, slugs)


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(html.unescape(response.content.decode()).split()).replace("\u00a0", " ")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestAChallenge:
    """The solutions that could fit it."""

    def test_reasons_in_words(self, likes: Likes) -> None:
        theme, borough = Theme.objects.all()[0], Borough.objects.all()[0]
        startup = factories.make_startup(borough=borough, state=ListingState.VERIFIED)
        (solution,) = startup.solutions.all()
        challenge = factories.make_challenge()
        challenge.boroughs.set([borough])
        challenge.save()
        factories.make_pilot(startup, solution=solution)
        Pilot.objects.update(
            state="concluded", started_at=NOW, hypothesis_fr="Oui.", stop_rule_fr="Non."
        )
        asked = likes(like(solution, "solution", ("neige", "trottoir"), theme))
        said = text_of(Client().get(challenge.get_absolute_url()))
        assert "Solutions qui pourraient convenir" in said
        for reason in (
            f"même thème : {theme.name_fr}",
            "mots en commun : neige et trottoir",
            f"dans le même arrondissement : {borough.name}",
            "prête pour un essai : TRL 7, selon la jeune pousse",
            "1 essai conclu",
            "fiche vérifiée",
        ):
            assert f"<span>{reason}</span>" in said
        assert [(a["key"], a["kinds"]) for a in asked] == [
            (Key("challenge", challenge.pk), ("solution",)),
            (Key("challenge", challenge.pk), ("challenge",)),
        ]

    def test_what_is_gone_or_has_no_reason_is_not_proposed(self, likes: Likes) -> None:
        challenge = factories.make_challenge()
        solutions = [factories.make_startup().solutions.get() for _n in range(3)]
        Solution.objects.filter(pk=solutions[0].pk).update(state=ListingState.CLOSED)
        likes(
            like(solutions[0], "solution", ("neige",)),
            like(solutions[1], "solution"),
            like(solutions[2], "solution", ("neige",)),
        )
        said = text_of(Client().get(challenge.get_absolute_url()))
        assert f"solution {solutions[2].pk}</a>" in said
        assert f"solution {solutions[0].pk}</a>" not in said
        assert f"solution {solutions[1].pk}</a>" not in said


def test_a_solution_is_shown_the_calls_that_take_applications(likes: Likes) -> None:
    day = timedelta(days=1)
    (solution,) = factories.make_startup().solutions.all()
    taking = factories.make_challenge()
    over = factories.make_challenge(opens_at=NOW - 9 * day, closes_at=NOW - day)
    asked = likes(like(over, "challenge", ("neige",)), like(taking, "challenge", ("neige",)))
    said = text_of(Client().get(solution.get_absolute_url()))
    assert "Appels ouverts qui pourraient lui convenir" in said
    assert taking.get_absolute_url() in said
    assert over.get_absolute_url() not in said
    assert asked[0]["statuses"] == ["open", "closing", "grace"]


def test_a_need_is_shown_programs_with_reasons(likes: Likes) -> None:
    theme, borough = Theme.objects.all()[0], Borough.objects.all()[0]
    startup = factories.make_startup(borough=borough, stage="pilot")
    startup.themes.set([theme])
    startup.save()
    need = Need.objects.create(
        startup=startup, kind="mentors", text_fr="Un mentor.", expires_on=NOW.date()
    )
    house = make_incubator(borough=borough, state=ListingState.VERIFIED)
    program = make_program(house, offers=["mentors"], stages=["pilot"], trl_min=5, trl_max=8)
    program.themes.set([theme])
    program.save()
    make_intake(program)
    other = make_program(offers=["mentors"])
    address = reverse("need_detail", args=[need.pk])
    said = text_of(Client().get(address))
    assert "2 programmes l’offrent" in said or "2 programmes offrent" in said
    for reason in (
        f"offre : {Offer.MENTORS.label}",
        f"même thème : {theme.name_fr}",
        f"prend votre stade : {Stage.PILOT.label}",
        "prend des TRL 5 à 8 ; le vôtre est 7",
        f"dans le même arrondissement : {borough.name}",
        "fiche vérifiée",
    ):
        assert said.count(f"<span>{reason}</span>") == (2 if reason.startswith("offre") else 1)
    member = factories.make_user()
    dismiss(actor=member, about=Key("need", need.pk), what=Key("program", program.pk), now=NOW)
    said = text_of(signed_in(member).get(address))
    assert program.get_absolute_url() not in said
    assert other.get_absolute_url() in said


@pytest.mark.parametrize("language", ["fr", "en"])
def test_similar_records_stand_on_the_pages_of_all(likes: Likes, language: str) -> None:
    startup, other = factories.make_startup(), factories.make_startup()
    program, challenge = make_program(), factories.make_challenge()
    pilot = factories.make_pilot(startup, challenge=challenge)
    heading = {"fr": "Fiches semblables", "en": "Similar records"}[language]
    likes(like(other, "startup", ("neige",)), like(program, "program", ("neige",)))
    for record, has in (
        (startup, True),
        (program, True),
        (program.incubator, False),
        (challenge, False),
        (pilot, False),
    ):
        with translation.override(language):
            address = record.get_absolute_url()
        assert (heading in text_of(Client().get(address))) is has


class TestNotRelevant:
    """A member takes a proposal away, and may bring it back."""

    @pytest.fixture
    def pair(self, likes: Likes) -> tuple[Any, Any]:
        challenge = factories.make_challenge()
        (solution,) = factories.make_startup().solutions.all()
        likes(like(solution, "solution", ("neige",)))
        return challenge, solution

    def test_a_visitor_has_no_button(self, pair: tuple[Any, Any]) -> None:
        said = text_of(Client().get(pair[0].get_absolute_url()))
        assert "Solutions qui pourraient convenir" in said
        assert "Non pertinent" not in said

    def test_from_the_page_and_back(self, pair: tuple[Any, Any]) -> None:
        challenge, solution = pair
        member, other = factories.make_user(), factories.make_user()
        client, address = signed_in(member), challenge.get_absolute_url()
        assert "Non pertinent" in text_of(client.get(address))
        about = {"about": f"challenge:{challenge.pk}"}
        form = about | {"what": f"solution:{solution.pk}"}
        for _twice in range(2):
            response = client.post("/fr/recherche/non-pertinent/", form, follow=True)
            assert response.redirect_chain == [(f"{address}#proposals", 302)]
            assert "Cette fiche ne vous sera plus proposée ici." in text_of(response)
        assert Dismissal.objects.count() == 1
        said = text_of(client.get(address))
        assert "Solutions qui pourraient convenir" not in said
        assert "1 proposition n’est pas affichée ici" in said
        assert "L’afficher de nouveau" in said
        assert "Solutions qui pourraient convenir" in text_of(signed_in(other).get(address))
        client.post("/fr/recherche/non-pertinent/", about)
        assert "Solutions qui pourraient convenir" in text_of(client.get(address))
        assert Dismissal.objects.count() == 0

    def test_whose_session_has_ended_is_back_beside_the_record(self, pair: tuple[Any, Any]) -> None:
        challenge, solution = pair
        address = challenge.get_absolute_url()
        form = {"about": f"challenge:{challenge.pk}", "what": f"solution:{solution.pk}"}
        response = Client().post("/fr/recherche/non-pertinent/", form, follow=True)
        after = quote(f"{address}#proposals")
        assert response.redirect_chain == [(f"/fr/compte/login/?next={after}", 302)]
        assert "Votre session est terminée : rien n’a changé." in text_of(response)
        # What one may not see, or does not exist, says nothing of itself.
        form["about"] = "challenge:999999"
        response = Client().post("/fr/recherche/non-pertinent/", form)
        assert response.url == "/fr/compte/login/?next=/fr/espace/"
        assert Dismissal.objects.count() == 0

    @pytest.mark.parametrize(
        ("about", "what"),
        [
            ("challenge:SELF", "challenge:SELF"),
            ("challenge:SELF", "solution:999999"),
            ("challenge:999999", "solution:OTHER"),
            ("user:1", "solution:OTHER"),
            ("", "solution:OTHER"),
            ("challenge:SELF", "solution:" + "9" * 50),
            ("challenge:SELF", "\x00"),
        ],
    )
    def test_what_is_no_pair_is_refused(self, pair: tuple[Any, Any], about: str, what: str) -> None:
        challenge, solution = pair
        form = {
            name: value.replace("SELF", str(challenge.pk)).replace("OTHER", str(solution.pk))
            for name, value in (("about", about), ("what", what))
        }
        client = signed_in(factories.make_user())
        assert client.post("/fr/recherche/non-pertinent/", form).status_code == 404
        assert Dismissal.objects.count() == 0

    def test_so_many_in_an_hour(
        self, pair: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cache.clear()
        monkeypatch.setattr(views, "MOST_DISMISSED", 2)
        challenge, solution = pair
        form = {"about": f"challenge:{challenge.pk}", "what": f"solution:{solution.pk}"}
        client, other = signed_in(factories.make_user()), signed_in(factories.make_user())
        address = "/fr/recherche/non-pertinent/"
        assert [client.post(address, form).status_code for _n in range(3)] == [302, 302, 429]
        assert other.post(address, form).status_code == 302

    def test_a_hundred_beside_one_are_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert MOST_BESIDE_ONE == 100
        monkeypatch.setattr(dismissing, "MOST_BESIDE_ONE", 2)
        member, about = factories.make_user(), Key("challenge", 1)
        for pk in (1, 2):
            assert dismiss(actor=member, about=about, what=Key("solution", pk), now=NOW)
        with pytest.raises(TooManyDismissed):
            dismiss(actor=member, about=about, what=Key("solution", 3), now=NOW)
        assert dismiss(actor=member, about=Key("challenge", 2), what=Key("pilot", 3), now=NOW)
        assert bring_back(actor=member, about=about, now=NOW) == 2
        assert bring_back(actor=member, about=about, now=NOW) == 0
