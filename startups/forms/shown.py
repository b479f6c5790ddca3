"""What shows a listing, as its members give it: the logo, the pictures and documents of a solution.

A raw value is the identifier of a file that is kept already. An upload arrives as :class:`Sent`,
and is a :class:`CheckedFile` once it is checked; the verb keeps it and writes its identifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.files.checks import FileRefused
from core.files.models import FileState, StoredFile
from core.files.serving import DRAWN
from core.text import LineField
from startups.domain.pictures import (
    LOGO,
    SOLUTION_PDF,
    SOLUTION_PICTURE,
    check_upload,
    kind_of_solution_file,
)
from startups.forms.pictures import PICTURES
from startups.forms.rows import SPARE, RowsField, RowsWidget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.files.uploadedfile import UploadedFile
    from django.utils.functional import _StrPromise

# Pictures and documents of one solution.
MOST_FILES: Final = 12
OF_SOLUTIONS: Final = (SOLUTION_PICTURE, SOLUTION_PDF)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was uploaded, and the file that the page held before."""

    upload: UploadedFile
    held: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A file as a page shows it, with its words in each language that has some."""

    stored: StoredFile
    words: tuple[tuple[str, str], ...] = ()

    @property
    def is_drawn(self) -> bool:
        """A picture, not a document."""
        return self.stored.content_type in DRAWN

    @property
    def alt(self) -> str:
        """The first of its words, for who does not see it."""
        return self.words[0][1] if self.words else ""


def stored_of(raw: Any, kinds: tuple[str, ...]) -> StoredFile | None:
    """The file that a raw value names, when it is one of those ``kinds``."""
    try:
        pk = UUID(str(raw))
    except ValueError:
        return None
    return StoredFile.objects.filter(pk=pk, kind__in=kinds, state=FileState.CLEAN).first()


def in_both(held: Mapping[str, Any], stem: str) -> tuple[tuple[str, str], ...]:
    """The words of ``stem`` among raw values, French first."""
    pairs = ((code, str(held.get(f"{stem}_{code}") or "").strip()) for code in ("fr", "en"))
    return tuple((code, text) for code, text in pairs if text)


class StoredFileField(forms.Field):
    """A file that is kept, by its identifier."""

    widget = forms.HiddenInput

    def __init__(self, *, kinds: tuple[str, ...], **options: Any) -> None:
        """``kinds`` are those that may stand there."""
        super().__init__(**options)
        self.kinds = kinds

    def clean(self, value: Any) -> StoredFile | None:
        """The file; a sentence when there is none, or none any more."""
        if not value:
            if self.required:
                raise ValidationError(_("Choose a file."))
            return None
        found = stored_of(value, self.kinds)
        if found is None:
            raise ValidationError(_("This file is not kept any more: choose it again."))
        return found


class LogoWidget(forms.Widget):
    """The present one, a box for another one, and a box to go without."""

    template_name = "startups/editing/logo.html"
    use_fieldset = True
    needs_multipart_form = True
    may_upload = False

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The box for another one."""
        return f"{id_}-upload"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Another one that was sent, else none when it was taken away, else the one held."""
        held = str(data.get(name) or "")
        if upload := files.get(f"{name}-upload"):
            return Sent(upload, held)
        return "" if data.get(f"{name}-removed") else held

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether it was not on the page that was sent."""
        return name not in data and f"{name}-upload" not in files

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With the file itself."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        found = stored_of(value, (LOGO,))
        context |= {
            "held": str(value or ""),
            "shown": Shown(found) if found else None,
            "may_upload": self.may_upload,
            "accept": PICTURES,
        }
        return context


class LogoField(StoredFileField):
    """The logo of an organisation."""

    def __init__(self, *, label: str) -> None:
        """Never required."""
        help_text = _("PNG or JPEG, 25 MB at most; kept at 512 pixels a side at most.")
        super().__init__(
            kinds=(LOGO,), label=label, help_text=help_text, required=False, widget=LogoWidget()
        )

    def checked(self, raw: Any) -> tuple[Any, list[str]]:
        """What is to be kept, and why the upload is refused; then it is the one held before."""
        if not isinstance(raw, Sent):
            return raw, []
        try:
            return check_upload(raw.upload, LOGO), []
        except FileRefused as error:
            return raw.held, [str(error.message)]

    def in_words(self, raw: Any) -> str:
        """Its name."""
        found = stored_of(raw, self.kinds)
        return found.original_name if found else ""


class SolutionFileRow(forms.Form):
    """One picture or document of a solution."""

    file = StoredFileField(label=gettext_lazy("File"), kinds=OF_SOLUTIONS, required=True)
    caption_fr = LineField(label=gettext_lazy("What it shows, in French"), max_length=200)
    caption_en = LineField(
        label=gettext_lazy("What it shows, in English"), max_length=200, required=False
    )


