"""An address and a language."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.accounts.mail_domains import domain_of
from core.following.models import LANGUAGE_CHOICES


class AddressForm(forms.Form):
    """Whom to write to."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        """In lower case; a domain that imitates another one is refused."""
        email: str = self.cleaned_data["email"]
        if not domain_of(email):
            raise ValidationError(
                _("This address imitates another one with letters of another alphabet.")
            )
        return email.lower()


class FollowForm(AddressForm):
    """Whom to write to, and how."""

    language = forms.ChoiceField(label=_("Language of the mails"), choices=LANGUAGE_CHOICES)
