"""To make an organisation, to ask to join one, to answer."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.accounts.domain.join_requests import LONGEST_MESSAGE
from core.accounts.domain.members import ROLES_TO_GIVE
from core.accounts.domain.organisations import LONGEST_NAME, MADE_BY_ANYONE
from core.accounts.models import NEQ_FORM
from core.text import LineField, LinesField, TextRefused, ascii_host

FAR_TOO_LONG = 60


class DetailsForm(forms.Form):
    """What an organisation is called, and where it is found."""

    name = LineField(
        label=_("Name"),
        help_text=_("As in the register of enterprises, or as people know it."),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    neq = forms.CharField(
        label=_("Québec enterprise number (NEQ)"),
        help_text=_("Optional. Ten digits beginning with 11, 22, 33 or 88."),
        required=False,
        max_length=FAR_TOO_LONG,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    website = forms.URLField(
        label=_("Web site"),
        help_text=_("Optional."),
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        help_text=_("The one in which the city writes to it."),
        choices=[("fr", "Français"), ("en", "English")],
    )

    def clean_neq(self) -> str:
        """Ten digits, however they were spaced; the verb asks again."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["neq"])
        digits = re.sub(r"[\s-]", "", typed)
        if digits and not re.match(NEQ_FORM, digits, re.ASCII):
            raise ValidationError(
                _("An enterprise number (NEQ) has ten digits and begins with 11, 22, 33 or 88.")
            )
        return digits

    def clean_website(self) -> str:
        """A site whose name imitates no other."""
        website: str = self.cleaned_data["website"]
        if website:
            address = urlsplit(website)
            if address.scheme not in ("http", "https"):
                raise ValidationError(_("The address of a web site begins with https://."))
            try:
                ascii_host(address.hostname or "")
            except TextRefused as error:
                raise ValidationError(str(error)) from error
        return website


class OrganisationForm(DetailsForm):
    """The same, and what it is: this does not change afterwards."""

    kind = forms.ChoiceField(
        label=_("What it is"), choices=[("", "—"), *((k.value, k.label) for k in MADE_BY_ANYONE)]
    )
    field_order = ("name", "kind", "neq", "website", "language")


class JoinForm(forms.Form):
    """A word to those who answer."""

    message = LinesField(
        label=_("A word to its owners"),
        help_text=_("Optional. They read your name and your e-mail address too."),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AnswerForm(forms.Form):
    """Yes with a role, or no."""

    answer = forms.ChoiceField(choices=[("accept", "accept"), ("refuse", "refuse")])
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in ROLES_TO_GIVE],
        required=False,
    )
