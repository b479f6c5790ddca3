"""What a person typed, read: phrases, exclusions, prefixes, what a word may stand for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.taxonomy.models import Borough, Theme
from search import queries
from search.lexicon import Lexicon
from search.port import Query

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SNOW = Theme(
    slug="snow",
    name_fr="Déneigement",
    name_en="Snow clearing",
    synonyms_fr="neige\ntempête de neige",
    synonyms_en="snow removal",
)
LAURENT = Borough(slug="saint-laurent", name="Saint-Laurent")
CDN = Borough(slug="cdn-ndg", name="Côte-des-Neiges–Notre-Dame-de-Grâce")

NAMED = {
    "cdn-ndg": ("cote-des-neiges-notre-dame-de-grace", "Côte-des-Neiges–Notre-Dame-de-Grâce"),
    "le-sud-ouest": ("le-sud-ouest", "Le Sud-Ouest"),
    "mhm": ("mercier-hochelaga-maisonneuve", "Mercier–Hochelaga-Maisonneuve"),
    "vsmpe": (
        "villeray-saint-michel-parc-extension",
        "Villeray–Saint-Michel–Parc-Extension",
    ),
}


@pytest.fixture
def lexicon() -> Lexicon:
    return Lexicon([SNOW], [LAURENT, CDN])


def terms(text: str, lexicon: Lexicon) -> dict[str, set[str]]:
    return {term.word: set(term.alternatives) for term in queries.terms_of(text, lexicon)}


def test_the_parts_of_a_text(lexicon: Lexicon) -> None:
    typed = queries.read('"vol de vélo" -auto -"la nuit" « pas ici » trottoirs', lexicon)
    assert typed.phrases == (("vol", "de", "velo"), ("pas", "ici"))
    assert typed.without == ("auto",)
    assert typed.without_phrases == (("la", "nuit"),)
    assert typed.groups == ("trottoirs",)


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("theme:snow", {"theme": ("snow",)}),
        ("thème:déneigement", {"theme": ("snow",)}),
        ('theme:"snow clearing"', {"theme": ("snow",)}),
        ("arr:st-laurent", {"borough": ("saint-laurent",)}),
        ('arrondissement:"Côte-des-Neiges"', {"borough": ("cdn-ndg",)}),
        ("statut:ouvert status:closed", {"status": ("open", "closed")}),
        ("type:défi", {"kind": ("challenge",)}),
    ],
)
def test_prefixes_are_facets(
    text: str, chosen: dict[str, tuple[str, ...]], lexicon: Lexicon
) -> None:
    assert queries.read(text, lexicon).chosen == chosen


def test_a_prefix_that_nobody_knows_is_words(lexicon: Lexicon) -> None:
    typed = queries.read("theme:licorne note:12 http://exemple", lexicon)
    assert typed.chosen == {}
    assert typed.groups == ("theme licorne", "note 12", "http //exemple")


def test_a_synonym_stands_for_its_theme_when_whole(lexicon: Lexicon) -> None:
    assert "theme_snow" in terms("neige", lexicon)["neige"]
    found = terms("snow removal", lexicon)
    assert "theme_snow" in found["snow"] & found["removal"]
    assert "theme_snow" not in terms("removal", lexicon)["removal"]


def test_a_borough_is_named_by_its_words_in_order(lexicon: Lexicon) -> None:
    assert "borough_saint_laurent" in terms("parc st-laurent", lexicon)["laurent"]
    assert "borough_cdn_ndg" not in terms("neiges de la côte", lexicon)["neiges"]


@pytest.mark.parametrize("typed", ["Côte-des-Neiges", "parc cote des neiges"])
def test_a_name_holds_together_and_is_no_snow(typed: str, lexicon: Lexicon) -> None:
    found = terms(typed, lexicon)
    assert "neiges" not in found
    assert {"cotedesneig", "borough_cdn_ndg"} <= found["cotedesneiges"]
    assert "theme_snow" not in found["cotedesneiges"]


def test_words_meet_by_space_and_hyphen(lexicon: Lexicon) -> None:
    assert "fablab" in terms("fab lab", lexicon)["fab"]
    assert "culdesac" in terms("cul-de-sac", lexicon)["sac"]


def test_a_word_stands_for_what_means_the_same(lexicon: Lexicon) -> None:
    found = terms("bicyclette", lexicon)["bicyclette"]
    assert {"velo", "bike", "bicycl"} <= found


def test_small_words_alone_are_a_phrase(lexicon: Lexicon) -> None:
    query = Query(text="the who", language="en")
    asked = queries.ask(query, queries.read(query.text, lexicon), lexicon, now=NOW)
    assert asked.terms == ()
    assert asked.phrases == (("the", "who"),)


def test_what_is_typed_and_what_is_chosen_hold_together(lexicon: Lexicon) -> None:
    query = Query(text="neige theme:snow", language="fr", themes=("water",), kinds=("pilot",))
    asked = queries.ask(query, queries.read(query.text, lexicon), lexicon, now=NOW)
    assert asked.chosen["theme"] == ("water", "snow")
    assert asked.chosen["kind"] == ("pilot",)
    assert asked.title == "neige"


@pytest.mark.parametrize(
    ("text", "groups", "without"),
    [
        ("-30 °C", ("30", "°C"), ()),
        ("-30°C", ("30°C",), ()),
        ("neige -30 °C", ("neige", "30", "°C"), ()),
        ("chaussée à -2,5\u00a0degrés", ("chaussée", "à", "2,5", "degrés"), ()),
        ("pump -15 C heat", ("pump", "15", "C", "heat"), ()),
        ("pont -5 m", ("pont", "5", "m"), ()),
        ("taxes -10 %", ("taxes", "10", "%"), ()),
        ("-5", ("5",), ()),
        ("-30 -20", ("30", "20"), ()),
        ("−30 neige", ("−30", "neige"), ()),
        # Otherwise a minus excludes, a number too.
        ("requêtes -311", ("requêtes",), ("311",)),
        ("ligne -5 chaude", ("ligne", "chaude"), ("5",)),
        ("ligne -5 l'été", ("ligne", "l'été"), ("5",)),
        ("-neige", (), ("neige",)),
        ("-neige -5", (), ("neige", "5")),
        # A hyphen that touches no word, or its end, is nothing.
        ("- neige", ("neige",), ()),
        ("neige-", ("neige-",), ()),
        ("neige - sel", ("neige", "sel"), ()),
        ("-- - --neige", (), ("-neige",)),
        ("--", (), ()),
        ("-", (), ()),
    ],
)
def test_a_minus_excludes_unless_it_is_the_sign_of_a_measure(
    text: str, groups: tuple[str, ...], without: tuple[str, ...], lexicon: Lexicon
) -> None:
    typed = queries.read(text, lexicon)
    assert (typed.groups, typed.without) == (groups, without)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("neige-", {"neige"}),
        ("anti-bruit", {"bruit"}),
        ("non-résident", {"resident"}),
        ("anti bruit", {"anti", "bruit"}),
        ("porte-à-porte", {"porte"}),
        ("-30 °C", {"30"}),
    ],
)
def test_the_words_that_hyphens_leave(text: str, words: set[str], lexicon: Lexicon) -> None:
    assert set(terms(" ".join(queries.read(text, lexicon).groups), lexicon)) == words


def test_the_whole_is_looked_for_beside_its_parts(lexicon: Lexicon) -> None:
    assert {"bruit", "antibruit"} <= terms("anti-bruit", lexicon)["bruit"]
    # « parcex » loses its ending: its stem is that of a parc, which is not what was typed.
    assert "parc" not in terms("Parc-Ex", lexicon)["ex"]


def test_what_hyphens_hold_is_excluded_whole(lexicon: Lexicon) -> None:
    query = Query(text="chaussée -rez-de-chaussée -l'eau", language="fr")
    asked = queries.ask(query, queries.read(query.text, lexicon), lexicon, now=NOW)
    assert [term.word for term in asked.without] == ["rezdechaussee", "eau"]
    assert asked.without_phrases == (("rez", "de", "chaussee"),)


def test_letters_stand_for_the_words_that_they_begin(lexicon: Lexicon) -> None:
    found = terms("IA en santé", lexicon)
    assert set(found) == {"intelligence", "artificielle", "sante"}
    assert "ia" in found["intelligence"] & found["artificielle"]
    assert set(terms("AI", lexicon)) == {"artificial", "intelligence"}
    assert set(terms("j'ai froid", lexicon)) == set(terms("j ai froid", lexicon)) == {"froid"}


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("CDN-NDG", "cdn-ndg"),
        ("NDG", "cdn-ndg"),
        ("arr. du Sud-Ouest", "le-sud-ouest"),
        ("borough of the Sud-Ouest", "le-sud-ouest"),
        ("quartier Saint-Henri", "le-sud-ouest"),
        ("Hochelaga", "mhm"),
        ("Parc-Ex", "vsmpe"),
    ],
)
def test_boroughs_are_what_people_call_them(typed: str, slug: str) -> None:
    borough = Borough(slug=NAMED[slug][0], name=NAMED[slug][1])
    found = terms(typed, Lexicon([], [borough]))
    token = f"borough_{borough.slug.replace('-', '_')}"
    assert found
    assert all(token in alternatives for alternatives in found.values())


def test_a_word_before_a_name_announces_nothing_else() -> None:
    borough = Borough(slug="le-sud-ouest", name="Le Sud-Ouest")
    found = terms("quartier calme du Sud-Ouest", Lexicon([], [borough]))
    assert "borough_le_sud_ouest" not in found["quartier"]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    lexicon = Lexicon([SNOW], [LAURENT, CDN])
    asked = queries.ask(
        Query(text=text, language="fr"), queries.read(text, lexicon), lexicon, now=NOW
    )
    assert len(asked.terms) <= queries.MOST_TERMS
    assert all(term.alternatives for term in asked.terms)
