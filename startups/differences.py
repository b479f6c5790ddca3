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
            marked = marked_words(form.in_words(name, old), form.in_words(name, new))
            label, language = str(form.fields[name].label), language_of(name)
            found.append(Difference(name, label, language, str(section.title), *marked))
    return found


def marked_words(old: str, new: str) -> tuple[SafeString, SafeString]:
    """``old`` with what goes in ``del``, ``new`` with what comes in ``ins``; all of it escaped."""
    mine, theirs = _words(old), _words(new)
    if len(mine) > MOST_WORDS or len(theirs) > MOST_WORDS:
        blocks = [("replace", 0, len(mine), 0, len(theirs))]
    else:
        blocks = SequenceMatcher(None, mine, theirs).get_opcodes()  # type: ignore[assignment]
    left, right = [], []
    for kind, a, b, c, d in blocks:
        gone, come = "".join(mine[a:b]), "".join(theirs[c:d])
        left.append(escape(gone) if kind == "equal" or not gone else _wrapped("del", gone))
        right.append(escape(come) if kind == "equal" or not come else _wrapped("ins", come))
    return _joined(left), _joined(right)


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|[^\s]+", text)


def _wrapped(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>"


def _joined(parts: list[str]) -> SafeString:
    # Each part was escaped above.
    return mark_safe("".join(parts).replace("\n", "<br>"))  # noqa: S308
