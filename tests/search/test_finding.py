"""What the pages ask: words put right, beginnings, some of the words, marks, likenesses.

The words of all come from the site's own index, the answers from each engine in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from search import finding, ranking, switching, vocabulary
from search.backends.postgresql import PostgresqlEngine
from search.backends.sqlite import SqliteEngine
from search.port import Engine, Key, Near, Query
from tests.search.conftest import Numbers, engine_named
from tests.search.corpus import ALL, LEXICON, NOW, VERDUN, document

N = "\u00a0"


@pytest.fixture(scope="module")
def own(engine: Engine, corpus: int) -> Iterator[tuple[SqliteEngine | PostgresqlEngine, int]]:
    """The site's own index, which holds the same."""
    if isinstance(engine, SqliteEngine | PostgresqlEngine):
        yield engine, corpus
        return
    database = engine_named("database")
    assert isinstance(database, SqliteEngine | PostgresqlEngine)
    numbers = Numbers(database)
    number = numbers.new()
    database.write(number, ALL, position=1)
    yield database, number
    numbers.drop()


@pytest.fixture(autouse=True)
def _serving(
    engine: Engine, corpus: int, own: tuple[Any, int], monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    vocabulary.forget()
    monkeypatch.setattr(switching, "own", lambda: own)
    monkeypatch.setattr(
        switching, "read", lambda call: switching.Answer(call(engine, corpus), is_spare=False)
    )
    monkeypatch.setattr(finding, "lexicon", lambda: LEXICON)
    monkeypatch.setattr(vocabulary, "lexicon", lambda: LEXICON)
    yield
    vocabulary.forget()


def titles(text: str, **asked: Any) -> list[str]:
    return [hit.title for hit in search(text, **asked).hits]


def search(text: str, **asked: Any) -> finding.Results:
    return finding.search(Query(text=text, **{"language": "fr", "now": NOW} | asked))


def test_a_misspelt_word_is_put_right_and_said_with_its_accents() -> None:
    found = search("deniegement trotoirs étroits", is_loose=False)
    assert [hit.title for hit in found.hits] == ["Déneigement des trottoirs étroits"]
    assert found.corrected == "déneigement trottoirs étroits"
    assert not found.is_loose


def test_the_way_back_finds_what_was_typed_and_nothing_else() -> None:
    assert search("deniegement", exact=True).hits == []
    assert search("deniegement", exact=True).corrected is None


def test_a_word_that_stands_somewhere_is_never_put_right() -> None:
    # One letter from « rue », and in the title of no record but its own.
    assert search("oeil").corrected is None
    assert titles("oeil") == ["Œil de rue"]


@pytest.mark.parametrize("typed", ["fut", "eua", "3111", "xyzxyzxyz"])
def test_short_words_and_numbers_are_not_guessed(typed: str) -> None:
    assert search(typed).corrected is None


def test_a_misspelt_synonym_means_its_theme() -> None:
    found = search("soufleuse", kinds=("solution",))
    assert {hit.title for hit in found.hits} >= {"Étrave électrique"}
    assert found.corrected == "souffleuse"


def test_the_beginning_of_a_word_finds_it() -> None:
    assert titles("incub") == ["Incubateur du Canal"]
    assert search("incub").corrected is None


def test_some_of_the_words_when_none_has_all() -> None:
    found = search("fuites licorne")
    assert found.is_loose
    assert {hit.title for hit in found.hits} == {"Fuites d’eau sous la chaussée", "Sonde à fuites"}


def test_few_with_all_of_many_words_come_first_and_others_after() -> None:
    found = search("trottoirs étroits souffleuse")
    assert found.is_loose
    assert found.hits[0].title == "Déneigement des trottoirs étroits"
    assert found.count > 1
    # What was chosen has no say: the number said beside a choice is what it shows.
    alone = search("trottoirs étroits souffleuse", kinds=("challenge",))
    assert alone.is_loose
    assert alone.count == found.facets["kind"]["challenge"]


def test_two_words_and_what_was_typed_exactly_mean_what_they_say() -> None:
    only = ["Déneigement des trottoirs étroits"]
    assert titles("trottoirs étroits") == only
    assert titles("trottoirs étroits souffleuse", exact=True) == only
    assert titles("trottoirs étroits souffleuse", is_loose=False) == only


def test_a_title_typed_whole_is_all_that_is_meant() -> None:
    only = ["Déneigement des trottoirs étroits"]
    assert titles("deneigement trottoirs des etroits") != only
    assert titles("deneigement des trottoirs etroits") == only


def test_some_of_the_words_when_asked_for_and_never_when_not() -> None:
    assert search("trottoirs étroits", is_loose=True).count > 1
    assert titles("fuites licorne", is_loose=False) == []


def test_a_single_word_that_nothing_has_finds_nothing() -> None:
    found = search("licornes")
    assert (found.count, found.hits, found.is_loose) == (0, [], False)


def test_the_words_of_the_other_language() -> None:
    assert "Déneigement des trottoirs étroits" in titles("snow sidewalk")
    assert titles("trottoirs étroits", language="en") == ["Clearing snow from narrow sidewalks"]


def test_marks_are_safe() -> None:
    (hit,) = search("trottoirs étroits").hits
    assert hit.marked_title == "Déneigement des <mark>trottoirs</mark> <mark>étroits</mark>"
    assert hit.extract == (
        "Les <mark>trottoirs</mark> de la rue Saint-Denis sont trop <mark>étroits</mark>."
    )


def test_an_elision_is_not_marked() -> None:
    (hit,) = search("conduites eau").hits
    assert "conduites</mark> d’<mark>eau</mark>" in hit.extract


def test_the_distance_is_said() -> None:
    near = Near(VERDUN[0] + 0.01, VERDUN[1])
    hits = search("fuites", near=near).hits
    assert [round(hit.km or 0, 1) for hit in hits] == [1.1]


def test_the_answers_alone_are_those_that_are_counted() -> None:
    for text in ("fuites", "snow sidewalk", "fuites licorne", "deniegement trotoirs"):
        counted, alone = search(text), search(text, is_counted=False)
        assert alone.hits == counted.hits != []
        assert (alone.is_loose, alone.corrected) == (counted.is_loose, counted.corrected)
        assert (alone.facets, bool(counted.facets)) == ({}, True)


def test_keys_for_a_list() -> None:
    query = Query(text="fuites", language="fr", kinds=("challenge",), now=NOW)
    assert finding.matching(query) == [4]
    assert finding.matching(Query(text="licornes", language="fr", kinds=("challenge",))) == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("dén", "Déneigement des trottoirs étroits"),
        ("fuites d'e", "Fuites d’eau sous la chaussée"),
        ("le cul de s", "Cul-de-sac et vélos cargo"),
        ("aqua n", "Sonde à fuites"),
        ("incubatuer", "Incubateur du Canal"),
    ],
)
def test_suggested_records(typed: str, first: str) -> None:
    assert finding.suggest(typed, "fr").records[0].title == first


