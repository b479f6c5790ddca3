"""A frozen answer as its reader's language writes it; the frozen copy itself does not change."""

from __future__ import annotations

import pytest
from django.utils import translation

from pilots.domain.answers import read_as


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
