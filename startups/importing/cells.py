"""How one cell is understood: each reader gives a value of the record, or says what is wrong."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.languages import LANGUAGES
from core.text import TextRefused, clean_line, clean_text, fold

if TYPE_CHECKING:
    from collections.abc import Callable

# What may be wrong with a cell, in words; « value » is what was read there.
PROBLEMS: Final = {
    "too_many_cells": _("this row has more cells than the header"),
    "too_long_cell": _("this cell is longer than 20,000 characters"),
    "too_long": _("“%(value)s” is too long"),
    "hidden": _("this cell holds signs that cannot be seen"),
    "nested": _("this value is a table of its own"),
    "formula": _("“%(value)s” begins like a formula of a spreadsheet"),
    "required": _("nothing is written, and this is required"),
    "alphabets": _("“%(value)s” mixes alphabets that look alike"),
    "unknown": _("“%(value)s” is none of the values known here"),
    "number": _("“%(value)s” is not a number"),
    "scientific": _("“%(value)s” was shortened by a spreadsheet: format the column as text"),
    "neq": _("“%(value)s” is not an enterprise number of ten digits"),
    "year": _("“%(value)s” is not a year since 1800"),
    "url": _("“%(value)s” is not a web address"),
    "slug": _("“%(value)s” is not the end of an address: small letters, digits, hyphens"),
    "latitude": _("“%(value)s” is not between -90 and 90"),
    "longitude": _("“%(value)s” is not between -180 and 180"),
    "half_place": _("a latitude and a longitude go together"),
    "outside": _("“%(value)s” is outside the city’s area: confirm that it is meant"),
    "kept_by_owner": _("an organisation speaks for “%(value)s”: it alone changes its listing"),
    "gone": _("“%(value)s” is closed or merged: its listing changes no more"),
    "in_moderation": _("“%(value)s” waits for an approval: import it again afterwards"),
    "moved": _("“%(value)s” was changed by somebody since the dry run"),
    "appeared": _("“%(value)s” came into the directory since the dry run: import it again"),
    "not_chosen": _("a double, and nobody chose what to do with it"),
    "no_target": _("the row that it doubles was not imported"),
    "many": _("more than %(value)s addresses: keep those that help a reader"),
    "share": _("“%(value)s” is not a share between 0 and 100%%"),
    "sum": _("“%(value)s” is not a sum of money"),
    "weeks": _("“%(value)s” is not a number of weeks between 1 and 520"),
    "trl": _("“%(value)s” is not a level of maturity between 1 and 9"),
    "trl_order": _("the highest maturity wanted is below the lowest one"),
    "yes_no": _("“%(value)s” is neither yes nor no"),
    "no_house": _("“%(value)s” is no organisation of the directory: import it first"),
    "houses": _("“%(value)s” is the name or the site of several organisations: give its number"),
    "house_gone": _("“%(value)s” is closed or merged: it runs no new program"),
    "house_kept": _("an organisation speaks for “%(value)s”: it alone writes its programs"),
    "house_hidden": _("kept as a draft: the page of “%(value)s” is not public"),
    "no_about": _("kept as a draft: a public listing needs a description in French"),
    "no_sentence": _("kept as a draft: a public listing needs one sentence in French"),
    "skipped": _("left out, as chosen"),
}
FORMULA: Final = ("=", "＝", "@", "＠")
CALL: Final = re.compile(r"[+\-＋－][^\d\s.,].*[(!|]")
BETWEEN: Final = re.compile(r"\s*[|;\n]\s*")
LONGEST_URL: Final = 200
MOST_WEEKS: Final = 520
HIGHEST_TRL: Final = 9
# Words of no cost, no share, and of yes, folded.
NOTHING: Final = frozenset(
    {*("aucun", "aucune", "non", "sans frais", "gratuit", "gratuite"), *("none", "no", "free")}
    | {"false"}
)
YES: Final = frozenset({"oui", "yes", "vrai", "true", "1", "x"})
NO: Final = frozenset({"non", "no", "faux", "false", "0"})


class CellRefused(ValueError):
    """A cell that is not what its column holds; ``code`` is a key of :data:`PROBLEMS`."""

    def __init__(self, code: str, value: Any = "") -> None:
        """``value`` is what was read, shortened."""
        super().__init__(code)
        self.code = code
        self.value = shown(value)


def shown(value: Any) -> str:
    """A value as a sentence quotes it."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def as_text(value: Any) -> str:
    """The cell as text, refused where a spreadsheet would run it."""
    if isinstance(value, list):
        value = " | ".join(str(each) for each in value)
    text = str(value).strip()
    if text.startswith(FORMULA) or CALL.match(text):
        raise CellRefused("formula", text)
    return text


def line(most: int) -> Callable[[Any], str]:
    """A text on one line."""
    return _text(clean_line, most)


def lines(most: int) -> Callable[[Any], str]:
    """A text of several lines."""
    return _text(clean_text, most)


