"""The words of the city: what themes and boroughs are called, and how people write the facets.

A query is widened by them, and not the documents: an edit of a synonym is true of the next search.
"""

from __future__ import annotations

import itertools
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.taxonomy.models import Borough, Theme
from search import analysis
from search.tokens import token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# How long a process goes on with the words it has read.
KEPT_SECONDS: Final = 5.0
# What people write after a prefix, folded, besides the values themselves.
WRITTEN: Final = {
    "kind": {
        "challenge": "defi defis appel appels challenges call calls",
        "solution": "solutions",
        "startup": "jeune-pousse jeunes-pousses entreprise entreprises startups",
        "incubator": "incubateur incubateurs accompagnement incubators",
        "program": "programme programmes programs",
        "intake": "cohorte cohortes admission admissions intakes",
        "site": "sites lieu lieux",
        "pilot": "pilote pilotes projet projets pilots",
        "verdict": "verdicts bilan bilans",
        "page": "pages",
    },
    "status": {
        "open": "ouvert ouverte ouverts ouvertes",
        "upcoming": "avenir a-venir prochain prochainement soon",
        "closed": "ferme fermee fermes termine",
        "review": "evaluation",
        "decided": "decide decision",
        "running": "cours en-cours",
        "concluded": "conclu conclus termine",
    },
    "stage": {
        "idea": "idee",
        "prototype": "prototypage",
        "first_customers": "clients",
        "growth": "croissance",
    },
}

# What people call boroughs and what lies in them, beside the names on their signs.
CALLED: Final = {
    "ahuntsic-cartierville": ("Ahuntsic", "Cartierville", "Nouveau-Bordeaux"),
    "cote-des-neiges-notre-dame-de-grace": ("CDN", "NDG", "Snowdon"),
    "l-ile-bizard-sainte-genevieve": ("Île-Bizard",),
    "le-plateau-mont-royal": ("Plateau-Mont-Royal", "Plateau", "Mile-End"),
    "le-sud-ouest": (
        *("Sud-Ouest", "Griffintown", "Saint-Henri", "Pointe-Saint-Charles"),
        *("Petite-Bourgogne", "Little Burgundy", "Ville-Émard"),
    ),
    "mercier-hochelaga-maisonneuve": ("MHM", "Hochelaga", "HoMa", "Mercier", "Tétreaultville"),
    "montreal-nord": ("Montréal North",),
    "mont-royal": ("Ville Mont-Royal", "Town of Mount Royal", "TMR", "VMR"),
    "pierrefonds-roxboro": ("Pierrefonds", "Roxboro"),
    "riviere-des-prairies-pointe-aux-trembles": ("RDP", "PAT"),
    "rosemont-la-petite-patrie": ("RPP", "Petite-Patrie", "Petite Italie", "Little Italy"),
    "saint-laurent": ("Ville Saint-Laurent", "VSL"),
    "verdun": ("Île-des-Sœurs", "Nuns’ Island"),
    "ville-marie": ("centre-ville", "downtown", "Vieux-Montréal", "Old Montréal", "Gay Village"),
    "villeray-saint-michel-parc-extension": ("VSMPE", "VSP", "Parc-Ex", "Park-Ex"),
}
# What the word before a name may be, that says nothing more than the name: « arr. de Verdun ».
_OF_A_PLACE: Final = frozenset(("arrondissement", "borough", "quartier", "secteur"))
_BETWEEN: Final = frozenset(("de", "du", "des", "la", "le", "of", "the"))


@dataclass(frozen=True, slots=True)
class Synonym:
    """Stems that together mean a theme."""

    stems: frozenset[str]
    token: str


