"""To claim a listing, and to answer the claims."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.mail_domains import AddressField
from core.text import LinesField
from startups.models.claim import LONGEST_MESSAGE, LONGEST_REASON


class ProofForm(forms.Form):
    """An address on the domain of the listing."""

    email = AddressField(
        label=_("An address of your organisation"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class DocumentForm(forms.Form):
    """A document that says who speaks for the organisation."""

    document = forms.FileField(
        label=_("Document"),
        help_text=_(
            "PDF, PNG or JPEG, 25 MB at most: an extract of the register of enterprises, a letter "
            "with a heading. Your organisation and the city’s moderators read it, nobody else."
        ),
    )
    message = LinesField(
        label=_("A word to the city’s team"),
        help_text=_("Optional."),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SettleForm(forms.Form):
    """Which of the claims is right, and why."""

    accepted = forms.TypedChoiceField(
        label=_("Whose listing is it?"), coerce=int, empty_value=None, widget=forms.RadioSelect
    )
    reason_fr = LinesField(
        label=_("Reasons (French)"),
        help_text=_("Everyone who claimed it reads them. Needed as soon as somebody is refused."),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason_en = LinesField(
        label=_("Reasons (English)"),
        help_text=_("Optional; without them, who reads English reads the French ones."),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        """``choices`` are the claims that wait; 0 is none of them."""
        super().__init__(*args, **kwargs)
        field = self.fields["accepted"]
        field.choices = [*choices, (0, _("None of them"))]  # type: ignore[attr-defined]
