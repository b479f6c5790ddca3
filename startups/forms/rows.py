"""Several small rows in one field of a form: people, deployments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import LineField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.functional import _StrPromise

MOST: Final = 20
SPARE: Final = 2


class PersonForm(forms.Form):
    """Somebody one may turn to, by role."""

    name = LineField(label=gettext_lazy("Name"), max_length=120, required=False)
    role_fr = LineField(label=gettext_lazy("Role, in French"), max_length=120)
    role_en = LineField(label=gettext_lazy("Role, in English"), max_length=120, required=False)
    email = forms.EmailField(label=gettext_lazy("Public address"), max_length=254, required=False)


class DeploymentForm(forms.Form):
    """A place where a solution has already run."""

    place = LineField(label=gettext_lazy("Place"), max_length=160)
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=1950, max_value=2200)
    month = forms.IntegerField(
        label=gettext_lazy("Month, 1 to 12"), min_value=1, max_value=12, required=False
    )
    result_fr = LineField(label=gettext_lazy("Result, in French"), max_length=300, required=False)
    result_en = LineField(label=gettext_lazy("Result, in English"), max_length=300, required=False)
    has_contact = forms.BooleanField(
        label=gettext_lazy("Contact on request: you put in touch whoever asks"), required=False
    )


class RowsWidget(forms.Widget):
    """The rows, and two empty ones; a row whose boxes are emptied goes."""

    template_name = "startups/editing/rows.html"
    use_fieldset = True

    def __init__(self, row: type[forms.Form]) -> None:
        """``row`` is the form of one."""
        super().__init__()
        self.row = row

    @property
    def names(self) -> list[str]:
        """The fields of a row, in order."""
        return list(self.row.base_fields)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The first box of the first row."""
        return f"{id_}-0-{self.names[0]}"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Rows already in a list, else posted as ``name-0-field``; empty ones are left out."""
        if isinstance(data.get(name), list):
            return data[name]
        rows = [
            {key: str(data.get(f"{name}-{n}-{key}", "")) for key in self.names} for n in range(MOST)
        ]
        return [row for row in rows if any(value.strip() for value in row.values())]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the field was not on the page that was sent."""
        return name not in data and f"{name}-0-{self.names[0]}" not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Each row as a form of its own."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        spare: list[dict[str, Any]] = [{} for _n in range(min(SPARE, MOST - len(rows)))]
        context["rows"] = [
            self.row(initial=row, prefix=f"{name}-{n}", auto_id="id_%s")
            for n, row in enumerate([*rows, *spare])
        ]
        context["filled"] = len(rows)
        for form in context["rows"]:
            for field in form.fields.values():
                field.widget.is_required = False
        return context


class RowsField(forms.Field):
    """A list of rows, each cleaned by its form; errors name the row."""

    def __init__(self, row: type[forms.Form], *, label: str | _StrPromise, **kwargs: Any) -> None:
        """``row`` is the form of one."""
        kwargs.setdefault("widget", RowsWidget(row))
        super().__init__(label=label, required=False, **kwargs)
        self.row = row

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """The rows as their forms clean them."""
        rows: Sequence[Any] = value if isinstance(value, list) else []
        cleaned, wrong = [], []
        for number, row in enumerate(rows[:MOST], start=1):
            form = self.row(row if isinstance(row, dict) else {})
            if form.is_valid():
                cleaned.append(form.cleaned_data)
            wrong += [
                _("Row %(n)s, %(field)s: %(error)s")
                % {"n": number, "field": form.fields[name].label, "error": errors[0]}
                for name, errors in form.errors.items()
            ]
        if wrong:
            raise ValidationError(wrong)
        return cleaned

    def in_words(self, value: Any) -> str:
        """One row a line, for who compares."""
        rows = value if isinstance(value, list) else []
        lines = []
        for row in rows:
            said = []
            for name, field in self.row.base_fields.items():
                held = row.get(name, "") if isinstance(row, dict) else ""
                if isinstance(field, forms.BooleanField):
                    said += [_("contact on request")] if held else []
                elif held:
                    said.append(str(held))
            lines.append(" · ".join(said))
        return "\n".join(lines)


__all__ = ["MOST", "DeploymentForm", "PersonForm", "RowsField", "RowsWidget"]
