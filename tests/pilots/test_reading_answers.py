"""A frozen answer as its reader's language writes it; the frozen copy itself does not change."""

from __future__ import annotations

import pytest
from django.utils import translation

from pilots.domain.answers import in_words, read_as
from pilots.models import Question


@pytest.mark.parametrize(
    ("kind", "typed", "french", "english"),
    [
        ("money", "66000", "66\u00a0000\u00a0$", "$66,000"),
        ("money", "66 000,50", "66\u00a0000,50\u00a0$", "$66,000.50"),
        ("money", "21,000", "21,000", "21,000"),
        ("money", "de 20 000 à 30 000", "de 20 000 à 30 000", "de 20 000 à 30 000"),
        ("number", "1250.5", "1\u00a0250,5", "1,250.5"),
        ("trl", "8", "8", "8"),
        ("long", "66000", "66000", "66000"),
        ("money", "", "", ""),
    ],
)
def test_numbers_and_money(kind: str, typed: str, french: str, english: str) -> None:
    item = {"kind": kind, "value": typed, "text": typed}
    with translation.override("fr"):
        assert read_as(item) == french
    with translation.override("en"):
        assert read_as(item) == english


def test_a_choice_is_said_in_the_language_of_the_form() -> None:
    choices = [
        {"value": "oui", "fr": "Oui, déjà", "en": "Yes, already"},
        {"value": "non", "fr": "Non"},
    ]
    question = Question(key="q", kind="choice", label_fr="Prêt ?", choices=choices)
    with translation.override("en"):
        assert in_words(question, "oui") == "Yes, already"
        assert in_words(question, "non") == "Non"
    with translation.override("fr"):
        assert in_words(question, "oui") == "Oui, déjà"
