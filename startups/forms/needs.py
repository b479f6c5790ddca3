"""A need of a startup, and what one writes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import LineField, LinesField
from startups.domain.needs import LONGEST, LONGEST_REASON, LONGEST_TEXT
from startups.domain.relaying import LONGEST_REPORT, LONGEST_WORD
from startups.enums import NeedKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


class NeedForm(forms.Form):
    """What is looked for, in words, until when."""

    kind = forms.ChoiceField(label=_("What you look for"), choices=NeedKind.choices)
    text_fr = LineField(
        label=_("In words (French)"),
        help_text=_("One sentence: what, where, for how long."),
        max_length=LONGEST_TEXT,
    )
    text_en = LineField(
        label=_("In words (English)"),
        help_text=_("Optional. Without it, English pages show the French and say so."),
        required=False,
        max_length=LONGEST_TEXT,
    )
    expires_on = forms.DateField(
        label=_("Until"),
        help_text=_("Within twelve months. Your workspace reminds you two weeks before."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        """``today`` is the city's day."""
        super().__init__(*args, **kwargs)
        self.today = today
        ends = self.fields["expires_on"].widget.attrs
        ends["min"], ends["max"] = today.isoformat(), (today + LONGEST).isoformat()

    def clean_expires_on(self) -> date:
        """A day to come, within a year; the verb asks again."""
        day: date = self.cleaned_data["expires_on"]
        if not self.today <= day <= self.today + LONGEST:
            raise forms.ValidationError(
                _("A need lasts until a day to come, within twelve months.")
            )
        return day


class RelayForm(forms.Form):
    """A message, in somebody's name."""

    writer = forms.ChoiceField(label=_("In the name of"))
    text = LinesField(
        label=_("Your message"),
        help_text=_(
            "The startup reads your organisation’s name and your words, not your e-mail address."
        ),
        max_length=LONGEST_WORD,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, writers: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        """``writers`` are keys and names of those in whose name the person may write."""
        super().__init__(*args, **kwargs)
        field = self.fields["writer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(writers)


class SayForm(forms.Form):
    """A word of a conversation."""

    text = LinesField(
        label=_("Your message"),
        max_length=LONGEST_WORD,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ReportForm(forms.Form):
    """What is wrong with a conversation."""

    reason = LinesField(
        label=_("What is wrong"),
        help_text=_("The city’s moderators read this and the whole conversation."),
        max_length=LONGEST_REPORT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CloseForm(forms.Form):
    """Why a moderator closes something."""

    reason = LineField(
        label=_("Reason"), help_text=_("Those concerned read it."), max_length=LONGEST_REASON
    )
