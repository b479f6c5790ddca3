"""What a startup sends to an intake, and what both sides answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import LinesField
from startups.domain.answering import ANSWERS, LONGEST_REASON
from startups.domain.interest import LONGEST_WORD, MOST_SOLUTIONS
from startups.enums import InterestState
from startups.models import Solution, Startup

if TYPE_CHECKING:
    from collections.abc import Sequence


class InterestForm(forms.Form):
    """The solutions that go along, and a word."""

    solutions = forms.ModelMultipleChoiceField(
        Solution.objects.none(),
        label=_("Solutions that go along"),
        help_text=_("Their public pages are copied as they read today."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    word = LinesField(
        label=_("A word to the program"),
        help_text=_("Optional. Why this program, and why now."),
        required=False,
        max_length=LONGEST_WORD,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, startup: Startup, *args: Any, **kwargs: Any) -> None:
        """``startup`` is the one that is sent."""
        super().__init__(*args, **kwargs)
        field = self.fields["solutions"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = startup.solutions.current()
        if not field.queryset.exists():
            del self.fields["solutions"]

    def clean_solutions(self) -> list[Solution]:
        """As many as one reads."""
        chosen = list(self.cleaned_data["solutions"])
        if len(chosen) > MOST_SOLUTIONS:
            raise forms.ValidationError(_("Choose at most ten."))
        return chosen


class WordForm(forms.Form):
    """A word to the other side."""

    text = LinesField(
        label=_("Your message"),
        max_length=LONGEST_WORD,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class MoveForm(forms.Form):
    """How far the incubator is; a refusal has its reason."""

    to = forms.ChoiceField(
        label=_("Where it stands"), choices=[(state.value, state.label) for state in ANSWERS]
    )
    reason = LinesField(
        label=_("Reason"),
        help_text=_("Required to decline: the startup reads it."),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, allowed: Sequence[str], *args: Any, **kwargs: Any) -> None:
        """``allowed`` are the states it may become from where it is."""
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        moves = [(s.value, s.label) for s in ANSWERS if s in allowed]
        # The startup is told by mail: nothing is chosen for the one who answers.
        field.choices = [("", _("Choose…")), *moves] if moves else []

    def clean(self) -> dict[str, Any]:
        """The sentence stands at the field."""
        data = super().clean() or {}
        if data.get("to") == InterestState.DECLINED and not data.get("reason"):
            self.add_error("reason", _("Say why: the startup reads your reason."))
        return data
