"""What is shown of an answer: its title and a passage, the words found marked.

The same for every engine, made from the text itself: a word is marked when its stem, or its
beginning, is one of those looked for. What comes out is safe HTML.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.utils.html import escape

from search import analysis
from search.queries import stems_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from search.port import Asked, Document

LONGEST: Final = 220
# No more of a text than this is looked at for a passage.
MOST_READ: Final = 6000
MOST_MARKS: Final = 30
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


class Marker:
    """Marks the words of one query."""

    def __init__(self, asked: Asked) -> None:
        """Takes what is looked for from ``asked``."""
        self._stems = {token for term in asked.terms for token in term.alternatives}
        self._stems |= {s for phrase in asked.phrases for word in phrase for s in stems_of(word)}
        self._beginnings = tuple(term.beginning for term in asked.terms if term.beginning)
        self._known: dict[str, bool] = {}

    def marked(self, text: str) -> str:
        """``text`` escaped, the words found between ``<mark>`` and ``</mark>``."""
        parts, at = [], 0
        for start, end in self._spans(text)[:MOST_MARKS]:
            parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
            at = end
        return "".join([*parts, escape(text[at:])])

    def extract(self, document: Document) -> str:
        """The passage that says the most of what is looked for, marked; the summary if none does.

        The summary is preferred when it says as much as any passage of the rest.
        """
        summary = document.summary
        best, most = summary, self._weight(summary)
        for text in (document.body, document.questions):
            for passage in _passages(text[:MOST_READ]):
                weight = self._weight(passage)
                if weight > most:
                    best, most = passage, weight
        return self.marked(shortened(best, self._spans(best)))

    def finds(self, text: str) -> list[str]:
        """The words of ``text`` that are found, as they stand there, each once.

        One that stands there again in its plural is the same, and is said as inside a sentence.
        """
        found: dict[frozenset[str], str] = {}
        for start, end in self._spans(text):
            word = text[start:end]
            folded = analysis.fold(word)
            same = self._stems.intersection(stems_of(folded)) or {folded}
            first = found.setdefault(frozenset(same), word)
            if word == first.lower():
                found[frozenset(same)] = word
        return list(found.values())

    def _weight(self, text: str) -> int:
        return len({analysis.fold(text[start:end]) for start, end in self._spans(text)})

    def _spans(self, text: str) -> list[tuple[int, int]]:
        if not self._stems and not self._beginnings:
            return []
        return [
            (analysis.after_elision(m.group()) + m.start(), m.end())
            for m in _WORD.finditer(text)
            if self._is_found(m.group())
        ]

    def _is_found(self, word: str) -> bool:
        if word not in self._known:
            self._known[word] = any(
                part.startswith(self._beginnings) or not self._stems.isdisjoint(stems_of(part))
                for part in analysis.words(word)
                if analysis.means(part) or self._beginnings
            )
        return self._known[word]


def shortened(text: str, spans: Iterable[tuple[int, int]] = ()) -> str:
    """``text`` around its first ``spans``, whole words, no longer than a few lines."""
    if len(text) <= LONGEST:
        return text
    first = next((start for start, _end in spans), 0)
    start = max(0, min(first - LONGEST // 3, len(text) - LONGEST))
    start = text.find(" ", start) + 1 if start else 0
    end = start + LONGEST
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + LONGEST // 2)
    return f"{'… ' if start else ''}{text[start:end].strip()}{' …' if end < len(text) else ''}"


def _passages(text: str) -> list[str]:
    return [passage for passage in _SENTENCE.split(text) if passage.strip()]
