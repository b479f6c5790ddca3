"""Names as they are compared."""

from __future__ import annotations

from typing import Final

from core.accounts.doubles import comparable

ARTICLES: Final = frozenset({"le", "la", "les", "l", "un", "une", "des", "du", "the", "a", "an"})


def folded(name: str) -> str:
    """A name as it is compared: no accents, legal form nor article in front."""
    words = comparable(name).split()
    while len(words) > 1 and words[0] in ARTICLES:
        words.pop(0)
    return " ".join(words)
