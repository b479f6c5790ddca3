"""The form of a call: one field per question, each with the version it was read at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.languages import active_language
from pilots.enums import QuestionKind
from startups.models import Solution

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.drafts.models import DraftValue
    from pilots.models import Application, Question

VERSION = "version-"
TRL_WORDS = {
    1: _("1: basic principles observed"),
    2: _("2: concept formulated"),
    3: _("3: proof of concept"),
    4: _("4: tried in a laboratory"),
    5: _("5: tried in a realistic setting"),
    6: _("6: demonstrated in a realistic setting"),
    7: _("7: prototype demonstrated in use"),
    8: _("8: complete and qualified"),
    9: _("9: proven in everyday use"),
}


def field_for(question: Question) -> forms.Field:
    """The field that takes the answer; nothing is required while it is a draft."""
    common: dict[str, Any] = {
        "label": question.label,
        "help_text": _help(question),
        "required": False,
    }
    if question.kind == QuestionKind.LONG:
        return forms.CharField(
            **common, max_length=20_000, widget=forms.Textarea(attrs={"rows": 8})
        )
    if question.kind == QuestionKind.TRL:
        choices = [("", "—"), *((str(n), words) for n, words in TRL_WORDS.items())]
        return forms.ChoiceField(**common, choices=choices)
    if question.kind == QuestionKind.CHOICE:
        return forms.ChoiceField(**common, choices=[("", "—"), *_choices(question)])
    if question.kind == QuestionKind.FILE:
        return forms.FileField(**common)
    widget = forms.TextInput()
    if question.kind in (QuestionKind.NUMBER, QuestionKind.MONEY):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(**common, max_length=300, widget=widget)


def _help(question: Question) -> str:
    parts = [str(question.help)] if question.help else []
    if question.max_words:
        parts.append(_("%(n)s words at most.") % {"n": question.max_words})
    if not question.is_required:
        parts.append(str(_("Optional.")))
    return " ".join(parts)


def _choices(question: Question) -> list[tuple[str, str]]:
    language = active_language()
    return [
        (str(c.get("value", "")), str(c.get(language) or c.get("fr", "")))
        for c in question.choices
        if isinstance(c, dict)
    ]


class AnswersForm(forms.Form):
    """All the questions of a stage; hidden fields carry the versions that were edited."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        questions: Sequence[Question],
        values: Mapping[str, DraftValue],
    ) -> None:
        """``values`` are the draft's, by key."""
        initial = {key: row.value for key, row in values.items()}
        # A question may have any key, so its field may not share a name with a button or a field
        # of the page around it.
        super().__init__(data, files, initial=initial, prefix="q", auto_id="%s")
        self.questions = list(questions)
        for question in self.questions:
            self.fields[question.key] = field_for(question)
            row = values.get(question.key)
            self.fields[VERSION + question.key] = forms.IntegerField(
                required=False,
                min_value=0,
                initial=row.version if row else 0,
                widget=forms.HiddenInput,
            )

    def answers(self) -> list[tuple[str, Any, int]]:
        """What was posted and can be kept: key, value, version it was edited from; no file."""
        found = []
        for question in self.questions:
            key = question.key
            posted = self.add_prefix(key) in self.data
            if question.kind == QuestionKind.FILE or not posted or key in self.errors:
                continue
            version = self.cleaned_data.get(VERSION + key) or 0
            found.append((key, self.cleaned_data[key], version))
        return found

    def uploads(self) -> list[tuple[str, UploadedFile]]:
        """The files that came with the form, by question key."""
        keys = [q.key for q in self.questions if q.kind == QuestionKind.FILE]
        found = ((key, self.files.get(self.add_prefix(key))) for key in keys)
        return [(key, upload) for key, upload in found if isinstance(upload, UploadedFile)]


class SolutionForm(forms.Form):
    """Which solution is proposed."""

    solution: forms.ModelChoiceField[Solution] = forms.ModelChoiceField(
        queryset=Solution.objects.none(), required=False, label=_("Solution proposed")
    )

    def __init__(self, data: Any = None, *, application: Application) -> None:
        """The choices are the startup's own."""
        super().__init__(data, initial={"solution": application.solution_id})
        field = self.fields["solution"]
        field.queryset = application.startup.solutions.all()  # type: ignore[attr-defined]
        field.empty_label = _("None of them")  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """Why an application is taken back."""

    reason = forms.CharField(
        label=_("Why do you withdraw?"),
        help_text=_("Optional. The city reads it."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
