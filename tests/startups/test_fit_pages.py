"""The pages of « which program fits me? »: questions, results, and what the address holds."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.registry import Followable, followables
from startups.enums import ListingState
from startups.models import Need, Program, Startup
from tests import factories
from tests.startups.fit import MET, make_incubator, make_program, open_door

pytestmark = pytest.mark.django_db
ASK = "/fr/programmes/quel-programme/"
RESULTS = f"{ASK}resultats/"
OF_PROGRAMS = Followable(
    kind="program",
    label="Programme",
    find=lambda slugs: {p.slug: p for p in Program.objects.filter(slug__in=slugs)},
    url=lambda record: record.get_absolute_url(),
)


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return re.sub(r"\s+", " ", response.content.decode().replace("\u00a0", " "))


def chosen(html: str) -> set[tuple[str, str]]:
    """Names and values of what is ticked."""
    inputs = re.findall(
        r'<input type="(?:radio|checkbox)" name="(\w+)" value="([^"]+)" checked', html
    )
    return set(inputs)


def entries(html: str) -> dict[str, list[str]]:
    """Titles by the heading of their group."""
    parts = re.split(r'<h2 id="verdict-([a-z-]+)"', html)
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return {name: re.findall(r"<h3[^>]*><a [^>]*>([^<]+)</a>", part) for name, part in pairs}


def test_eight_questions_in_both_languages(client: Client) -> None:
    for address, title in (
        (ASK, "Quel programme me convient"),
        ("/en/programs/which-program/", "Which program fits me"),
    ):
        html = read(client, address)
        assert len(re.findall("<fieldset", html)) == len(re.findall("<legend", html)) == 8
        assert f"<h1>{title}" in html
        assert chosen(html) == set()


def test_the_address_fills_the_questions(client: Client) -> None:
    html = read(client, f"{ASK}?stage=pilot&theme=mobility&theme=health&equity=unsure")
    assert chosen(html) == {
        ("stage", "pilot"),
        ("theme", "mobility"),
        ("theme", "health"),
        ("equity", "unsure"),
    }


def test_each_verdict_has_its_group_with_reasons(client: Client) -> None:
    make_program(name_fr="Juste")
    make_program(name_fr="Presque", trl_min=6, trl_max=6)
    make_program(name_fr="Muet", equity_percent=None)
    make_program(name_fr="Ailleurs", languages=["fr"])
    html = read(client, f"{RESULTS}?{MET}")
    assert entries(html) == {
        "fits": ["Juste"],
        "nearly": ["Presque"],
        "unknown": ["Muet"],
        "does-not": ["Ailleurs"],
    }
    assert "Exige TRL 6 ; vous avez TRL 5, à un niveau près." in html
    assert "En français seulement ; vous avez demandé : anglais." in html
    assert "Ne dit pas quelle participation il demande ; vous acceptez : jusqu’à 5 %." in html
    assert "Tout ce qu’il dit vous convient ; demandez-lui le reste." in html
    english = read(client, f"/en/programs/which-program/results/?{MET}")
    assert "Demands TRL 6; you have TRL 5, one level off." in english
    assert "In French only; you asked for: English." in english


def test_without_an_answer_one_is_led_back_and_told(client: Client) -> None:
    for query in ("", "stage=unsure", "stage=nimporte"):
        response = client.get(f"{RESULTS}?{query}", follow=True)
        assert response.redirect_chain[0][0].startswith(ASK)
        assert "Vous n’avez rien répondu" in response.content.decode()


def test_a_bad_or_old_answer_is_left_out_with_a_note(client: Client) -> None:
    make_program()
    html = read(client, f"{RESULTS}?{MET}&theme=disparu&stage=idea&trl=%00")
    assert "« disparu » n’est pas une réponse à « Dans quels secteurs travaillez-vous ? »" in html
    assert "« idea » n’est pas une réponse à « Où en êtes-vous ? »" in html
    assert len(entries(html)["fits"]) == 1


def test_what_is_typed_into_the_address_is_only_words(client: Client) -> None:
    html = read(client, f"{RESULTS}?stage=pilot&theme=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_one_verdict_at_a_time_by_pages(client: Client) -> None:
    incubator = make_incubator()
    for _n in range(23):
        make_program(incubator=incubator)
    html = read(client, f"{RESULTS}?{MET}")
    assert len(entries(html)["fits"]) == 6
    assert "Voir les 23 : Convient" in html
    first = entries(read(client, f"{RESULTS}?{MET}&group=fits"))
    assert [len(found) for found in first.values()] == [20]
    second = entries(read(client, f"{RESULTS}?{MET}&group=fits&page=2"))
    assert [len(found) for found in second.values()] == [3]
    assert not set(first["fits"]) & set(second["fits"])


def test_results_ask_as_many_queries_for_one_as_for_three(client: Client) -> None:
    read(client, f"{RESULTS}?{MET}")
    for wanted in (1, 3):
        while Program.objects.count() < wanted:
            open_door(make_program(), timezone.now())
        with CaptureQueriesContext(connection) as queries:
            assert len(entries(read(client, f"{RESULTS}?{MET}"))["fits"]) == wanted
        assert len(queries) == 8


def test_nothing_fits_says_what_to_do(client: Client) -> None:
    make_program(languages=["fr"])
    html = read(client, f"{RESULTS}?{MET}")
    assert "Aucun programme ne remplit tout." in html
    assert entries(html)["fits"] == []


def test_next_doors_and_stale_listings_say_so(client: Client) -> None:
    now = timezone.now()
    old = make_program(name_fr="Vieux", verified_on=(now - timedelta(days=400)).date())
    open_door(old, now)
    make_program(name_fr="Sans suite", verified_on=None)
    html = read(client, f"{RESULTS}?{MET}")
    assert entries(html)["fits"] == ["Vieux", "Sans suite"]
    assert "Ouvert jusqu’au" in html
    assert "Aucun appel à candidatures n’est annoncé." in html
    assert "non confirmé depuis le" in html
    assert "non confirmé par l’organisme" in html


def test_who_waits_for_a_door_can_be_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where programs can be followed, and only of those whose door is shut."""
    shut, ajar = make_program(), make_program()
    open_door(ajar, timezone.now())
    monkeypatch.delitem(followables._entries, "program", raising=False)
    assert "Prévenez-moi à l’ouverture" not in read(client, f"{RESULTS}?{MET}")
    monkeypatch.setitem(followables._entries, "program", OF_PROGRAMS)
    html = read(client, f"{RESULTS}?{MET}")
    assert html.count("Prévenez-moi à l’ouverture") == 1
    assert f'<a href="/fr/suivre/program/{shut.slug}/">Prévenez-moi à l’ouverture' in html


