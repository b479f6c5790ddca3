"""To ask for what cannot be undone."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.text import fold

FAR_TOO_LONG = 60


def word_to_type() -> str:
    """What a person types to confirm, in the language of the page."""
    return pgettext("word to type", "erase")


class ErasureForm(forms.Form):
    """A word typed by hand: a click alone erases nobody."""

    word = forms.CharField(
        label=gettext_lazy("Confirmation"),
        max_length=FAR_TOO_LONG,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        """The help says which word, in the language of the page."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["word"].help_text = _("Type the word “%(word)s” to confirm.") % {
            "word": word_to_type()
        }

    def clean_word(self) -> str:
        """The word itself, however it is written."""
        typed: str = self.cleaned_data["word"]
        if fold(typed) != fold(word_to_type()):
            raise ValidationError(
                _("Type exactly “%(word)s”. Nothing was erased.") % {"word": word_to_type()}
            )
        return typed
