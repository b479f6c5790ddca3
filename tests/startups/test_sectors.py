"""Sectors in the reader's language, when they are known."""

from __future__ import annotations

import pytest
from django.utils import translation

from cms.demo.source import read
from core.text import fold
from startups.sectors import WORDS, in_the_readers, sectors_in_words


@pytest.mark.parametrize("typed", ["AI", "ai", "Intelligence artificielle"])
def test_a_known_one_is_said_in_either_language(typed: str) -> None:
    said = []
    for language in ("fr", "en"):
        with translation.override(language):
            said.append(in_the_readers(typed))
    assert said == ["intelligence artificielle", "AI"]


def test_others_are_as_typed_and_each_is_said_once() -> None:
    with translation.override("fr"):
        assert in_the_readers("moulins à vent") == "moulins à vent"
        assert sectors_in_words(["mobility", "eau", "C#", "C++"], ["Mobilité"]) == (
            "Mobilité, eau, C#, C++"
        )
        assert sectors_in_words([]) == ""


def test_no_word_stands_in_two_rows() -> None:
    words = [word for row in WORDS for word in {fold(each) for each in row}]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("name", ["organisations", "programs"])
def test_those_of_the_demonstration_are_known(name: str) -> None:
    """French pages say no English word of theirs."""
    known = {fold(word) for row in WORDS for word in row}
    typed = {sector for record in read(name) for sector in record["sectors"]}
    assert typed
    assert {sector for sector in typed if fold(sector) not in known} == set()
