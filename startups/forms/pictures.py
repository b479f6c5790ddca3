"""A form's field for what shows a listing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError

from core.files.checks import FileRefused
from startups.domain.pictures import LOGO, check_upload, kind_of_solution_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.files.checks import CheckedFile

PICTURES: Final = ".png,.jpg,.jpeg"


def as_logo(name: str) -> str:
    """Whatever its name, it is a logo."""
    return LOGO


class PictureField(forms.FileField):
    """Gives the :class:`CheckedFile` that ``store_picture()`` keeps, or says why it is refused."""

    def __init__(
        self,
        *,
        kind_of: Callable[[str], str] = as_logo,
        accept: str = PICTURES,
        required: bool = False,
        **options: Any,
    ) -> None:
        """``kind_of`` says the kind from the name; ``accept`` is what the browser proposes."""
        self.kind_of = kind_of
        options.setdefault("widget", forms.FileInput(attrs={"accept": accept}))
        super().__init__(required=required, **options)

    def clean(self, data: Any, initial: Any = None) -> CheckedFile | None:
        """What is kept; None when nothing was sent."""
        upload = super().clean(data, initial)
        if not upload:
            return None
        try:
            return check_upload(upload, self.kind_of(upload.name))
        except FileRefused as error:
            raise ValidationError(error.message, code=error.code) from error


class SolutionFileField(PictureField):
    """A picture or a PDF."""

    def __init__(self, **options: Any) -> None:
        """As :class:`PictureField`."""
        super().__init__(kind_of=kind_of_solution_file, accept=f"{PICTURES},.pdf", **options)
