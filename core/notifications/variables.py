"""The types of what a message may say: few, each with what it accepts and how it reads.

A variable is declared once, in its event. Its type decides which value the domain may give, how the
value reads in a language when no filter says otherwise, and what a template may do with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlsplit

from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.addresses import site_url
from core.languages import CANONICAL, LANGUAGES
from core.notifications.values import SaidChoice, SaidDate, SaidNumber, plain_text

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MISSING = object()
EXAMPLE_DAY: Final = date(2026, 12, 18)
EXAMPLE_INSTANT: Final = datetime(2026, 11, 29, 22, 0, tzinfo=UTC)


class WrongValue(ValueError):
    """A value that is not of its variable's type."""


@dataclass(frozen=True, slots=True)
class Variable:
    """What a template may say. ``example`` is a value as the domain would give it.

    ``is_optional``: the domain may give nothing (None, an empty text), and a template asks first.
    """

    label: str | _StrPromise
    example: Any = field(default=None, kw_only=True)
    is_optional: bool = field(default=False, kw_only=True)
    kind: ClassVar[str | _StrPromise] = ""

    def keys(self, name: str) -> tuple[str, ...]:
        """What the domain gives for the variable ``name``."""
        return (name,)

    def accepts(self, value: Any) -> bool:
        """Whether ``value`` is of this type."""
        raise NotImplementedError

    def said(self, value: Any) -> Any:
        """``value`` as a template receives it, in the active language."""
        return value

    def example_values(self, name: str) -> dict[str, Any]:
        """The example, as the domain would give it."""
        return {name: _spoken(self.example)}

    def value(self, name: str, given: Mapping[str, Any], language: str) -> Any:
        """What the template receives for ``name``; ``WrongValue`` says what is wrong."""
        found = given.get(name, MISSING)
        if found is MISSING:
            raise WrongValue(f"{name} is missing")
        return self.checked(name, found)

    def checked(self, name: str, found: Any) -> Any:
        """``found`` as a template receives it, once its type is seen to be right."""
        if _is_nothing(found):
            if not self.is_optional:
                raise WrongValue(f"{name} is empty")
            return self.nothing()
        if not self.accepts(found):
            raise WrongValue(f"{name} is not of its type ({type(found).__name__})")
        return self.said(found)

    def nothing(self) -> Any:
        """What the template receives when there is nothing to say: writing it writes nothing."""
        return ""


def _is_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str | Promise) and str(value) == "")


def _spoken(example: Any) -> Any:
    return str(example) if isinstance(example, Promise) else example


@dataclass(frozen=True, slots=True)
class Text(Variable):
    """One line of text. ``is_paired``: the domain gives ``<name>_fr`` and ``<name>_en``."""

    is_paired: bool = field(default=False, kw_only=True)
    kind: ClassVar[str | _StrPromise] = _("text")

    def keys(self, name: str) -> tuple[str, ...]:
        """The name, or the two columns of the pair."""
        return tuple(f"{name}_{code}" for code in LANGUAGES) if self.is_paired else (name,)

    def accepts(self, value: Any) -> bool:
        """A text, translated or not."""
        return isinstance(value, str | Promise)

    def said(self, value: Any) -> str:
        """Never taken for HTML, whatever made it."""
        return plain_text(value)

    def value(self, name: str, given: Mapping[str, Any], language: str) -> Any:
        """The text in the language of the message, else the French one."""
        if not self.is_paired:
            # Explicit: ``super()`` does not work in a dataclass with slots.
            return Variable.value(self, name, given, language)
        missing = [key for key in self.keys(name) if key not in given]
        if missing:
            raise WrongValue(f"{', '.join(missing)} is missing")
        found = given[f"{name}_{language}"] or given[f"{name}_{CANONICAL}"]
        return self.checked(name, found)

    def example_values(self, name: str) -> dict[str, Any]:
        """One example, or one in each language."""
        if not self.is_paired:
            return {name: _spoken(self.example)}
        values = {}
        for code in LANGUAGES:
            with translation.override(code):
                values[f"{name}_{code}"] = str(self.example)
        return values


@dataclass(frozen=True, slots=True)
class Code(Text):
    """What opens an account for some minutes: in the two texts, never in the subject."""

    kind: ClassVar[str | _StrPromise] = _("code")


@dataclass(frozen=True, slots=True)
class LongText(Text):
    """Several lines, as somebody wrote them."""

    kind: ClassVar[str | _StrPromise] = _("long text")


@dataclass(frozen=True, slots=True)
class PersonName(Text):
    """The name that a person gives; it may be empty."""

    kind: ClassVar[str | _StrPromise] = _("person’s name")


@dataclass(frozen=True, slots=True)
class Email(Text):
    """An address of e-mail."""

    kind: ClassVar[str | _StrPromise] = _("e-mail address")

    def accepts(self, value: Any) -> bool:
        """A text with its sign."""
        return isinstance(value, str) and "@" in value


@dataclass(frozen=True, slots=True)
class Day(Variable):
    """A day of the calendar, or the city's day of an instant."""

    kind: ClassVar[str | _StrPromise] = _("day")

    def accepts(self, value: Any) -> bool:
        """A date without an hour."""
        return isinstance(value, date) and not isinstance(value, datetime)

    def said(self, value: Any) -> SaidDate:
        """In words."""
        return SaidDate(value)


