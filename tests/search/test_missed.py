"""What is looked for and not found: counted by week, of nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.users.models import UserProfile

from core.accounts import roles
from core.registry import retained
from search.domain import missing
from search.domain.missing import note
from search.models import MissedSearch
from search.models.missed import MissedSearchQuerySet
from search.port import Hit, Query, Results
from tests import factories

pytestmark = pytest.mark.django_db
# A Sunday, 23:30 on the city's clocks: Monday in UTC.
SUNDAY = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
NOTHING = Results(0, [])


def few(count: int, **fields: Any) -> Results:
    hit = Hit("challenge", 1, "a", "A", "", "/a/", 1.0)
    return Results(count, [hit] * count, **fields)


def rows() -> list[tuple[Any, ...]]:
    found = MissedSearch.objects.order_by("words", "results")
    return list(found.values_list("week", "language", "words", "results", "times"))


def test_the_same_words_are_one_row_in_a_week_of_the_city() -> None:
    for text in ("Déneigement  trottoirs", "deneigement TROTTOIRS"):
        assert note(Query(text, "fr"), NOTHING, SUNDAY)
    note(Query("déneigement trottoirs", "en"), NOTHING, SUNDAY)
    note(Query("déneigement trottoirs", "fr"), NOTHING, SUNDAY + timedelta(hours=1))
    assert sorted(rows()) == [
        (date(2026, 11, 16), "en", "deneigement trottoirs", "none", 1),
        (date(2026, 11, 16), "fr", "deneigement trottoirs", "none", 2),
        (date(2026, 11, 23), "fr", "deneigement trottoirs", "none", 1),
    ]


def test_one_connection_counts_once_a_day() -> None:
    cache.clear()
    for who in ("192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.1"):
        note(Query("sel", "fr"), NOTHING, SUNDAY, who=who)
    note(Query("sel", "en"), NOTHING, SUNDAY, who="192.0.2.1")
    assert sorted((row[1], row[4]) for row in rows()) == [("en", 1), ("fr", 2)]


def test_one_connection_fills_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(missing, "MOST_AN_HOUR", 3)
    kept = [note(Query(f"mot{n}", "fr"), NOTHING, SUNDAY, who="192.0.2.1") for n in range(5)]
    assert kept == [True, True, True, False, False]
    assert note(Query("mot9", "fr"), NOTHING, SUNDAY, who="192.0.2.2")


def test_a_page_read_again_counts_once() -> None:
    cache.clear()
    browser = Client(headers={"user-agent": "Mozilla/5.0 Firefox/140.0"})
    for _n in range(3):
        assert browser.get("/fr/recherche/?q=xyzzyqwv").status_code == 200
    assert [row[4] for row in rows()] == [1]


def test_it_is_one_statement() -> None:
    with CaptureQueriesContext(connection) as queries:
        note(Query("sel", "fr"), NOTHING, SUNDAY)
        note(Query("sel", "fr"), NOTHING, SUNDAY)
    said = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(said) == 2
    assert rows()[0][-1] == 2


@pytest.mark.parametrize(
    ("results", "kept"),
    [
        (few(1), ["few"]),
        (few(2), ["few"]),
        (few(3), []),
        (few(9, is_loose=True), ["few"]),
        (few(9, corrected="sel"), []),
        (Results(0, [], corrected="sel"), ["none"]),
    ],
)
def test_little_is_counted_apart(results: Results, kept: list[str]) -> None:
    note(Query("sel", "fr"), results, SUNDAY)
    assert [row[3] for row in rows()] == kept


@pytest.mark.parametrize(
    "text",
    [
        "qui est voisine@maison.example",
        "1234567",
        "appeler 514 555-0199",
        "514.555.0199",
        "(514) 555-0199",
        "né le 1970-01-01",
        "a" * 101,
        "   ",
        "!?",
    ],
)
def test_what_may_be_of_a_person_is_not_kept(text: str) -> None:
    assert not note(Query(text, "fr"), NOTHING, SUNDAY)
    assert rows() == []


def test_a_short_number_is_a_word() -> None:
    assert note(Query("service 311, 2026", "fr"), NOTHING, SUNDAY)
    assert [row[2] for row in rows()] == ["service 311 2026"]


def test_words_that_grow_when_folded_are_not_cut() -> None:
    assert not note(Query("œ" * 60, "fr"), NOTHING, SUNDAY)
    assert rows() == []


@pytest.mark.parametrize(
    "narrowed", [{"themes": ("a",)}, {"kinds": ("pilot",)}, {"offset": 20}, {"stages": ("b",)}]
)
def test_what_a_filter_emptied_is_not_counted(narrowed: dict[str, Any]) -> None:
    assert not note(Query("sel", "fr", **narrowed), NOTHING, SUNDAY)


def test_the_page_stands_when_counting_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*args: Any) -> None:
        raise DatabaseError("disk")

    monkeypatch.setattr(MissedSearchQuerySet, "count_one", away)
    assert not note(Query("secret", "fr"), NOTHING, SUNDAY)
    assert "could not be counted" in caplog.text
    assert "secret" not in caplog.text
    # The page's own transaction goes on.
    assert MissedSearch.objects.count() == 0


def test_the_database_keeps_the_rules() -> None:
    for wrong in ({"words": ""}, {"times": 0}, {"language": "es"}, {"results": "many"}):
        values = {"week": date(2026, 11, 16), "language": "fr", "words": "a", "results": "none"}
        with pytest.raises(IntegrityError), transaction.atomic():
            MissedSearch.objects.create(**{**values, "times": 1, **wrong})


def test_thirteen_months_later_it_is_gone() -> None:
    note(Query("sel", "fr"), NOTHING, SUNDAY)
    rule = retained["missed_searches"]
    monday = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert (rule.count(SUNDAY), rule.count(monday)) == (0, 1)
    assert (rule.apply(SUNDAY, 10), rule.apply(monday, 10)) == (0, 1)
    assert rows() == []


class TestReport:
    """What the city's staff reads of it."""

    def fill(self) -> None:
        for text, times in (("patinoire", 3), ("mon voisin du 12", 1), ("bélier", 2)):
            for _n in range(times):
                note(Query(text, "fr"), NOTHING, SUNDAY)
        for _n in range(2):
            note(Query("skating rink", "en"), NOTHING, SUNDAY + timedelta(days=1))

    def staff(self, client: Client, group: str = roles.EDITORS, language: str = "en") -> Client:
        person = factories.make_user("ville", group)
        UserProfile.objects.create(user=person, preferred_language=language)
        client.force_login(person)
        return client

    def test_what_two_looked_for(self, client: Client) -> None:
        self.fill()
        page = self.staff(client).get(reverse("missed_searches")).content.decode()
        assert "patinoire" in page
        assert "skating rink" in page
        assert "voisin" not in page
        assert 'href="/fr/recherche/?q=patinoire"' in page
        assert 'href="/en/search/?q=skating+rink"' in page

    def test_an_empty_one_says_what_will_stand_there(self, client: Client) -> None:
        page = self.staff(client).get(reverse("missed_searches")).content.decode()
        assert "Nothing yet: words stand here once they were looked for twice in a week" in page

    def test_by_week(self, client: Client) -> None:
        self.fill()
        address = reverse("missed_searches")
        page = self.staff(client).get(address, {"week": "2026-11-23"}).content.decode()
        assert "skating rink" in page
        assert "patinoire" not in page

    @pytest.mark.parametrize(("language", "heading"), [("en", "Week of"), ("fr", "Semaine du")])
    def test_as_a_file(self, client: Client, language: str, heading: str) -> None:
        self.fill()
        staff = self.staff(client, language=language)
        answer = staff.get(reverse("missed_searches"), {"export": "csv"})
        lines = b"".join(answer).decode("utf-8-sig").splitlines()
        assert lines[0].startswith(heading)
        assert [line.split(",")[2:] for line in lines[1:]] == [
            ["skating rink", "none", "2"],
            ["patinoire", "none", "3"],
            ["belier", "none", "2"],
        ]

    def test_as_many_questions_for_one_row_as_for_three(self, client: Client) -> None:
        staff, counts = self.staff(client), []
        for words in (["un"], ["deux", "trois"]):
            for word in words * 2:
                note(Query(word, "fr"), NOTHING, SUNDAY)
            staff.get(reverse("missed_searches"))
            with CaptureQueriesContext(connection) as queries:
                assert staff.get(reverse("missed_searches")).status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestPage:
    """The search page counts what a person did not find there."""

    BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

    def test_a_person_is_counted_and_a_robot_is_not(self, client: Client) -> None:
        for agent in (self.BROWSER, "Googlebot/2.1", ""):
            answer = client.get(reverse("search"), {"q": "zyxwvut"}, HTTP_USER_AGENT=agent)
            assert answer.status_code == 200
        assert [row[1:] for row in rows()] == [("fr", "zyxwvut", "none", 1)]

    def test_the_search_is_followed_from_there(self, client: Client) -> None:
        page = client.get(reverse("search"), {"q": "zyxwvut", "sort": "newest"})
        assert 'href="/fr/recherche/suivre/?q=zyxwvut&amp;sort=newest"' in page.content.decode()
        assert "/suivre/?" not in client.get(reverse("search")).content.decode()
