"""A file comes in: compared row by row, doubles chosen, written once each, and told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core import queue
from core.accounts import roles
from core.accounts.models import Organisation, OrganisationKind, User
from core.audit.models import AuditEntry
from core.audit.verify import verify_chain
from core.exceptions import NotAllowed
from core.states import change_state
from core.taxonomy.models import Borough
from search.finding import search
from search.port import Query
from startups.domain import imports
from startups.domain.imports import ColumnsRefused, NotNow
from startups.enums import LISTING_TRANSITIONS, ListingState
from startups.importing.doubles import folded
from startups.models import Incubator, RememberedDouble, Startup
from tests import factories
from tests.startups.sheets import (
    HEADER,
    compared,
    count,
    make,
    one,
    received,
    row,
    sentences,
    written,
)

pytestmark = pytest.mark.django_db

ORGANISATIONS = Path("cms/demo/data/organisations.json")


@pytest.fixture
def moderator() -> User:
    return factories.make_user("moderation", roles.MODERATORS, is_demo=True)


def test_the_real_organisations(moderator: User) -> None:
    """The facts of the demonstration, as another program would give them."""
    content = ORGANISATIONS.read_bytes()
    records = json.loads(content)
    run = compared(moderator, content)
    # HEC Montréal has two of them on one domain.
    assert count(run, "verdict") == {"new": len(records) - 1, "double": 1}
    imports.choose_doubles(
        run=run,
        choices={row.number: "create" for row in run.rows.filter(verdict="double")},  # type: ignore[attr-defined]
        actor=moderator,
        now=timezone.now(),
    )
    written(run, moderator)
    assert Incubator.objects.public().count() == len(records)
    centech = Incubator.objects.get(slug="centech")
    first = records[0]
    assert (centech.name, centech.kind, centech.founded_year) == ("Centech", "incubator", 1996)
    assert centech.website == "https://centech.co"
    assert centech.borough.slug == first["borough"]
    assert sorted(t.slug for t in centech.themes.all()) == sorted(first["themes"])
    assert centech.sources == [*first["sources"], "Registre, novembre 2026"]
    assert (centech.state, centech.verified_on, centech.organisation) == ("unclaimed", None, None)
    with translation.override("fr"):
        assert Client().get(centech.get_absolute_url()).status_code == 200
    hits = search(Query(text="Centech", language="fr", kinds=("incubator",))).hits
    assert [hit.pk for hit in hits][:1] == [centech.pk]
    # The same file again changes nothing, and what was chosen for the double is remembered.
    again = compared(moderator, content)
    assert count(again, "verdict") == {"same": len(records)}


def test_drafts_are_read_before_they_are_public(moderator: User, settings: Any) -> None:
    run = written(compared(moderator, HEADER + one("Neuve"), publishes=False), moderator)
    neuve = Incubator.objects.get()
    assert (neuve.live, neuve.has_unpublished_changes, neuve.first_published_at) == (
        False,
        True,
        None,
    )
    assert count(run, "outcome") == {"created": 1}
    settings.DEBUG = True
    client = Client()
    client.force_login(moderator)
    address = reverse("wagtailsnippets_startups_incubator:edit", args=[neuve.pk])
    assert "Neuve" in client.get(address).content.decode()
    listed = client.get(reverse("wagtailsnippets_startups_incubator:list") + "?q=Neuve")
    assert address in listed.content.decode()


def test_one_line_of_the_audit_for_each_row(moderator: User) -> None:
    text = HEADER + one("Alpha") + one("Boréal", type="banque") + one("Alpha")
    run = written(compared(moderator, text), moderator)
    lines = AuditEntry.objects.filter(action__startswith="import.row_").order_by("sequence")
    assert [(e.action, e.public["row"], e.actor_id) for e in lines] == [
        ("import.row_created", 2, moderator.pk),
        ("import.row_refused", 3, moderator.pk),
        ("import.row_skipped", 4, moderator.pk),
    ]
    first = lines[0]
    alpha = Incubator.objects.get()
    assert (first.object_type, first.object_id) == ("startups.incubator", str(alpha.pk))
    assert first.public["source"] == "Registre, novembre 2026"
    assert AuditEntry.objects.filter(action="import.done", object_id=str(run.pk)).count() == 1
    assert verify_chain().broken == ""


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"type": "banque"}, "Colonne « type » : « banque » n’est aucune des valeurs connues ici."),
        ({"type": ""}, "Colonne « type » : rien n’est écrit, et c’est nécessaire."),
        ({"lat": "91", "lon": "-73"}, "Colonne « lat » : « 91 » n’est pas entre -90 et 90."),
        ({"lat": "45.5"}, "Colonne « lat » : une latitude et une longitude vont ensemble."),
        (
            {"lat": "48.85", "lon": "2.35"},
            (
                "Colonne « lat » : « 48.85, 2.35 » est hors du territoire de la ville : "
                "confirmez que c’est voulu."
            ),
        ),
        (
            {"neq": "12"},
            "Colonne « neq » : « 12 » n’est pas un numéro d’entreprise de dix chiffres.",
        ),
        (
            {"résumé": "=1+1"},
            "Colonne « résumé » : « =1+1 » commence comme une formule de tableur.",
        ),
        (
            {"thèmes": "licornes"},
            "Colonne « thèmes » : « licornes » n’est aucune des valeurs connues ici.",
        ),
    ],
)
def test_a_bad_row_says_its_column_and_the_others_go_on(
    moderator: User, cells: dict[str, str], said: str
) -> None:
    run = compared(moderator, HEADER + one("Mauvaise", **cells) + one("Bonne"))
    assert count(run, "verdict") == {"refused": 1, "new": 1}
    assert sentences(run, 2) == [said]
    written(run, moderator)
    assert [each.name for each in Incubator.objects.all()] == ["Bonne"]


def test_a_place_outside_is_meant_when_one_says_so(moderator: User) -> None:
    text = HEADER + one("Paris", lat="48.85", lon="2.35")
    assert count(compared(moderator, text, outside=True), "verdict") == {"new": 1}


@pytest.mark.parametrize(
    ("here", "cells", "verdict", "why"),
    [
        ({"name": "Accueil", "neq": "1143920115"}, {"neq": "1143920115"}, "same", ""),
        ({"name": "Tout autre", "neq": "1143920115"}, {"neq": "1143920115"}, "changed", ""),
        (
            {"name": "Accueil", "website": "https://accueil.test/"},
            {"site": "accueil.test"},
            "same",
            "",
        ),
        (
            {"name": "L’Accueil inc.", "website": "https://www.accueil.test/"},
            {"site": "accueil.test"},
            "changed",
            "",
        ),
        ({"name": "Accueil"}, {}, "double", "name"),
        ({"name": "Les Acceuils ltée"}, {}, "new", ""),
        ({"name": "ÀCCUEIL INC."}, {}, "double", "name"),
        (
            {"name": "Tout autre", "website": "https://accueil.test/"},
            {"site": "accueil.test"},
            "double",
            "domain",
        ),
        (
            {"name": "Tout autre", "website": "https://facebook.com/a"},
            {"site": "facebook.com/b"},
            "new",
            "",
        ),
        ({"name": "Accueil", "neq": "1143920115"}, {"neq": "1143920116"}, "new", ""),
    ],
)
def test_doubles(
    moderator: User, here: dict[str, str], cells: dict[str, str], verdict: str, why: str
) -> None:
    known = make(**here)
    run = compared(moderator, HEADER + one("Accueil", **cells))
    found = row(run, 2)
    assert found.verdict == verdict
    assert [d["why"] for d in found.doubles] == ([why] if why else [])
    assert found.target == (None if verdict == "new" else known.pk)


def test_names_are_folded() -> None:
    assert folded("L’École inc.") == folded("ecole") == folded("  ÉCOLE, LTÉE") == "ecole"
    assert folded("La") == "la"


def test_the_difference_is_field_by_field(moderator: User) -> None:
    make("Accueil", neq="1143920115", website="https://vieux.test", founded_year=1990)
    run = compared(
        moderator,
        HEADER + one("Accueil", neq="1143920115", site="neuf.test", lat="45,5", lon="-73,6"),
    )
    assert sorted(row(run, 2).difference, key=str) == [
        ["lat", None, 45.5],
        ["lon", None, -73.6],
        ["website", "https://vieux.test", "https://neuf.test"],
    ]
    run = written(run, moderator)
    accueil = Incubator.objects.get()
    # What the file does not say is left as it is.
    assert (accueil.website, accueil.lat, accueil.founded_year) == ("https://neuf.test", 45.5, 1990)
    entry = AuditEntry.objects.get(action="import.row_updated")
    assert entry.public["changes"]["website"] == ["https://vieux.test", "https://neuf.test"]
    with translation.override("fr"):
        page = Client().get(accueil.get_absolute_url())
    assert page.status_code == 200
    assert "https://neuf.test" in page.content.decode()


def test_the_history_says_nothing_of_a_draft(moderator: User) -> None:
    known = make("Accueil", neq="1143920115", website="https://vieux.test")
    text = HEADER + one("Accueil", neq="1143920115", site="neuf.test")
    written(compared(moderator, text, publishes=False), moderator)
    entry = AuditEntry.objects.get(action="import.row_drafted")
    assert entry.public["written"]["website"] == ["https://vieux.test", "https://neuf.test"]
    assert "https://neuf.test" not in Client().get(known.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("choice", "outcome", "names"),
    [
        ("update", "updated", ["Accueil inc."]),
        ("create", "created", ["Accueil", "Accueil inc."]),
        ("skip", "skipped", ["Accueil"]),
        ("", "skipped", ["Accueil"]),
    ],
)
def test_what_is_chosen_for_a_double(
    moderator: User, choice: str, outcome: str, names: list[str]
) -> None:
    make("Accueil")
    text = HEADER + one("Accueil inc.")
    run = compared(moderator, text)
    if choice:
        imports.choose_doubles(run=run, choices={2: choice}, actor=moderator, now=timezone.now())
    written(run, moderator)
    assert row(run, 2).outcome == outcome
    assert sorted(Incubator.objects.values_list("name", flat=True)) == names
    if choice != "skip":
        return
    # Remembered for the same row of another file, whatever the order of its columns.
    other = compared(moderator, "type;nom;résumé\nincubateur;Accueil inc.;Autre phrase.\n")
    assert row(other, 2).choice == "skip"
    assert RememberedDouble.objects.count() == 1


def test_a_row_that_doubles_another_of_the_file(moderator: User) -> None:
    text = HEADER + one("Accueil") + one("Accueil inc.", site="accueil.test")
    run = compared(moderator, text)
    assert row(run, 3).doubles == [{"row": True, "key": 2, "name": "Accueil", "why": "name"}]
    imports.choose_doubles(run=run, choices={3: "update"}, actor=moderator, now=timezone.now())
    written(run, moderator)
    only = Incubator.objects.get()
    assert (only.name, only.website) == ("Accueil inc.", "https://accueil.test")


def test_what_its_organisation_says_is_not_written_over(moderator: User) -> None:
    owner = Organisation.objects.create(name="M", slug="m", kind=OrganisationKind.SUPPORT)
    make("Tenue", neq="1143920115", organisation=owner)
    closed = make("Fermée", neq="1143920116")
    change_state(closed, ListingState.CLOSED, transitions=LISTING_TRANSITIONS)
    text = HEADER + one("Prise", neq="1143920115") + one("Ouverte", neq="1143920116")
    run = compared(moderator, text)
    assert count(run, "verdict") == {"refused": 2}
    assert "« Tenue »" in sentences(run, 2)[0]
    written(run, moderator)
    assert sorted(Incubator.objects.values_list("name", flat=True)) == ["Fermée", "Tenue"]


def test_what_somebody_changed_since_the_dry_run_is_left(moderator: User) -> None:
    known = make("Accueil", neq="1143920115", website="https://vieux.test")
    run = compared(moderator, HEADER + one("Accueil", neq="1143920115", site="neuf.test"))
    Incubator.objects.filter(pk=known.pk).update(website="https://autre.test")
    written(run, moderator)
    assert row(run, 2).outcome == "refused"
    assert "depuis la simulation" in sentences(run, 2)[0]
    assert Incubator.objects.get().website == "https://autre.test"


def test_a_change_as_a_draft_leaves_what_is_public(moderator: User) -> None:
    known = make("Accueil", neq="1143920115", website="https://vieux.test")
    text = HEADER + one("Accueil", neq="1143920115", site="neuf.test", thèmes="mobility")
    written(compared(moderator, text, publishes=False), moderator)
    known.refresh_from_db()
    assert (known.website, known.has_unpublished_changes) == ("https://vieux.test", True)
    draft = known.get_latest_revision_as_object()
    assert draft.website == "https://neuf.test"
    assert [theme.slug for theme in draft.themes.all()] == ["mobility"]
    assert list(known.themes.all()) == []
    # A draft waits: what is published now does not bring it along.
    again = written(
        compared(moderator, HEADER + one("Accueil", neq="1143920115", site="tiers.test")), moderator
    )
    assert count(again, "outcome") == {"drafted": 1}
    known.refresh_from_db()
    assert known.website == "https://vieux.test"


def test_a_record_with_revisions_is_published_with_a_new_one(moderator: User) -> None:
    known = make("Accueil", neq="1143920115", website="https://vieux.test")
    known.save_revision().publish()
    text = HEADER + one("Accueil", neq="1143920115", site="neuf.test")
    written(compared(moderator, text), moderator)
    known.refresh_from_db()
    assert (known.website, known.has_unpublished_changes) == ("https://neuf.test", False)
    assert known.get_latest_revision_as_object().website == "https://neuf.test"


def test_without_a_description_it_stays_a_draft(moderator: User) -> None:
    run = written(compared(moderator, HEADER + one("Alpha", description="")), moderator)
    assert [each.live for each in Incubator.objects.all()] == [False]
    assert sentences(run, 2) == [
        "Gardée en brouillon : une fiche publique a besoin d’une description en français."
    ]


def test_addresses_are_each_their_own(moderator: User) -> None:
    make("Autre", slug="alpha")
    text = HEADER + one("Alpha", neq="1143920115") + one("Alpha", neq="1143920116") + one("***")
    written(compared(moderator, text), moderator)
    assert sorted(Incubator.objects.values_list("slug", flat=True)) == [
        *("alpha", "alpha-2", "alpha-3", "fiche")
    ]


def test_startups(moderator: User) -> None:
    text = "Nom,Slogan,Stade,Employés,À propos\nPousse,Une phrase.,Projet pilote,10-24,Texte\n"
    run = received(moderator, text, kind="startup")
    assert run.mapping == ["name", "tagline_fr", "stage", "size_band", "about_fr"]
    with translation.override("fr"):
        stage = str(Startup._meta.get_field("stage").choices[2][1])
    run = written(
        compared(moderator, text.replace("Projet pilote", stage), kind="startup"), moderator
    )
    pousse = Startup.objects.get()
    assert (pousse.stage, pousse.size_band, pousse.live) == ("pilot", "10-24", True)


def test_the_matching_is_remembered_by_the_header(moderator: User) -> None:
    text = "A;B;C\nAlpha;incubateur;Une phrase.\n"
    run = received(moderator, text)
    assert run.mapping == ["", "", ""]
    given = {"allows_outside": False, "actor": moderator, "now": timezone.now()}
    for mapping, said in (
        (["name", "name", "kind"], "Deux colonnes"),
        (["name", "", ""], "Aucune colonne"),
        (["name", "kind", "password"], "pas les colonnes"),
        (["name"], "pas les colonnes"),
    ):
        with pytest.raises(ColumnsRefused) as refused, translation.override("fr"):
            imports.match_columns(run=run, mapping=mapping, **given)
        assert said in str(refused.value)
    imports.match_columns(run=run, mapping=["name", "kind", "summary_fr"], **given)
    assert received(moderator, text.lower()).mapping == ["name", "kind", "summary_fr"]


def test_who_may(moderator: User) -> None:
    run = received(moderator, HEADER + one("Alpha"))
    for other in (factories.make_user("proprio"), factories.manager()):
        with pytest.raises(NotAllowed):
            received(other, HEADER + one("Alpha"))
        with pytest.raises(NotAllowed):
            imports.abandon(run=run, actor=other, now=timezone.now())


def test_abandoned(moderator: User) -> None:
    run = compared(moderator, HEADER + one("Alpha"))
    imports.abandon(run=run, actor=moderator, now=timezone.now())
    assert (run.rows.count(), Incubator.objects.count()) == (0, 0)  # type: ignore[attr-defined]
    with pytest.raises(NotNow):
        imports.start_import(run=run, actor=moderator, now=timezone.now())


def test_the_history_names_a_borough(moderator: User) -> None:
    first, other = Borough.objects.order_by("pk")[:2]
    known = make("Accueil", neq="1143920115", borough=first)
    text = f"nom;type;neq;arrondissement\nAccueil;incubateur;1143920115;{other.name}\n"
    written(compared(moderator, text), moderator)
    entry = AuditEntry.objects.get(action="import.row_updated")
    assert entry.public["changes"]["borough"] == [first.slug, other.slug]
    with translation.override("fr"):
        page = Client().get(known.get_absolute_url()).content.decode()
    assert page.count(first.name) >= 1  # what it said before, in the history alone


@pytest.mark.parametrize("cells", [{}, {"neq": "1143920115"}, {"site": "alpha.test"}])
def test_the_same_file_twice_at_once_is_written_once(
    moderator: User, cells: dict[str, str]
) -> None:
    text = HEADER + one("Alpha", **cells) + one("Bêta")
    first, second = compared(moderator, text), compared(moderator, text)
    assert count(first, "verdict") == count(second, "verdict") == {"new": 2}
    imports.start_import(run=first, actor=moderator, now=timezone.now())
    imports.start_import(run=second, actor=moderator, now=timezone.now())
    queue.drain()
    assert sorted(Incubator.objects.values_list("name", flat=True)) == ["Alpha", "Bêta"]
    assert count(second, "outcome") == {"refused": 2}
    assert "« Alpha » figure dans le répertoire depuis" in sentences(second, 2)[0]


def test_a_double_that_one_looked_at_is_created_all_the_same(moderator: User) -> None:
    run = received(moderator, HEADER + one("Accueil inc."))
    make("Accueil")  # since the file came, before its dry run
    imports.match_columns(
        run=run, mapping=run.mapping, allows_outside=False, actor=moderator, now=timezone.now()
    )
    queue.drain()
    imports.choose_doubles(run=run, choices={2: "create"}, actor=moderator, now=timezone.now())
    written(run, moderator)
    assert Incubator.objects.count() == 2


def test_more_links_than_a_page_takes_are_refused(moderator: User) -> None:
    links = "|".join(f"https://l{n}.test" for n in range(9))
    run = compared(moderator, f"nom;type;liens\nAlpha;incubateur;{links}\n")
    assert sentences(run, 2) == [
        "Colonne « liens » : plus de 8 adresses : gardez celles qui aident."
    ]
