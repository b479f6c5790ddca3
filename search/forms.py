"""How often, and whom to write to."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.following.enums import DIGESTS, Frequency
from core.following.forms import FollowForm


class RhythmForm(forms.Form):
    """How often one is told of what a search newly finds."""

    frequency = forms.ChoiceField(
        label=_("How often we write to you"),
        choices=[(frequency.value, frequency.label) for frequency in DIGESTS],
        initial=Frequency.DAILY.value,
        widget=forms.RadioSelect,
    )


class FollowSearchForm(RhythmForm, FollowForm):
    """The same for whom has no account."""

    field_order = ("frequency", "email", "language")
