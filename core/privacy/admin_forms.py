"""What administrators type in the registers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from core.privacy.enums import Risk
from core.registry import retained


class RetentionRuleForm(WagtailAdminModelForm):  # type: ignore[misc]  # no types in Wagtail
    """A class of the registry, and a period that it may have."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The classes are those that the floors have registered."""
        super().__init__(*args, **kwargs)
        choices = [(name, str(known.label)) for name, known in retained.items()]
        self.fields["data_class"] = forms.ChoiceField(
            label=self.fields["data_class"].label, choices=choices
        )

    def clean(self) -> dict[str, Any]:
        """No shorter than the class allows."""
        cleaned: dict[str, Any] = super().clean()
        known = retained.get(cleaned.get("data_class", ""))
        days = cleaned.get("period_days")
        if known is not None and days is not None and days < known.least_days:
            self.add_error(
                "period_days",
                _("At least %(days)s days for this class of data.") % {"days": known.least_days},
            )
        return cleaned


class IncidentForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Says what the register needs before an incident is closed."""

    def clean(self) -> dict[str, Any]:
        """The database asks the same; here with a sentence beside the field."""
        cleaned: dict[str, Any] = super().clean()
        began, ended = cleaned.get("began_on"), cleaned.get("ended_on")
        if began and ended and ended < began:
            self.add_error("ended_on", _("It cannot end before it began."))
        everyone, here = cleaned.get("people_count"), cleaned.get("people_in_quebec")
        if everyone is not None and here is not None and here > everyone:
            self.add_error("people_in_quebec", _("This is more than all the people concerned."))
        if cleaned.get("closed_on"):
            self._require_whole(cleaned)
        return cleaned

    def _require_whole(self, cleaned: dict[str, Any]) -> None:
        needed = ["risk_reasons", "measures"]
        if cleaned.get("risk") == Risk.SERIOUS:
            needed.append("commission_told_on")
        for name in needed:
            if not cleaned.get(name):
                self.add_error(name, _("Needed before the incident is closed."))
        if cleaned.get("risk") == Risk.ASSESSING:
            error = ValidationError(_("Settle the risk before the incident is closed."))
            self.add_error("risk", error)
