"""Forms of the workspace that belong to no other room."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.text import LineField


class PreferencesForm(forms.ModelForm[User]):
    """The name others read, and the language one is written to in."""

    name = LineField(
        label=_("Your name"),
        max_length=150,
        required=False,
        help_text=_("As the city and your organisation read it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    class Meta:
        model = User
        fields = ("name", "language")
        labels = {"language": _("Language of your messages")}
        help_texts = {
            "language": _("Mails come in this language, whichever language you read the site in.")
        }
