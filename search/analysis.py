"""How a text becomes words to compare, the same for every engine.

An engine is given tokens and compares them as they are: what is found depends on this module and
not on the analyser of a server. Two streams leave it: *plain* words, in their order, for phrases,
beginnings and spelling; and *stems* of what carries meaning, for everything else.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain
from typing import TYPE_CHECKING, Final

import Stemmer

if TYPE_CHECKING:
    from collections.abc import Iterable

# Pieces whose words and stems are remembered.
MOST_KEPT: Final = 300_000

# Tokens that stand for a theme or a borough; no text makes an underscore.
THEME: Final = "theme_"
BOROUGH: Final = "borough_"

# A piece is what spaces and signs part; apostrophes and hyphens hold. Nobody looks for a longer
# word than this, and no index wants one.
_PIECE = re.compile(r"[a-z0-9]{1,40}(?:['-][a-z0-9]{1,40}){0,8}")
_PART = re.compile(r"[a-z0-9]+")
# French elision: l'eau and qu'un are found by eau and un. English possessives go the same way.
_ELIDED: Final = frozenset(("l", "d", "j", "m", "n", "s", "t", "c")) | frozenset(
    ("qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu", "quelqu")
)
# City words and measures in one form: St-Laurent is Saint-Laurent, arr. an arrondissement.
_SHORTENED: Final = {
    "st": "saint",
    "ste": "sainte",
    "arr": "arrondissement",
    "arrond": "arrondissement",
    "mtl": "montreal",
    "av": "avenue",
    **dict.fromkeys(("kilometre", "kilometres", "kilometer", "kilometers"), "km"),
    **dict.fromkeys(("kilogramme", "kilogrammes", "kilogram", "kilograms"), "kg"),
    **dict.fromkeys(("kilowattheure", "kilowattheures"), "kwh"),
}
# Names whose parts mean something else: no more snow falls in Côte-des-Neiges than elsewhere. They
# are found whole, by a hyphen or a space.
NAMES: Final = frozenset(
    ("cote-des-neiges", "parc-extension", "pointe-aux-trembles", "riviere-des-prairies")
)
# 12 000 and 12,000 are one number; 10km is ten and km.
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})((?:[ ,]\d{3})+)(?!\d)")
_MEASURE = re.compile(r"(\d+)(km|cm|mm|m|kg|g|t|h|min|kw|kwh|mw|ha|l)")
_MAYBE_THOUSANDS = re.compile(r"\d[ ,]\d\d\d")
_NOT_DIGIT = re.compile(r"\D")

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
# Bonne is bon, and piétonne piéton; what fonctionne is no feminine.
_FEMININE = re.compile(r"(?<![ts]i)onnes?$")
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
# What Snowball leaves of verbs: ils réservent. What ends in -ment is a noun, and short words like
# client stay what they are.
_PLURAL_VERB = re.compile(r"(?<=.{4})(?<!m)ent$")
# British and French spellings of one word: digitise, digitisation.
_ISE = re.compile(r"is(e|es|ed|er|ers|ing|ation|ations)$")


# What decomposition leaves whole, as a keyboard types it; signs that part words.
_TYPED: Final = (
    *(("’", "'"), ("ʼ", "'"), ("‘", "'"), ("‐", "-"), ("‑", "-"), ("œ", "oe"), ("æ", "ae")),
    *(("ß", "ss"), ("ø", "o"), ("ł", "l"), ("đ", "d"), ("ð", "d"), ("þ", "th")),
    *((sign, " ") for sign in "–—―«»“”„•…§°|/"),
)


def fold(text: str) -> str:
    """Lower case, ligatures opened, accents dropped; other alphabets leave nothing."""
    text = text.lower()
    if text.isascii():
        return text
    for written, typed in _TYPED:
        if written in text:
            text = text.replace(written, typed)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def pieces(text: str) -> list[str]:
    """What spaces and signs part, folded: ``l'eau``, ``cul-de-sac``; numbers in one piece."""
    return pieces_of(prepared(text))


