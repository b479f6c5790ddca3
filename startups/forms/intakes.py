"""What a member writes of an intake."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import dates
from core.clocks import settle
from core.deadlines import city_time
from core.languages import LANGUAGES
from core.taxonomy.models import CitySettings
from core.text import LineField
from startups.domain.intake_rules import IntakeFacts, IntakeRefused
from startups.domain.intakes import LONGEST_REASON
from startups.enums import ApplyBy

if TYPE_CHECKING:
    from startups.models import Intake

FIRST_YEAR, LAST_YEAR = 2000, 2100
TYPED: Final = "%Y-%m-%dT%H:%M"
SPOKEN: Final = (("fr", gettext_lazy("French")), ("en", gettext_lazy("English")))


class CityInstantInput(forms.DateTimeInput):
    """The browser's own calendar and clock; the value goes as ISO 8601 whatever the language."""

    input_type = "datetime-local"

    def format_value(self, value: Any) -> str | None:
        """An instant on the city's clocks; what was typed, as it was typed."""
        if isinstance(value, datetime):
            return city_time(value).strftime(TYPED)
        return str(value) if value else None


class CityInstantField(forms.Field):
    """A day and an hour of the city; a time that the clocks skip or repeat is settled and said."""

    widget = CityInstantInput

    def __init__(self, *, later: bool = False, **options: Any) -> None:
        """``later`` means the second of an hour that comes twice."""
        super().__init__(**options)
        self.later = later
        self.note = ""

    def to_python(self, value: Any) -> datetime | None:
        """The instant meant."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            # Some browsers add the seconds.
            typed = datetime.strptime(text[:16], TYPED)  # noqa: DTZ007  the city's clocks
        except ValueError:
            raise ValidationError(
                _("Write a day and an hour as 2027-03-01T17:00."), code="invalid"
            ) from None
        if not FIRST_YEAR <= typed.year <= LAST_YEAR:
            raise ValidationError(_("Give an instant of this century."), code="invalid")
        settled = settle(typed, later=self.later)
        said = {"typed": typed.strftime("%H:%M"), "day": dates.day(settled.instant)}
        if settled.oddity == "skipped":
            said["hour"] = dates.hour(settled.instant)
            self.note = _(
                "There is no %(typed)s on %(day)s: the clocks go forward; %(hour)s is meant."
            )
        elif settled.oddity == "twice":
            self.note = (
                _("%(typed)s comes twice on %(day)s: the clocks go back. The second is meant.")
                if self.later
                else _("%(typed)s comes twice on %(day)s: the clocks go back. The first is meant.")
            )
        self.note = self.note % said if self.note else ""
        return settled.instant

    def has_changed(self, initial: Any, data: Any) -> bool:
        """By the minute, which is all that is typed."""
        shown = city_time(initial).strftime(TYPED) if initial else ""
        return shown != str(data or "")[:16]


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        """ISO 8601 whatever the language."""
        super().__init__(format="%Y-%m-%d")


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput, input_formats=["%Y-%m-%d"], required=False)


class IntakeForm(forms.Form):
    """When it opens and closes, its cohort, and where applications go."""

    opens_at = CityInstantField(label=gettext_lazy("Opens"), required=False)
    closes_at = CityInstantField(label=gettext_lazy("Closes"), required=False, later=True)
    is_rolling = forms.BooleanField(
        label=gettext_lazy("Rolling: one may apply at any time, there are no dates"),
        required=False,
    )
    repeats = forms.BooleanField(
        label=gettext_lazy("Every year: you are asked to confirm the dates of the next one"),
        required=False,
    )
    cohort_starts_on = _day(gettext_lazy("The cohort starts"))
    cohort_ends_on = _day(gettext_lazy("The cohort ends"))
    places = forms.IntegerField(
        label=gettext_lazy("Number of places"), required=False, min_value=1, max_value=10_000
    )
    apply_by = forms.ChoiceField(
        label=gettext_lazy("Where one applies"), choices=ApplyBy, widget=forms.RadioSelect
    )
    apply_url = forms.URLField(
        label=gettext_lazy("Address of the form"),
        help_text=gettext_lazy("Begins with https://."),
        required=False,
        max_length=200,
        assume_scheme="https",
    )
    apply_email = forms.EmailField(
        label=gettext_lazy("Address for applications"),
        help_text=gettext_lazy("Anyone may read it."),
        required=False,
    )
    how_fr = LineField(label=gettext_lazy("How to apply (French)"), required=False, max_length=300)
    how_en = LineField(label=gettext_lazy("How to apply (English)"), required=False, max_length=300)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Applications are read in"),
        choices=SPOKEN,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    fee = forms.DecimalField(
        label=gettext_lazy("Fee to apply, in the program’s currency"),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
    )
    contact = LineField(
        label=gettext_lazy("Whom to ask"),
        help_text=gettext_lazy("A role and an address of the organisation. Anyone may read it."),
        required=False,
        max_length=160,
    )
    read_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, facts: IntakeFacts, read: Intake | None = None) -> None:
        """``facts`` fill the fields; ``read`` is the intake that is changed."""
        initial = {name: getattr(facts, name) for name in IntakeFacts.__dataclass_fields__}
        if read is not None:
            initial["read_at"] = read.updated_at.isoformat()
        super().__init__(data, initial=initial)
        zone = _("On the clocks of %(city)s.") % {"city": CitySettings.current().city_name}
        self.fields["opens_at"].help_text = zone
        self.fields["closes_at"].help_text = _(
            "%(zone)s An application is in time until this very minute, everywhere."
        ) % {"zone": zone}

    def clean_languages(self) -> list[str]:
        """In the site's order."""
        return [code for code in LANGUAGES if code in self.cleaned_data["languages"]]

    def clean_read_at(self) -> datetime | None:
        """None for what is no instant."""
        try:
            found = datetime.fromisoformat(self.cleaned_data["read_at"])
        except ValueError:
            return None
        return found if found.tzinfo else None

    def facts(self) -> IntakeFacts:
        """What the verbs take."""
        names = IntakeFacts.__dataclass_fields__
        return IntakeFacts(**{name: self.cleaned_data[name] for name in names})

    def refuse(self, error: IntakeRefused) -> None:
        """The verb's sentences, each beside its field."""
        for name, sentence in error.found:
            self.add_error(name if name in self.fields else None, sentence)

    def notes(self) -> list[str]:
        """What was settled on a night the clocks change."""
        fields = (self.fields[name] for name in ("opens_at", "closes_at"))
        return [f.note for f in fields if isinstance(f, CityInstantField) and f.note]


class CancelForm(forms.Form):
    """Why it is called off."""

    reason_fr = LineField(
        label=gettext_lazy("Why, in French"),
        help_text=gettext_lazy("Its page and the calendars say it; those who follow it read it."),
        max_length=LONGEST_REASON,
    )
    reason_en = LineField(
        label=gettext_lazy("Why, in English"), required=False, max_length=LONGEST_REASON
    )
