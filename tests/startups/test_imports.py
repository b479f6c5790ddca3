"""A file comes in: compared row by row, doubles chosen, written once each, and told."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
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
from search.port import Query, backend
from startups import import_tasks
from startups.domain import import_writing, imports
from startups.domain.import_writing import write_batch
from startups.domain.imports import ColumnsRefused, NotNow
from startups.enums import LISTING_TRANSITIONS, ImportState, ListingState
from startups.importing.doubles import folded
from startups.importing.reading import read_sheet
from startups.importing.sentences import borough_names, line_of
from startups.models import ImportRow, ImportRun, Incubator, RememberedDouble, Startup
from tests import databases, factories
from tests.databases import ROOT

pytestmark = pytest.mark.django_db
ORGANISATIONS = Path("cms/demo/data/organisations.json")
HEADER = "nom;type;résumé;site;neq;lat;lon;thèmes;description\n"


@pytest.fixture
def moderator() -> User:
    return factories.make_user("moderation", roles.MODERATORS, is_demo=True)


def received(
    actor: User, content: bytes | str, kind: str = "incubator", publishes: bool = True
) -> ImportRun:
    content = content.encode() if isinstance(content, str) else content
    return imports.receive_sheet(
        sheet=read_sheet(content),
        file_name="liste.csv",
        kind=kind,
        source="Registre, novembre 2026",
        publishes=publishes,
        actor=actor,
        now=timezone.now(),
    )


def compared(actor: User, content: bytes | str, outside: bool = False, **fields: Any) -> ImportRun:
    run = received(actor, content, **fields)
    imports.match_columns(
        run=run, mapping=run.mapping, allows_outside=outside, actor=actor, now=timezone.now()
    )
    queue.drain()
    run.refresh_from_db()
    assert run.state == ImportState.READY
    return run


def written(run: ImportRun, actor: User) -> ImportRun:
    imports.start_import(run=run, actor=actor, now=timezone.now())
    queue.drain()
    run.refresh_from_db()
    assert run.state == ImportState.DONE
    return run


def count(run: ImportRun, column: str) -> Counter[str]:
    return Counter(run.rows.values_list(column, flat=True))  # type: ignore[attr-defined]


def row(run: ImportRun, number: int) -> ImportRow:
    found: ImportRow = run.rows.get(number=number)  # type: ignore[attr-defined]
    return found


def sentences(run: ImportRun, number: int) -> list[str]:
    with translation.override("fr"):
        return [
            said.replace("\xa0", " ")
            for said in line_of(row(run, number), run, borough_names())["problems"]
        ]


def one(name: str, **more: str) -> str:
    cells = {"type": "incubateur", "résumé": "Une phrase.", "description": "Un texte."} | more
    return ";".join([name, *(cells.get(c, "") for c in HEADER.strip().split(";")[1:])]) + "\n"


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
    hits = backend().search(Query(text="Centech", language="fr", kinds=("incubator",))).hits
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


def make(name: str, **fields: Any) -> Incubator:
    made: Incubator = Incubator.objects.create(
        **{
            "slug": f"i{Incubator.objects.count()}",
            "name": name,
            "kind": "incubator",
            "summary_fr": "Une phrase.",
            "about_fr": "Un texte.",
            "live": True,
        }
        | fields
    )
    return made


@pytest.mark.parametrize(
    ("here", "cells", "verdict", "why"),
    [
        ({"name": "Accueil", "neq": "1143920115"}, {"neq": "1143920115"}, "same", ""),
        ({"name": "Tout autre", "neq": "1143920115"}, {"neq": "1143920115"}, "changed", ""),
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
        (["name", "kind", ""], "Aucune colonne"),
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


@pytest.mark.parametrize("at", ["save_rows", "change_state"])
def test_killed_in_the_middle_each_row_is_written_once(
    moderator: User, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    monkeypatch.setattr(import_writing, "BATCH", 4)
    run = compared(moderator, HEADER + "".join(one("abcdefghij"[n] * 9) for n in range(10)))
    imports.start_import(run=run, actor=moderator, now=timezone.now())
    assert write_batch(run=run, now=timezone.now())

    class Killed(BaseException):
        """As the process would end: nothing catches it."""

    def die(*args: Any, **kwargs: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(import_writing, at, die)
        with pytest.raises(Killed):
            import_tasks.write(run.pk)
    before = count(run, "outcome")["created"]
    assert before == Incubator.objects.count() < 10
    for _twice in range(2):
        import_tasks.write(run.pk)
    run.refresh_from_db()
    assert (run.state, run.done_count) == (ImportState.DONE, 10)
    assert Incubator.objects.count() == 10
    assert AuditEntry.objects.filter(action="import.row_created").count() == 10


def test_another_worker_compares_already(moderator: User) -> None:
    run = received(moderator, HEADER + one("Alpha") + one("Alpha"))
    imports.match_columns(
        run=run, mapping=run.mapping, allows_outside=False, actor=moderator, now=timezone.now()
    )
    run.refresh_from_db()
    late = imports.Comparer(run)
    import_tasks.check(run.pk)
    with pytest.raises(NotNow):
        imports.compare_batch(run=run, comparer=late, now=timezone.now())
    assert count(run, "verdict") == {"new": 1, "double": 1}


# ---- the pages ----------------------------------------------------------------------------------


@pytest.fixture
def client(moderator: User, settings: Any) -> Client:
    settings.DEBUG = True
    client = Client()
    client.force_login(moderator)
    return client


def send(client: Client, content: bytes, name: str = "liste.csv") -> Any:
    data = {"kind": "incubator", "source": "Registre", "file": SimpleUploadedFile(name, content)}
    return client.post(reverse("imports:add"), data)


def test_a_file_is_received_on_its_page(client: Client) -> None:
    answer = send(client, (HEADER + one("Alpha")).encode())
    run = ImportRun.objects.get()
    page = reverse("imports:inspect", args=[run.pk])
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert "Alpha" in client.get(page).content.decode()
    columns = {f"column-{n}": name for n, name in enumerate(run.mapping)}
    answer = client.post(page, {**columns, "column-0": "", "act": "match"})
    assert answer.status_code == 422
    assert "Aucune colonne" in answer.content.decode()
    assert client.post(page, {**columns, "act": "match"}).status_code == 302
    assert client.get(page)["Refresh"] == "2"
    queue.drain()
    answer = client.get(page)
    assert "Refresh" not in answer
    assert client.post(page, {"act": "start"}).status_code == 302
    queue.drain()
    assert "Alpha" in client.get(page).content.decode()
    assert client.post(page, {"act": "start"}, follow=True).status_code == 200
    assert Incubator.objects.count() == 1
    assert client.post(page, {"act": "nothing"}).status_code == 404


def test_a_bad_file_is_refused_on_the_form(client: Client) -> None:
    answer = send(client, b"nom,nom\nX,Y\n")
    assert "s’appellent toutes deux" in answer.content.decode()
    answer = send(client, b"x" * (30 * 1024 * 1024))
    assert "10" in answer.content.decode()
    assert ImportRun.objects.count() == 0


def test_what_happened_as_a_file_that_no_spreadsheet_runs(client: Client, moderator: User) -> None:
    text = HEADER + one("=cmd()") + one("Alpha") + one("+1 514")
    run = written(compared(moderator, text), moderator)
    answer = client.get(reverse("imports:outcomes", args=[run.pk]))
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(content)))
    assert [line[:2] for line in rows[1:]] == [["2", "'=cmd()"], ["3", "Alpha"], ["4", "'+1 514"]]
    assert not any(each.startswith(("=", "+", "@", "-")) for line in rows for each in line)


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_asks_as_much_for_one_row_as_for_three(
    client: Client, moderator: User, n: int, django_assert_num_queries: Any
) -> None:
    for number in range(n):
        make(f"Maison {'abc'[number] * 9}", neq=f"114392011{number}", borough=factories.a_borough())
    text = HEADER + "".join(
        one("Maison " + "abc"[number] * 9, neq=f"114392011{number}", site="x.test")
        for number in range(n)
    )
    run = compared(moderator, text)
    page = reverse("imports:inspect", args=[run.pk])
    client.get(page)
    with django_assert_num_queries(PAGE_QUERIES):
        answer = client.get(page)
    assert answer.content.decode().count("https://x.test") == n


PAGE_QUERIES = 16


SCENE = """
from django.utils import timezone
from core.accounts import roles
from startups import import_tasks
from startups.domain import imports
from startups.importing.reading import read_sheet
from tests import factories
actor = factories.make_user("moderation", roles.MODERATORS)
text = "nom;type;résumé;neq\\n" + "".join(
    f"Maison {n};fonds;x;{1100000000 + n}\\n" for n in range(800)
)
given = {"actor": actor, "now": timezone.now()}
run = imports.receive_sheet(sheet=read_sheet(text.encode()), file_name="f", kind="incubator",
    source="s", publishes=False, **given)
