"""What a person typed, read and put in the form that every engine answers.

Any text whatever can be read: what is no operator is a word, and a sign alone is nothing.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from search import analysis
from search.equivalents import expanded, spelt_out
from search.port import FACETS, Asked, Query, Term

if TYPE_CHECKING:
    from datetime import datetime

    from search.lexicon import Lexicon

MOST_TERMS: Final = 16
MOST_ALTERNATIVES: Final = 24
MOST_PHRASE: Final = 12
# The names of the facets as people write them, without accents.
PREFIXES: Final = {
    **dict.fromkeys(("type", "genre", "kind"), "kind"),
    **dict.fromkeys(("theme", "sujet"), "theme"),
    **dict.fromkeys(("borough", "arrondissement", "arr"), "borough"),
    **dict.fromkeys(("status", "statut", "etat"), "status"),
    **dict.fromkeys(("stage", "stade", "etape"), "stage"),
}
# What a minus stands before when it is the sign of a measure: « -30 °C », “-5 km”.
_UNITS: Final = (
    r"[°º%$]|(?:degr[ée]s?|degrees?|celsius|[cfmgthl]|[kcm]m|kg|min|kwh?|mw|ha|db)(?!\w|['’])"
)
_SIGN = re.compile(rf"(?<!\S)-(?=\d[\d.,]*\s?(?:{_UNITS}))", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d.,-]*")
# What stands before a hyphen and is no word of its own: who types « anti-bruit » wants noise.
_PREFIXES: Final = frozenset(("anti", "non", "pre", "pro", "semi", "hyper", "ultra"))
_PIECE = re.compile(r'(-?)(?:(\w{2,20}):)?(?:"([^"]*)"|«([^»]*)»|“([^”]*)”|([^\s"«“]+))')


@dataclass(frozen=True, slots=True)
class Typed:
    """The parts of a typed text; ``groups`` are what spaces part, as typed."""

    groups: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    without_phrases: tuple[tuple[str, ...], ...] = ()
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read(text: str, lexicon: Lexicon) -> Typed:
    """The parts of ``text``; a prefix whose value nobody knows is read as words.

    A minus excludes, save before a measure and before numbers that stand alone: these are
    temperatures and heights.
    """
    groups: list[str] = []
    phrases: list[tuple[str, ...]] = []
    without: list[str] = []
    without_phrases: list[tuple[str, ...]] = []
    chosen: dict[str, list[str]] = {}
    for minus, prefix, *quoted, bare in _PIECE.findall(_SIGN.sub("", text)):
        phrase = next((part for part in quoted if part), "")
        facet = PREFIXES.get(analysis.fold(prefix), "")
        value = lexicon.value(facet, phrase or bare) if facet else ""
        if value and not minus:
            chosen.setdefault(facet, []).append(value)
        elif phrase:
            found = tuple(analysis.words(f"{prefix} {phrase}"))[:MOST_PHRASE]
            if found:
                (without_phrases if minus else phrases).append(found)
        elif bare.strip("-") or prefix:
            (without if minus else groups).append(bare if value else f"{prefix} {bare}".strip())
    if not groups and not phrases and not chosen and all(map(_NUMBER.fullmatch, without)):
        groups, without = without, []
    return Typed(
        groups=tuple(groups),
        phrases=tuple(phrases)[:MOST_TERMS],
        without=tuple(without)[:MOST_TERMS],
        without_phrases=tuple(without_phrases)[:MOST_TERMS],
        chosen={facet: tuple(dict.fromkeys(values)) for facet, values in chosen.items()},
    )


def ask(query: Query, typed: Typed, lexicon: Lexicon, *, now: datetime) -> Asked:
    """``query`` with its text as ``typed``; what was typed and what was chosen hold together."""
    text = " ".join(typed.groups)
    terms = terms_of(text, lexicon)
    without = [_excluded(group) for group in typed.without]
    # Nothing but small words: somebody may look for « The Who ».
    small = () if terms or not text else (tuple(analysis.words(text))[:MOST_PHRASE],)
    return Asked(
        language=query.language,
        now=now,
        terms=terms,
        phrases=(*typed.phrases, *(phrase for phrase in small if phrase)),
        without=tuple(term for terms, _phrases in without for term in terms)[:MOST_TERMS],
        without_phrases=(
            *typed.without_phrases,
            *(phrase for _terms, phrases in without for phrase in phrases),
        )[:MOST_TERMS],
        chosen={facet: _both(query.asked(facet), typed.chosen.get(facet, ())) for facet in FACETS},
        title=" ".join(analysis.words(" ".join((text, *map(" ".join, typed.phrases))))),
        box=query.box,
        near=query.near,
        since=query.since,
        sort=query.sort,
        is_counted=query.is_counted,
        limit=query.limit,
        offset=query.offset,
    )


def terms_of(text: str, lexicon: Lexicon) -> tuple[Term, ...]:
    """The words of ``text`` that carry meaning, each with all that it may stand for."""
    pieces = analysis.pieces(text)
    spelt, short = spelt_out(pieces)
    words, names = _named(spelt)
    light = _prefixes(pieces)
    kept = [word for word in dict.fromkeys(words) if analysis.means(word) and word not in light]
    own = {word: [*stems_of(word), *short.get(word, ())] for word in kept[:MOST_TERMS]}
    alternatives = {word: list(stems) for word, stems in own.items()}
    typed = {stem for stems in own.values() for stem in stems}
    for word, joined in _joined(list(own), pieces):
        if word in alternatives:
            # « parc-ex » is no parc, whatever its ending is taken for.
            alternatives[word] += [stem for stem in stems_of(joined) if stem not in typed]
    for word, others in expanded(own).items():
        alternatives[word] += sorted(others)
    for word, token in lexicon.expanded(spelt):
        if names.get(word, word) in alternatives and (
            word not in names or token.startswith(analysis.BOROUGH)
        ):
            alternatives[names.get(word, word)].append(token)
    return tuple(
        Term(word, tuple(dict.fromkeys(found))[:MOST_ALTERNATIVES], own=frozenset(own[word]))
        for word, found in alternatives.items()
    )


def _excluded(group: str) -> tuple[list[Term], list[tuple[str, ...]]]:
    """What leaves out ``group``: its word, as typed and not as it might be meant.

    What hyphens hold is left out whole: who does not want « rez-de-chaussée » may want a chaussée.
    """
    terms, phrases = [], []
    for piece in analysis.pieces(group):
        words, whole = analysis.WORDS[piece], analysis.compound(piece)
        said = whole if len(words) > 1 else "".join(words)
        if said and (whole or analysis.means(said)):
            terms.append(Term(said, stems_of(said), own=frozenset(stems_of(said))))
        if len(words) > 1:
            phrases.append(tuple(words)[:MOST_PHRASE])
    return terms, phrases


def _prefixes(pieces: list[str]) -> set[str]:
    """Beginnings of compounds that are no words of their own."""
    parted = (analysis.WORDS[piece] for piece in pieces if "-" in piece)
    return {words[0] for words in parted if len(words) > 1 and words[0] in _PREFIXES}


def stems_of(word: str) -> tuple[str, ...]:
    """A folded word's stems in both languages: the reader may write in either."""
    return tuple(dict.fromkeys(analysis.stem(word, language) for language in analysis.STEMS))


def _both(chosen: tuple[str, ...], typed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*chosen, *typed)))


def _named(words: list[str]) -> tuple[list[str], dict[str, str]]:
    """``words`` with each name that holds together in one, and that one by each of its words."""
    names: dict[str, str] = {}
    for name in sorted(analysis.NAMES):
        parts = name.split("-")
        for at in range(len(words) - len(parts), -1, -1):
            if words[at : at + len(parts)] == parts:
                words = [*words[:at], "".join(parts), *words[at + len(parts) :]]
                names |= dict.fromkeys(parts, "".join(parts))
    return words, {part: name for part, name in names.items() if part not in words}


def _joined(kept: list[str], pieces: list[str]) -> list[tuple[str, str]]:
    """Words with what they make together: ``fab lab`` is ``fablab``, by a space or a hyphen."""
    pairs: list[tuple[tuple[str, ...], str]] = [
        (pair, "".join(pair)) for pair in itertools.pairwise(kept)
    ]
    pairs += [(analysis.WORDS[p], analysis.compound(p)) for p in pieces if analysis.compound(p)]
    return [(word, joined) for words, joined in pairs for word in words]
