"""What people type: what goes, what is refused with a sentence, what is left alone."""

from __future__ import annotations

import pytest

from core.accounts.doubles import comparable
from core.accounts.mail_domains import domain_of, is_public, own_domain
from core.text import LineField, TextRefused, ascii_host, clean_line, clean_text, fold

ZERO_WIDTH, RIGHT_TO_LEFT, BOM = "\u200b", "\u202e", "\ufeff"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Atelier   Nord ", "Atelier Nord"),
        ("Atelier\r\nBcc: tous@exemple.ca", "Atelier Bcc: tous@exemple.ca"),
        ("Ate\x00lier\x07", "Atelier"),
        (f"{BOM}Ate{ZERO_WIDTH}lier{RIGHT_TO_LEFT}", "Atelier"),
        ("Ate\u2066li\u2069er\u3164\u00ad", "Atelier"),
        ("Ate\ud800lier", "Atelier"),
        ("E\u0301cole", "École"),
        ("L’École d’été & fils, s.e.n.c. (2026)", "L’École d’été & fils, s.e.n.c. (2026)"),
        ("שלום בע״מ", "שלום בע״מ"),
        ("Ателье", "Ателье"),
    ],
)
def test_a_name_is_one_line_without_what_cannot_be_seen(typed: str, kept: str) -> None:
    assert clean_line(typed, most=200) == kept


def test_accents_do_not_pile_up() -> None:
    assert clean_line("x" + "\u0335" * 50, most=200) == "x" + "\u0335" * 3


@pytest.mark.parametrize("length", [201, 10_000, 2_000_001])
def test_a_name_that_is_too_long_is_refused_with_its_length(length: int) -> None:
    with pytest.raises(TextRefused) as refused:
        clean_line("x" * length, most=200)
    assert str(refused.value) == f"200 caractères au plus\u00a0; ce texte en compte {length}."


def test_what_cannot_be_seen_does_not_count() -> None:
    assert clean_line("x" * 200 + ZERO_WIDTH * 100, most=200) == "x" * 200


@pytest.mark.parametrize("typed", ["Ate\u043bier", "Α\u0301telier Nord", "p\u0430ypal"])
def test_a_word_in_two_alphabets_is_refused(typed: str) -> None:
    with pytest.raises(TextRefused) as refused:
        clean_line(typed, most=200)
    assert refused.value.code == "mixed_alphabets"


def test_a_text_keeps_its_lines() -> None:
    typed = f" Bonjour,\r\n\r\n\r\n\r\nje travaille{ZERO_WIDTH} ici.\x00 \n"
    assert clean_text(typed, most=500) == "Bonjour,\n\nje travaille ici."


def test_a_text_keeps_the_hard_spaces_of_french() -> None:
    typed = "\u00a0« Où\u202f? »\u2003et\u00a0: ici\u00a0"
    assert clean_text(typed, most=500) == "« Où\u202f? » et\u00a0: ici"


@pytest.mark.parametrize("typed", ["!!!", ZERO_WIDTH + RIGHT_TO_LEFT + "-", "\x00\x00."])
def test_a_name_has_a_letter_or_a_digit(typed: str) -> None:
    with pytest.raises(Exception, match="Écrivez au moins une lettre ou un chiffre"):
        LineField(max_length=200).clean(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Atelier Nord inc.", "ATELIER NORD"),
        ("Énergie Cœur, S.E.N.C.", "energie coeur"),
        ("Аtelier Nord", "Atelier Nord"),  # its first letter is Cyrillic
        ("Ａtelier Nord Ltée", "Atelier-Nord"),
        ("Dupont & fils", "Dupont et fils"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


def test_a_legal_form_alone_is_a_name() -> None:
    assert comparable("Coop") == "coop"
    assert fold("Inc.") == "inc"


@pytest.mark.parametrize(
    ("host", "written"),
    [
        ("Exemple.CA", "exemple.ca"),
        ("montréal.ca", "xn--montral-fya.ca"),
        ("ателье.ca", "xn--80akax7a0d.ca"),
    ],
)
def test_a_host_as_the_network_writes_it(host: str, written: str) -> None:
    assert ascii_host(host) == written


@pytest.mark.parametrize(
    "host",
    [
        "p\u0430ypal.com",  # one Cyrillic letter
        "\u0430\u0440\u0440\u04cf\u0435.com",  # all Cyrillic, all drawn as Latin
        "xn--80ak6aa92e.com",  # the same, as the network writes it
        "a..b",
        "x" * 64 + ".ca",
    ],
)
def test_a_host_that_imitates_or_is_none(host: str) -> None:
    with pytest.raises(TextRefused):
        ascii_host(host)


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("a@Atelier.CA", "atelier.ca"),
        ("a@gmail.com", ""),
        ("a@yahoo.co.uk", ""),
        ("a@outlook.fr", ""),
        ("a@live.exemple.ca", "live.exemple.ca"),
        ("a@outlook.exemple.com", "outlook.exemple.com"),
        ("a", ""),
        ("a@p\u0430ypal.com", ""),
    ],
)
def test_whose_domain_an_address_has(email: str, domain: str) -> None:
    assert own_domain(email) == domain


def test_a_public_domain_is_a_domain() -> None:
    assert domain_of("a@gmail.com") == "gmail.com"
    assert is_public("gmail.com")
