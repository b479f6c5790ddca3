"""A city's list of programs comes in: each names its organisation, and is of no other."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from core.accounts import roles
from core.accounts.models import Organisation, OrganisationKind, User
from core.states import change_state
from search.finding import search
from search.port import Query
from startups.domain import imports
from startups.enums import LISTING_TRANSITIONS, ListingState
from startups.importing.sentences import line_of, names_of_ties
from startups.models import Incubator, Program
from tests import factories
from tests.startups.sheets import compared, count, make, received, row, sentences, written

pytestmark = pytest.mark.django_db

HEADER = "Programme;Organisme;En une phrase;Description;Semaines;Parts;Frais;TRL de;TRL à;Stades\n"


@pytest.fixture
def moderator() -> User:
    return factories.make_user("moderation", roles.MODERATORS, is_demo=True)


@pytest.fixture
def house() -> Incubator:
    return make("L’Accueil inc.", neq="1143920115", website="https://www.accueil.test/")


def one(name: str, house: str = "accueil.test", *more: str) -> str:
    cells = [name, house, "Une phrase.", "Un texte.", *more]
    return ";".join([*cells, *[""] * (10 - len(cells))]) + "\n"


def begun(house: Incubator, name: str, **fields: Any) -> Program:
    made: Program = Program.objects.create(
        **{
            "incubator": house,
            "slug": f"p{Program.objects.count()}",
            "name_fr": name,
            "summary_fr": "Une phrase.",
            "about_fr": "Un texte.",
            "live": True,
        }
        | fields
    )
    return made


def as_programs(actor: User, text: str, **fields: Any) -> Any:
    return compared(actor, text.encode("cp1252"), kind="program", **fields)


@pytest.mark.parametrize("named", ["1143 920 115", "https://accueil.test/fr", "ACCUEIL", "i0"])
def test_a_program_with_its_terms(moderator: User, house: Incubator, named: str) -> None:
    text = HEADER + one("Élan", named, "12", "6,5 %", "1 250,00 $", "3", "6", "Prototype | pilot")
    run = as_programs(moderator, text)
    assert (count(run, "verdict"), sentences(run, 2)) == ({"new": 1}, [])
    written(run, moderator)
    program = Program.objects.get()
    assert (program.name_fr, program.incubator, program.slug) == ("Élan", house, "elan")
    assert (program.weeks, program.trl_min, program.trl_max) == (12, 3, 6)
    assert (str(program.equity_percent), str(program.fee)) == ("6.50", "1250.00")
    assert program.stages == ["prototype", "pilot"]
    assert (program.live, program.state, program.verified_on) == (True, "unclaimed", None)
    with translation.override("fr"):
        page = Client().get(program.get_absolute_url())
    assert "Élan" in page.content.decode()
    hits = search(Query(text="Élan", language="fr", kinds=("program",))).hits
    assert [hit.pk for hit in hits][:1] == [program.pk]
    again = as_programs(moderator, text)
    assert count(again, "verdict") == {"same": 1}


def test_the_columns_are_recognised(moderator: User) -> None:
    run = received(moderator, HEADER + one("Élan"), kind="program")
    assert run.mapping == [
        *("name_fr", "incubator", "summary_fr", "about_fr", "weeks", "equity_percent", "fee"),
        *("trl_min", "trl_max", "stages"),
    ]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            ("Nulle part",),
            "« Nulle part » n’est aucun organisme du répertoire : importez-le d’abord.",
        ),
        (("accueil.test", "0"), "« 0 » n’est pas un nombre de semaines entre 1 et 520."),
        (("accueil.test", "", "140"), "« 140 » n’est pas une part entre 0 et 100 %."),
        (("accueil.test", "", "", "-5"), "« -5 » n’est pas une somme d’argent."),
        (("accueil.test", "", "", "", "12"), "« 12 » n’est pas un niveau de maturité entre 1 et 9"),
        (
            ("accueil.test", "", "", "", "7", "5"),
            "le plus haut niveau de maturité demandé est sous le plus bas",
        ),
    ],
)
def test_a_bad_row_is_refused_with_its_sentence(
    moderator: User, house: Incubator, cells: tuple[str, ...], said: str
) -> None:
    run = as_programs(moderator, HEADER + one("Mauvais", *cells) + one("Bon"))
    assert count(run, "verdict") == {"refused": 1, "new": 1}
    assert said in sentences(run, 2)[0]
    written(run, moderator)
    assert [each.name_fr for each in Program.objects.all()] == ["Bon"]


def test_two_organisations_of_one_name_are_told_apart_by_number(
    moderator: User, house: Incubator
) -> None:
    other = make("Accueil", neq="1143920116")
    text = HEADER + one("Élan", "Accueil") + one("Envol", "1143920116")
    run = as_programs(moderator, text)
    assert count(run, "verdict") == {"refused": 1, "new": 1}
    assert "plusieurs organismes" in sentences(run, 2)[0]
    written(run, moderator)
    assert Program.objects.get().incubator == other


@pytest.mark.parametrize(("is_kept", "said"), [(True, "elle seule"), (False, "fermée")])
def test_no_program_of_a_house_that_speaks_or_is_closed(
    moderator: User, house: Incubator, is_kept: bool, said: str
) -> None:
    def end() -> None:
        if is_kept:
            owner = Organisation.objects.create(name="M", slug="m", kind=OrganisationKind.SUPPORT)
            Incubator.objects.update(organisation=owner)
        else:
            change_state(house, ListingState.CLOSED, transitions=LISTING_TRANSITIONS)

    # After the dry run.
    late = as_programs(moderator, HEADER + one("Élan"))
    end()
    written(late, moderator)
    assert said in sentences(late, 2)[0]
    # Before it.
    run = as_programs(moderator, HEADER + one("Élan"))
    assert count(run, "verdict") == {"refused": 1}
    assert said in sentences(run, 2)[0]
    assert Program.objects.count() == 0


def test_doubles_are_of_one_organisation(moderator: User, house: Incubator) -> None:
    known = begun(house, "Programme Élan", weeks=8)
    other = make("Autre maison", website="https://autre.test")
    text = (
        HEADER
        + one("programme elan", "accueil.test", "12")
        + one("Programme Élans")
        + one("Programme Élan", "autre.test")
        + one("Programme Élan", "autre.test")
    )
    run = as_programs(moderator, text)
    verdicts = [row(run, n).verdict for n in (2, 3, 4, 5)]
    assert verdicts == ["changed", "double", "new", "double"]
    assert row(run, 2).target == row(run, 3).target == known.pk
    assert row(run, 5).doubles[0]["row"] is True
    imports.choose_doubles(run=run, choices={3: "create"}, actor=moderator, now=timezone.now())
    written(run, moderator)
    assert sorted(Program.objects.values_list("name_fr", "incubator__name")) == [
        ("Programme Élan", other.name),
        ("Programme Élans", house.name),
        ("programme elan", house.name),
    ]
    known.refresh_from_db()
    assert known.weeks == 12


def test_a_term_against_what_is_there_is_refused(moderator: User, house: Incubator) -> None:
    begun(house, "Élan", trl_max=4)
    text = HEADER + one("Élan", "accueil.test", "", "", "", "6")
    run = as_programs(moderator, text)
    assert count(run, "verdict") == {"refused": 1}
    # The same, come since the dry run.
    Program.objects.update(trl_max=None)
    late = as_programs(moderator, text)
    Program.objects.update(trl_max=4)
    written(late, moderator)
    assert row(late, 2).outcome == "refused"
    assert Program.objects.get().trl_min is None


def test_a_program_of_a_hidden_house_stays_a_draft(moderator: User) -> None:
    make("Cachée", live=False)
    run = written(as_programs(moderator, HEADER + one("Élan", "Cachée")), moderator)
    assert Program.objects.get().live is False
    assert "« Cachée » n’est pas publique" in sentences(run, 2)[0]


def test_the_difference_is_in_words(moderator: User, house: Incubator) -> None:
    begun(house, "Élan", format="remote", fee=1250)
    text = "Programme;Organisme;Formule;Frais;Tous secteurs\nÉlan;Accueil;En personne;0;oui\n"
    run = as_programs(moderator, text)
    with translation.override("fr"):
        line = line_of(row(run, 2), run, names_of_ties())
    assert [each[1:] for each in line["difference"]] == [
        ("À distance", "En personne"),
        ("1\xa0250", "0"),
        ("non", "oui"),
    ]


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        *[("12,500", "12500.00"), ("12 500,5 $", "12500.50"), ("1,250.75", "1250.75")],
        *[("gratuit", "0.00"), ("0", "0.00"), ("12.500", None), ("n/a", None), ("1e5", None)],
    ],
)
def test_sums_as_people_write_them(
    moderator: User, house: Incubator, cell: str, kept: str | None
) -> None:
    run = as_programs(moderator, HEADER + one("Élan", "accueil.test", "", "", cell))
    assert row(run, 2).facts.get("fee") == kept
    assert row(run, 2).verdict == ("new" if kept else "refused")
