"""What a text becomes: elision, accents, endings, hyphens, numbers, the words of a city."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import analysis


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’eau qu’un résident d’Anjou", ["eau", "un", "resident", "anjou"]),
        ("the city's snow", ["the", "city", "snow"]),
        ("Œuvre, ﬁn, CO₂ et Ça", ["oeuvre", "fin", "co2", "et", "ca"]),
        ("cul-de-sac", ["cul", "de", "sac"]),
        ("Côte-des-Neiges–Notre-Dame", ["cote", "des", "neiges", "notre", "dame"]),
        (
            "St-Laurent, Ste-Catherine, st. henri",
            ["saint", "laurent", "sainte", "catherine", "saint", "henri"],
        ),
        ("arr. de Verdun, ligne 311", ["arrondissement", "de", "verdun", "ligne", "311"]),
        ("12 000 $, 12 000 et 12,000", ["12000", "12000", "et", "12000"]),
        ("en 2024, 300 lieux", ["en", "2024", "300", "lieux"]),
        ("10km ou 10 kilomètres", ["10", "km", "ou", "10", "km"]),
        ("citoyen·ne·s", ["citoyennes"]),
        ("日本 Привет \x00 -- ''", []),
    ],
)
def test_words_in_their_order(text: str, expected: list[str]) -> None:
    assert analysis.words(text) == expected


@pytest.mark.parametrize(
    "family",
    [
        "déneigement déneigée deneigee déneiger déneigées",
        "vélo vélos velo",
        "réseau réseaux",
        "municipal municipaux municipale",
        "travail travaux",
        "jeu jeux",
        "piéton piétons piétonne",
        "trottoir trottoirs",
        "aîné aînée aînés ainees",
        "réserver réservent réservé réservation",
        "passer passent passants",
    ],
)
def test_french_endings_meet(family: str) -> None:
    assert len(set(analysis.stems(family, "fr"))) == 1


@pytest.mark.parametrize(
    "family",
    ["digitise digitize digitisation digitization", "clear clears cleared clearing", "tree trees"],
)
def test_english_endings_meet(family: str) -> None:
    assert len(set(analysis.stems(family, "en"))) == 1


def test_parking_is_not_what_one_does_in_a_park() -> None:
    assert not set(analysis.stems("parking", "en")) & set(analysis.stems("parks", "en"))


def test_a_hyphen_is_found_with_and_without_it() -> None:
    assert set(analysis.stems("postsecondaire", "fr")) <= set(
        analysis.stems("post-secondaire", "fr")
    )


def test_a_name_is_no_snow() -> None:
    assert analysis.stems("Côte-des-Neiges–Notre-Dame", "fr") == ["cotedesneig", "dam", "notredam"]


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("stationnement", "station", False),
        ("stationnement", "stationner", True),
        ("stationnement", "stationement", True),
        ("fonctionnement", "fonction", False),
        ("fonctionnement", "fonctionne", True),
        ("piétonne", "piéton", True),
        ("bonnes", "bon", True),
        ("personnes", "personne", True),
    ],
)
def test_one_does_not_park_in_a_station(one: str, other: str, meet: bool) -> None:
    assert (analysis.stems(one, "fr") == analysis.stems(other, "fr")) is meet


def test_small_words_are_no_stems() -> None:
    assert analysis.stems("le vol de la rue, the way of", "fr") == ["vol", "rue", "way"]


def test_what_stands_for_a_theme_is_made_by_no_text() -> None:
    assert analysis.words("theme_neige") == ["theme", "neige"]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_becomes_plain_tokens(text: str) -> None:
    for word in analysis.words(text):
        assert word.isascii()
        assert word.isalnum()
        assert len(word) <= 40
    for language in ("fr", "en"):
        assert all(stem.isalnum() for stem in analysis.stems(text, language))


def test_a_word_without_end_is_cut() -> None:
    assert max(map(len, analysis.words("a" * 100_000))) == 40
