"""The form of a listing: what is typed, what it says once cleaned, and how it reads in words.

A « raw » value is what a field was sent, in plain JSON: a text, a truth, a list of codes, rows.
Drafts keep raw values; a record is read back into them, so that two of its versions are compared.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.taxonomy.places import is_in_the_city
from core.text import TextRefused, refuse_long, without_hidden
from startups.forms.fields import FreeNumber, field_for, pairs_of
from startups.forms.rows import RowsField
from startups.forms.shown import FilesField, LogoField
from startups.models import Incubator, Program
from startups.sections import fields_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from startups.models import Listing

# Said by whoever puts a listing outside the city; kept in the draft, not in the record.
OUTSIDE: Final = "outside"
LONGEST_RAW: Final = 20_000
OLDEST: Final = 1800
NOT_NEGATIVE: Final = frozenset({"fee", "stipend", "investment", "site_area"})


class ListingForm(forms.Form):
    """Every field of a listing that members write."""

    def __init__(
        self,
        model: type[Listing],
        data: Mapping[str, Any] | None = None,
        *,
        may_upload: bool = False,
        **kwargs: Any,
    ) -> None:
        """``data`` are raw values or what was posted; ``initial`` are raw values.

        ``may_upload`` shows the boxes that take files.
        """
        super().__init__(data, **kwargs)
        self.model = model
        for name in fields_of(model):
            self.fields[name] = field_for(model, name)
            if isinstance(self.fields[name], LogoField | FilesField):
                self.fields[name].widget.may_upload = may_upload
        held = data if data is not None else self.initial
        if model is Incubator and is_outside(held or {}):
            self.fields[OUTSIDE] = forms.BooleanField(
                label=_("Yes, this place is outside the city’s area."), required=True
            )

    def raw(self, name: str) -> Any:
        """What was sent for one field."""
        return typed(self.fields[name].widget.value_from_datadict(self.data, self.files, name))

    def checked(self, name: str) -> tuple[Any, list[str]]:
        """What was sent for one field, and why it is not kept: files refused, a text too long."""
        field, raw = self.fields[name], self.raw(name)
        try:
            require_short(raw)
        except TextRefused as error:
            return raw, [str(error)]
        return field.checked(raw) if isinstance(field, LogoField | FilesField) else (raw, [])

    def clean(self) -> dict[str, Any]:
        """What holds between fields; the database says it again."""
        found: dict[str, Any] = super().clean() or {}
        if self.model is Program:
            low, high = found.get("trl_min"), found.get("trl_max")
            for name, value in (("trl_min", low), ("trl_max", high)):
                if value is not None and not 1 <= value <= 9:
                    self.add_error(name, _("A TRL is a number from 1 to 9."))
            if low and high and low > high:
                self.add_error("trl_max", _("The TRL goes from the lower to the higher."))
        for name in NOT_NEGATIVE & set(self.fields):
            if (found.get(name) or 0) < 0:
                self.add_error(name, _("It is not negative."))
        year = found.get("founded_year")
        if year is not None and not OLDEST <= year <= timezone.localdate().year:
            self.add_error("founded_year", _("A year from 1800 to this one."))
        if found.get("logo") and not found.get("logo_alt_fr") and "logo_alt_fr" not in self.errors:
            sentence = _("Say in words what the logo shows, for those who do not see it.")
            self.add_error("logo_alt_fr", sentence)
        if self.model is Incubator:
            self._clean_place(found)
        return found

    def _clean_place(self, found: dict[str, Any]) -> None:
        lat, lon = found.get("lat"), found.get("lon")
        if (lat is None) != (lon is None) and not {"lat", "lon"} & set(self.errors):
            self.add_error("lon", _("Give both the latitude and the longitude, or neither."))
        for name, value, most in (("lat", lat, 90), ("lon", lon, 180)):
            if value is not None and not -most <= value <= most:
                self.add_error(name, _("This is not on Earth: from -%(n)s to %(n)s.") % {"n": most})
        if OUTSIDE in self.errors:
            self.errors[OUTSIDE] = self.error_class(
                [_("This place is outside the city’s area. Correct it, or confirm that it is so.")]
            )

    def apply(self, listing: Listing) -> None:
        """Write what could be cleaned into ``listing``, which is not saved.

        A field that says what the listing says is left as it is: cleaning makes plain spaces of the
        hard ones of French, and nobody touched it.
        """
        held = raw_of(listing)
        for name, value in self.cleaned_data.items():
            if name == OUTSIDE or self.raw(name) == held[name]:
                continue
            if isinstance(self.fields[name], RowsField):
                child = listing._meta.get_field(name).related_model
                rows = [child(**row, sort_order=n) for n, row in enumerate(value)]
                getattr(listing, name).set(rows)
            elif listing._meta.get_field(name).many_to_many:
                getattr(listing, name).set(list(value))
            else:
                column = listing._meta.get_field(name)
                is_number = isinstance(value, Decimal) and "Float" in column.get_internal_type()
                setattr(listing, name, float(value) if is_number else value)

    def refuse(self, error: ValidationError) -> None:
        """Say what the record itself refuses, on the field it names when it is one of ours."""
        for name, wrong in error.message_dict.items():
            self.add_error(
                name if name in self.fields and name != NON_FIELD_ERRORS else None, wrong
            )

    def in_words(self, name: str, raw: Any) -> str:
        """A raw value as people read it; empty when nothing is given."""
        field = self.fields[name]
        if isinstance(field, RowsField | LogoField):
            return field.in_words(raw)
        if isinstance(field, forms.BooleanField):
            return _("yes") if raw else _("no")
        if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
            words = dict(pairs_of(field))
            codes = raw if isinstance(raw, list) else [raw] if raw else []
            return ", ".join(words.get(str(code), str(code)) for code in codes)
        return str(raw if raw is not None else "")


def typed(value: Any) -> Any:
    """A raw value as it is kept: nothing that hides or breaks."""
    if isinstance(value, str):
        return without_hidden(value)
    if isinstance(value, list):
        return [typed(each) for each in value[:100]]
    if isinstance(value, dict):
        return {str(key)[:40]: typed(each) for key, each in list(value.items())[:20]}
    return value


def require_short(value: Any) -> None:
    """``TextRefused`` for a text longer than a draft keeps: it is never cut without a word."""
    if isinstance(value, str):
        refuse_long(value, LONGEST_RAW)
    if isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            require_short(each)


def raw_of(listing: Listing) -> dict[str, Any]:
    """The raw values that a form of ``listing`` would have been sent."""
    return {name: _raw(listing, name) for name in fields_of(type(listing))}


def _raw(listing: Listing, name: str) -> Any:
    column = listing._meta.get_field(name)
    if column.one_to_many:
        row = field_for(type(listing), name).row.base_fields  # type: ignore[attr-defined]
        return [
            {key: _text(getattr(each, each._meta.get_field(key).attname)) for key in row}
            for each in getattr(listing, name).all()
        ]
    if column.many_to_many:
        return sorted(str(each.pk) for each in getattr(listing, name).all())
    value = getattr(listing, column.attname)
    if isinstance(value, list):
        lines = [str(each) for each in value]
        return "\n".join(lines) if name in ("links", "sectors") else lines
    return value if isinstance(value, bool) else _text(value)


def _text(value: Any) -> str:
    """As one would type it: no number has digits that say nothing."""
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    if isinstance(value, Decimal | float):
        text = format(Decimal(str(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return without_hidden(str(value))


def is_outside(raws: Mapping[str, Any]) -> bool:
    """Whether what was typed as a place is one, and outside the city's area."""
    try:
        lat, lon = (float(FreeNumber().clean(str(raws.get(name, "")))) for name in ("lat", "lon"))
    except (ValidationError, TypeError, ValueError):
        return False
    return -90 <= lat <= 90 and -180 <= lon <= 180 and not is_in_the_city(lat, lon)