@dataclass(frozen=True, slots=True)
class Instant(Variable):
    """A day and an hour, which reads on the city's clocks."""

    kind: ClassVar[str | _StrPromise] = _("day and hour")

    def accepts(self, value: Any) -> bool:
        """An instant that knows its time zone."""
        return isinstance(value, datetime) and timezone.is_aware(value)

    def value(self, name: str, given: Mapping[str, Any], language: str) -> Any:
        """On the clocks of the city that the message names."""
        said = Variable.value(self, name, given, language)
        if isinstance(said, SaidDate):
            return SaidDate(said.at, str(given.get("city_name") or ""))
        return said

    def said(self, value: Any) -> SaidDate:
        """In words."""
        return SaidDate(value)


@dataclass(frozen=True, slots=True)
class Number(Variable):
    """A number, whole or not."""

    kind: ClassVar[str | _StrPromise] = pgettext_lazy("type", "number")

    def accepts(self, value: Any) -> bool:
        """Not yes or no, which Python counts among the integers."""
        return isinstance(value, int | float | Decimal) and not isinstance(value, bool)

    def said(self, value: Any) -> SaidNumber:
        """In the reader's language."""
        return SaidNumber(value)


@dataclass(frozen=True, slots=True)
class Flag(Variable):
    """Yes or no: to be asked by ``{% if %}``, not written."""

    kind: ClassVar[str | _StrPromise] = _("yes or no")

    def accepts(self, value: Any) -> bool:
        """Nothing else than these two."""
        return isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Choice(Variable):
    """One value of a list: reads as its label, compares with its code."""

    choices: type[models.TextChoices] = field(kw_only=True)
    kind: ClassVar[str | _StrPromise] = _("one of a list")

    def accepts(self, value: Any) -> bool:
        """A code of the list."""
        return value in self.choices.values

    def said(self, value: Any) -> SaidChoice:
        """Code and label."""
        return SaidChoice(str(value), str(self.choices(value).label))


@dataclass(frozen=True, slots=True)
class Address(Variable):
    """A page that the domain names by its path, or by a whole address of the web."""

    kind: ClassVar[str | _StrPromise] = _("web address")

    def accepts(self, value: Any) -> bool:
        """``/…`` on this site, or ``https://…``."""
        if not isinstance(value, str):
            return False
        return (value.startswith("/") and not value.startswith("//")) or (
            urlsplit(value).scheme in {"http", "https"} and " " not in value
        )

    def said(self, value: Any) -> str:
        """Whole, whatever was given."""
        return f"{site_url()}{value}" if value.startswith("/") else plain_text(value)

    def nothing(self) -> str:
        """The site's own."""
        return site_url()


@dataclass(frozen=True, slots=True)
class Link(Address):
    """A page of the site: ``to`` is its name, ``args`` the keys that the domain gives for it."""

    to: str = field(kw_only=True)
    args: tuple[str, ...] = field(default=(), kw_only=True)

    def keys(self, name: str) -> tuple[str, ...]:
        """The domain gives numbers and slugs, not addresses."""
        return self.args

    def value(self, name: str, given: Mapping[str, Any], language: str) -> str:
        """The address in the language of the message, which is the active one."""
        try:
            return site_url() + reverse(self.to, args=[given[key] for key in self.args])
        except KeyError as error:
            raise WrongValue(f"{error.args[0]} is missing") from error
        except NoReverseMatch as error:
            raise WrongValue(f"{', '.join(self.args)} make no address") from error

    def example_values(self, name: str) -> dict[str, Any]:
        """``example`` holds a value for each key."""
        return dict(zip(self.args, self.example or (), strict=True))


@dataclass(frozen=True, slots=True)
class Texts(Variable):
    """Several texts, to be walked by ``{% for %}``."""

    kind: ClassVar[str | _StrPromise] = _("list of texts")

    def accepts(self, value: Any) -> bool:
        """A list of texts, which may have none."""
        return _is_list(value) and all(isinstance(each, str | Promise) for each in value)

    def said(self, value: Any) -> list[str]:
        """Each as text."""
        return [plain_text(each) for each in value]

    def nothing(self) -> list[str]:
        """No row."""
        return []

    def example_values(self, name: str) -> dict[str, Any]:
        """Each in the active language."""
        return {name: [_spoken(each) for each in self.example]}


@dataclass(frozen=True, slots=True)
class Rows(Variable):
    """A list whose rows all have the same ``columns``, to be walked by ``{% for %}``."""

    columns: Mapping[str, Variable] = field(kw_only=True)
    kind: ClassVar[str | _StrPromise] = _("list of rows")

    def accepts(self, value: Any) -> bool:
        """A list of mappings; what they hold is looked at when it is read."""
        return _is_list(value) and all(isinstance(row, Mapping) for row in value)

    def nothing(self) -> list[Any]:
        """No row."""
        return []

    def value(self, name: str, given: Mapping[str, Any], language: str) -> Any:
        """Each row with its columns as a template receives them."""
        rows = Variable.value(self, name, given, language)
        return [dict(self._read(name, row, language)) for row in rows]

    def _read(self, name: str, row: Mapping[str, Any], language: str) -> Iterator[tuple[str, Any]]:
        known = {key for column, of in self.columns.items() for key in of.keys(column)}
        if unknown := sorted(set(row) - known):
            raise WrongValue(f"{name}: {', '.join(unknown)} is unknown")
        for column, of in self.columns.items():
            try:
                yield column, of.value(column, row, language)
            except WrongValue as error:
                raise WrongValue(f"{name}: {error}") from error

    def example_values(self, name: str) -> dict[str, Any]:
        """``example`` counts the rows; each has the examples of its columns."""
        row: dict[str, Any] = {}
        for column, of in self.columns.items():
            row.update(of.example_values(column))
        return {name: [dict(row) for _each in range(self.example or 2)]}


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
