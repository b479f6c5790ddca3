"""One behaviour on three engines: the same documents, the same questions, the same answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.analysis import words
from search.port import FACETS, Box, Document, Engine, Found, Key, Near, Sort, Standing, Term
from tests.search import plain
from tests.search.corpus import ALL, FRENCH, LACHINE, NOW, PLATEAU, VERDUN, asked, days, document

MANY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def keys(found: Found) -> list[str]:
    """The answers, in order, as ``challenge-1``."""
    return [f"{one.document.kind}-{one.document.pk}" for one in found.scored]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trottoirs", {"challenge-1", "solution-1"}),
        ("trottoir", {"challenge-1", "solution-1"}),
        ("TROTTOIRS ETROITS", {"challenge-1"}),
        ("déneigement", {"challenge-1", "challenge-2", "challenge-3", "solution-1", "solution-3"}),
        ("deneigées", {"challenge-1", "challenge-2", "challenge-3", "solution-1", "solution-3"}),
        ("snow windrow", {"challenge-1", "challenge-2", "challenge-3", "solution-1", "solution-3"}),
        ("sidewalk", {"challenge-1", "solution-1"}),
        ("l'eau", {"challenge-4", "solution-2", "incubator-7"}),
        ("oeil", {"solution-1"}),
        ("cul-de-sac", {"challenge-5"}),
        ("cul de sac", {"challenge-5"}),
        ("St-Denis", {"challenge-1"}),
        ("-rue -eau -neige", {"challenge-3", "challenge-5", "solution-3", "page-9"}),
        ("température -denis", set()),
        ("30 °C", {"challenge-1"}),
        ("311", {"page-9"}),
        ("DEFI-2026-001", {"challenge-1"}),
        ("lachine", {"challenge-2", "challenge-3", "solution-3", "incubator-7"}),
        ('"rue par rue"', {"challenge-2"}),
        ('"rue rue"', set()),
        ("« le cul-de-sac »", set()),
        ("« cul-de-sac »", {"challenge-5"}),
        ('"sous la chaussée"', {"challenge-4"}),
        ('"chaussée entendre"', set()),
        ("the who", {"page-9"}),
        ("déneigement -trottoirs", {"challenge-2", "challenge-3", "solution-3"}),
        ('déneigement -"rue par rue" -caméra', {"challenge-1", "challenge-3", "solution-3"}),
        ("thème:eau", {"challenge-4", "solution-2", "incubator-7"}),
        ("borough:verdun statut:ouvert", {"challenge-1"}),
        ("fuite type:solution", {"solution-2"}),
        ("aqua nord", {"solution-2"}),
        ("zzz", set()),
    ],
)
def test_what_is_found(engine: Engine, corpus: int, text: str, expected: set[str]) -> None:
    """Exactly the records that say it, in either language, however it is written."""
    found = engine.search(corpus, asked(text))
    assert (set(keys(found)), found.count) == (expected, len(expected))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("trottoirs", ["challenge-1", "solution-1"]),
        ("fuites d'eau", ["challenge-4", "solution-2"]),
        ("charrue", ["solution-3", "challenge-3"]),
        ("andain", ["challenge-3"]),
        ("incubateur", ["incubator-7"]),
    ],
)
def test_the_best_come_first(engine: Engine, corpus: int, text: str, first: list[str]) -> None:
    """A word of the title before one of the text; open before closed."""
    assert keys(engine.search(corpus, asked(text)))[: len(first)] == first


def test_factors_multiply_the_score_of_the_text(engine: Engine, empty: int) -> None:
    """Twins in all but one factor: the ratio of their scores is that of the table."""
    engine.write(
        empty,
        [
            document(1, "Jumeau urbain"),
            document(2, "Jumeau urbain", standing=Standing.VERIFIED),
            document(3, "Jumeau urbain", standing=Standing.STALE),
            document(4, "Jumeau urbain", popularity=3),
            document(5, "Jumeau urbain", opens_at=days(-1), closes_at=days(15)),
            document(6, "Jumeau urbain", opens_at=days(-1)),
            document(7, "Jumeau urbain", opens_at=days(1), closes_at=days(15)),
            document(8, "Jumeau urbain", opens_at=days(-9), closes_at=days(-1)),
            document(9, "Jumeau urbain", closes_at=days(60), popularity=60),
        ],
        position=1,
    )
    found = engine.search(empty, asked("jumeau"))
    scores = {one.document.pk: one.score for one in found.scored}
    factors = {pk: round(score / scores[1], 3) for pk, score in scores.items()}
    assert factors == {
        1: 1, 2: 1.1, 3: 0.8, 4: 1.06, 5: 1.35, 6: 1.3, 7: 1.15, 8: 1, 9: 1.42,
    }  # fmt: skip
    assert {round(one.text_score / scores[1], 3) for one in found.scored} == {1.0}
    assert [one.document.pk for one in found.scored] == [9, 5, 6, 7, 2, 4, 1, 8, 3]


def test_a_title_that_is_what_was_typed_counts_twice(engine: Engine, empty: int) -> None:
    """And one that only holds it does not."""
    engine.write(empty, [document(1, "Éclairage"), document(2, "Éclairage de nuit")], position=1)
    question = asked("ÉCLAIRAGE")
    with_title, without = (
        {one.document.pk: one for one in engine.search(empty, each).scored}
        for each in (question, replace(question, title=""))
    )
    assert with_title[1].score == pytest.approx(2 * without[1].score)
    assert with_title[2].score == pytest.approx(without[2].score)
    assert with_title[1].text_score == pytest.approx(without[1].text_score)


def test_facets_hold_without_their_own_choice(engine: Engine, corpus: int) -> None:
    """One more choice in a facet shows what its count says."""
    found = engine.search(corpus, asked("", themes=("deneigement",), boroughs=("lachine",)))
    assert set(keys(found)) == {"challenge-2", "challenge-3", "solution-3"}
    assert found.facets == {
        "kind": {"challenge": 2, "solution": 1},
        "theme": {"deneigement": 3, "mobilite": 2, "eau": 1},
        "borough": {"lachine": 3, "verdun": 2, "le-plateau-mont-royal": 1},
        "status": {"open": 1, "closed": 1},
        "stage": {"growth": 1},
    }


def test_two_values_of_a_facet_widen_and_two_facets_narrow(engine: Engine, corpus: int) -> None:
    """Either theme will do; both facets must hold."""
    either = engine.search(corpus, asked("", themes=("eau", "mobilite")))
    assert set(keys(either)) == {
        "challenge-2", "challenge-4", "challenge-5", "solution-2", "incubator-7",
    }  # fmt: skip
    both = engine.search(corpus, asked("", themes=("eau", "mobilite"), kinds=("challenge",)))
    assert set(keys(both)) == {"challenge-2", "challenge-4", "challenge-5"}
    assert engine.search(corpus, asked("", themes=("rien",))).count == 0


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({"box": Box(-73.59, 45.51, -73.57, 45.53)}, {"challenge-1"}),
        ({"box": Box(-73.7, 45.4, -73.5, 45.5)}, {
            "challenge-1", "challenge-2", "challenge-4", "solution-1", "solution-3", "incubator-7",
        }),
        ({"box": Box(-73.0, 45.0, -72.0, 46.0)}, set()),
        ({"near": Near(*VERDUN, km=0.5)}, {"challenge-1", "challenge-4", "solution-1"}),
        ({"near": Near(*PLATEAU, km=1.0)}, {"challenge-1"}),
        ({"near": Near(*PLATEAU, km=7.0)}, {"challenge-1"}),
        ({"near": Near(*PLATEAU, km=7.3)}, {"challenge-1", "challenge-4", "solution-1"}),
        ({"near": Near(*PLATEAU, km=13.0)}, {
            "challenge-1", "challenge-2", "challenge-4", "solution-1", "solution-3", "incubator-7",
        }),
        ({"near": Near(0.0, 0.0, km=50.0)}, set()),
    ],
)  # fmt: skip
def test_where(engine: Engine, corpus: int, place: dict, expected: set[str]) -> None:
    """In a rectangle of the map or around a point; what has no place is nowhere."""
    found = engine.search(corpus, asked("", **place))
    assert set(keys(found)) == expected
    assert found.facets["kind"].get("challenge", 0) == sum(k[0] == "c" for k in expected)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.CLOSING, ["challenge-1", "challenge-2", "challenge-4"]),
        (
            Sort.NEWEST,
            ["challenge-4", "page-9", "solution-3", "challenge-2", "challenge-1", "solution-1"],
        ),
        (
            Sort.NAME,
            [
                "challenge-3", "challenge-5", "challenge-1", "solution-3", "challenge-4",
                "incubator-7", "solution-1", "solution-2", "challenge-2", "page-9",
            ],
        ),
    ],
)  # fmt: skip
def test_orders(engine: Engine, corpus: int, sort: Sort, expected: list[str]) -> None:
    """Closing soonest, newest, by name without regard to accents."""
    assert keys(engine.search(corpus, asked("", sort=sort)))[: len(expected)] == expected


def test_the_nearest_come_first(engine: Engine, corpus: int) -> None:
    """By the nearest of their places."""
    found = engine.search(corpus, asked("", near=Near(*LACHINE, km=20), sort=Sort.DISTANCE))
    assert set(keys(found)[:3]) == {"challenge-2", "solution-3", "incubator-7"}
    assert set(keys(found)[3:]) == {"challenge-1", "challenge-4", "solution-1"}


def test_since(engine: Engine, corpus: int) -> None:
    """What was published from an instant on, that instant included."""
    found = engine.search(corpus, asked("", since=days(-3)))
    assert set(keys(found)) == {"challenge-4", "solution-3", "page-9"}


def test_any_word_when_loose(engine: Engine, corpus: int) -> None:
    """One of the words will do, and those with more of them come first."""
    question = replace(asked("musique incubateur canal"), is_loose=True)
    assert keys(engine.search(corpus, question)) == ["incubator-7", "page-9"]
    assert engine.search(corpus, replace(question, is_loose=False)).count == 0


def test_the_beginning_of_a_word(engine: Engine, corpus: int) -> None:
    """A term may ask for how a plain word begins."""
    question = replace(asked("rue"), terms=(Term("souf", ("souf",), beginning="souf"),))
    assert keys(engine.search(corpus, question)) == ["challenge-1"]
    nothing = replace(question, terms=(), without=question.terms)
    assert set(keys(engine.search(corpus, nothing))) == {f"{d.kind}-{d.pk}" for d in FRENCH} - {
        "challenge-1"
    }


@pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.NEWEST, Sort.NAME, Sort.CLOSING])
def test_pages_follow_each_other(engine: Engine, corpus: int, sort: Sort) -> None:
    """Together they are the whole, each record once; beyond the last there is none."""
    whole = keys(engine.search(corpus, asked("", sort=sort)))
    pages = [
        keys(engine.search(corpus, asked("", sort=sort, limit=3, offset=n)))
        for n in range(0, 15, 3)
    ]
    assert [key for page in pages for key in page] == whole
    assert len(whole) == len(set(whole)) == len(FRENCH)
    far = engine.search(corpus, asked("", limit=20, offset=1980))
    assert (far.count, far.scored) == (len(FRENCH), [])


def test_the_best_alone_are_those_of_the_search(engine: Engine, corpus: int) -> None:
    for text, more in (("neige", {}), ("", {"kinds": ("challenge",)}), ("eau", {"limit": 1})):
        question = asked(text, **more)
        assert engine.best(corpus, question) == engine.search(corpus, question).scored


def test_keys_in_the_order_of_the_search(engine: Engine, corpus: int) -> None:
    """Primary keys of the one kind asked for, no more than asked for."""
    question = asked("déneigement", kinds=("challenge",))
    found = engine.search(corpus, question)
    assert engine.keys(corpus, question) == [one.document.pk for one in found.scored]
    assert engine.keys(corpus, replace(question, limit=2)) == [
        one.document.pk for one in found.scored[:2]
    ]
    assert engine.keys(corpus, asked("zzz", kinds=("challenge",))) == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("dén", {"challenge-1", "challenge-2"}),
        ("déneigement tro", {"challenge-1"}),
        ("rue", {"challenge-2", "solution-1"}),
        ("claire œ", {"solution-1"}),
        ("defi 2026", {"challenge-1"}),
        ("trottoirs étroitsement", set()),
        ("souffleuse", set()),
        ("incubateur du canal", {"incubator-7"}),
    ],
)
def test_beginnings(engine: Engine, corpus: int, typed: str, expected: set[str]) -> None:
    """Title and names, the last word as a beginning; nothing of the text."""
    found = engine.begins(corpus, "fr", words(typed), 20)
    assert {f"{d.kind}-{d.pk}" for d in found} == expected
    assert all(isinstance(d, Document) for d in found)
    assert len(engine.begins(corpus, "fr", words(typed), 1)) == min(1, len(expected))


def test_languages_are_apart(engine: Engine, corpus: int) -> None:
    """A record is found once, in the language asked for."""
    assert keys(engine.search(corpus, asked("sidewalks", "en"))) == ["challenge-1"]
    (one,) = engine.search(corpus, asked("trottoirs", "en")).scored
    assert one.document.title == "Clearing snow from narrow sidewalks"
    assert engine.search(corpus, asked("", "en")).count == 2


def test_a_phrase_far_into_a_long_text(engine: Engine, empty: int) -> None:
    """However often its words stand before it without each other."""
    body = "eau froide, " * 60 + "eau potable."
    engine.write(empty, [document(1, "Long", body=body), document(2, "Court")], position=1)
    assert keys(engine.search(empty, asked('"eau potable"'))) == ["challenge-1"]
    assert keys(engine.search(empty, asked('"froide eau potable"'))) == ["challenge-1"]
    assert keys(engine.search(empty, asked('-"eau potable"'))) == ["challenge-2"]


def test_the_last_word_of_a_very_long_text(engine: Engine, empty: int) -> None:
    """A report of forty thousand words is found by all of them."""
    body = " ".join(f"mot{n}" for n in range(40_000))
    engine.write(empty, [document(1, "Rapport", body=body)], position=1)
    assert keys(engine.search(empty, asked("mot39999"))) == ["challenge-1"]
    assert keys(engine.search(empty, asked("-mot39999"))) == []
    assert keys(engine.search(empty, asked('"mot15 mot16"'))) == ["challenge-1"]


# ---- writing ------------------------------------------------------------------------------------


def test_a_document_comes_back_as_it_was_written(engine: Engine, corpus: int) -> None:
    """Every field, to the microsecond."""
    for written in ALL:
        assert engine.document(corpus, written.key, written.language) == written
    assert engine.document(corpus, Key("challenge", 404), "fr") is None
    assert engine.document(corpus, Key("page", 9), "en") is None
    (found,) = engine.search(corpus, asked("aqua nord")).scored
    assert found.document == next(d for d in ALL if d.key == Key("solution", 2))


def test_instants_to_the_microsecond(engine: Engine, empty: int) -> None:
    """No field is rounded on its way."""
    at = datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)
    written = document(1, "Instant", published_at=at, closes_at=at, places=((45.123456789, -73.1),))
    engine.write(empty, [written], position=1)
    assert engine.document(empty, written.key, "fr") == written


def test_a_lower_position_never_wins(engine: Engine, empty: int) -> None:
    """Not over a writing, not over a deletion; the same one may write again."""

    def title() -> str | None:
        found = engine.document(empty, Key("challenge", 1), "fr")
        return found and found.title

    engine.write(empty, [document(1, "Cinq")], position=5)
    engine.write(empty, [document(1, "Quatre")], position=4)
    assert title() == "Cinq"
    engine.delete(empty, [Key("challenge", 1)], position=4)
    assert title() == "Cinq"
    engine.write(empty, [document(1, "Cinq bis")], position=5)
    assert title() == "Cinq bis"
    engine.delete(empty, [Key("challenge", 1), Key("challenge", 2)], position=6)
    assert title() is None
    engine.write(empty, [document(1, "Cinq ter"), document(2, "Deux")], position=5)
    assert (title(), engine.size(empty)) == (None, 0)
    engine.write(empty, [document(1, "Sept")], position=7)
    assert title() == "Sept"
    assert keys(engine.search(empty, asked("sept"))) == ["challenge-1"]
    assert engine.search(empty, asked("cinq")).count == 0


def test_deleting_forgets_every_language(engine: Engine, empty: int) -> None:
    """And nothing else; what was not there is no fault."""
    engine.write(empty, ALL, position=1)
    engine.delete(empty, [Key("challenge", 1), Key("challenge", 404)], position=2)
    assert engine.size(empty) == len(ALL) - 2
    assert engine.search(empty, asked("", "en")).count == 1
    found = engine.search(empty, asked("trottoirs"))
    assert (keys(found), found.facets["kind"]) == (["solution-1"], {"solution": 1})


def test_replacing_leaves_nothing_of_before(engine: Engine, empty: int) -> None:
    """Words, facets and places of the old document go with it."""
    engine.write(
        empty,
        [document(1, "Avant", themes=("eau",), places=(VERDUN,), names="Ancien nom")],
        position=1,
    )
    engine.write(empty, [document(1, "Après", themes=("mobilite",))], position=2)
    assert engine.search(empty, asked("avant")).count == 0
    assert engine.search(empty, asked("", near=Near(*VERDUN))).count == 0
    assert engine.begins(empty, "fr", ["ancien"], 5) == []
    assert engine.search(empty, asked("après")).facets["theme"] == {"mobilite": 1}
    assert engine.size(empty) == 1


def test_the_same_record_twice_in_one_writing(engine: Engine, empty: int) -> None:
    """The last one holds."""
    engine.write(empty, [document(1, "Premier"), document(1, "Dernier")], position=1)
    assert keys(engine.search(empty, asked("dernier"))) == ["challenge-1"]
    assert engine.size(empty) == 1
    engine.write(empty, [], position=2)
    engine.delete(empty, [], position=2)
    assert engine.size(empty) == 1


def test_fingerprints_and_size_of_everything_held(engine: Engine, corpus: int) -> None:
    """What a check compares with the records."""
    expected = {(d.kind, d.pk, d.language, d.fingerprint()) for d in ALL}
    found = list(engine.fingerprints(corpus))
    assert (set(found), len(found), engine.size(corpus)) == (expected, len(ALL), len(ALL))


def test_what_the_clock_has_turned(engine: Engine, corpus: int) -> None:
    """Each record once, from its instant on, whichever language says so."""
    assert engine.turning(corpus, NOW) == []
    assert engine.turning(corpus, days(3)) == [Key("challenge", 4)]
    assert set(engine.turning(corpus, days(30))) == {Key("challenge", 1), Key("challenge", 4)}


def test_generations_stand_side_by_side(engine: Engine, corpus: int, empty: int) -> None:
    """One is filled and dropped while the other answers."""
    assert engine.exists(empty)
    engine.create(empty)
    engine.write(empty, [document(1, "Trottoirs d’ailleurs")], position=9)
    engine.create(empty)
    assert engine.size(empty) == 1
    assert keys(engine.search(empty, asked("trottoirs"))) == ["challenge-1"]
    assert engine.search(corpus, asked("trottoirs")).count == 2
    engine.drop(empty)
    engine.drop(empty)
    assert not engine.exists(empty)
    assert engine.search(corpus, asked("trottoirs")).count == 2
    engine.create(empty)
    assert engine.size(empty) == 0


def test_more_than_one_slice(engine: Engine, empty: int) -> None:
    """Thousands at once: all counted, all named, keys in full."""
    many = [document(n, f"Numéro {n}", themes=("eau",) * (n % 2)) for n in range(1, 2501)]
    engine.write(empty, many, position=1)
    assert engine.size(empty) == 2500
    question = asked("numéro", kinds=("challenge",), limit=3000)
    assert sorted(engine.keys(empty, question)) == list(range(1, 2501))
    assert engine.search(empty, asked("numéro")).facets["theme"] == {"eau": 1250}
    assert len(list(engine.fingerprints(empty))) == 2500


def test_health_names_the_engine(engine: Engine, corpus: int) -> None:
    """What ``/readyz`` shows."""
    assert engine.health()["engine"] == engine.name


# ---- any text, any combination ------------------------------------------------------------------

WORDS = sorted(
    {word for d in ALL for text in (d.title, d.summary, d.other) for word in words(text)}
)
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS).map(lambda word: f"-{word}"),
    st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)).map('"{0[0]} {0[1]}"'.format),
    st.sampled_from([f'"{a} {b}"' for d in ALL for a, b in pairwise(words(d.title))]),
    st.sampled_from(
        ["thème:eau", "statut:ouvert", "arr:lachine", "-", '"', "NOT", "eau*", "(neige"]
    ),
)
CHOICES = {
    "kinds": ("challenge", "solution", "incubator", "page"),
    "themes": ("deneigement", "mobilite", "eau"),
    "boroughs": ("le-plateau-mont-royal", "lachine", "verdun"),
    "statuses": ("open", "closed", "upcoming"),
    "stages": ("prototype", "growth"),
}
QUESTIONS = st.fixed_dictionaries(
    {"text": st.lists(PIECES, max_size=4).map(" ".join), "language": st.sampled_from(["fr", "en"])},
    optional={
        **{f: st.sets(st.sampled_from(v), max_size=2).map(tuple) for f, v in CHOICES.items()},
        "near": st.sampled_from([Near(*PLATEAU, km=3), Near(*VERDUN, km=10)]),
        "box": st.just(Box(-73.7, 45.4, -73.6, 45.5)),
        "since": st.sampled_from([days(-30), days(-4)]),
        "sort": st.sampled_from([s for s in Sort if s != Sort.DISTANCE]),
    },
)


@MANY
@given(question=QUESTIONS, is_loose=st.booleans())
def test_as_by_reading_every_document(
    engine: Engine, corpus: int, question: dict, is_loose: bool
) -> None:
    """The same records and the same counts as by reading them all, one by one."""
    wanted = replace(asked(**question), is_loose=is_loose)
    within = plain.matching(ALL, wanted)
    found = engine.search(corpus, wanted)
    expected = {f"{d.kind}-{d.pk}" for d in plain.chosen(within, wanted)}
    assert (set(keys(found)), found.count) == (expected, len(expected))
    assert found.facets == plain.counts(within, wanted)
    assert list(found.facets) == list(FACETS)


@MANY
@given(text=st.text(max_size=60))
def test_any_text_is_a_question(engine: Engine, corpus: int, text: str) -> None:
    """No sign means anything to an engine that it does not mean to a person."""
    found = engine.search(corpus, asked(text))
    assert found.count == len(found.scored) <= len(FRENCH)
    assert len(engine.keys(corpus, asked(text, kinds=("challenge",)))) <= found.count
    assert len(engine.begins(corpus, "fr", words(text), 3)) <= 3


@pytest.mark.parametrize(
    "text",
    [
        "(a+)+$" * 50,
        "neige " * 20_000,
        "x" * 100_000,
        "\x00neige\x00",
        "'; DROP TABLE search_entry; --",
        'title:"neige" AND NEAR(rue, 2) OR *',
        "neige^100 ~2 [* TO *] {!lucene}",
        '{"query": {"match_all": {}}}',
        '"""""« » “ ”',
        "-" * 300,
        "%_\\ ' \" ` : ; & | ! <->",
    ],
)
def test_hostile_text(engine: Engine, corpus: int, text: str) -> None:
    """An ordinary answer, in ordinary time."""
    began = datetime.now(UTC)
    found = engine.search(corpus, asked(text))
    assert found.count == len(found.scored) <= len(FRENCH)
    assert datetime.now(UTC) - began < timedelta(seconds=2)
