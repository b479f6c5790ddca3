"""An address and a language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.mail_domains import AddressField
from core.following.domain.preferences import frequencies_of
from core.following.enums import Frequency
from core.following.models import LANGUAGE_CHOICES, Follower
from core.following.tellings import topics


class AddressForm(forms.Form):
    """Whom to write to."""

    email = AddressField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class FollowForm(AddressForm):
    """Whom to write to, and how."""

    language = forms.ChoiceField(label=_("Language of the mails"), choices=LANGUAGE_CHOICES)


class FrequencyForm(forms.Form):
    """How often one reads about each class of events."""

    def __init__(self, *args: Any, follower: Follower | None, **kwargs: Any) -> None:
        """One field for each class that the floors can tell of, as ``follower`` has it now."""
        super().__init__(*args, **kwargs)
        for topic, frequency in frequencies_of(follower).items():
            self.fields[topic] = forms.ChoiceField(
                label=topics[topic].label,
                help_text=topics[topic].help,
                choices=Frequency.choices,
                initial=frequency,
            )
