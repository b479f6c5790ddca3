"""How a text becomes words to compare: folded, without elision, lightly stemmed."""

from __future__ import annotations

import re
import unicodedata

LONGEST_QUERY = 300
MOST_TERMS = 12

# French elision: l'eau and qu'un are found by eau and un.
_ELISION = re.compile(r"\b(?:l|d|j|m|n|s|t|c|qu|jusqu|lorsqu|puisqu)['’](?=\w)")
_WORD = re.compile(r"[a-z0-9]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
_STOP_WORDS = """
a au aux avec ce ces cette dans de des du elle en est et il ils je la le les leur lui
mais ne nos notre nous on ou par pas pour que qui sa sans se ses son sont sur un une
vos votre vous an and are as at be by for from has how in into is it its of on or that
the their this to was we what when where which who will with your
"""
_STOP = frozenset(_STOP_WORDS.split())
# Light plural and feminine endings shared by both languages, longest first.
_ENDINGS = ("ements", "ement", "aux", "ings", "ing", "ees", "ies", "es", "ee", "s", "x", "e")
_SHORTEST_STEM = 4


def fold(text: str) -> str:
    """Lower case, ligatures opened, accents dropped, elisions removed."""
    text = _ELISION.sub(" ", text.lower().translate(_LIGATURES))
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def stem(word: str) -> str:
    """``word`` without its ending, never shorter than four letters."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def words(text: str) -> list[str]:
    """All folded words of ``text``, in order."""
    return _WORD.findall(fold(text))


def terms(text: str) -> list[str]:
    """What a query looks for: distinct stems, stop words dropped unless there is nothing else.

    At most twelve, from the first 300 characters: a longer query is a paste, not a question.
    """
    found = words(text[:LONGEST_QUERY])
    kept = [w for w in found if w not in _STOP] or found
    return list(dict.fromkeys(stem(w) for w in kept))[:MOST_TERMS]


def indexed(text: str) -> str:
    """``text`` as it is stored: its folded words between single spaces."""
    return f" {' '.join(words(text))} "
