"""What a visitor says is wrong, and the answer."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.mail_domains import AddressField
from core.text import LineField, LinesField
from startups.facts import is_automatic
from startups.models.correction import LONGEST_SOURCE, LONGEST_VALUE

if TYPE_CHECKING:
    from startups.models import Listing

BEGAN: Final = "startups.correction"
# Nobody reads, writes and gives a source in less; a page left open for longer is shown again.
LEAST: Final = timedelta(seconds=3)
MOST: Final = timedelta(days=1)


class CorrectionForm(forms.Form):
    """The right value of one field, and where it is to be read.

    ``web_page`` is seen by no one: what is written there was written by a program, and is not kept.
    """

    source = LineField(
        label=_("Where can this be read?"),
        help_text=_("The address of a page, a document, or how you know it."),
        max_length=LONGEST_SOURCE,
        error_messages={"required": _("Say where it can be read, or how you know it.")},
    )
    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_(
            "Optional: you are told once what became of it, and the address is erased after 90 "
            "days at most."
        ),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    web_page = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    began = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, listing: Listing, field: str, **kwargs: Any) -> None:
        """``field`` is one of the listing's public facts."""
        super().__init__(*args, **kwargs)
        self.fields["value"] = value_field(listing, field)
        if is_automatic(listing, field):
            # One corrects what stands there: sent empty by oversight, it would ask to remove it.
            self.initial["value"] = _as_typed(listing._meta.get_field(field), listing)
        self.order_fields(["value", "source", "email"])
        self.about = [listing._meta.model_name, listing.pk, field]

    def first_shown(self) -> str:
        """When the form was first shown, signed."""
        return signing.dumps(self.about, salt=BEGAN)

    @property
    def is_by_a_program(self) -> bool:
        """Whether something was written where no person writes."""
        return bool(self.data.get("web_page"))

    def clean(self) -> dict[str, Any]:
        """Neither sent at once, nor left open for a day: both are said, and nothing is lost."""
        given = super().clean() or {}
        began = self.data.get("began", "")
        try:
            is_known = signing.loads(began, salt=BEGAN, max_age=MOST) == self.about
        except signing.BadSignature:
            is_known = False
        if not is_known:
            raise ValidationError(
                _("This page was open for too long. Read it again, then send."), code="too_old"
            )
        try:
            signing.loads(began, salt=BEGAN, max_age=LEAST)
        except signing.SignatureExpired:
            return given
        raise ValidationError(
            _("This was sent very fast. Read it again, then send."), code="too_fast"
        )


def _as_typed(field: Any, listing: Listing) -> str:
    """What ``field`` says now, as its form takes it."""
    value = field.value_from_object(listing)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str("" if value is None else value)


def value_field(listing: Listing, name: str) -> forms.Field:
    """How the right value of a field is typed or chosen."""
    field, label = listing._meta.get_field(name), _("What it should say")
    if not is_automatic(listing, name):
        return LinesField(
            label=label,
            help_text=_("In your own words: a person will put it."),
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
    if isinstance(field, models.ForeignKey):
        choices = [(str(row.pk), str(row)) for row in field.related_model._default_manager.all()]
        return forms.ChoiceField(label=label, choices=[("", "—"), *choices], required=False)
    if isinstance(field, models.BooleanField):
        yes_no = [("true", _("yes")), ("false", _("no"))]
        return forms.ChoiceField(label=label, choices=yes_no)
    if field.choices:
        choices = [(str(value), str(words)) for value, words in field.flatchoices]
        blank = [("", "—")] if field.blank else []
        return forms.ChoiceField(label=label, choices=blank + choices, required=not field.blank)
    help_text = _("Leave it empty if there is none.") if field.blank else ""
    kind: dict[str, Any] = {"label": label, "help_text": help_text, "required": not field.blank}
    if isinstance(field, models.URLField):
        return forms.URLField(assume_scheme="https", max_length=field.max_length, **kind)
    if isinstance(field, models.IntegerField):
        return forms.IntegerField(min_value=0, **kind)
    if isinstance(field, models.DecimalField):
        return forms.DecimalField(min_value=0, max_digits=12, decimal_places=2, **kind)
    if isinstance(field, models.TextField):
        rows = forms.Textarea(attrs={"rows": 6})
        return LinesField(max_length=LONGEST_VALUE, widget=rows, **kind)
    return LineField(max_length=field.max_length, **kind)