def test_the_program_one_came_from_is_answered_first(client: Client) -> None:
    program = make_program(name_fr="Celui-ci", languages=["fr"])
    html = read(client, f"/fr/programmes/{program.slug}/")
    assert f'href="{ASK}?program={program.slug}"' in html
    html = read(client, f"{ASK}?program={program.slug}")
    assert f'<input type="hidden" name="program" value="{program.slug}">' in html
    html = read(client, f"{RESULTS}?{MET}&program={program.slug}")
    top = html.partition('id="verdict-fits"')[0]
    assert "« Celui-ci » et vous" in top
    assert "En français seulement" in top


def test_a_program_that_is_gone_is_named_and_not_judged(client: Client) -> None:
    program = make_program(name_fr="Fermé", state=ListingState.CLOSED)
    html = read(client, f"{RESULTS}?{MET}&program={program.slug}")
    assert "« Fermé » n’accepte plus personne" in html
    assert "Le programme d’où vous venez n’est plus là." in read(
        client, f"{RESULTS}?{MET}&program=disparu"
    )
    homeless = make_program(incubator=make_incubator(state=ListingState.CLOSED))
    for gone in (program, homeless):
        page = read(client, f"/fr/programmes/{gone.slug}/")
        assert "quel-programme" not in page.partition("<main")[2].partition("</main>")[0]


@pytest.fixture
def startup() -> Startup:
    startup = factories.make_startup(
        factories.make_user("fondatrice"), stage="growth", languages=["en"]
    )
    Need.objects.create(startup=startup, kind="mentors", text_fr="Des mentors")
    Need.objects.create(startup=startup, kind="talent", text_fr="Une personne")
    Need.objects.create(
        startup=startup,
        kind="space",
        text_fr="Un lieu",
        expires_on=timezone.localdate() - timedelta(days=1),
    )
    return startup


def signed_in(client: Client, startup: Startup) -> Client:
    assert startup.organisation is not None
    client.force_login(startup.organisation.memberships.get().user)
    return client


def test_the_profile_of_a_member_answers(client: Client, startup: Startup) -> None:
    before: Any = Startup.objects.values().get(pk=startup.pk)
    html = read(signed_in(client, startup), ASK)
    assert chosen(html) == {
        ("stage", "growth"),
        ("trl", "7"),
        ("language", "en"),
        ("offer", "mentors"),
    }
    assert html.count("de votre profil</span>") == 4
    assert f"celles du profil de {startup.name}, confirmé le" in html
    # What is asked differently is the address's, and the profile stays.
    other = read(client, f"{ASK}?stage=idea")
    assert chosen(other) == {("stage", "idea")}
    assert "de votre profil" not in other
    read(client, f"{RESULTS}?stage=idea")
    assert Startup.objects.values().get(pk=startup.pk) == before


def test_a_profile_that_nobody_confirmed_says_so(client: Client, startup: Startup) -> None:
    Startup.objects.filter(pk=startup.pk).update(verified_on=None)
    assert "que personne n’a encore confirmé" in read(signed_in(client, startup), ASK)


def test_somebody_without_a_startup_is_asked_all(client: Client) -> None:
    client.force_login(factories.make_user("quidam"))
    html = read(client, ASK)
    assert chosen(html) == set()
    assert "de votre profil" not in html


def test_nothing_is_kept(client: Client) -> None:
    make_program()
    response = client.get(f"{RESULTS}?{MET}")
    assert response.status_code == 200
    assert not response.cookies
    assert not client.cookies