imports.match_columns(run=run, mapping=run.mapping, allows_outside=False, **given)
import_tasks.check(run.pk)
imports.start_import(run=run, **given)
"""
WRITE = "from startups import import_tasks; import_tasks.write(1)"
# The second batch has written everything but its last word when the process is gone.
WRITE_AND_DIE = """
import os, signal
from startups import import_tasks
from startups.domain import import_writing
real, calls = import_writing.save_rows, []
def dying(*args):
    real(*args)
    calls.append(args)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
import_writing.save_rows = dying
import_tasks.write(1)
"""
COUNT = """
from core.audit.models import AuditEntry
from core.audit.verify import verify_chain
from startups.models import ImportRun, Incubator
lines = AuditEntry.objects.filter(action="import.row_created")
print(Incubator.objects.count(), lines.count(), lines.values("object_id").distinct().count(),
    ImportRun.objects.get().done_count, ImportRun.objects.get().state, verify_chain().broken)
"""


def test_killed_for_good_it_goes_on_where_it_was() -> None:
    """A process of its own on a database of its own, twice ``kill -9``."""
    database = databases.copy(databases.migrated(), f"imports{os.getpid()}")
    around = {**os.environ, "DATABASE_URL": database}

    def shell(code: str) -> list[str]:
        return [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]

    def in_it(code: str) -> str:
        done = subprocess.run(
            shell(code), cwd=ROOT, env=around, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    in_it(SCENE)
    for done in ("250", "500"):
        died = subprocess.run(shell(WRITE_AND_DIE), cwd=ROOT, env=around, capture_output=True)
        assert died.returncode == -signal.SIGKILL
        assert in_it(COUNT) == f"{done} {done} {done} {done} running"
    in_it(WRITE)
    assert in_it(COUNT) == "800 800 800 800 done"
