"""The form that brings a file of listings in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from core.text import LineField
from startups.enums import ImportKind
from startups.importing.reading import Sheet, SheetRefused, read_sheet, refuse_size
from startups.models import ImportRun


class ImportForm(WagtailAdminModelForm):  # type: ignore[misc]  # no types in Wagtail
    """What the rows are, the file, where it comes from, and whether it is published at once."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV, or JSON with a list of objects; 10 MB, 20,000 rows and 200 columns at most. "
            "Nothing is written before you have read what would change."
        ),
    )
    source = LineField(
        label=_("Where the data come from"),
        max_length=200,
        help_text=_("For example: register of enterprises, November 2026."),
    )
    field_order = ("kind", "file", "source", "publishes")

    class Meta:
        model = ImportRun
        fields = ("kind", "source", "publishes")
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """In the order in which one answers."""
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = ImportKind.choices  # without an empty one
        self.order_fields(self.field_order)

    def clean_file(self) -> Sheet:
        """The table that the file holds, or the sentence that says where it cannot be read."""
        upload = self.cleaned_data["file"]
        try:
            refuse_size(upload.size)  # before it is read
            return read_sheet(upload.read())
        except SheetRefused as refused:
            raise ValidationError(refused.message, code=refused.code) from refused