class FilesWidget(RowsWidget):
    """The rows, each with its file, its words, its place, and a box to take it away."""

    template_name = "startups/editing/files.html"
    needs_multipart_form = True
    may_upload = False

    def __init__(self) -> None:
        """Rows of :class:`SolutionFileRow`."""
        super().__init__(SolutionFileRow)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The first box of the first row."""
        return f"{id_}-0-caption_fr"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The rows in the order asked for; those taken away or empty are left out."""
        if isinstance(data.get(name), list):
            return data[name]
        found = []
        for n in range(MOST_FILES):
            row: dict[str, Any] = {
                key: str(data.get(f"{name}-{n}-{key}", "")) for key in self.names
            }
            if upload := files.get(f"{name}-{n}-upload"):
                row["file"] = Sent(upload, row["file"])
            is_empty = not (isinstance(row["file"], Sent) or any(v.strip() for v in row.values()))
            if not is_empty and not data.get(f"{name}-{n}-removed"):
                found.append((*_place(data.get(f"{name}-{n}-order"), n), row))
        return [row for _wanted, _moved, row in sorted(found, key=lambda each: each[:2])]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Each row with the file that it holds."""
        rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        rows = rows[:MOST_FILES]
        context: dict[str, Any] = forms.Widget.get_context(self, name, rows, attrs)
        spare = min(SPARE, MOST_FILES - len(rows)) if self.may_upload else 0
        made = []
        for n, row in enumerate([*rows, *({} for _n in range(spare))]):
            found = stored_of(row.get("file"), OF_SOLUTIONS)
            form = SolutionFileRow(initial=row, prefix=f"{name}-{n}", auto_id="id_%s")
            form.use_required_attribute = False
            shown = Shown(found, in_both(row, "caption")) if found else None
            made.append({"form": form, "shown": shown, "prefix": f"{name}-{n}", "place": n + 1})
        context |= {
            "rows": made,
            "filled": len(rows),
            "may_upload": self.may_upload,
            "accept": f"{PICTURES},.pdf",
            "most": MOST_FILES,
        }
        return context


def _place(wanted: Any, n: int) -> tuple[int, int]:
    """Where row ``n`` goes; one that moved up comes before the one that was there."""
    try:
        place = int(str(wanted or n + 1)[:3])
    except ValueError:
        place = n + 1
    return place, (place > n + 1) - (place < n + 1)


class FilesField(RowsField):
    """The pictures and documents of a solution."""

    def __init__(self, *, label: str | _StrPromise) -> None:
        """Twelve at most."""
        help_text = _("PNG, JPEG or PDF, 25 MB each; 12 at most.")
        super().__init__(SolutionFileRow, label=label, help_text=help_text, widget=FilesWidget())

    def checked(self, raw: Any) -> tuple[Any, list[str]]:
        """The rows to keep, and why some uploads are refused; those have the file held before."""
        rows, refused = [], []
        for n, row in enumerate(raw, start=1):
            kept, sent = dict(row), row.get("file")
            if isinstance(sent, Sent):
                try:
                    kept["file"] = check_upload(
                        sent.upload, kind_of_solution_file(sent.upload.name or "")
                    )
                except FileRefused as error:
                    kept["file"] = sent.held
                    refused.append(_("Row %(n)s: %(error)s") % {"n": n, "error": error.message})
            if any(kept.values()):
                rows.append(kept)
        return rows, refused

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """No more of them than a page shows."""
        if isinstance(value, list) and len(value) > MOST_FILES:
            raise ValidationError(_("%(n)s files at most.") % {"n": MOST_FILES})
        return super().clean(value)

    def in_words(self, value: Any) -> str:
        """One file a line: its words and its name."""
        lines = []
        for shown in shown_in(self, "", {"": value}):
            said = [text for _code, text in shown.words]
            lines.append(" · ".join([*said, shown.stored.original_name]))
        return "\n".join(lines)


def shown_in(field: Any, name: str, raws: Mapping[str, Any]) -> tuple[Shown, ...]:
    """What a raw value shows, with its words."""
    value = raws.get(name)
    if isinstance(field, LogoField):
        found = stored_of(value, field.kinds)
        return (Shown(found, in_both(raws, f"{name}_alt")),) if found else ()
    if not isinstance(field, FilesField) or not isinstance(value, list):
        return ()
    rows = [row for row in value if isinstance(row, dict)]
    kept = [(row, stored_of(row.get("file"), OF_SOLUTIONS)) for row in rows]
    return tuple(Shown(found, in_both(row, "caption")) for row, found in kept if found)
