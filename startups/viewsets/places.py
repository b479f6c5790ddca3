"""Where a support organisation is, in the administration: a place elsewhere is asked about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from startups.forms.listing import is_outside
from startups.viewsets.pictures import LogoForm


class IncubatorForm(LogoForm):
    """The form of a support organisation, with its logo and its place."""

    is_elsewhere = forms.BooleanField(
        label=_("Yes, this place is outside the city’s area."), required=False
    )

    def clean(self) -> dict[str, Any]:
        """A place outside the city's area is meant, or it is not kept."""
        found: dict[str, Any] = super().clean()
        has_moved = bool({"lat", "lon"} & set(self.changed_data))
        if has_moved and not found.get("is_elsewhere") and is_outside(found):
            self.add_error(
                "lat",
                _("This place is outside the city’s area. Correct it, or confirm that it is so."),
            )
        return found
