"""The field that takes each column of a listing, as members write it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator, URLValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.languages import LANGUAGES
from core.taxonomy.models import Theme
from core.text import LineField, LinesField
from startups.enums import ApplicantKind, Offer, Stage
from startups.forms.rows import DeploymentForm, PersonForm, RowsField
from startups.forms.shown import FilesField, LogoField

if TYPE_CHECKING:
    from collections.abc import Callable

    from startups.models import Listing

LONGEST_TEXT: Final = 10_000
LONGEST_ADDRESS: Final = 200
SPOKEN: Final = [("fr", gettext_lazy("French")), ("en", gettext_lazy("English"))]
# Lists of codes, and the boxes that tick them.
BOXES: Final[dict[str, Any]] = {
    "languages": SPOKEN,
    "offers": Offer.choices,
    "stages": Stage.choices,
    "applicants": ApplicantKind.choices,
}
ONE_A_LINE: Final = gettext_lazy("One per line.")


class FreeNumber(forms.DecimalField):
    """A number as people write it: « 12 500,50 » as well as “12500.50”."""

    def __init__(self, **kwargs: Any) -> None:
        """As Django's; typed as text, that a comma is not refused by the browser."""
        super().__init__(**kwargs)
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        """Without spaces, with a point."""
        if isinstance(value, str):
            value = re.sub(r"\s", "", value).replace(",", ".")
        return super().to_python(value)


class ListField(LinesField):
    """A list of short texts, one a line."""

    def __init__(self, *, most: int, longest: int, **kwargs: Any) -> None:
        """``most`` lines of ``longest`` characters."""
        super().__init__(max_length=most * (longest + 1), **kwargs)
        self.most_lines, self.longest = most, longest
        self.widget.attrs["rows"] = 3

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        """The lines that are not empty, once each."""
        lines = [line.strip() for line in str(super().clean(value)).split("\n")]
        found = list(dict.fromkeys(line for line in lines if line))
        if len(found) > self.most_lines:
            raise ValidationError(_("%(n)s lines at most.") % {"n": self.most_lines})
        if any(len(line) > self.longest for line in found):
            raise ValidationError(_("%(n)s characters a line at most.") % {"n": self.longest})
        return found


class LinksField(ListField):
    """Addresses of pages, one a line; those without a scheme are read as https."""

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        """Whole addresses of the web, and nothing else."""
        found = []
        for line in super().clean(value):
            link = line if "://" in line else f"https://{line}"
            try:
                URLValidator(schemes=["http", "https"])(link)
            except ValidationError:
                said = _("“%(link)s” is not the address of a page.") % {"link": line}
                raise ValidationError(said) from None
            found.append(link)
        return found


class CodesField(forms.MultipleChoiceField):
    """Boxes whose values are kept as a list of codes, in the order of the boxes."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[str]:
        """The ticked codes."""
        ticked = super().clean(value)
        return [code for code, _label in pairs_of(self) if code in ticked]


def pairs_of(field: Any) -> list[tuple[str, str]]:
    """The choices of ``field``: values and their words."""
    return [(str(value), str(label)) for value, label in field.choices]


def _links(label: str) -> forms.Field:
    return LinksField(
        label=label, required=False, most=10, longest=LONGEST_ADDRESS, help_text=ONE_A_LINE
    )


def _sectors(label: str) -> forms.Field:
    return ListField(label=label, required=False, most=12, longest=60, help_text=ONE_A_LINE)


def _themes(label: str) -> forms.Field:
    return forms.ModelMultipleChoiceField(
        Theme.objects.all(), label=label, required=False, widget=forms.CheckboxSelectMultiple
    )


SPECIAL: Final[dict[str, Callable[[str], forms.Field]]] = {
    "links": _links,
    "sectors": _sectors,
    "themes": _themes,
    "logo": lambda label: LogoField(label=label),
    "files": lambda label: FilesField(label=gettext_lazy("Pictures and documents")),
    "people": lambda label: RowsField(
        PersonForm,
        label=gettext_lazy("People by role"),
        help_text=gettext_lazy("The public address is the organisation’s: anyone may read it."),
    ),
    "deployments": lambda label: RowsField(DeploymentForm, label=gettext_lazy("Deployments")),
}


def field_for(model: type[Listing], name: str) -> forms.Field:
    """The field of the form; French is required where the record asks for it, English never."""
    column = model._meta.get_field(name)
    label = capitalised(str(getattr(column, "verbose_name", name)))
    if name in SPECIAL:
        return SPECIAL[name](label)
    if name in BOXES:
        return CodesField(label=label, choices=BOXES[name], required=False)
    common: dict[str, Any] = {
        "label": label,
        "required": not column.blank,
        "help_text": getattr(column, "help_text", ""),
    }
    if isinstance(column, models.TextField):
        found: forms.Field = LinesField(**common, max_length=LONGEST_TEXT)
        found.widget.attrs["rows"] = 6
    elif type(column) is models.CharField and not column.choices:
        found = LineField(**common, max_length=column.max_length or LONGEST_ADDRESS)
    elif isinstance(column, models.DecimalField):
        found = FreeNumber(
            **common, max_digits=column.max_digits, decimal_places=column.decimal_places
        )
    elif isinstance(column, models.FloatField):
        found = FreeNumber(**common, max_digits=12, decimal_places=7)
    elif isinstance(column, models.URLField):
        found = forms.URLField(**common, max_length=LONGEST_ADDRESS, assume_scheme="https")
    else:
        made = column.formfield(label=label)
        if made is None:
            raise KeyError(name)
        found = made
    # The limits of the column, which Django's own forms of models leave to the record.
    limits = [v for v in column.validators if isinstance(v, BaseValidator)]
    found.validators = [*found.validators, *(v for v in limits if v not in found.validators)]
    if isinstance(found, LinesField):
        # A browser would cut what is pasted, without a word: the draft takes it, the form says it.
        found.widget.attrs.pop("maxlength", None)
    language = language_of(name)
    if language:
        found.widget.attrs["lang"] = language
    return found


def language_of(name: str) -> str:
    """The language that a field is written in; empty for those of both."""
    return name[-2:] if name[-3:-2] == "_" and name[-2:] in LANGUAGES else ""


def capitalised(text: str) -> str:
    """With a capital, the rest as it is."""
    return text[:1].upper() + text[1:]
