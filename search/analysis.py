"""How a text becomes words to compare, the same for every engine.

An engine is given tokens and compares them as they are: what is found depends on this module and
not on the analyser of a server. Two streams leave it: *plain* words, in their order, for phrases,
beginnings and spelling; and *stems* of what carries meaning, for everything else.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

import Stemmer

# Tokens that stand for a theme or a borough; no text makes an underscore.
THEME: Final = "theme_"
BOROUGH: Final = "borough_"

# French elision: l'eau and qu'un are found by eau and un. English possessives go the same way.
_ELISION = re.compile(r"\b(?:l|d|j|m|n|s|t|c|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=\w)")
_POSSESSIVE = re.compile(r"(?<=\w)'s\b")
# City words: St-Laurent is Saint-Laurent, Ste-Catherine Sainte-Catherine, arr. an arrondissement.
_SAINT = re.compile(r"\bst(e?)(?:\.\s?|-|\s)(?=[a-z])")
_SHORTENED: Final = {
    "arr": "arrondissement",
    "arrond": "arrondissement",
    "mtl": "montreal",
    "av": "avenue",
}
# 12 000 and 12,000 are one number.
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})((?:[ ,]\d{3})+)(?!\d)")
# 10km, 10 km and 10 kilomètres are ten and km.
_UNITS: Final = {
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), "km"),
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters"), "m"),
    **dict.fromkeys(("kg", "kilo", "kilos", "kilogramme", "kilogrammes", "kilograms"), "kg"),
    **dict.fromkeys(("h", "heure", "heures", "hour", "hours"), "h"),
    **dict.fromkeys(("kwh", "kilowattheure", "kilowattheures"), "kwh"),
    **dict.fromkeys(("t", "tonne", "tonnes"), "t"),
}
_MEASURE = re.compile(r"(\d)\s?(" + "|".join(sorted(_UNITS, key=len, reverse=True)) + r")\b")
_DIGIT = re.compile(r"\d")
_NOT_DIGIT = re.compile(r"\D")
# Nobody looks for a longer word, and no index wants one.
_WORD = re.compile(r"[a-z0-9]{1,40}")
_HYPHENED = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")

_FRENCH = """
a afin ai ainsi alors au aucun aussi autre aux avec avoir avons avez ayant bien ca car ce ceci cela
celle celles celui ces cet cette ceux chaque chez ci comme comment d dans de des dont du elle elles
en encore entre est et etait etes etre eu eux fait faire fais faut il ils j je l la le les leur
leurs lui m ma mais me meme memes moi mon n ne ni nos notre nous on ont or ou par pas peu peut peux
plus pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se sera ses si son
sont sous soit sur t ta te tes toi ton tous tout toute toutes tres tu un une veux vont vos votre
vous voudrais y
"""
_ENGLISH = """
a about all also am an and any are as at be been being both but by can could did do does doing
each for from had has have having he her here hers him his how i if in into is it its itself just
like may me might more most my no nor not of off on once only or other our ours out over own s same
she should so some such t than that the their theirs them then there these they this those through
to too under until up us very want was we were what when where which while who whom whose why will
with would you your yours
"""
_STOP_WORDS: Final = frozenset(_FRENCH.split()) | frozenset(_ENGLISH.split())
_STEMMERS: Final = {"fr": Stemmer.Stemmer("french"), "en": Stemmer.Stemmer("english")}
_SHORTEST: Final = 3
_SHORT: Final = 6
_IRREGULAR: Final = {"travaux": "travail", "vitraux": "vitrail", "yeux": "oeil", "baux": "bail"}
# English nouns whose ending is no ending: parking is not what one does in a park.
_WHOLE: Final = {
    **{
        word: word for word in ("parking", "building", "housing", "lighting", "crossing", "heating")
    },
    "parkings": "parking",
    "buildings": "building",
    "crossings": "crossing",
}
# British and French spellings of one word: digitise, digitisation.
_ISE = re.compile(r"is(e|es|ed|er|ers|ing|ation|ations)$")


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _typed_letters() -> dict[int, str]:
    """Latin letters with accents, ligatures and typographic signs, as a keyboard types them."""
    opened = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
    signs = {"’": "'", "ʼ": "'", "‐": "-", "‑": "-", "\u00ad": "", "\u00a0": " ", "\u202f": " "}
    table = {ord(sign): plain for sign, plain in (opened | signs).items()}
    for code in range(0xC0, 0x250):
        table.setdefault(code, _without_marks(chr(code)))
    return table


_TYPED: Final = _typed_letters()


def fold(text: str) -> str:
    """Lower case, ligatures opened, accents dropped, elisions and city words put in one form."""
    text = text.lower()
    if not text.isascii():
        text = text.translate(_TYPED)
        text = text if text.isascii() else _without_marks(text)
    if "'" in text:
        text = _POSSESSIVE.sub("", _ELISION.sub(" ", text))
    if "st" in text:
        text = _SAINT.sub(r"saint\1-", text)
    if _DIGIT.search(text):
        text = _THOUSANDS.sub(lambda m: m[1] + _NOT_DIGIT.sub("", m[2]), text)
        text = _MEASURE.sub(lambda m: f"{m[1]} {_UNITS[m[2]]}", text)
    return text


def words(text: str) -> list[str]:
    """All folded words of ``text``, in order."""
    return words_of_folded(fold(text))


def words_of_folded(text: str) -> list[str]:
    """The same for a text that :func:`fold` has answered."""
    return [_SHORTENED.get(word, word) for word in _WORD.findall(text)]


def compounds(folded: str) -> list[str]:
    """What hyphens hold together, written as one: ``postsecondaire`` for ``post-secondaire``."""
    if "-" not in folded:
        return []
    return [found.replace("-", "") for found in _HYPHENED.findall(folded)]


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """``word``, folded, without its ending: Snowball's (Porter, 2001) on a word without accents.

    Plurals go first, as the French rules look for accents that nobody types; a final ``e`` last,
    so that déneigée and déneigement meet.
    """
    if len(word) <= _SHORTEST or word[0].isdigit():
        return word
    if language == "en":
        return _WHOLE.get(word) or str(_STEMMERS["en"].stemWord(_ISE.sub(r"iz\1", word)))
    found = str(_STEMMERS["fr"].stemWord(_singular(word)))
    bare = found.rstrip("e")
    return bare if len(bare) >= _SHORTEST else found


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("eaux") or (word.endswith(("eux", "oux")) and len(word) <= _SHORT):
        return word[:-1]
    if word.endswith("aux") and len(word) > len("aux") + 1:
        return f"{word[:-3]}al"
    return word[:-1] if word[-1] in "sx" and word[-2] not in "su" else word


@lru_cache(maxsize=200_000)
def means(word: str) -> bool:
    """Whether a folded word carries meaning in either language."""
    return word not in _STOP_WORDS and (len(word) > 1 or word.isdigit())


def stems(text: str, language: str) -> list[str]:
    """Stems of the words of ``text`` that carry meaning, and what its hyphens hold together."""
    return stems_of_folded(fold(text), language)


def stems_of_folded(folded: str, language: str) -> list[str]:
    """The same for a text that :func:`fold` has answered."""
    found = [stem(word, language) for word in words_of_folded(folded) if means(word)]
    return found + [stem(word, language) for word in compounds(folded)]
