"""To say that a startup went through a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from startups.enums import AlumniSide
from startups.models import Program, Startup

if TYPE_CHECKING:
    from datetime import date

    from core.accounts.models import Organisation

FIRST_YEAR: Final = 1980


class SayForm(forms.Form):
    """One's own startup or program, and that of the other side, both public."""

    side = forms.ChoiceField(choices=AlumniSide, widget=forms.HiddenInput)
    startup = forms.ModelChoiceField(queryset=Startup.objects.none(), label=_("Startup"))
    program = forms.ModelChoiceField(queryset=Program.objects.none(), label=_("Program"))
    year = forms.IntegerField(label=_("Year of the cohort"), required=False)

    def __init__(self, organisation: Organisation, today: date, *args: Any, **kwargs: Any) -> None:
        """``organisation`` says it; no cohort is later than next year's."""
        super().__init__(*args, **kwargs)
        is_of_startup = self.data.get("side") == AlumniSide.STARTUP
        startups, programs = Startup.objects.public(), Program.objects.public()
        if is_of_startup:
            startups = startups.of_organisation(organisation)
        else:
            programs = programs.of_organisation(organisation)
        self.fields["startup"].queryset = startups  # type: ignore[attr-defined]
        self.fields["program"].queryset = programs  # type: ignore[attr-defined]
        self.fields["year"].min_value = FIRST_YEAR  # type: ignore[attr-defined]
        self.latest = today.year + 1

    def clean_year(self) -> int | None:
        """A year in which there were programs, or will be soon."""
        year: int | None = self.cleaned_data["year"]
        if year is not None and not FIRST_YEAR <= year <= self.latest:
            raise forms.ValidationError(
                _("The year of a cohort lies between %(first)s and %(last)s.")
                % {"first": FIRST_YEAR, "last": self.latest}
            )
        return year