def test_suggested_themes_and_boroughs_by_any_of_their_words() -> None:
    named = finding.suggest("neig", "en").named
    assert [(found.facet, found.name) for found in named] == [("theme", "Snow clearing")]
    assert [found.slug for found in finding.suggest("plateau mont", "fr").named] == [
        "le-plateau-mont-royal"
    ]


@pytest.mark.parametrize("typed", ["", "d", "!", "\x00", "日本"])
def test_nothing_is_suggested_below_two_letters(typed: str) -> None:
    assert finding.suggest(typed, "fr") == finding.Suggestions()


def test_what_resembles_a_record_and_by_what() -> None:
    like = finding.similar(Key("challenge", 4), "fr", kinds=("solution",), now=NOW)
    assert like[0].hit.title == "Sonde à fuites"
    assert like[0].themes == ("eau",)
    assert "fuites" in [word.lower() for word in like[0].words]


def test_a_likeness_leaves_out_itself_and_what_is_not_wanted() -> None:
    first = finding.similar(Key("challenge", 1), "fr", kinds=("challenge",), now=NOW)
    keys = [Key(like.hit.kind, like.hit.pk) for like in first]
    assert Key("challenge", 1) not in keys
    assert Key("challenge", 2) in keys
    without = finding.similar(
        Key("challenge", 1), "fr", kinds=("challenge",), without=keys[:1], now=NOW
    )
    assert keys[0] not in [Key(like.hit.kind, like.hit.pk) for like in without]


def test_nothing_resembles_what_is_not_there() -> None:
    assert finding.similar(Key("challenge", 999), "fr") == []


@pytest.mark.parametrize(
    "typed", ["déneigement des trottoirs étroits", "fuites", "neige", "vélo", "", "incub"]
)
def test_the_lines_of_why_add_up_to_the_score(typed: str) -> None:
    hits = search(typed).hits
    assert hits
    for hit in hits:
        *lines, together = ranking.explain(hit, NOW)
        assert sum(line.points for line in lines) == pytest.approx(together.points, rel=1e-4)
        assert together.points == hit.score


@pytest.mark.parametrize(
    ("language", "typed", "first", "titled", "share"),
    [
        (
            *("fr", "Déneigement des trottoirs étroits", "Mots trouvés"),
            *("Son titre est ce qui a été tapé", f"(+100{N}%)"),
        ),
        (
            *("en", "clearing snow from narrow sidewalks", "Words found"),
            *("Its title is what was typed", "(+100%)"),
        ),
    ],
)
def test_a_title_that_is_what_was_typed_has_its_line(
    language: str, typed: str, first: str, titled: str, share: str
) -> None:
    (hit, *others) = search(typed, language=language).hits
    with translation.override(language):
        lines = {line.label: line.value for line in ranking.explain(hit, NOW)}
        rest = [line.label for other in others for line in ranking.explain(other, NOW)]
    assert next(iter(lines)) == first
    assert lines[titled].endswith(share)
    assert titled not in rest


def test_a_long_title_is_known_by_its_beginning() -> None:
    record = document(99, " ".join(["rue"] * 60))
    assert ranking.title_points(record, " ".join(["rue"] * 60)) == ranking.TITLED
    assert ranking.title_points(record, "rue") == 0