def _text(clean: Callable[..., str], most: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        text = as_text(value)
        try:
            return clean(text, most=most)
        except TextRefused as error:
            code = "too_long" if error.code == "too_long" else "alphabets"
            raise CellRefused(code, text) from error

    return read


@cache
def _known(choices: type[models.TextChoices]) -> dict[str, str]:
    """By its code and by its words in each language."""
    found = {}
    for choice in choices:
        found[fold(choice.value)] = choice.value
        for code in LANGUAGES:
            with translation.override(code):
                found[fold(str(choice.label))] = choice.value
    return found


def choice(choices: type[models.TextChoices]) -> Callable[[Any], str]:
    """One of ``choices``, by its code or its words."""

    def read(value: Any) -> str:
        text = as_text(value)
        try:
            return _known(choices)[fold(text)]
        except KeyError as error:
            raise CellRefused("unknown", text) from error

    return read


def several(read_one: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    """A list: of JSON, or cut at « | », « ; » and line breaks."""

    def read(value: Any) -> list[Any]:
        parts = value if isinstance(value, list) else BETWEEN.split(as_text(value))
        return list(dict.fromkeys(read_one(part) for part in parts if str(part).strip()))

    return read


def at_most(most: int, read_all: Callable[[Any], list[Any]]) -> Callable[[Any], list[Any]]:
    """A list that is not longer than ``most``."""

    def read(value: Any) -> list[Any]:
        found = read_all(value)
        if len(found) > most:
            raise CellRefused("many", most)
        return found

    return read


def by_name(names: Callable[[], dict[str, Any]]) -> Callable[[Any], Any]:
    """What the site has already, by its address or its name."""

    def read(value: Any) -> Any:
        text = as_text(value)
        try:
            return names()[fold(text)]
        except KeyError as error:
            raise CellRefused("unknown", text) from error

    return read


def whole(value: Any) -> int:
    """A whole number, as a spreadsheet may write it: « 1996.0 »."""
    text = as_text(value).replace("\xa0", "").replace("\u202f", "").replace(" ", "")
    if re.fullmatch(r"\d[.,]\d+E\+?\d+", text, re.IGNORECASE):
        raise CellRefused("scientific", text)
    found = re.fullmatch(r"(\d{1,15})([.,]0+)?", text)
    if found is None:
        raise CellRefused("number", text)
    return int(found[1])


def year(value: Any) -> int:
    """A year that an organisation may have begun in."""
    number = whole(value)
    if not 1800 <= number <= date.today().year + 1:  # noqa: DTZ011  a bound, not an instant
        raise CellRefused("year", value)
    return number


def between(code: str, least: int, most: int) -> Callable[[Any], int]:
    """A whole number within bounds."""

    def read(value: Any) -> int:
        number = whole(value)
        if not least <= number <= most:
            raise CellRefused(code, value)
        return number

    return read


trl = between("trl", 1, HIGHEST_TRL)
weeks = between("weeks", 1, MOST_WEEKS)


def amount(code: str, most: int) -> Callable[[Any], str]:
    """Money or a share with two decimals, as « 12 500,50 $ » or “1,250.00”: the text “12500.50”."""

    def read(value: Any) -> str:
        text = as_text(value)
        if fold(text) in NOTHING:
            return "0.00"
        plain = re.sub(r"[\s$€%]|\b(?:CAD|USD|EUR)\b", "", text, flags=re.IGNORECASE)
        # Nobody writes thousandths of a dollar: three digits behind a comma are thousands.
        if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d{1,2})?", plain):
            plain = plain.replace(",", "")
        plain = plain.replace(",", ".")
        if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", plain) or Decimal(plain) > most:
            raise CellRefused(code, text)
        return f"{Decimal(plain):.2f}"

    return read


def yes_no(value: Any) -> bool:
    """Yes or no, in either language."""
    text = fold(as_text(value))
    if text not in YES | NO:
        raise CellRefused("yes_no", value)
    return text in YES


def decimal(code: str, most: float) -> Callable[[Any], float]:
    """A coordinate; the decimal comma of French is one too."""

    def read(value: Any) -> float:
        text = as_text(value).replace(",", ".").replace("−", "-")
        if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,20})?", text):
            raise CellRefused("number", text)
        if abs(number := float(text)) > most:
            raise CellRefused(code, text)
        return number

    return read


def neq(value: Any) -> str:
    """An enterprise number of Québec; a spreadsheet takes it for a quantity."""
    text = as_text(value)
    if re.fullmatch(r"\d[.,]\d+E\+?\d+", text, re.IGNORECASE):
        raise CellRefused("scientific", text)
    digits = re.sub(r"[\s\xa0\u202f-]|[.,]0+$", "", text)
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise CellRefused("neq", text)
    return digits


def url(value: Any) -> str:
    """A web address; one without « https:// » gets it."""
    text = as_text(value)
    whole_one = text if re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE) else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(whole_one)
    except ValidationError as error:
        raise CellRefused("url", text) from error
    if len(whole_one) > LONGEST_URL:
        raise CellRefused("too_long", text)
    return whole_one


def slug(value: Any) -> str:
    """The end of the public address."""
    text = as_text(value)
    if slugify(text) != text or len(text) > 120:
        raise CellRefused("slug", text)
    return text
