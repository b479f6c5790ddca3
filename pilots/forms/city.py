"""What the city's team fills in between the close and the choice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts import roles
from core.accounts.models import User
from pilots.enums import Outcome


class JuryForm(forms.Form):
    """Who sits in the jury."""

    users = forms.ModelMultipleChoiceField(
        label=_("Jury members"),
        help_text=_("People of the jury group. Each receives a mail and declares conflicts first."),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, seated: set[int]) -> None:
        """``seated`` are not asked again."""
        super().__init__(data)
        field = self.fields["users"]
        field.queryset = (  # type: ignore[attr-defined]
            User.objects.filter(groups__name=roles.JURY_MEMBERS, is_active=True)
            .exclude(pk__in=seated)
            .order_by("name", "pk")
        )


class OutcomeForm(forms.Form):
    """An outcome and its reasons, held until the envelope leaves."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", "—"), *Outcome.choices], widget=forms.Select
    )
    reasons_fr = forms.CharField(
        label=_("Reasons (French)"),
        help_text=_("The applicant reads them in the letter, with the scores."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reasons_en = forms.CharField(
        label=_("Reasons (English)"),
        help_text=_("Optional; without them the letter in English quotes the French."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReasonForm(forms.Form):
    """Why something public stops, in both languages."""

    reason_fr = forms.CharField(
        label=_("Why (French)"),
        help_text=_("The public reads it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reason_en = forms.CharField(
        label=_("Why (English)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
