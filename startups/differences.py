"""Two versions of a listing, field by field, with the words that changed marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from startups.drafting import empty_like, same
from startups.forms.fields import language_of
from startups.forms.shown import Shown, shown_in
from startups.sections import SECTIONS, names_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from startups.forms.listing import ListingForm

# Beyond that many words, comparing word by word takes seconds: the whole text counts as changed.
MOST_WORDS: Final = 3000


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: what it was and what it becomes, as HTML with ``del`` and ``ins``."""

    name: str
    label: str
    language: str
    section: str
    before: SafeString
    after: SafeString
    shown_before: tuple[Shown, ...] = ()
    shown_after: tuple[Shown, ...] = ()


def differences(
    form: ListingForm, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Difference]:
    """The fields whose raw values differ, in the order of the form."""
    found = []
    for section in SECTIONS[form.model]:
        for name in (name for entry in section.entries for name in names_of(entry)):
            new = after.get(name, "")
            old = before.get(name, empty_like(new))
            if name not in after or same(old, new):
                continue
            field = form.fields[name]
            marked = marked_words(form.in_words(name, old), form.in_words(name, new))
            shown = [shown_in(field, name, side) for side in (before, after)]
            label, language = str(field.label), language_of(name)
            found.append(Difference(name, label, language, str(section.title), *marked, *shown))
    return found


def marked_words(old: str, new: str) -> tuple[SafeString, SafeString]:
    """``old`` with what goes in ``del``, ``new`` with what comes in ``ins``; all of it escaped."""
    mine, theirs = _words(old), _words(new)
    if len(mine) > MOST_WORDS or len(theirs) > MOST_WORDS:
        return _wrapped("del", old), _wrapped("ins", new)
    left, right = Marked("del"), Marked("ins")
    for kind, a, b, c, d in SequenceMatcher(None, mine, theirs).get_opcodes():
        gone, come = "".join(mine[a:b]), "".join(theirs[c:d])
        left.add(gone, is_same=kind == "equal")
        right.add(come, is_same=kind == "equal")
    return left.html(), right.html()


class Marked:
    """A text in pieces that stay or change; a space between two changes changes with them."""

    def __init__(self, tag: str) -> None:
        """``tag`` marks what changes."""
        self.tag = tag
        self.pieces: list[tuple[str, bool]] = []

    def add(self, text: str, *, is_same: bool) -> None:
        """The next piece."""
        if not text:
            return
        if not is_same and len(self.pieces) > 1:
            (before, was_same), (space, is_kept) = self.pieces[-2:]
            if is_kept and not was_same and space.isspace():
                self.pieces[-2:] = [(before + space + text, False)]
                return
        self.pieces.append((text, is_same))

    def html(self) -> SafeString:
        """All of it, escaped."""
        parts = (_plain(t) if same else _wrapped(self.tag, t) for t, same in self.pieces)
        # Each part is escaped.
        return mark_safe("".join(parts))  # noqa: S308


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|[^\s]+", text)


def _plain(text: str) -> SafeString:
    # The line breaks are ours, the rest is escaped.
    return mark_safe(escape(text).replace("\n", "<br>"))  # noqa: S308


def _wrapped(tag: str, text: str) -> SafeString:
    if not text:
        return mark_safe("")
    return mark_safe(f"<{tag}>{_plain(text)}</{tag}>")  # noqa: S308
