"""What is said to be found in a text."""

from __future__ import annotations

from datetime import UTC, datetime

from search.extracts import Marker
from search.lexicon import Lexicon
from search.port import Query
from search.queries import ask, read
from tests.search.corpus import LEXICON

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def marker(text: str, words_of_city: Lexicon = LEXICON) -> Marker:
    return Marker(ask(Query(text, "fr"), read(text, words_of_city), words_of_city, now=NOW))


def test_a_word_and_its_plural_are_one_as_said_inside_a_sentence() -> None:
    text = "Applications de trajet. Une application, des applications. L’état du trottoir."
    found = marker("application trajet état").finds(text)
    assert found == ["applications", "trajet", "état"]


def test_a_name_keeps_its_capital() -> None:
    assert marker("verdun").finds("À Verdun, de Verdun.") == ["Verdun"]
