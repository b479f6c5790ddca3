"""Sectors are typed freely, in whichever language: those that are known are said in the reader's.

Words that stand in no row are said as they were typed. The city's own subjects are themes, which
have a name in each language; this is for what owners and imported files write beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.languages import LANGUAGES, active_language
from core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

# In the order of LANGUAGES.
WORDS: Final = (
    ("agriculture urbaine", "urban agriculture"),
    ("alimentation", "food"),
    ("arts numériques", "digital arts"),
    ("bâtiments vacants", "vacant buildings"),
    ("biotechnologie", "biotech"),
    ("chaîne d’approvisionnement", "supply chain"),
    ("climat", "climate"),
    ("culture", "culture"),
    ("culture et création", "cultural and creative"),
    ("cybersécurité", "cybersecurity"),
    ("défis municipaux", "municipal challenges"),
    ("divertissement", "entertainment"),
    ("diversité", "diversity"),
    ("données", "data"),
    ("eau", "water"),
    ("éducation", "education"),
    ("énergie", "energy"),
    ("entrepreneuriat noir", "Black entrepreneurship"),
    ("environnement", "environment"),
    ("espace public", "public space"),
    ("généraliste", "general"),
    ("impact social", "social impact"),
    ("inclusion numérique", "digital inclusion"),
    ("incubation", "incubation"),
    ("industrie", "industrial"),
    ("innovation ouverte", "open innovation"),
    ("innovation sociale", "social innovation"),
    ("intelligence artificielle", "AI"),
    ("laboratoire vivant", "living lab"),
    ("logement", "housing"),
    ("médias", "media"),
    ("mobilité", "mobility"),
    ("multisectoriel", "multi-sector"),
    ("santé", "health"),
    ("science des données", "data science"),
    ("sciences de la vie", "life sciences"),
    ("technologies de la santé", "health technology"),
    ("technologies en général", "general tech"),
    ("technologies financières", "fintech"),
    ("technologies médicales", "medtech"),
    ("technologies profondes", "deeptech"),
    ("technologies propres", "cleantech"),
    ("TIC", "ICT"),
    ("tourisme", "tourism"),
    ("transport électrique et intelligent", "electric and smart transport"),
    ("ville intelligente", "smart city"),
)
_BY_WORD: Final = {fold(word): row for row in WORDS for word in row}


def in_the_readers(sector: object) -> str:
    """One sector in the reader's language when it is known, else as it was typed."""
    typed = str(sector)
    row = _BY_WORD.get(fold(typed))
    return row[LANGUAGES.index(active_language())] if row is not None else typed


def sectors_in_words(typed: Iterable[object], themes: Iterable[object] = ()) -> str:
    """``themes`` and then what was typed beside them, each once; begins with a capital."""
    said: dict[str, str] = {}
    for word in (*map(str, themes), *map(in_the_readers, typed)):
        said.setdefault(word.casefold(), word)
    first, *others = [*said.values()] or [""]
    return ", ".join((first[:1].upper() + first[1:], *others))
