"""What an engine is given of a document: four streams of stems, and two of plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from search import analysis
from search.analysis import BOROUGH, THEME

if TYPE_CHECKING:
    from search.port import Document

OTHER: Final = {"fr": "en", "en": "fr"}
# Stands between two fields in the plain stream: a phrase does not run from one into the next.
GAP: Final = "_"
# Where a name joins two words: échoFab is found by fab.
_INSIDE = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")


class Tokens(NamedTuple):
    """The streams of a document; :mod:`search.ranking` weighs the first four.

    ``title``; ``brief`` (summary, number, owner); ``other`` (the other language, its themes and
    boroughs as tokens); ``body`` (the rest). ``heads`` are the plain words of title and names, by
    which suggestions begin; ``plain`` those of everything, for phrases and beginnings.
    """

    title: list[str]
    brief: list[str]
    other: list[str]
    body: list[str]
    heads: list[str]
    plain: list[str]


def tokens_of(document: Document) -> Tokens:
    """The streams of ``document``."""
    language = document.language
    folded = {
        name: analysis.fold(getattr(document, name))
        for name in ("title", "names", "summary", "body", "questions", "other")
    }
    plain = {name: analysis.words_of_folded(text) for name, text in folded.items()}

    def parts(name: str) -> list[str]:
        text = getattr(document, name)
        return analysis.stems(_INSIDE.sub(" ", text), language) if _INSIDE.search(text) else []

    def stems(name: str, of: str = language) -> list[str]:
        found = [analysis.stem(word, of) for word in plain[name] if analysis.means(word)]
        return found + [analysis.stem(word, of) for word in analysis.compounds(folded[name])]

    return Tokens(
        title=stems("title") + parts("title"),
        brief=stems("summary") + stems("names") + parts("summary") + parts("names"),
        other=[
            *stems("other", OTHER[language]),
            *(token(THEME, slug) for slug in document.themes),
            *(token(BOROUGH, slug) for slug in document.boroughs),
        ],
        body=stems("body") + stems("questions"),
        heads=plain["title"] + plain["names"],
        plain=[
            *plain["title"],
            *(word for name in tuple(folded)[1:] for word in (GAP, *plain[name])),
        ],
    )


def token(prefix: str, slug: str) -> str:
    """The token of a theme or a borough: letters, digits and underscores."""
    return prefix + slug.replace("-", "_")
