"""Logos and files of solutions in the administration: plain fields, checked as everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel

from core.panels import pair
from startups.domain.pictures import LOGO, kind_of_solution_file, store_picture
from startups.forms.pictures import PictureField, SolutionFileField

if TYPE_CHECKING:
    from core.accounts.models import Organisation, User

LOGO_PANEL = MultiFieldPanel(
    [FieldPanel("logo_upload"), FieldPanel("logo_removed"), pair("logo_alt")], heading=_("Logo")
)


def _seen(pk: Any) -> str:
    """A way to look at what is there, under the field that replaces it."""
    return format_html('<a href="{}">{}</a>', reverse("picture", args=[pk]), _("See the one kept"))


class LogoForm(WagtailAdminModelForm):  # type: ignore[misc]  # no types in Wagtail
    """The form of an organisation's profile, with its logo."""

    logo_upload = PictureField(
        label=_("Logo"), help_text=_("PNG or JPEG; kept at 512 pixels a side at most.")
    )
    logo_removed = forms.BooleanField(label=_("Without a logo"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Shows the logo that is kept."""
        super().__init__(*args, **kwargs)
        if self.instance.logo_id and "logo_upload" in self.fields:
            self.fields["logo_upload"].help_text = _seen(self.instance.logo_id)

    def clean(self) -> dict[str, Any]:
        """A new logo is said in words before it is kept."""
        found: dict[str, Any] = super().clean()
        if found.get("logo_removed"):
            self.instance.logo = None
        if found.get("logo_upload") and not found.get("logo_alt_fr"):
            sentence = _("Say in words what the logo shows, for those who do not see it.")
            self.add_error("logo_alt_fr", sentence)
        return found

    def save(self, commit: bool = True) -> Any:
        """With the logo, which nobody else reads until the profile is published."""
        if upload := self.cleaned_data.get("logo_upload"):
            self.instance.logo = store_picture(
                upload=upload,
                kind=LOGO,
                organisation=self.instance.organisation,
                actor=self.for_user,
            )
        return super().save(commit=commit)


class SolutionFileForm(WagtailAdminModelForm):  # type: ignore[misc]  # no types in Wagtail
    """One picture or document, in the form of its solution."""

    upload = SolutionFileField(
        label=_("Picture or PDF"), help_text=_("PNG, JPEG or PDF, 25 MB at most.")
    )
    # Said by the form of the solution, which knows them.
    organisation: Organisation | None = None
    actor: User | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Shows the file that is kept."""
        super().__init__(*args, **kwargs)
        if self.instance.file_id:
            self.fields["upload"].help_text = _seen(self.instance.file_id)

    def clean(self) -> dict[str, Any]:
        """A new row has a file."""
        found: dict[str, Any] = super().clean()
        if not self.instance.file_id and not found.get("upload") and "upload" not in self.errors:
            self.add_error("upload", _("Choose a file."))
        return found

    def save(self, commit: bool = True) -> Any:
        """With its file."""
        if upload := self.cleaned_data.get("upload"):
            self.instance.file = store_picture(
                upload=upload,
                kind=kind_of_solution_file(upload.name),
                organisation=self.organisation,
                actor=self.actor,
            )
        return super().save(commit=commit)


class SolutionForm(WagtailAdminModelForm):  # type: ignore[misc]  # no types in Wagtail
    """The form of a solution, with its files."""

    def save(self, commit: bool = True) -> Any:
        """Each file belongs to whom the solution does."""
        for row in self.formsets["files"].forms:
            row.organisation, row.actor = self.instance.organisation, self.for_user
        return super().save(commit=commit)


class FilesPanel(InlinePanel):  # type: ignore[misc]  # no types in Wagtail
    """Rows with a file each."""

    def get_form_options(self) -> dict[str, Any]:
        """Wagtail's, with the form that takes a file."""
        options: dict[str, Any] = super().get_form_options()
        rows = options["formsets"][self.relation_name]
        rows["form"] = SolutionFileForm
        return options
