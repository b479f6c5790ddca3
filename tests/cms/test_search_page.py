"""The search page: by kind, of one kind, on the map; what was left out; what to do with nothing."""

from __future__ import annotations

import html
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.finding import words
from cms.finding.presenting import distance, shown, status_now
from cms.management.commands.start import Command
from core.taxonomy.models import Borough, Theme
from search import finding
from search.documents import BY_NAME
from search.domain.rebuilding import rebuild
from search.labels import kind_name
from search.models import MissedSearch
from search.port import Near, Query, Results, Sort
from tests import factories
from tests.cms.finding import Engine, all_are_public, make_hit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = timedelta(days=1)
# All of what the frame, the words and the facets read; the engine’s questions come on top.
QUERIES = 7
BEGINNING_QUERIES = 11

Answers = Callable[[Callable[[Query], Results]], Engine]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Puts an engine behind the page."""

    def put(reply: Callable[[Query], Results]) -> Engine:
        engine = Engine(reply)
        all_are_public(monkeypatch)
        monkeypatch.setattr(finding, "search", engine.search)
        return engine

    return put


def page(address: str, client: Client | None = None, /, **asked: Any) -> Any:
    query = f"?{urlencode(asked, doseq=True)}" if asked else ""
    response = (client or Client()).get(f"{address}{query}")
    assert response.status_code == 200
    return response


def text_of(response: Any) -> str:
    return " ".join(html.unescape(response.content.decode()).split()).replace("\u00a0", " ")


def results(count: int, hits: list[Any], **more: Any) -> Results:
    kinds: dict[str, int] = {}
    for hit in hits:
        kinds[hit.kind] = kinds.get(hit.kind, 0) + 1
    return Results(count, hits, **({"facets": {"kind": kinds}} | more))


class TestByKind:
    """No kind chosen: the first few of each, with counts and the way to all of them."""

    def test_the_kind_of_the_best_answer_comes_first(self, answers: Answers) -> None:
        hits = [make_hit(1, kind="startup"), *(make_hit(n) for n in range(2, 7))]
        facets = {"kind": {"challenge": 40, "startup": 1}}
        answers(lambda query: Results(41, hits, facets))
        found = page("/fr/recherche/", q="neige").context["found"]
        assert [(g.name, g.count, len(g.hits)) for g in found.groups] == [
            ("startup", 1, 1),
            ("challenge", 40, 3),
        ]
        assert found.groups[1].url == "?q=neige&kind=challenge"
        assert (found.everything.count, found.everything.is_chosen) == (41, True)

    def test_a_kind_that_is_not_among_the_best_is_asked_for(self, answers: Answers) -> None:
        facets = {"kind": {"challenge": 80, "pilot": 5}}

        def reply(query: Query) -> Results:
            if query.kinds == ("pilot",):
                return Results(5, [make_hit(n, kind="pilot") for n in range(3)], facets)
            return Results(85, [make_hit(n) for n in range(60)], facets)

        engine = answers(reply)
        found = page("/fr/recherche/", q="neige", theme="", sort="name").context["found"]
        assert [(g.name, len(g.hits)) for g in found.groups] == [("challenge", 3), ("pilot", 3)]
        assert [(q.kinds, q.limit, q.sort) for q in engine.asked] == [
            ((), 60, Sort.NAME),
            (("pilot",), 3, Sort.NAME),
        ]

    @pytest.mark.parametrize("loose", [True, False])
    def test_it_is_asked_for_in_the_same_way(self, answers: Answers, loose: bool) -> None:
        facets = {"kind": {"challenge": 80, "pilot": 5}}
        hits = [make_hit(n) for n in range(60)]
        engine = answers(lambda query: Results(85, hits, facets, is_loose=loose))
        page("/fr/recherche/", q="neige trottoir étroit")
        assert [query.is_loose for query in engine.asked] == [None, loose]


class TestOneKind:
    """A kind chosen: its facets, its pages."""

    def test_its_page(self, answers: Answers) -> None:
        theme = Theme.objects.all()[0]
        facets = {
            "kind": {"challenge": 45, "pilot": 2},
            "theme": {theme.slug: 12},
            "status": {"open": 3, "review": 0},
        }
        engine = answers(lambda query: Results(45, [make_hit(n) for n in range(20)], facets))
        found = page("/fr/recherche/", q="neige", kind="challenge", page=2).context["found"]
        assert (engine.asked[0].limit, engine.asked[0].offset) == (20, 20)
        assert (found.pages, found.previous_url, found.next_url) == (
            3,
            "?q=neige&kind=challenge",
            "?q=neige&kind=challenge&page=3",
        )
        shown_facets = {f.param: [(c.value, c.count) for c in f.choices] for f in found.facets}
        assert shown_facets == {
            "theme": [(theme.slug, "12")],
            "borough": [],
            "status": [("open", "3")],
            "stage": [],
        }

    def test_a_page_that_is_not_there_is_the_first_and_says_so(self, answers: Answers) -> None:
        answers(lambda query: results(21, [] if query.offset else [make_hit()]))
        response = page("/fr/recherche/", q="neige", kind="challenge", page=10_000)
        assert len(response.context["found"].hits) == 1
        assert "« 10000 »" in text_of(response)

    def test_a_field_left_empty_is_in_no_address(self, answers: Answers) -> None:
        answers(lambda query: results(21, [make_hit()]))
        found = page("/fr/recherche/", q="neige", borough="", kind="challenge").context["found"]
        assert found.next_url == "?q=neige&kind=challenge&page=2"
        assert found.map_url == "?q=neige&kind=challenge&view=map"

    def test_chips_take_one_filter_away(self, answers: Answers) -> None:
        one, two = Theme.objects.all()[:2]
        borough = Borough.objects.all()[0]
        answers(lambda query: results(1, [make_hit()]))
        response = page(
            "/fr/recherche/",
            q="neige",
            theme=[one.slug, two.slug],
            borough=borough.slug,
            near="45.5,-73.6,5",
            sort="distance",
            exact=1,
        )
        rest = f"borough={borough.slug}&near=45.5%2C-73.6%2C5&sort=distance&exact=1"
        chips = response.context["asked"].chips()
        assert [(chip.label, chip.url) for chip in chips] == [
            (str(one.name), f"?q=neige&theme={two.slug}&{rest}"),
            (str(two.name), f"?q=neige&theme={one.slug}&{rest}"),
            (
                borough.name,
                (
                    f"?q=neige&theme={one.slug}&theme={two.slug}"
                    "&near=45.5%2C-73.6%2C5&sort=distance&exact=1"
                ),
            ),
            (
                "À moins de 5\u00a0km de la position donnée",
                f"?q=neige&theme={one.slug}&theme={two.slug}&borough={borough.slug}&exact=1",
            ),
            (
                "Exactement ce qui est écrit",
                (
                    f"?q=neige&theme={one.slug}&theme={two.slug}"
                    f"&borough={borough.slug}&near=45.5%2C-73.6%2C5&sort=distance"
                ),
            ),
        ]
        assert response.context["asked"].clear_url() == "?q=neige"


class TestWhatWasUnderstood:
    """What was looked for in place of what was typed is said, with the way back."""

    def test_another_spelling(self, answers: Answers) -> None:
        answers(lambda query: results(1, [make_hit()], corrected="déneigement"))
        response = page("/fr/recherche/", q="deniegement", kind="challenge")
        assert "1 résultat pour « déneigement »" in text_of(response)
        assert response.context["found"].typed_url == "?q=deniegement&kind=challenge&exact=1"
        assert 'href="?q=deniegement&amp;kind=challenge&amp;exact=1"' in response.content.decode()

    def test_a_filter_leaves_the_words_as_they_were_typed(self, answers: Answers) -> None:
        theme = Theme.objects.all()[0]
        facets = {"kind": {"challenge": 2}, "theme": {theme.slug: 2}}
        answers(lambda query: Results(2, [make_hit()], facets))
        kept = 'name="exact" value="1"'
        assert kept in text_of(page("/fr/recherche/", q="deniegement", exact="1"))
        assert kept not in text_of(page("/fr/recherche/", q="deniegement"))

    @pytest.mark.parametrize("loose", [True, False])
    @pytest.mark.parametrize("spare", [True, False])
    def test_some_of_the_words_and_the_spare_index(
        self, answers: Answers, loose: bool, spare: bool
    ) -> None:
        answers(lambda query: results(1, [make_hit()], is_loose=loose, is_spare=spare))
        said = text_of(page("/en/search/", q="snow"))
        assert ("Few records or none have all of these words" in said) is loose
        assert ("The search server is away" in said) is spare

    def test_marks_are_shown_and_text_stays_text(self, answers: Answers) -> None:
        hit = make_hit(title="<b>Neige</b>", extract="la <mark>neige</mark> &lt;i&gt;")
        answers(lambda query: results(1, [hit]))
        said = page("/fr/recherche/", q="neige").content.decode()
        assert "la <mark>neige</mark> &lt;i&gt;" in said
        assert "&lt;b&gt;Neige&lt;/b&gt;" in said
        assert "<b>Neige" not in said

    def test_what_is_not_known_is_left_out_and_said(self, answers: Answers) -> None:
        engine = answers(lambda query: results(1, [make_hit()]))
        said = text_of(
            page("/fr/recherche/", q="neige", theme="nulle-part", view="cube", box="1,2", couleur=1)
        )
        for left in ("nulle-part", "cube", "1,2", "couleur"):
            assert f"« {left} »" in said
        assert (engine.asked[0].themes, engine.asked[0].box) == ((), None)


class TestNothing:
    """Nothing found: what there would be a little wider, with its number."""

    def test_one_filter_at_a_time(self, answers: Answers) -> None:
        theme, borough = Theme.objects.all()[0], Borough.objects.all()[0]

        def reply(query: Query) -> Results:
            if not query.themes:
                return results(7, [])
            return results(2 if not query.boroughs else 0, [])

        answers(reply)
        asked = {"theme": theme.slug, "borough": borough.slug, "kind": "pilot"}
        response = page("/fr/recherche/", q="neige", **asked)
        assert [(b.label, b.count, b.url) for b in response.context["found"].broader] == [
            ("Sur tous les thèmes", 7, f"?q=neige&borough={borough.slug}&kind=pilot"),
            ("Dans tous les arrondissements", 2, f"?q=neige&theme={theme.slug}&kind=pilot"),
        ]
        said = text_of(response)
        assert "Rien n’a été trouvé pour « neige »" in said
        assert 'href="/fr/solutions/"' in said

    def test_when_every_filter_empties_it_all_are_dropped(self, answers: Answers) -> None:
        answers(lambda query: results(0 if query.kinds or query.statuses else 4, []))
        asked = {"kind": "pilot", "status": "gone", "stage": "idea"}
        response = page("/fr/recherche/", q="neige", **asked)
        assert [(b.label, b.count, b.url) for b in response.context["found"].broader] == [
            ("Sans aucun filtre", 4, "?q=neige")
        ]
        assert "Fermé ou fusionné" in text_of(response)

    def test_what_would_do_nothing_is_not_offered(self, answers: Answers) -> None:
        answers(lambda query: results(0, []))
        said = text_of(page("/fr/recherche/", q="neige", kind="pilot", status="gone"))
        # The one filter asked for may be taken away; the others have nothing to count.
        assert 'value="gone" checked' in said
        said = text_of(page("/fr/recherche/", q="neige", kind="pilot"))
        assert "Appliquer les filtres" not in said
        assert "Trier :" not in said
        # What is left to do comes after what happened.
        assert said.index("Rien n’a été trouvé") < said.index("Suivre cette recherche")

    def test_nothing_asked_shows_where_to_begin(self) -> None:
        challenge = factories.make_challenge()
        over = factories.make_challenge(
            opens_at=timezone.now() - 9 * DAY, closes_at=timezone.now() - DAY
        )
        said = text_of(page("/fr/recherche/"))
        assert challenge.title_fr in said
        assert over.title_fr not in said
        assert f'href="/fr/recherche/?theme={Theme.objects.all()[0].slug}"' in said
        assert f'href="/fr/recherche/?borough={Borough.objects.all()[0].slug}"' in said


class TestTheHour:
    """A call is what its dates make of it when the page is read."""

    @pytest.mark.parametrize(
        ("kind", "indexed", "opens", "closes", "now_is"),
        [
            ("challenge", "upcoming", -1, 30, "open"),
            ("challenge", "open", -9, 30, "open"),
            ("challenge", "open", -9, 3, "closing"),
            ("challenge", "closing", -9, -1, "review"),
            ("challenge", "open", 1, 30, "upcoming"),
            ("challenge", "grace", -9, -1, "grace"),
            ("challenge", "cancelled", -9, 30, "cancelled"),
            ("challenge", "decided", -9, -1, "decided"),
            ("challenge", "upcoming", -1, None, "open"),
            ("program", "closing", -9, -1, "closed"),
            ("program", "rolling", None, None, "rolling"),
            ("pilot", "running", -9, -1, "running"),
            ("startup", "", None, None, ""),
        ],
    )
    def test_a_status(
        self, kind: str, indexed: str, opens: int | None, closes: int | None, now_is: str
    ) -> None:
        hit = make_hit(
            kind=kind,
            status=indexed,
            opens_at=None if opens is None else NOW + opens * DAY,
            closes_at=None if closes is None else NOW + closes * DAY,
        )
        assert status_now(hit, NOW) == now_is

    def test_at_the_very_close_it_is_still_open(self) -> None:
        hit = make_hit(status="open", opens_at=NOW - DAY, closes_at=NOW)
        assert status_now(hit, NOW) == "closing"
        assert status_now(hit, NOW + timedelta(seconds=1)) == "review"

    def test_a_row_says_it(self) -> None:
        theme, borough = Theme.objects.all()[0], Borough.objects.all()[0]
        hit = make_hit(
            status="open",
            opens_at=NOW - DAY,
            closes_at=NOW + 3 * DAY,
            themes=(theme.slug, "gone"),
            boroughs=(borough.slug,),
            km=0.347,
        )
        row = shown(hit, NOW)
        assert [(tag.label, tag.tone) for tag in row.tags] == [("Ferme bientôt", "soon")]
        assert row.meta == ("à 350\u00a0m", str(theme.name), borough.name)
        assert (row.kind, row.big) == ("Défi", "3 jours")

    def test_distances(self) -> None:
        assert [distance(km) for km in (0.004, 0.347, 0.999, 1.24)] == [
            "à 0\u00a0m",
            "à 350\u00a0m",
            "à 1\u00a0km",
            "à 1,2\u00a0km",
        ]


class TestWhere:
    """On the map, around a point."""

    def test_the_map_has_its_table(self, answers: Answers) -> None:
        borough = Borough.objects.all()[0]
        placed = make_hit(1, places=((45.5, -73.6), (45.6, -73.5)), boroughs=(borough.slug,))
        hits = [placed, make_hit(2)]
        engine = answers(lambda query: results(400, hits))
        response = page("/fr/recherche/", q="neige", view="map", box="-74,45,-73,46")
        assert [(p["lat"], p["lon"]) for p in response.context["places_data"]] == [
            (45.5, -73.6),
            (45.6, -73.5),
        ]
        assert [(row[0], row[2]) for row in response.context["places"]] == [
            ("Défi 1", f"Défi – {borough.name}"),
            ("Défi 2", "Défi – pas sur la carte"),
        ]
        assert engine.asked[0].limit == 200
        said = text_of(response)
        assert "Genre et lieu" in said
        assert "Les 2 premiers résultats sur 400." in said
        assert 'data-box="-74,45,-73,46"' in said

    def test_near(self, answers: Answers) -> None:
        engine = answers(lambda query: results(1, [make_hit(km=1.2)]))
        response = page("/fr/recherche/", near="45.5,-73.6,5", sort="distance")
        assert (engine.asked[0].near, engine.asked[0].sort) == (
            Near(45.5, -73.6, 5.0),
            Sort.DISTANCE,
        )
        assert "à 1,2 km" in text_of(response)
        radii = [(label, is_now) for label, _url, is_now in response.context["asked"].radii()]
        assert radii == [(f"{km}\u00a0km", km == 5) for km in (1, 2, 5, 10)]

    def test_only_this_page_may_ask_where_one_is(self) -> None:
        assert "geolocation=(self)" in page("/fr/recherche/").headers["Permissions-Policy"]
        assert "geolocation=()" in page("/fr/defis/").headers["Permissions-Policy"]

    def test_a_page_with_a_position_is_kept_by_nobody_else(self, answers: Answers) -> None:
        answers(lambda query: results(0, []))
        assert page("/fr/recherche/", near="45.5,-73.6").headers["Cache-Control"] == "private"


class TestBadInput:
    """Any address is answered."""

    @pytest.mark.parametrize(
        "query",
        [
            "q=neige&page=10000",
            "q=neige&kind=challenge&page=-1&page=99999999999999999999",
            "q=%00%00neige%00",
            "q=" + "n" * 100_000,
            "q=a&q=b&kind=challenge&kind=pilot&sort=x&sort=name",
            "q=%F0%9F%98%80%E2%80%AE%ED%A0%80%FF",
            "q=" + "%22(" * 100,
            "q=%5B%5E%5D%2B%2A%2A%3F",
            "q='%3B+DROP+TABLE+search_searchentry%3B--",
            "near=nan,inf&box=1e400,0,0,0&exact=2&view=",
            "theme=%00&borough=%00&status=%00&stage=%00&kind=%00",
            "%00=%00&=&&&",
        ],
    )
    @pytest.mark.parametrize("address", ["/fr/recherche/", "/en/search/suggestions/"])
    def test_any(self, address: str, query: str) -> None:
        factories.make_challenge()
        assert Client().get(f"{address}?{query}").status_code == 200


class TestWhoReads:
    """What depends on the reader."""

    def test_why_is_for_the_city(self, answers: Answers) -> None:
        answers(lambda query: results(1, [make_hit(score=2.5)]))
        owner = factories.make_user()
        factories.make_startup(owner)
        for user, sees in ((None, False), (owner, False), (factories.manager(), True)):
            client = Client()
            if user is not None:
                client.force_login(user)
            said = text_of(page("/fr/recherche/", client, q="neige", kind="challenge"))
            assert ("Pourquoi ce résultat" in said) is sees

    def test_a_fault_is_logged_without_what_was_looked_for(
        self, answers: Answers, caplog: pytest.LogCaptureFixture
    ) -> None:
        def away(query: Query) -> Results:
            raise RuntimeError("no engine")

        answers(away)
        client = Client(raise_request_exception=False)
        user = factories.make_user()
        client.force_login(user)
        with caplog.at_level(logging.INFO):
            assert client.get("/fr/recherche/?q=zircon").status_code == 500
        assert "Internal Server Error: /fr/recherche/" in caplog.text
        assert "zircon" not in caplog.text
        assert user.email not in caplog.text

    def test_what_nobody_finds_is_counted_without_the_reader(self, answers: Answers) -> None:
        answers(lambda query: results(0, []))
        client = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64)")
        client.force_login(factories.make_user())
        said = text_of(page("/fr/recherche/", client, q="Zircon"))
        assert client.head("/fr/recherche/?q=Zircon").status_code == 200
        assert MissedSearch.objects.values_list("words", "language", "times").get() == (
            "zircon",
            "fr",
            1,
        )
        assert 'href="/fr/recherche/suivre/?q=Zircon"' in said

    def test_the_web_server_keeps_no_journal_of_addresses(self) -> None:
        assert not [part for part in Command()._web(8000, 2) if "access" in part]


class TestCost:
    """The page asks the database the same whatever it shows; the engine's questions aside."""

    @pytest.mark.parametrize("count", [1, 3])
    def test_of_answers(self, answers: Answers, count: int) -> None:
        themes = tuple(Theme.objects.values_list("slug", flat=True)[:3])
        hits = [make_hit(n, themes=themes) for n in range(count)]
        answers(lambda query: results(count, hits))
        with CaptureQueriesContext(connection) as asked:
            page("/fr/recherche/", q="neige", kind="challenge")
        assert len(asked) == QUERIES

    @pytest.mark.parametrize("count", [1, 3])
    def test_of_the_beginning(self, count: int) -> None:
        for _n in range(count):
            factories.make_challenge()
        with CaptureQueriesContext(connection) as asked:
            page("/fr/recherche/")
        assert len(asked) == BEGINNING_QUERIES


