"""To close, merge or rename a listing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import LineField
from startups.domain.ending import LONGEST_NOTE


class CloseForm(forms.Form):
    """Since when, and why."""

    closed_on = forms.DateField(
        label=_("Closed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note_fr = LineField(
        label=_("What happened (French)"),
        help_text=_("One sentence, which the page shows."),
        max_length=LONGEST_NOTE,
    )
    note_en = LineField(
        label=_("What happened (English)"),
        help_text=_("Optional."),
        required=False,
        max_length=LONGEST_NOTE,
    )


class OwnCloseForm(CloseForm):
    """The same, by whoever speaks for it: said twice, for it is not undone."""

    sure = forms.BooleanField(label=_("The organisation has ended: close its page for good"))


class ReopenForm(forms.Form):
    """Why it acts again."""

    reason_fr = LineField(
        label=_("What was wrong (French)"),
        help_text=_("One sentence, which the history of the page shows; its owners receive it."),
        max_length=LONGEST_NOTE,
    )
    reason_en = LineField(
        label=_("What was wrong (English)"),
        help_text=_("Optional."),
        required=False,
        max_length=LONGEST_NOTE,
    )


class MergeForm(CloseForm):
    """The same, and what it became."""

    heir = forms.CharField(
        label=_("Merged into"),
        help_text=_(
            "The address of the other page, or its end: “centre-des-mesures”. Programs and "
            "solutions go to it."
        ),
        max_length=300,
    )
    field_order = ("heir",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The same day, in other words."""
        super().__init__(*args, **kwargs)
        self.fields["closed_on"].label = _("Merged on")

    def clean_heir(self) -> str:
        """The end of the address, of whatever was pasted of it."""
        return str(self.cleaned_data["heir"]).split("?")[0].strip(" /").rpartition("/")[2]


class RenameForm(forms.Form):
    """Another address."""

    slug = forms.SlugField(
        label=_("New address"),
        help_text=_("The old one leads to it for ever."),
        max_length=120,
    )
