"""What the pilot's team fills in, from the site to the verdict."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilots.domain.reading import NewReading
from pilots.enums import MilestoneState, VerdictOutcome
from pilots.models import Indicator, JournalEntry, Pilot, Site


class DayInput(forms.DateInput):
    """The browser's own calendar; the value goes as ISO 8601 whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """``attrs`` as Django's."""
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class InstantInput(forms.DateTimeInput):
    """Day and hour, on the city's clocks."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """``attrs`` as Django's."""
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A date typed as a calendar gives it."""
    return forms.DateField(label=label, widget=DayInput, input_formats=["%Y-%m-%d"], **options)


def _days(*names: str) -> dict[str, Any]:
    """The calendar for each of the named fields."""
    return dict.fromkeys(names, DayInput)


class BookingForm(forms.Form):
    """A site and its days."""

    site = forms.ModelChoiceField(
        label=_("Site"),
        queryset=Site.objects.none(),
        to_field_name="slug",
        empty_label=_("Choose a site"),
    )
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"))

    def __init__(self, data: Any = None, *, sites: Any, initial: dict[str, Any]) -> None:
        """``sites`` are those the person may see."""
        super().__init__(data, initial=initial)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]


class GrantForm(forms.Form):
    """What the borough answered when it said yes."""

    granted_on = day_field(_("Granted on"))
    expires_on = day_field(_("Valid until"))
    reference = forms.CharField(label=_("Permit number"), max_length=80)


class RefuseForm(forms.Form):
    """What the borough answered when it said no."""

    note_fr = forms.CharField(label=_("What the borough answered"), max_length=300)


class PlanForm(forms.ModelForm[Pilot]):
    """Hypothesis, stop rule, dates, notice, who decides."""

    class Meta:
        model = Pilot
        fields = (
            "title_fr",
            "title_en",
            "summary_fr",
            "summary_en",
            "starts_on",
            "ends_on",
            "hypothesis_fr",
            "hypothesis_en",
            "stop_rule_fr",
            "stop_rule_en",
            "notice_fr",
            "notice_en",
            "agreement_fr",
            "agreement_en",
            "agreement_signed_on",
            "may_identify_people",
            "privacy_summary_fr",
            "privacy_summary_en",
            "verdict_due_on",
            "verdict_role_fr",
            "verdict_role_en",
        )
        widgets = _days("starts_on", "ends_on", "agreement_signed_on", "verdict_due_on") | {
            f"{stem}_{code}": forms.Textarea(attrs={"rows": 3})
            for stem in ("hypothesis", "stop_rule", "notice", "agreement", "privacy_summary")
            for code in ("fr", "en")
        }

    def clean(self) -> dict[str, Any]:
        """Dates in order: a courtesy, the database has the last word."""
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", _("The trial ends before it begins."))
        return cleaned

    def _post_clean(self) -> None:
        """The instance is not touched here: the verb writes."""


class IndicatorForm(forms.ModelForm[Indicator]):
    """One thing measured."""

    every_days = forms.IntegerField(
        label=_("Measured every (days)"), min_value=1, max_value=366, initial=7
    )

    class Meta:
        model = Indicator
        fields = (
            "label_fr",
            "label_en",
            "unit",
            "method_fr",
            "method_en",
            "family",
            "direction",
            "baseline",
            "target",
            "every_days",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As Django's; no family is said in words."""
        super().__init__(*args, **kwargs)
        family: Any = self.fields["family"]
        family.choices = [("", _("None of them")), *(c for c in family.choices if c[0])]

    def _post_clean(self) -> None:
        """The instance is not touched here: the verb writes."""


class MilestoneForm(forms.Form):
    """A dated step."""

    title_fr = forms.CharField(label=_("Milestone (French)"), max_length=200)
    title_en = forms.CharField(label=_("Milestone (English)"), max_length=200, required=False)
    due_on = day_field(_("Due"))


class SettleForm(forms.Form):
    """What became of a milestone."""

    to = forms.ChoiceField(
        label=_("Result"),
        choices=[c for c in MilestoneState.choices if c[0] != MilestoneState.SCHEDULED],
    )
    on = day_field(_("Settled on"))


class EntryForm(forms.ModelForm[JournalEntry]):
    """A line of the journal."""

    class Meta:
        model = JournalEntry
        fields = ("happened_on", "title_fr", "title_en", "text_fr", "text_en")
        widgets = {
            "happened_on": DayInput,
            "text_fr": forms.Textarea(attrs={"rows": 3}),
            "text_en": forms.Textarea(attrs={"rows": 3}),
        }

    def _post_clean(self) -> None:
        """The instance is not touched here: the verb writes."""


FIRST_YEAR, LAST_YEAR = 2000, 2100


class ReadingForm(forms.Form):
    """One value at an instant."""

    indicator = forms.ModelChoiceField(
        label=_("Indicator"),
        queryset=Indicator.objects.none(),
        to_field_name="key",
        empty_label=_("Choose an indicator"),
    )
    at = forms.DateTimeField(
        label=_("Measured at"),
        help_text=_("On the city’s clocks."),
        widget=InstantInput,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    value = forms.CharField(
        label=_("Value"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, pilot: Pilot) -> None:
        """The choices are the pilot's own indicators."""
        super().__init__(data, initial={"at": timezone.localtime().replace(second=0)})
        self.fields["indicator"].queryset = pilot.indicators.all()  # type: ignore[attr-defined]

    def clean_at(self) -> datetime:
        """An instant that every clock can say."""
        at: datetime = self.cleaned_data["at"]
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise forms.ValidationError(_("Give an instant of this century."))
        return at

    def reading(self) -> NewReading:
        """What the verb takes."""
        at: datetime = self.cleaned_data["at"]
        return NewReading(
            indicator=self.cleaned_data["indicator"].key,
            at=at,
            value=self.cleaned_data["value"],
            note=self.cleaned_data["note"],
        )


class KeyForm(forms.Form):
    """A name for a key, to know which sensor it belongs to."""

    label = forms.CharField(label=_("Which device or program will use it?"), max_length=80)


class VerdictForm(forms.Form):
    """What the city does next, and why."""

    outcome = forms.ChoiceField(
        label=_("Verdict"), choices=VerdictOutcome.choices, widget=forms.RadioSelect
    )
    reasons_fr = forms.CharField(
        label=_("Reasons (French)"),
        help_text=_("The public reads them. A failure is told like a success, with its figures."),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    reasons_en = forms.CharField(
        label=_("Reasons (English)"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    role_fr = forms.CharField(label=_("Decided by, role (French)"), max_length=160)
    role_en = forms.CharField(label=_("Decided by, role (English)"), max_length=160, required=False)
