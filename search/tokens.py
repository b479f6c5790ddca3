"""What an engine is given of a document: four streams of stems, and two of plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from search import analysis
from search.analysis import BOROUGH, THEME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from search.port import Document

OTHER: Final = {"fr": "en", "en": "fr"}
# Stands between two fields in the plain stream: a phrase does not run from one into the next.
GAP: Final = "_"
_NAMES: Final = ("title", "names", "summary", "body", "questions", "other")
_NAMING: Final = frozenset({"title", "names", "summary"})
# A word said so many times in the body is said; more times add nothing, so that nobody gains by
# repeating themselves.
MOST_SAID: Final = 3
# All fields are folded at once.
_BETWEEN: Final = "\x1f"
# Where a name joins two words: échoFab is found by fab.
_INSIDE = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")


class Tokens(NamedTuple):
    """The streams of a document; :mod:`search.ranking` weighs the first four.

    ``title``; ``brief`` (summary, number, owner); ``other`` (the other language, its themes and
    boroughs as tokens); ``body`` (the rest). ``heads`` are the plain words of title and names that
    carry meaning, by which suggestions begin; ``plain`` those of everything, for phrases.
    """

    title: list[str]
    brief: list[str]
    other: list[str]
    body: list[str]
    heads: list[str]
    plain: list[str]


def tokens_of(document: Document) -> Tokens:
    """The streams of ``document``."""
    written = _BETWEEN.join(getattr(document, name) for name in _NAMES)
    parts = analysis.prepared(written).split(_BETWEEN)
    pieces = {name: analysis.pieces_of(text) for name, text in zip(_NAMES, parts, strict=True)}
    plain = {name: analysis.words_of(found) for name, found in pieces.items()}
    inside = _INSIDE.search(f"{document.title} {document.names} {document.summary}") is not None

    def stems(name: str, of: str = document.language) -> list[str]:
        found = analysis.stems_of(pieces[name], of)
        if inside and name in _NAMING:
            found += _parts(getattr(document, name), of)
        return found

    return Tokens(
        title=stems("title"),
        brief=stems("summary") + stems("names"),
        other=[
            *stems("other", OTHER[document.language]),
            *(token(THEME, slug) for slug in document.themes),
            *(token(BOROUGH, slug) for slug in document.boroughs),
        ],
        body=_sparing(stems("body") + stems("questions")),
        heads=[word for word in plain["title"] + plain["names"] if analysis.means(word)],
        plain=_apart(plain.values()),
    )


def _apart(texts: Iterable[list[str]]) -> list[str]:
    found: list[str] = []
    for words in texts:
        found += (GAP, *words)
    return found[1:]


def _sparing(stems: list[str]) -> list[str]:
    said: dict[str, int] = {}
    kept = []
    for stem in stems:
        times = said.get(stem, 0)
        if times < MOST_SAID:
            said[stem] = times + 1
            kept.append(stem)
    return kept


def _parts(text: str, language: str) -> list[str]:
    return analysis.stems(_INSIDE.sub(" ", text), language) if _INSIDE.search(text) else []


def token(prefix: str, slug: str) -> str:
    """The token of a theme or a borough: letters, digits and underscores."""
    return prefix + slug.replace("-", "_")
