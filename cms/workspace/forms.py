"""Forms of the workspace that belong to no other room."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User


class PreferencesForm(forms.ModelForm[User]):
    """The name others read, and the language one is written to in."""

    class Meta:
        model = User
        fields = ("name", "language")
        labels = {"name": _("Your name"), "language": _("Language of your messages")}
        help_texts = {
            "name": _("As the city and your organisation read it."),
            "language": _("Mails come in this language, whichever language you read the site in."),
        }
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}
