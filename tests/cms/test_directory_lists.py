"""Lists of the directory: facets, order, label, cards, and the marks of a map."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.directories.clusters import MOST_NAMED, asked_box, asked_zoom
from core.taxonomy.models import Borough, Theme
from startups.enums import ListingState
from startups.models import Incubator, Program
from tests import factories
from tests.startups.rows import make_incubator, make_intake, make_program

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LONG_AGO = TODAY - timedelta(days=400)
LISTS = {
    "/fr/incubateurs/": 6,
    "/fr/programmes/": 7,
    "/fr/jeunes-pousses/": 5,
    "/fr/solutions/": 6,
}
MAP_QUERIES = 2


def titles(address: str) -> list[str]:
    listing = Client().get(address).context["listing"]
    return [entry.title for entry in listing.entries]


def counts(address: str, param: str) -> dict[str, str]:
    listing = Client().get(address).context["listing"]
    (facet,) = (f for f in listing.facets if f.param == param)
    return {choice.value: choice.count for choice in facet.choices}


class TestFacets:
    """What a founder narrows by; what is not said is neither one nor the other."""

    @pytest.fixture(autouse=True)
    def _rows(self) -> None:
        house = make_incubator(kind="fund", offers=["space"], languages=["en"])
        make_program(house, name_fr="A", equity_percent=0, stages=["idea", "pilot"])
        make_program(name_fr="B", equity_percent=5, offers=["mentors"], languages=["fr", "en"])
        make_program(name_fr="C", equity_percent=None, stages=["idea"], offers=["mentors", "data"])
        make_intake(Program.objects.get(name_fr="A"))
        make_intake(Program.objects.get(name_fr="B"), cancelled_at=timezone.now())

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("equity=none", ["A"]),
            ("equity=some", ["B"]),
            ("stage=idea", ["A", "C"]),
            ("offer=mentors", ["B", "C"]),
            ("offer=mentors&offer=data&language=en", ["B"]),
            ("kind=fund", ["A"]),
            ("status=open", ["A"]),
            ("status=closed", ["B", "C"]),
        ],
    )
    def test_programs(self, query: str, found: list[str]) -> None:
        assert sorted(titles(f"/fr/programmes/?{query}")) == found

    def test_their_counts_hold_the_others(self) -> None:
        assert counts("/fr/programmes/", "stage") == {"idea": "2", "pilot": "1"}
        assert counts("/fr/programmes/", "equity") == {"none": "1", "some": "1"}
        assert counts("/fr/programmes/?equity=none", "stage") == {"idea": "1", "pilot": "1"}
        assert counts("/fr/programmes/?equity=none", "equity") == {"none": "1", "some": "1"}
        assert counts("/fr/programmes/?equity=none", "language") == {"fr": "1"}

    def test_organisations(self) -> None:
        (house,) = Incubator.objects.filter(kind="fund")
        for query in ("open=now", "offer=space", "language=en", "kind=fund"):
            assert titles(f"/fr/incubateurs/?{query}") == [house.name]


class TestCounts:
    """However it was counted, a number beside a box is what the box then shows."""

    @pytest.fixture(autouse=True)
    def _rows(self) -> None:
        now, day = timezone.now(), timedelta(days=1)
        parks, snow = Theme.objects.all()[:2]
        first, second = Borough.objects.all()[:2]
        house = make_incubator(borough=first, offers=["space"])
        house.themes.set([parks, snow])
        house.save()
        gone = make_incubator(borough=second, state=ListingState.CLOSED)
        spans = {"soon": (-9, 3), "open": (-9, 30), "coming": (5, 30), "past": (-30, -9)}
        for name, (opens, closes) in spans.items():
            program = make_program(house, name_fr=name, equity_percent=len(name) % 2)
            program.themes.set([parks] if name == "soon" else [parks, snow])
            program.save()
            make_intake(program, opens_at=now + opens * day, closes_at=now + closes * day)
        # Two doors of one program are one program; a cancelled one is none.
        two = make_program(house, name_fr="two", stages=["idea"])
        make_intake(two, opens_at=now - day, closes_at=now + 2 * day)
        make_intake(two, opens_at=now + day, closes_at=now + 40 * day)
        make_intake(two, is_rolling=True, opens_at=None, closes_at=None)
        make_intake(make_program(gone, name_fr="cancelled"), cancelled_at=now)
        make_intake(make_program(house, name_fr="hidden", live=False))

    @pytest.mark.parametrize("query", ["", "theme=THEME", "status=open&language=fr"])
    @pytest.mark.parametrize("address", ["/fr/incubateurs/", "/fr/programmes/"])
    def test_are_what_one_more_click_shows(self, address: str, query: str) -> None:
        query = query.replace("THEME", Theme.objects.all()[0].slug)
        asked = Client().get(f"{address}?{query}").context["listing"]
        assert asked.found == len(asked.entries)
        checked = 0
        for facet in asked.facets:
            others = [p for p in query.split("&") if p and not p.startswith(f"{facet.param}=")]
            for choice in facet.choices:
                link = "&".join([*others, f"{facet.param}={choice.value}"])
                shown = Client().get(f"{address}?{link}").context["listing"]
                assert (link, str(shown.found)) == (link, choice.count)
                checked += 1
        assert checked > 5

    def test_of_the_doors(self) -> None:
        found = {"open": "3", "closing": "2", "upcoming": "2", "rolling": "1", "closed": "2"}
        assert counts("/fr/programmes/", "status") == found


class TestWithoutFilters:
    """Taking the filters away takes nothing else."""

    @pytest.mark.parametrize("query", ["equity=none&q=zzz", "theme=mobility&theme=water"])
    def test_the_view_and_the_order_stay(self, query: str) -> None:
        asked = Client().get(f"/fr/programmes/?view=map&sort=name&page=1&{query}")
        assert asked.context["listing"].clear_url == "?view=map&sort=name"
        assert 'href="?view=map&amp;sort=name"' in asked.content.decode()

    def test_nothing_to_keep(self) -> None:
        assert Client().get("/fr/programmes/?q=zzz").context["listing"].clear_url == "?"


class TestDoors:
    """From a list to the programs side by side, and to the questions; without a script."""

    def test_what_still_acts_has_a_box_of_the_one_form(self) -> None:
        program = make_program(name_fr="A")
        make_program(name_fr="B", state=ListingState.CLOSED)
        make_program(make_incubator(state=ListingState.CLOSED), name_fr="C")
        for view in ("list", "cards"):
            page = Client().get(f"/fr/programmes/?view={view}").content.decode()
            boxes = re.findall(r'name="p"\s+value="([^"]*)"\s+form="compare"', page)
            assert boxes == [program.slug]
            # A form in a form is none: the boxes name theirs, that stands after the list's.
            assert page.index('<form id="compare"') > page.rindex(f'value="{program.slug}"')
            between = page[page.rindex(program.slug) : page.index('<form id="compare"')]
            assert between.count("</form>") == 1

    def test_where_nothing_is_ticked_nothing_offers_to_compare(self) -> None:
        make_incubator()
        make_program()
        for address in ("/fr/incubateurs/", "/fr/programmes/?view=map", "/fr/programmes/?q=rien"):
            assert 'id="compare"' not in Client().get(address).content.decode()

    @pytest.mark.parametrize("address", ["/fr/programmes/", "/fr/programmes/calendrier/"])
    def test_the_questions_are_a_link_away(self, address: str) -> None:
        assert f'href="{reverse("program_fit")}"' in Client().get(address).content.decode()

    @pytest.mark.parametrize("is_rolling", [True, False])
    def test_a_program_whose_only_intake_is_cancelled(self, is_rolling: bool) -> None:
        dates = {"opens_at": None, "closes_at": None} if is_rolling else {}
        at = timezone.now()
        make_intake(make_program(), is_rolling=is_rolling, cancelled_at=at, **dates)
        listing = Client().get("/fr/programmes/").context["listing"]
        (entry,) = listing.entries
        assert [(tag.label, tag.tone) for tag in entry.tags] == [("Annulé", "late")]
        assert entry.small == "annulé"


class TestOrder:
    """Unconfirmed ones lower, gone ones last, and both say so."""

    @pytest.mark.parametrize("address", ["/fr/incubateurs/", "/fr/incubateurs/?view=cards"])
    def test_organisations(self, address: str) -> None:
        make_incubator(name="A gone", state=ListingState.CLOSED)
        make_incubator(name="B never", verified_on=None)
        make_incubator(name="C stale", verified_on=LONG_AGO)
        make_incubator(name="D fresh")
        assert titles(address) == ["D fresh", "B never", "C stale", "A gone"]
        page = Client().get(address).content.decode()
        assert "jamais confirmé" in page
        assert page.count("non confirmé depuis le") == 1
        assert "Fermé" in page

    def test_programs(self) -> None:
        gone = make_incubator(state=ListingState.MERGED)
        soon = make_program(name_fr="Z soon")
        make_intake(soon)
        make_intake(make_program(name_fr="A stale", verified_on=LONG_AGO))
        make_intake(make_program(gone, name_fr="A gone"))
        make_program(name_fr="B no door")
        assert titles("/fr/programmes/") == ["Z soon", "A stale", "B no door", "A gone"]

    def test_startups_and_solutions(self) -> None:
        factories.make_startup(name="A", verified_on=LONG_AGO)
        factories.make_startup(name="B")
        assert titles("/fr/jeunes-pousses/") == ["B", "A"]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("view", ["list", "cards", "map"])
def test_a_list_asks_as_much_for_one_as_for_three(
    count: int, address: str, view: str, django_assert_num_queries: Any
) -> None:
    for _n in range(count):
        make_intake(make_program(make_incubator(lat=45.5, lon=-73.6)))
        factories.make_startup(borough=factories.a_borough())
    Client().get(address)
    with django_assert_num_queries(LISTS[address]):
        assert Client().get(f"{address}?view={view}").status_code == 200


class TestMarks:
    """What stands close together is one mark; what nothing parts is named."""

    ADDRESS = "/fr/incubateurs/carte.json"

    def marks(self, query: str = "") -> list[list[Any]]:
        found: list[list[Any]] = Client().get(f"{self.ADDRESS}?{query}").json()["marks"]
        return sorted(found)

    def test_close_ones_part_as_one_comes_near(self) -> None:
        for n in range(3):
            make_incubator(name=f"N{n}", lat=45.500 + n / 1000, lon=-73.600)
        ((_lat, _lon, count, names),) = self.marks("zoom=9")
        assert (count, names) == (3, [])
        parted = self.marks("zoom=18&box=-73.61,45.49,-73.59,45.51")
        assert [(count, names[0][0]) for _lat, _lon, count, names in parted] == [
            *((1, "N0"), (1, "N1"), (1, "N2"))
        ]

    def test_those_of_one_place_are_named_a_few(self) -> None:
        for _n in range(MOST_NAMED + 2):
            make_incubator(lat=45.5, lon=-73.6)
        ((_lat, _lon, count, names),) = self.marks("zoom=18")
        assert (count, len(names)) == (MOST_NAMED + 2, MOST_NAMED)

    def test_the_box_and_the_filters_hold(self) -> None:
        borough = factories.a_borough()
        make_incubator(name="Dedans", lat=45.5, lon=-73.6, kind="fund")
        make_incubator(lat=45.5, lon=-73.6)
        make_incubator(lat=45.9, lon=-73.6, kind="fund")
        make_incubator(lat=45.5, lon=-73.6, kind="fund", state=ListingState.CLOSED)
        # Its own place is far from its borough's centre, which is inside.
        make_incubator(lat=46.9, lon=-73.6, kind="fund", borough=borough)
        box = f"{borough.lon - 1},{borough.lat - 1},{borough.lon + 1},{borough.lat + 1}"
        assert sum(mark[2] for mark in self.marks(f"box={box}&kind=fund&zoom=18")) == 2
        ((_lat, _lon, count, names),) = self.marks("kind=fund&box=-73.61,45.49,-73.59,45.51")
        assert (count, names[0][0]) == (1, "Dedans")

    def test_one_without_a_place_stands_at_its_borough(self) -> None:
        borough = factories.a_borough()
        make_incubator(borough=borough)
        ((lat, lon, _count, _names),) = self.marks()
        assert (lat, lon) == (round(borough.lat, 5), round(borough.lon, 5))

    @pytest.mark.parametrize(
        "text", ["", "a", "1,2,3", "1,2,3,nan", "2,2,1,3", "-181,0,1,1", "1,2,3,4,5"]
    )
    def test_what_is_no_box_is_none(self, text: str) -> None:
        assert asked_box(text) is None
        assert Client().get(self.ADDRESS, {"box": text}).status_code == 200

    def test_a_zoom_is_within_bounds(self) -> None:
        assert [asked_zoom(text) for text in ("", "-1", "3", "12", "99", "9999")] == [
            *(10, 10, 8, 12, 18, 10)
        ]

    @pytest.mark.parametrize("count", [1, 3])
    @pytest.mark.parametrize("kind", ["incubateurs", "programmes", "jeunes-pousses", "solutions"])
    def test_a_map_asks_as_much_for_one_as_for_three(
        self, kind: str, count: int, django_assert_num_queries: Any
    ) -> None:
        for _n in range(count):
            make_program(make_incubator(lat=45.5, lon=-73.6))
            factories.make_startup(borough=factories.a_borough())
        Client().get(f"/fr/{kind}/carte.json")
        with django_assert_num_queries(MAP_QUERIES):
            marks = Client().get(f"/fr/{kind}/carte.json").json()["marks"]
        assert sum(mark[2] for mark in marks) == count

    def test_the_table_under_the_map_comes_in_pages(self) -> None:
        for _n in range(23):
            make_incubator(lat=45.5, lon=-73.6)
        page = Client().get("/fr/incubateurs/?view=map&kind=incubator").content.decode()
        assert page.count("/fr/incubateurs/maison-") == 20
        assert 'data-clusters="/fr/incubateurs/carte.json?kind=incubator"' in page
        assert "view=map&amp;kind=incubator&amp;page=2" in page