class TestOverTheIndex:
    """The page and the site's own index together."""

    @pytest.fixture(autouse=True)
    def _rows(self) -> None:
        self.theme, self.borough = Theme.objects.all()[0], Borough.objects.all()[0]
        taking = factories.make_challenge(title_fr="Dégager les trottoirs")
        taking.themes.set([self.theme])
        taking.boroughs.set([self.borough])
        taking.save()
        factories.make_challenge(
            title_fr="Réparer les trottoirs",
            opens_at=timezone.now() - 9 * DAY,
            closes_at=timezone.now() - DAY,
        )
        factories.make_startup(name="Trottoir net")
        factories.make_site(name_fr="Trottoir large", borough=self.borough)
        rebuild(target="database")

    def test_kinds_and_facets(self) -> None:
        found = page("/fr/recherche/", q="trottoir").context["found"]
        assert {kind.name: kind.count for kind in found.kinds} == {
            "challenge": 2,
            "solution": 1,
            "startup": 1,
            "site": 1,
        }
        found = page("/fr/recherche/", q="trottoir", kind="challenge").context["found"]
        counts = {f.param: {c.value: c.count for c in f.choices} for f in found.facets}
        assert counts == {
            "theme": {self.theme.slug: "1"},
            "borough": {self.borough.slug: "1"},
            "status": {"open": "1", "review": "1"},
            "stage": {},
        }
        asked = {"q": "trottoir", "kind": "challenge", "status": "open"}
        (row,) = page("/fr/recherche/", **asked).context["found"].hits
        assert row.title == "Dégager les <mark>trottoirs</mark>"
        assert [tag.label for tag in row.tags] == ["Ouvert"]

    def test_a_slip_of_the_finger(self) -> None:
        said = text_of(page("/fr/recherche/", q="trotoirs", kind="challenge"))
        assert "2 résultats pour « trottoirs »" in said
        said = text_of(page("/fr/recherche/", q="trotoirs", kind="challenge", exact=1))
        assert "Rien n’a été trouvé pour « trotoirs »" in said

    def test_near_and_within(self) -> None:
        lat, lon = self.borough.lat, self.borough.lon
        near = {"near": f"{lat + 0.009:.5f},{lon:.5f},2", "sort": "distance", "kind": "site"}
        (row,) = page("/fr/recherche/", **near).context["found"].hits
        assert row.meta[0] == "à 1\u00a0km"
        far = {"near": f"{lat + 0.09:.3f},{lon:.3f},2", "kind": "site"}
        found = page("/fr/recherche/", **far).context["found"]
        assert [(b.label, b.count) for b in found.broader] == [("Sans la distance", 1)]
        box = {"box": f"{lon - 0.01},{lat - 0.01},{lon + 0.01},{lat + 0.01}", "view": "map"}
        assert "Trottoir large" in [
            row[0] for row in page("/fr/recherche/", **box).context["places"]
        ]


def test_every_kind_has_its_words() -> None:
    labels = words.kind_labels()
    assert set(labels) == set(BY_NAME)
    assert [kind for kind in labels if labels[kind] == kind or kind_name(kind) == kind] == []


def test_a_long_address_is_not_repeated_in_each_link() -> None:
    cache.clear()
    asked = {"q": "neige " * 5000, "near": "45.5,-73.6" + " " * 5000, "bizarre": "x" * 5000}
    said = page("/fr/recherche/", **asked, theme=["nul"] * 50, kind=["challenge"] * 50)
    # The page in the other language alone: its three links repeat what was asked.
    assert said.content.count(b"x" * 5000) <= 3
    assert "bizarre" in said.content.decode()
    assert "near=45.5%2C-73.6" in said.content.decode()
