"""Passwords that are guessed in no time are refused, without asking anybody on the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from core.accounts.models import User

# Its time grows with the square of the length: what comes after decides nothing any more.
READS: Final = 72
# From 0 to 4: 3 resists 10^8 guesses, more than a stolen table of slow digests is worth.
ENOUGH: Final = 3


class GuessableValidator:
    """Refuses what zxcvbn guesses: words of its lists, keyboard walks, dates, the person's name.

    Its lists are those of passwords that were stolen elsewhere, and of common words and names.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """``ValidationError`` with what to do about it."""
        from zxcvbn import zxcvbn  # its lists take a while to read: only where passwords are chosen

        known = [] if user is None else [user.email, *user.email.split("@"), user.name]
        found = zxcvbn(password[:READS], user_inputs=[text[:READS] for text in known if text])
        if found["score"] < ENOUGH:
            raise ValidationError(
                _(
                    "This password is soon guessed: it is on lists of stolen passwords, or looks "
                    "like those that are. Put together several words that have nothing to do with "
                    "each other."
                ),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        """What is asked, in one sentence."""
        return _("Several words that have nothing to do with each other make a good password.")
