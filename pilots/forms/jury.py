"""What a jury member fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pilots.domain.review import Mark
from pilots.models import TOP_SCORE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from core.accounts.models import Organisation
    from pilots.models import Criterion, Review


class ConflictsForm(forms.Form):
    """One alphabetical list of organisations, tied to no file."""

    organisations = forms.TypedMultipleChoiceField(
        label=_("Organisations to which you are tied"),
        help_text=_("Work, family, money, friendship or rivalry, now or in the last three years."),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("What ties you"),
        help_text=_("Optional, a few words. Only the city reads them."),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sincere = forms.BooleanField(
        label=_("I have read the whole list and declared every tie that I know of."),
        error_messages={"required": _("Confirm that you have read the list.")},
    )

    def __init__(
        self, data: Any = None, *, organisations: Sequence[Organisation], known: Collection[int]
    ) -> None:
        """``known`` are the ties already noted: ticked, and not to be taken back."""
        super().__init__(data, initial={"organisations": [*known]})
        field = self.fields["organisations"]
        field.choices = [(o.pk, o.name) for o in organisations]  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    """A mark and a word on each criterion, then two comments."""

    to_applicant = forms.CharField(
        label=_("To the applicant"),
        help_text=_("Sent with the decision, without your name. What is strong, what is missing."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    to_city = forms.CharField(
        label=_("To the city only"),
        help_text=_("Optional."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, data: Any = None, *, criteria: Sequence[Criterion], review: Review | None
    ) -> None:
        """``review`` is what was kept before."""
        super().__init__(data, initial=_initial(review))
        self.criteria = list(criteria)
        marks = [("", _("not yet")), *((str(n), str(n)) for n in range(TOP_SCORE + 1))]
        for criterion in self.criteria:
            self.fields[f"mark-{criterion.pk}"] = forms.TypedChoiceField(
                label=criterion.label,
                choices=marks,
                required=False,
                coerce=int,
                empty_value=None,
            )
            self.fields[f"word-{criterion.pk}"] = forms.CharField(
                label=_("Why"),
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def marks(self) -> dict[int, Mark]:
        """Marks by criterion key."""
        return {
            c.pk: Mark(self.cleaned_data[f"mark-{c.pk}"], self.cleaned_data[f"word-{c.pk}"])
            for c in self.criteria
        }

    def rows(self) -> list[tuple[Criterion, Any, Any]]:
        """Criterion, its mark, its word: what the page draws side by side."""
        return [(c, self[f"mark-{c.pk}"], self[f"word-{c.pk}"]) for c in self.criteria]


def _initial(review: Review | None) -> dict[str, Any]:
    if review is None:
        return {}
    found: dict[str, Any] = {
        "to_applicant": review.comment_to_applicant,
        "to_city": review.comment_to_city,
    }
    for score in review.scores.all():
        found[f"mark-{score.criterion_id}"] = score.value
        found[f"word-{score.criterion_id}"] = score.comment
    return found
