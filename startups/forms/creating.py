"""What a listing needs to begin: its name, and the columns that no row goes without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import LineField
from startups.forms.fields import field_for
from startups.models import Incubator, Solution

if TYPE_CHECKING:
    from startups.models import Listing

NEEDED: Final[dict[type[Listing], tuple[str, ...]]] = {Solution: ("trl",), Incubator: ("kind",)}


class NewListingForm(forms.Form):
    """The name first."""

    title = LineField(label=_("Name"), max_length=160, help_text=_("In French where it differs."))

    def __init__(self, model: type[Listing], data: Any = None) -> None:
        """``model`` is the kind of listing."""
        super().__init__(data)
        self.needed = NEEDED.get(model, ())
        for name in self.needed:
            self.fields[name] = field_for(model, name)

    def facts(self) -> dict[str, Any]:
        """The columns beside the name."""
        return {name: self.cleaned_data[name] for name in self.needed}
