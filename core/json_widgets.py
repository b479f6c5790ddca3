"""Lists kept as JSON, written by people as lines or boxes: nobody types brackets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import slugify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

LONGEST_VALUE = 40


def _listed(value: Any) -> list[Any] | None:
    """The list that a JSON field gives its widget as text; None for what is not one."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return None
    return found if isinstance(found, list) else None


class Lines(forms.Textarea):
    """A list of texts, one a line."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """``attrs`` as Django's; three lines high unless told."""
        super().__init__({"rows": 3, **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """The list as lines; what is not a list is left as it was typed."""
        listed = _listed(value)
        if listed is None:
            typed: str | None = super().format_value(value)
            return typed
        return "\n".join(self.line_of(item) for item in listed)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        """The lines as JSON, empty ones left out."""
        text = data.get(name)
        if text is None:
            return None
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return json.dumps(self.items_of(lines), ensure_ascii=False)

    def line_of(self, item: Any) -> str:
        """One item as a line."""
        return str(item)

    def items_of(self, lines: list[str]) -> list[Any]:
        """The items that the lines say."""
        return list(lines)


class ChoiceLines(Lines):
    """The choices of a question, one a line: ``français | English``.

    The value that answers keep is made from the French words, numbered when two are alike.
    """

    def line_of(self, item: Any) -> str:
        """Both languages, or French alone."""
        if not isinstance(item, dict):
            return str(item)
        return " | ".join(str(item[code]) for code in ("fr", "en") if item.get(code))

    def items_of(self, lines: list[str]) -> list[Any]:
        """``{value, fr, en}`` for each line."""
        items: list[dict[str, str]] = []
        taken: set[str] = set()
        for line in lines:
            french, _bar, english = (part.strip() for part in line.partition("|"))
            stem = slugify(french)[:LONGEST_VALUE] or "choix"
            numbered = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
            value = next(v for v in (stem, *numbered) if v not in taken)
            taken.add(value)
            items.append({"value": value, "fr": french, "en": english})
        return items


class Boxes(forms.CheckboxSelectMultiple):
    """A list of known values, ticked."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Iterable[tuple[Any, Any]] = (),
        *,
        cast: Callable[[str], Any] = str,
    ) -> None:
        """``cast`` makes the value that is kept from the one that was ticked."""
        super().__init__(attrs, choices)
        self.cast = cast

    def format_value(self, value: Any) -> list[str]:
        """The ticked values."""
        return [str(item) for item in _listed(value) or []]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """The ticked values as JSON, in the order of the boxes."""
        ticked = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        known = [str(value) for value, _label in self.choices]
        kept = [self.cast(value) for value in known if value in ticked]
        return json.dumps(kept)