def prepared(text: str) -> str:
    """``text`` folded, its numbers in one piece."""
    folded = fold(text)
    if _MAYBE_THOUSANDS.search(folded):
        folded = _THOUSANDS.sub(lambda m: m[1] + _NOT_DIGIT.sub("", m[2]), folded)
    return folded


def pieces_of(text: str) -> list[str]:
    """The pieces of a text that is :func:`prepared`, or of a part of it."""
    return _PIECE.findall(text)


def words(text: str) -> list[str]:
    """All folded words of ``text``, in order."""
    return words_of(pieces(text))


def words_of(found: Iterable[str]) -> list[str]:
    """The words of pieces, in order."""
    return list(chain.from_iterable(map(WORDS.__getitem__, found)))


def stems(text: str, language: str) -> list[str]:
    """Stems of the words of ``text`` that carry meaning, and what its hyphens hold together."""
    return stems_of(pieces(text), language)


def stems_of(found: Iterable[str], language: str) -> list[str]:
    """The same for pieces."""
    return list(chain.from_iterable(map(STEMS[language].__getitem__, found)))


def after_elision(word: str) -> int:
    """Where the word itself begins in ``word`` as written: 2 for « l’eau »."""
    first, sign, _rest = fold(word).partition("'")
    return len(first) + 1 if sign and first in _ELIDED else 0


def compound(piece: str) -> str:
    """What hyphens hold together, written as one: ``postsecondaire`` for ``post-secondaire``."""
    return piece.replace("-", "") if "-" in piece and "'" not in piece else ""


def stem(word: str, language: str) -> str:
    """``word``, folded, without its ending: Snowball's (Porter, 2001) on a word without accents.

    Plurals go first, as the French rules look for accents that nobody types; a final ``e`` last,
    so that déneigée and déneigement meet. What is made of a noun in -on keeps its second n, typed
    or not: one does not park, « stationnement », in a « station ».
    """
    if len(word) <= _SHORTEST or word[0].isdigit():
        return word
    if language == "en":
        return _WHOLE.get(word) or str(_STEMMERS["en"].stemWord(_ISE.sub(r"iz\1", word)))
    found = str(_STEMMERS["fr"].stemWord(_singular(word)))
    made = found.endswith("on") and word.startswith((f"{found}n", f"{found}em"))
    if made and not _FEMININE.search(word):
        return f"{found}n"
    bare = _PLURAL_VERB.sub("", found).rstrip("e")
    return bare if len(bare) >= _SHORTEST else found


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("eaux") or (word.endswith(("eux", "oux")) and len(word) <= _SHORT):
        return word[:-1]
    if word.endswith("aux") and len(word) > len("aux") + 1:
        return f"{word[:-3]}al"
    return word[:-1] if word[-1] in "sx" and word[-2] not in "su" else word


def means(word: str) -> bool:
    """Whether a folded word carries meaning in either language."""
    return word not in _STOP_WORDS and (len(word) > 1 or word.isdigit())


class _Words(dict[str, tuple[str, ...]]):
    """The words of each piece; it learns as it is asked."""

    def __missing__(self, piece: str) -> tuple[str, ...]:
        if len(self) > MOST_KEPT:
            self.clear()
        self[piece] = found = tuple(_words_of_piece(piece))
        return found


class _Stems(dict[str, tuple[str, ...]]):
    """The stems of each piece in a language; it learns as it is asked."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def __missing__(self, piece: str) -> tuple[str, ...]:
        if len(self) > MOST_KEPT:
            self.clear()
        found = [] if piece in NAMES else [word for word in WORDS[piece] if means(word)]
        if whole := compound(piece):
            found.append(whole)
        self[piece] = stemmed = tuple(stem(word, self.language) for word in found)
        return stemmed


def _words_of_piece(piece: str) -> list[str]:
    measure = _MEASURE.fullmatch(piece)
    parts = list(measure.groups()) if measure else _PART.findall(piece)
    if "'" in piece:
        first, *rest = parts
        parts = rest if first in _ELIDED else parts
        parts = parts[:-1] if piece.endswith("'s") else parts
    return [_SHORTENED.get(part, part) for part in parts]


WORDS: Final = _Words()
STEMS: Final = {language: _Stems(language) for language in ("fr", "en")}