class Lexicon:
    """The words of themes and boroughs, ready for queries."""

    def __init__(self, themes: Iterable[Theme], boroughs: Iterable[Borough]) -> None:
        """Reads each name and synonym once."""
        self.named: dict[str, dict[str, tuple[str, str]]] = {"theme": {}, "borough": {}}
        self._synonyms: dict[str, list[Synonym]] = defaultdict(list)
        self._places: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self._values: dict[str, dict[str, str]] = {
            facet: {word: value for value, words in of.items() for word in (value, *words.split())}
            for facet, of in WRITTEN.items()
        }
        self._said: list[tuple[tuple[str, ...], str, str]] = []
        for theme in themes:
            self._add_theme(theme)
        for borough in boroughs:
            self._add_borough(borough)
        self._words = {word for said, _facet, _slug in self._said for word in said}

    def value(self, facet: str, text: str) -> str:
        """The value of ``facet`` that somebody writes as ``text``, or nothing."""
        return self._values.get(facet, {}).get(_written(text), "")

    def expanded(self, words: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Folded words of a query, each with a token of a theme or a borough that it names.

        All words of a synonym are needed; those of a borough, in their order.
        """
        by_stem: dict[str, set[str]] = defaultdict(set)
        for word in words:
            for language in ("fr", "en"):
                by_stem[analysis.stem(word, language)].add(word)
        synonyms = {s for stem in by_stem for s in self._synonyms.get(stem, ())}
        for synonym in sorted(synonyms, key=lambda s: (s.token, sorted(s.stems))):
            if synonym.stems <= by_stem.keys():
                for stem in sorted(synonym.stems):
                    for word in sorted(by_stem[stem]):
                        yield word, synonym.token
        for at, first in enumerate(words):
            for name, found in self._places.get(first, ()):
                if tuple(words[at : at + len(name)]) == name:
                    yield from ((word, found) for word in (*_announcing(words[:at]), *name))

    def words(self) -> set[str]:
        """All plain words by which themes and boroughs are found."""
        return self._words

    def beginning(self, words: Sequence[str], language: str) -> list[tuple[str, str, str]]:
        """Facet, slug and name of themes and boroughs that ``words`` begin to say.

        All words are needed, the last one as a beginning; a synonym says its theme.
        """
        *whole, last = words
        found: dict[tuple[str, str], str] = {}
        for said, facet, slug in self._said:
            if all(word in said for word in whole) and any(s.startswith(last) for s in said):
                found.setdefault((facet, slug), self.named[facet][slug][language == "en"])
        return [(facet, slug, name) for (facet, slug), name in found.items()]

    def _add_theme(self, theme: Theme) -> None:
        self.named["theme"][theme.slug] = (theme.name_fr, theme.name_en)
        found = token(analysis.THEME, theme.slug)
        said = {
            "fr": [theme.name_fr, *theme.synonyms_fr.splitlines()],
            "en": [theme.name_en, *theme.synonyms_en.splitlines()],
        }
        values = self._values.setdefault("theme", {})
        for language, lines in said.items():
            for line in lines:
                values.setdefault(_written(line), theme.slug)
                self._said.append((tuple(analysis.words(line)), "theme", theme.slug))
                stems = frozenset(analysis.stems(line, language))
                if stems:
                    synonym = Synonym(stems, found)
                    for stem in stems:
                        self._synonyms[stem].append(synonym)
        values[_written(theme.slug)] = theme.slug

    def _add_borough(self, borough: Borough) -> None:
        self.named["borough"][borough.slug] = (borough.name, borough.name)
        found = token(analysis.BOROUGH, borough.slug)
        values = self._values.setdefault("borough", {})
        called = CALLED.get(borough.slug, ())
        for part in dict.fromkeys((borough.name, *borough.name.split("–"), *called)):
            values.setdefault(_written(part), borough.slug)
            name = tuple(analysis.words(part))
            self._said.append((name, "borough", borough.slug))
            if name:
                self._places[name[0]].append((name, found))
        values[_written(borough.slug)] = borough.slug


def _announcing(before: Sequence[str]) -> tuple[str, ...]:
    """The word that announces a name after ``before``, if its last ones do."""
    rest = itertools.dropwhile(_BETWEEN.__contains__, reversed(before))
    return tuple(word for word in itertools.islice(rest, 1) if word in _OF_A_PLACE)


def _written(text: str) -> str:
    return "-".join(analysis.words(text.replace("_", "-")))


_kept: tuple[float, Lexicon] | None = None


def lexicon() -> Lexicon:
    """The words as they stand, read again every few seconds (two queries)."""
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] > KEPT_SECONDS:
        _kept = now, Lexicon(Theme.objects.all(), Borough.objects.all())
    return _kept[1]


def forget() -> None:
    """Read the words again at the next question: one of them was changed here."""
    global _kept
    _kept = None
