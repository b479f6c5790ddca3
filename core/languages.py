"""Two languages in one record: paired columns and the text a reader gets.

French is required to publish, English is not (promise 10). A record keeps ``title_fr`` and
``title_en``; ``title = Pair("title")`` reads the one of the active language and falls back to
French, saying so, that a page never mixes the two silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from django.utils.translation import get_language

if TYPE_CHECKING:
    from collections.abc import Iterable

CANONICAL = "fr"
LANGUAGES = ("fr", "en")


def active_language() -> str:
    """The two-letter language of the reader, French when none or another is active."""
    language = (get_language() or CANONICAL)[:2]
    return language if language in LANGUAGES else CANONICAL


class LocalText(str):
    """A text that knows the language it is written in.

    ``lang`` is the language of the words, ``is_fallback`` is true when the reader asked for
    another one.
    """

    lang: str
    is_fallback: bool

    def __new__(cls, value: str, lang: str, *, is_fallback: bool = False) -> LocalText:
        """Wrap ``value``, written in ``lang``."""
        text = super().__new__(cls, value)
        text.lang = lang
        text.is_fallback = is_fallback
        return text


class Pair:
    """Descriptor over ``<name>_fr`` and ``<name>_en``; read only, forms write the columns."""

    def __init__(self, name: str) -> None:
        """``name`` is the stem of the two columns."""
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Pair: ...
    @overload
    def __get__(self, instance: object, owner: type) -> LocalText: ...
    def __get__(self, instance: object | None, owner: type) -> Pair | LocalText:
        """The text for the active language, else French, else whichever is there."""
        if instance is None:
            return self
        return self.text_for(instance, active_language())

    def text_for(self, instance: object, language: str) -> LocalText:
        """The text of ``instance`` for ``language``, with its fallback."""
        order = [language, *(code for code in LANGUAGES if code != language)]
        for code in order:
            value = getattr(instance, f"{self.name}_{code}")
            if value:
                return LocalText(value, code, is_fallback=code != language)
        return LocalText("", language)


def pairs_of(model: type[Any]) -> dict[str, Pair]:
    """The pairs that a model or one of its parents declares, by stem."""
    found: dict[str, Pair] = {}
    for parent in reversed(model.__mro__):
        found.update({k: v for k, v in vars(parent).items() if isinstance(v, Pair)})
    return found


def text_in(record: object, name: str, language: str) -> LocalText:
    """``record``'s text ``name`` in ``language``: for mails, feeds and files."""
    return pairs_of(type(record))[name].text_for(record, language)


def missing_in(record: object, language: str, names: Iterable[str] | None = None) -> list[str]:
    """Stems that are written in another language but not in ``language``.

    ``names`` narrows the question to those stems; all pairs by default.
    """
    stems = list(names) if names is not None else list(pairs_of(type(record)))
    return [
        stem
        for stem in stems
        if not getattr(record, f"{stem}_{language}")
        and any(getattr(record, f"{stem}_{code}") for code in LANGUAGES)
    ]
