"""What people type, made safe to show and to compare: one cleaner for every room.

A name goes into mails, lists and file names, so it is one line without anything that cannot be
seen. What cannot be seen is taken away; what imitates another alphabet is refused with a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.exceptions import DomainError

# Letters and signs that draw nothing, beside those whose category already says so.
BLANKS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
)
# Controls, marks of direction and of joining, surrogates, private use, unassigned.
UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Accents piled on one letter beyond this number hide the line above: no language needs more.
MOST_ACCENTS: Final = 3
# A text this many times too long is refused before it is read letter by letter.
FAR_BEYOND: Final = 10
# Small letters of other alphabets that are drawn like a Latin one.
LOOKALIKES: Final = str.maketrans(
    "авекмнорстухіјѕԁԛԝӏαβεικνορτυχγη",
    "abekmhopctyxijsdqwlabeikvoptuxyn",
)
_EXPANDED: Final = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "&": " et "}
# French puts them before : ; ! ? and inside « ».
HARD_SPACES: Final = "\u00a0\u202f"
ALPHABETS: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})


class TextRefused(DomainError):
    """A text that cannot be kept as it was typed; the sentence says what to write instead."""

    code = "text_refused"
    default_message = _("This text cannot be kept as it is written.")


def clean_line(value: str, *, most: int) -> str:
    """``value`` on one line: line breaks become spaces, what cannot be seen goes.

    ``most`` is a number of characters. Raises ``TextRefused`` when more are left, or when one word
    mixes alphabets.
    """
    refuse_long(value, most, at=most * FAR_BEYOND)
    text = " ".join(_seen(value, breaks="").split())
    refuse_long(text, most)
    refuse_lookalikes(text)
    return text


def clean_text(value: str, *, most: int) -> str:
    """The same for a text of several lines, whose breaks and hard spaces are kept."""
    refuse_long(value, most, at=most * FAR_BEYOND)
    one_break = value.replace("\r\n", "\n").replace("\r", "\n")
    lines = _seen(one_break, breaks=f"\n{HARD_SPACES}").split("\n")
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()
    refuse_long(text, most)
    return text


# In a text that is already written: controls, marks of direction, what has no width. What joins
# letters and signs (U+200C, U+200D) stays, languages and small pictures need it.
_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0001\U000e0020-\U000e007f]"
)


def without_hidden(value: str) -> str:
    """``value`` without what hides or turns around what is read: for texts that machines compose.

    Nothing is refused; its lines stay lines.
    """
    return _HIDDEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """``text`` as a header holds it: no line break, and the hard spaces of French kept."""
    return re.sub(rf"[^\S{HARD_SPACES}]+", " ", text).strip()


def shown_line(value: str, *, most: int) -> str:
    """The same on one line of ``most`` characters, cut with an ellipsis where it is longer."""
    # Beyond that, what is left after the cleaning is cut anyhow.
    text = one_line(_seen(value[: most * FAR_BEYOND], breaks=HARD_SPACES))
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _seen(value: str, *, breaks: str) -> str:
    kept: list[str] = []
    accents = 0
    for sign in unicodedata.normalize("NFC", value):
        if sign in breaks:
            kept.append(sign)
        elif sign.isspace():
            kept.append(" ")
        elif unicodedata.category(sign) not in UNSEEN and sign not in BLANKS:
            accents = accents + 1 if unicodedata.combining(sign) else 0
            if accents <= MOST_ACCENTS:
                kept.append(sign)
    return "".join(kept)


def refuse_long(text: str, most: int, at: int | None = None) -> None:
    """``TextRefused`` beyond ``most`` characters, or only beyond ``at`` where that is given."""
    if len(text) > (most if at is None else at):
        raise TextRefused(
            _("%(most)s characters at most; this text has %(count)s.")
            % {"most": most, "count": len(text)},
            code="too_long",
        )


def refuse_lookalikes(text: str) -> None:
    """``TextRefused`` when one word of ``text`` mixes alphabets whose letters look alike."""
    for word in re.findall(r"\w+", text):
        if len(_alphabets(word)) > 1:
            raise TextRefused(
                _("The word “%(word)s” mixes alphabets that look alike. Write it in one of them.")
                % {"word": word},
                code="mixed_alphabets",
            )


def _alphabets(word: str) -> set[str]:
    names = (unicodedata.name(sign, "").partition(" ")[0] for sign in word if sign.isalpha())
    return {name for name in names if name in ALPHABETS}


def fold(text: str) -> str:
    """``text`` as one compares it: no case, accents, punctuation, nor look-alike letters."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(_EXPANDED.get(c, c) for c in plain if not unicodedata.combining(c))
    plain = plain.translate(LOOKALIKES)
    plain = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", plain)  # s.e.n.c. is one word
    return " ".join(re.findall(r"\w+", plain))


def ascii_host(host: str) -> str:
    """The name of a machine as the network writes it (IDNA), in lower case.

    Raises ``TextRefused`` on a name that is none, or that imitates one in Latin letters.
    """
    try:
        written = host.strip().rstrip(".").lower().encode("idna").decode("ascii")
        read = written.encode("ascii").decode("idna")
    except UnicodeError as error:
        raise TextRefused(_("“%(host)s” is not a domain name.") % {"host": host[:80]}) from error
    for label in read.split("."):
        imitates = not label.isascii() and fold(label).replace(" ", "").isascii()
        if len(_alphabets(label)) > 1 or (imitates and _alphabets(label) != {"LATIN"}):
            raise TextRefused(
                _("The address “%(host)s” imitates another one with letters of another alphabet.")
                % {"host": written[:80]},
                code="homograph",
            )
    return written


class LineField(forms.CharField):
    """A form's field for a name: :func:`clean_line`, and at least one letter or digit."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        """``max_length`` is counted once what cannot be seen is gone."""
        super().__init__(max_length=max_length, **kwargs)
        self.most = max_length

    def to_python(self, value: Any) -> str:
        """The cleaned line; a sentence when it cannot be kept."""
        try:
            text = clean_line(str(value or ""), most=self.most)
        except TextRefused as error:
            raise ValidationError(str(error), code=error.code) from error
        if text and not any(sign.isalnum() for sign in text):
            raise ValidationError(_("Write at least one letter or digit."), code="no_letter")
        return text


class LinesField(forms.CharField):
    """A form's field for a text of several lines: :func:`clean_text`."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        """``max_length`` is counted once what cannot be seen is gone."""
        super().__init__(max_length=max_length, **kwargs)
        self.most = max_length

    def to_python(self, value: Any) -> str:
        """The cleaned text; a sentence when it cannot be kept."""
        try:
            return clean_text(str(value or ""), most=self.most)
        except TextRefused as error:
            raise ValidationError(str(error), code=error.code) from error
