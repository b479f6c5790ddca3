"""Numbers and money in the reader's language, by the CLDR."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.numbers import format_currency, format_decimal

from core.dates import locale

# Digits of the largest key that every database holds.
LONGEST_KEY: Final = 18


def key_of(text: str) -> int | None:
    """The key of a row that ``text`` writes in digits; None when it can be none."""
    is_key = text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY
    return int(text) if is_key else None


def number(value: int | float | Decimal, digits: int = 2) -> str:
    """« 27,4 » · “27.4”; at most ``digits`` decimals, none that is not needed."""
    return _number(value, digits, locale())


@lru_cache(maxsize=2048)
def _number(value: int | float | Decimal, digits: int, reader: Locale) -> str:
    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=reader)


CENTS = re.compile(r"[.,]00(?=\D*$)")


def money(value: int | Decimal, currency: str = "CAD") -> str:
    """« 60 000 $ » · “$60,000”; cents only when there are some."""
    return _money(value, currency, locale())


@lru_cache(maxsize=2048)
def _money(value: int | Decimal, currency: str, reader: Locale) -> str:
    whole = value == int(value)
    text = format_currency(
        value, currency, locale=reader, currency_digits=not whole, decimal_quantization=not whole
    )
    return CENTS.sub("", text) if whole else text


def quantity(value: int | float | Decimal, unit: str, digits: int = 2) -> str:
    """A number with its unit, never parted at a line's end; « 4,1 % » · “4.1%”."""
    between = "" if unit == "%" and locale().language == "en" else "\u00a0"
    return f"{number(value, digits)}{between}{unit}" if unit else number(value, digits)
