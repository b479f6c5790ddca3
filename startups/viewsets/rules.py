"""The setting of staff: which fields of a verified listing its owner changes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from core.json_widgets import Boxes
from startups.models import LISTINGS
from startups.sections import fields_of

if TYPE_CHECKING:
    from startups.models import Listing

ROWS: Final[dict[str, Any]] = {
    "people": _("people"),
    "deployments": _("deployments"),
    "files": _("pictures and documents"),
}


def quick_panels() -> list[FieldPanel]:
    """One group of boxes for each kind of listing."""
    return [
        FieldPanel(str(model._meta.model_name), widget=Boxes(choices=_choices(model)))
        for model in LISTINGS
    ]


def _choices(model: type[Listing]) -> list[tuple[str, Any]]:
    """The fields of the form, by the names of their columns."""
    return [
        (name, ROWS[name] if name in ROWS else model._meta.get_field(name).verbose_name)
        for name in fields_of(model)
    ]
