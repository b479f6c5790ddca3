"""Programs side by side: facts, differences in words, and what the address holds."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from startups.enums import ListingState
from startups.models import Program
from tests.startups.fit import MET, make_incubator, make_program, open_door

pytestmark = pytest.mark.django_db
COMPARE = "/fr/programmes/comparer/"


def read(client: Client, query: str, address: str = COMPARE) -> str:
    response = client.get(f"{address}?{query}")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode().replace("\u00a0", " "))


def rows(html: str) -> dict[str, list[str]]:
    """The words of each row by its label; the label with its mark."""
    body = html.partition("<tbody")[2].partition("</tbody>")[0]
    found = {}
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body):
        head, *cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
        seen = [re.sub(r'<span class="whose".*?</span>', "", cell) for cell in cells]
        label, *words = [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in (head, *seen)]
        found[label] = words
    return found


def of(*programs: Program) -> str:
    return "&".join(f"p={program.slug}" for program in programs)


def test_facts_are_rows_and_differences_are_said(client: Client) -> None:
    one = make_program(weeks=12, equity_percent=0, fee="1200", stages=["idea"])
    two = make_program(weeks=12, equity_percent=None, fee=0, incubator=one.incubator)
    found = rows(read(client, of(one, two)))
    assert found["Durée pareil"] == ["12 semaines", "12 semaines"]
    assert found["Participation demandée non dit par tous"] == ["aucune", "non précisé"]
    assert found["Bourse"] == ["non précisé", "non précisé"]
    assert found["Frais diffère"] == ["1 200 $", "aucun montant"]
    assert found["Stades recherchés diffère"] == ["Idée", "Prototype et projet pilote"]
    assert found["Langues pareil"] == ["Français et anglais"] * 2
    english = rows(read(client, of(one, two), "/en/programs/compare/"))
    assert english["Equity taken not said by all"] == ["none", "not given"]
    assert english["Languages same"] == ["French and English"] * 2


def test_words_of_the_other_language_say_so(client: Client) -> None:
    program = make_program(who_fr="Les équipes.", who_en="")
    found = read(client, of(program), "/en/programs/compare/")
    assert re.search(r'<td role="cell" lang="fr">[^/]*</span>Les équipes', found)
    assert '<td role="cell" lang=' not in read(client, of(program))


def test_the_table_has_a_name(client: Client) -> None:
    assert re.search(r"<caption[^>]*>Comparaison</caption>", read(client, of(make_program())))


def test_one_alone_differs_from_nobody(client: Client) -> None:
    found = rows(read(client, of(make_program(weeks=3))))
    assert found["Durée"] == ["3 semaines"]
    assert not any("diffère" in label or "tous" in label for label in found)


def test_they_come_in_the_order_of_the_address_each_once(client: Client) -> None:
    one, two = make_program(), make_program()
    html = read(client, f"{of(two, one)}&p={two.slug}")
    head = html.partition("<thead")[2].partition("</thead>")[0]
    assert re.findall(r'<a href="[^"]*">(Programme \d+)</a>', head) == [two.name_fr, one.name_fr]


def test_more_than_four_says_which_were_left_out(client: Client) -> None:
    many = [make_program() for _n in range(6)]
    html = read(client, of(*many))
    assert len(rows(html)["Mené par diffère"]) == 4
    assert f"laissés de côté : {many[4].name_fr}, {many[5].name_fr}." in html
    assert "retirez-en un pour en ajouter un autre" in html


def test_one_that_is_gone_or_was_never_there_is_said(client: Client) -> None:
    kept, heir = make_program(), make_program(name_fr="Héritier")
    closed = make_program(name_fr="Fermé", state=ListingState.CLOSED)
    merged = make_program(name_fr="Fondu", state=ListingState.MERGED, merged_into=heir)
    of_closed = make_program(name_fr="Sans toit", incubator=make_incubator(state="closed"))
    hidden = make_program(name_fr="Brouillon", live=False)
    html = read(client, f"{of(kept, closed, merged, of_closed, hidden)}&p=jamais-vu&p=%00%27")
    assert len(rows(html)["Mené par"]) == 1
    assert "« Fermé » n’accepte plus personne ; il a été laissé de côté." in html
    assert "« Fondu » a été fusionné dans « Héritier » ; il a été laissé de côté." in html
    assert "« Sans toit » n’accepte plus personne" in html
    assert html.count("Il n’y a plus de programme à cette adresse") == 1
    assert "Brouillon" not in html


def test_one_is_removed_and_another_added_by_links(client: Client) -> None:
    one, two = make_program(), make_program()
    other = make_program(name_fr="Atelier du fleuve", incubator=make_incubator(name="La Rade"))
    html = read(client, f"{of(one, two)}&stage=pilot")
    assert f'href="?p={two.slug}&amp;stage=pilot"' in html
    for words in ("fleuve", "rade"):
        found = read(client, f"{of(one, two)}&stage=pilot&q={words}")
        added = f'href="?p={one.slug}&amp;p={two.slug}&amp;p={other.slug}&amp;stage=pilot"'
        assert f"{added}>Ajouter « Atelier du fleuve »</a>" in found
    none = read(client, f"{of(one)}&q={one.name_fr}")
    assert f"Aucun autre programme n’a « {one.name_fr} »" in none


def test_with_answers_the_verdicts_stand_first(client: Client) -> None:
    one, two = make_program(), make_program(languages=["fr"])
    found = rows(read(client, f"{of(one, two)}&{MET}"))
    label, (first, second) = next(iter(found.items()))
    assert label == "Selon vos réponses"
    assert first == "Convient"
    assert second.startswith("Ne convient pas Non remplie En français seulement")


def test_nobody_chosen_says_what_to_do(client: Client) -> None:
    html = read(client, "")
    assert "Aucun programme n’est encore choisi." in html
    assert "<table" not in html


def test_as_many_queries_for_one_as_for_three(client: Client) -> None:
    programs = [make_program() for _n in range(3)]
    for program in programs:
        open_door(program, timezone.now())
    read(client, of(programs[0]))
    for shown in (programs[:1], programs):
        with CaptureQueriesContext(connection) as queries:
            read(client, of(*shown))
        assert len(queries) == 3
