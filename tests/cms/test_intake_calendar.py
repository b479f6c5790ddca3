"""The intake calendar and its feed, read by a second library, over both changes of summer time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import vobject
from django.test import Client
from django.urls import get_resolver
from freezegun import freeze_time

from cms.directories.ics import IcsEvent, calendar
from cms.directories.intakes import months_after
from core.taxonomy.models import Theme
from startups.enums import ListingState
from startups.models import Intake, Program
from tests import factories
from tests.startups.rows import at, make_incubator, make_intake, make_program

pytestmark = pytest.mark.django_db
PAGE, FEED = "/fr/programmes/calendrier/", "/fr/programmes/calendrier.ics"
ENGLISH = "/en/programs/calendar/"
PAGE_QUERIES, LIST_QUERIES, FEED_QUERIES = 5, 5, 1
NOW = "2027-03-01T12:00:00-05:00"


@pytest.fixture(autouse=True)
def _now() -> Any:
    """A month whose second Sunday is the change of summer time."""
    # The schemas of the API are built of the true datetime, so before time stands still.
    assert get_resolver().url_patterns
    with freeze_time(NOW):
        yield


def intake(opens: str, closes: str, program: Program | None = None, **fields: Any) -> Intake:
    return make_intake(program, opens_at=at(opens), closes_at=at(closes), **fields)


def page(address: str) -> str:
    return Client().get(address).content.decode()


def events(address: str = FEED) -> list[Any]:
    """As the second library reads them."""
    response = Client().get(address)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    read = vobject.readOne(response.content.decode())
    return list(getattr(read, "vevent_list", []))


class TestFeed:
    """Stable, true on both nights the clocks change, and honest about what was called off."""

    @pytest.mark.parametrize(
        ("typed", "utc"),
        [
            ("2027-03-13T17:00", "2027-03-13T22:00"),
            ("2027-03-14T01:59", "2027-03-14T06:59"),
            ("2027-03-14T03:00", "2027-03-14T07:00"),
            ("2027-03-15T17:00", "2027-03-15T21:00"),
            ("2027-11-06T17:00", "2027-11-06T21:00"),
            ("2027-11-07T00:59", "2027-11-07T04:59"),
            ("2027-11-07T02:00", "2027-11-07T07:00"),
            ("2027-11-08T17:00", "2027-11-08T22:00"),
        ],
    )
    def test_around_the_changes_of_summer_time(self, typed: str, utc: str) -> None:
        intake(typed, "2028-01-10T17:00")
        opening, closing = events()
        assert opening.dtstart.value == datetime.fromisoformat(utc).replace(tzinfo=UTC)
        assert closing.dtstart.value == datetime(2028, 1, 10, 22, tzinfo=UTC)

    @pytest.mark.parametrize(("fold", "utc"), [(0, "2027-11-07T05:30"), (1, "2027-11-07T06:30")])
    def test_the_hour_that_comes_twice(self, fold: int, utc: str) -> None:
        closes = at("2027-11-07T01:30").replace(fold=fold)
        make_intake(opens_at=at("2027-10-01T09:00"), closes_at=closes)
        assert events()[1].dtstart.value == datetime.fromisoformat(utc).replace(tzinfo=UTC)

    def test_what_an_event_says(self) -> None:
        program = make_program(name_fr="Été; rue, parc\\voie", place="Rue Notre-Dame")
        row = intake("2027-03-05T09:00", "2027-03-26T17:00", program, how_fr="Un\nmot.", sequence=3)
        opening, closing = events()
        assert [e.uid.value for e in (opening, closing)] == [
            f"startups.intake-{row.pk}-0@banc-dessai",
            f"startups.intake-{row.pk}-1@banc-dessai",
        ]
        assert opening.summary.value == "Été; rue, parc\\voie : ouvre"
        assert opening.description.value == f"{program.incubator.name}\nUn\nmot."
        assert (opening.sequence.value, opening.status.value) == ("3", "CONFIRMED")
        assert opening.location.value == "Rue Notre-Dame"
        assert opening.url.value.endswith(f"/fr/programmes/{program.slug}/")
        changed = row.updated_at.replace(microsecond=0)
        assert opening.last_modified.value == opening.dtstamp.value == changed

    def test_what_is_cancelled_stays_for_a_time(self) -> None:
        now = datetime.fromisoformat(NOW)
        for days in (1, 89, 91):
            intake(
                "2027-06-01T09:00",
                "2027-06-20T17:00",
                cancelled_at=now - timedelta(days=days),
                cancelled_reason_fr="Travaux.",
            )
        found = events()
        assert len(found) == 4
        assert {e.status.value for e in found} == {"CANCELLED"}
        assert "Travaux." in found[0].description.value
        assert found[0].summary.value.endswith("annulé")

    def test_what_is_past_stays_a_month(self) -> None:
        intake("2027-01-02T09:00", "2027-01-28T12:00")
        intake("2027-01-02T09:00", "2027-01-29T17:00")
        assert len(events()) == 2

    def test_rolling_ones_and_those_of_closed_programs_are_no_events(self) -> None:
        make_intake(opens_at=None, closes_at=None, is_rolling=True)
        make_intake(make_program(state=ListingState.CLOSED))
        make_intake(make_program(live=False))
        assert events() == []

    def test_it_does_not_change_until_something_does(self) -> None:
        intake("2027-03-05T09:00", "2027-03-26T17:00")
        with freeze_time("2027-03-01T13:00:00-05:00"):
            first = Client().get(FEED).content
        with freeze_time("2027-03-01T14:00:00-05:00"):
            assert Client().get(FEED).content == first

    @pytest.mark.parametrize("text", ["é" * 60, "a" * 73 + "é" * 40, "😀" * 30, "x" * 74])
    def test_lines_are_folded_inside_no_character(self, text: str) -> None:
        event = IcsEvent(
            "u", at("2027-03-05T09:00"), text, text, "https://a.example/", at(NOW[:16])
        )
        body = calendar(text, "https://a.example/f.ics", [event])
        assert max(len(line) for line in body.split(b"\r\n")) <= 75
        assert body.endswith(b"END:VCALENDAR\r\n")
        (read,) = vobject.readOne(body.decode()).vevent_list
        assert read.summary.value == text

    @pytest.mark.parametrize("count", [1, 3])
    def test_it_asks_as_much_for_one_as_for_three(
        self, count: int, django_assert_num_queries: Any
    ) -> None:
        for _n in range(count):
            intake("2027-03-05T09:00", "2027-03-26T17:00")
        events()
        with django_assert_num_queries(FEED_QUERIES):
            assert len(events()) == 2 * count


class TestOneSelection:
    """The page and the feed answer the same query string."""

    @pytest.mark.parametrize(
        "query",
        [
            *("kind=fund", "stage=idea", "language=en", "offer=mentors", "equity=none"),
            *("theme=TH", "borough=BO"),
        ],
    )
    def test_each_filter(self, query: str) -> None:
        borough, theme = factories.a_borough(), Theme.objects.all()[0]
        query = query.replace("TH", theme.slug).replace("BO", borough.slug)
        wanted = make_program(
            make_incubator(kind="fund", borough=borough),
            stages=["idea"],
            languages=["fr", "en"],
            offers=["mentors", "space"],
            equity_percent=0,
        )
        wanted.themes.add(theme)
        wanted.save()
        # What does not say whether it takes equity is not among those that take none.
        other = make_program(equity_percent=None)
        for program in (wanted, other, make_program(equity_percent=4)):
            intake("2027-03-05T09:00", "2027-03-26T17:00", program)
        assert [e.url.value.split("/")[-2] for e in events(f"{FEED}?{query}")] == [wanted.slug] * 2
        found = page(f"{PAGE}?{query}")
        assert f"/fr/programmes/{wanted.slug}/" in found
        assert f"/fr/programmes/{other.slug}/" not in found
        assert f"/fr/programmes/calendrier.ics?{query}" in found
        assert f"webcal://localhost:8000/fr/programmes/calendrier.ics?{query}" in found

    def test_what_is_not_known_is_left_out_and_said(self) -> None:
        intake("2027-03-05T09:00", "2027-03-26T17:00")
        response = Client().get(f"{PAGE}?equity=half&month=demain&who=me")
        assert response.status_code == 200
        assert len(response.context["calendar"].notes) == 3
        assert len(events(f"{FEED}?equity=half&x=1")) == 2


class TestMonth:
    """A table with a head for each day, and the same as a list."""

    def test_days_heads_and_today(self) -> None:
        row = intake("2027-03-14T09:00", "2027-03-31T23:30")
        found = page(PAGE)
        heads = re.findall(r'<th scope="col">.*?hidden">(\w+)</span>', found, re.DOTALL)
        assert heads == [*("dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")]
        assert 'class="today" aria-current="date"' in found
        assert "Mars 2027\u00a0: 2 dates" in found
        grid = found.partition("<tbody>")[2].partition("</tbody>")[0]
        for day in ("14", "31"):
            cell = grid.partition(f'<time datetime="2027-03-{day}">')[2].partition("</td>")[0]
            assert f"/fr/programmes/{row.program.slug}/" in cell

    def test_the_months_around(self) -> None:
        first = Client().get(PAGE).context["calendar"]
        assert (first.month, first.previous_url) == (date(2027, 3, 1), "")
        assert first.next_url == "?month=2027-04"
        last = Client().get(f"{PAGE}?month=2028-03&equity=none").context["calendar"]
        assert (last.previous_url, last.next_url) == ("?month=2028-02&equity=none", "")
        out = Client().get(f"{PAGE}?month=2028-04").context["calendar"]
        assert (out.month, len(out.notes)) == (date(2027, 3, 1), 1)

    def test_a_full_day_hides_nothing(self) -> None:
        for _n in range(7):
            intake("2027-03-14T09:00", "2027-05-31T23:30")
        found = page(PAGE)
        cell = found.partition('<time datetime="2027-03-14">')[2].partition("</td>")[0]
        seen, _details, unfolds = cell.partition("<details>")
        assert "3 autres" in unfolds
        assert (seen.count("/fr/programmes/"), unfolds.count("/fr/programmes/")) == (4, 3)
        # What a phone shows instead of the grid has all of them.
        narrow = found.partition('<div class="month-list">')[2].partition("</section>")[0]
        assert len(set(re.findall(r'href="(/fr/programmes/[^"]+)"', narrow))) == 7
        listed = page(f"{PAGE}?view=list")
        assert listed.count("Prévenez-moi à l’ouverture") == 7
        assert listed.count("/fr/suivre/program/") == 7

    def test_what_is_cancelled_is_marked(self) -> None:
        row = intake("2027-03-14T09:00", "2027-03-31T23:30", cancelled_at=at("2027-03-01T09:00"))
        found = page(PAGE)
        assert f"<s>{row.program.name_fr}</s>" in found
        assert "Annulé" in found

    def test_nothing_says_what_to_do(self) -> None:
        assert "Aucune ouverture ni clôture" in page(PAGE)
        assert "Aucune date ne répond" in page(f"{PAGE}?equity=none")

    def test_removing_the_filters_leaves_the_view(self) -> None:
        found = page(f"{PAGE}?view=list&equity=none&q=rue&page=1")
        links = re.findall(r'href="([^"]*)">(?:Tout effacer|Tous les retirer)', found)
        assert links
        assert set(links) == {"?view=list"}

    def test_a_date_stands_on_the_citys_day(self) -> None:
        # Half past eleven in the evening of the thirty-first is April in Greenwich.
        intake("2027-03-20T09:00", "2027-03-31T23:30")
        days = Client().get(f"{PAGE}?view=list").context["calendar"].days
        assert [day for day, _dates in days] == [date(2027, 3, 20), date(2027, 3, 31)]

    @pytest.mark.parametrize(
        ("view", "queries"), [("calendar", PAGE_QUERIES), ("list", LIST_QUERIES)]
    )
    @pytest.mark.parametrize("count", [1, 3])
    def test_it_asks_as_much_for_one_as_for_three(
        self, view: str, queries: int, count: int, django_assert_num_queries: Any
    ) -> None:
        for _n in range(count):
            program = make_program()
            intake("2027-03-05T09:00", "2027-03-26T17:00", program)
            make_intake(program, opens_at=None, closes_at=None, is_rolling=True)
        page(f"{ENGLISH}?view={view}")
        with django_assert_num_queries(queries):
            assert "/en/programs/parcours-" in page(f"{ENGLISH}?view={view}")


def test_months_go_on_over_the_year() -> None:
    assert months_after(date(2026, 12, 1), 1) == date(2027, 1, 1)
    assert months_after(date(2027, 1, 1), -1) == date(2026, 12, 1)
    assert months_after(date(2026, 11, 1), 12) == date(2027, 11, 1)
