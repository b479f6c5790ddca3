"""A search in words: what was typed, among what, where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.cache import cache
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.languages import LANGUAGES
from core.taxonomy.models import Borough, Theme
from search.labels import stage_labels, status_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.port import Query

SECONDS: Final = 60
# French places whose article joins the word before it: « au Sud-Ouest », « aux Sommets ».
JOINED: Final = {"Le ": "au ", "Les ": "aux "}


def in_words(query: Query, language: str, *, is_quoted: bool = False) -> str:
    """The whole of ``query`` in words of ``language``; its order and its page are not said.

    ``is_quoted``: it will stand between quotation marks, so that its own are those of the inside.
    """
    with translation.override(language):
        said = _among(query, is_quoted)
        parts = [
            _statuses(query),
            _themes(query, language),
            _places(query, language),
            _stages(query),
            _near(query),
            _("in a rectangle of the map") if query.box is not None else "",
            _("these very words") if query.exact and query.text else "",
        ]
        found = ", ".join(part for part in (said, *parts) if part)
        return found or _("all that is published")


def no_longer_there(query: Query, language: str) -> list[str]:
    """Themes and boroughs that ``query`` names and the city has no more, by their address."""
    names = _names(language)
    asked = [*(("theme", t) for t in query.themes), *(("borough", b) for b in query.boroughs)]
    return [slug for facet, slug in asked if slug not in names[facet]]


def kinds() -> dict[str, str]:
    """What can be found, many of them, in the active language."""
    return {
        "challenge": pgettext("found", "challenges"),
        "solution": pgettext("found", "solutions"),
        "startup": pgettext("found", "startups"),
        "incubator": pgettext("found", "support organisations"),
        "program": pgettext("found", "programs"),
        "intake": pgettext("found", "intakes"),
        "site": pgettext("found", "test sites"),
        "pilot": pgettext("found", "pilots"),
        "page": pgettext("found", "pages"),
        "verdict": pgettext("found", "verdicts"),
    }


def _among(query: Query, is_quoted: bool) -> str:
    """The words typed and the kinds they are looked for in; those said with their status."""
    among = _of_one_status(query) or _either([kinds().get(kind, kind) for kind in query.kinds])
    if not query.text:
        return among
    mark = pgettext("inside quotation marks", "‘%(text)s’") if is_quoted else _("“%(text)s”")
    text = mark % {"text": query.text}
    return _("%(text)s among %(kinds)s") % {"text": text, "kinds": among} if among else text


def _of_one_status(query: Query) -> str:
    """« open challenges »: the pairs of kind and status that people ask for, as they say them."""
    said: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {
        (("challenge",), ("open",)): pgettext("found", "open challenges"),
        (("challenge",), ("closing",)): pgettext("found", "challenges that close soon"),
        (("challenge",), ("upcoming",)): pgettext("found", "challenges that open soon"),
        (("program",), ("open",)): pgettext("found", "programs that take applications"),
        (("intake",), ("open",)): pgettext("found", "open intakes"),
        (("pilot",), ("running",)): pgettext("found", "running pilots"),
    }
    return said.get((query.kinds, query.statuses), "")


def _statuses(query: Query) -> str:
    if not query.statuses or _of_one_status(query):
        return ""
    labels = status_labels(query.kinds)
    named = _either([labels.get(status, status).lower() for status in query.statuses])
    return _("status: %(names)s") % {"names": named}


def _near(query: Query) -> str:
    if query.near is None:
        return ""
    km = f"{query.near.km:g}"
    said = number_format(km, decimal_pos=len(km.partition(".")[2]))
    return _("within %(km)s km of a point of the map") % {"km": said}


def _stages(query: Query) -> str:
    if not query.stages:
        return ""
    labels = stage_labels()
    named = _either([lower_first(labels.get(stage, stage)) for stage in query.stages])
    return _("stage: %(names)s") % {"names": named}


def _themes(query: Query, language: str) -> str:
    names = _names(language)["theme"]
    known = [names[slug] for slug in query.themes if slug in names]
    said = ngettext("theme %(names)s", "themes %(names)s", len(known)) % {"names": _either(known)}
    gone = [
        _("theme no longer in use: %(name)s") % {"name": slug}
        for slug in query.themes
        if slug not in names
    ]
    return ", ".join([*([said] if known else []), *gone])


def _places(query: Query, language: str) -> str:
    names = _names(language)["borough"]
    known = [_at(names[slug], language) for slug in query.boroughs if slug in names]
    gone = [
        _("place no longer in use: %(name)s") % {"name": slug}
        for slug in query.boroughs
        if slug not in names
    ]
    return ", ".join([*([_either(known)] if known else []), *gone])


def _at(name: str, language: str) -> str:
    """« in Verdun », « à Verdun », « au Plateau-Mont-Royal »."""
    if language == "fr":
        for article, joined in JOINED.items():
            if name.startswith(article):
                return joined + name.removeprefix(article)
    return pgettext("a place", "in %(name)s") % {"name": name}


def _either(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s or %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def _names(language: str) -> dict[str, dict[str, str]]:
    """Themes and boroughs by their address, in words of ``language``; kept for a minute."""
    key = f"search:names:{language if language in LANGUAGES else LANGUAGES[0]}"
    found: dict[str, dict[str, str]] | None = cache.get(key)
    if found is None:
        with translation.override(language):
            found = {
                "theme": {theme.slug: str(theme.name) for theme in Theme.objects.all()},
                "borough": dict(Borough.objects.values_list("slug", "name")),
            }
        cache.set(key, found, SECONDS)
    return found


def known_values() -> dict[str, set[str]]:
    """The values of each facet that a search may name today."""
    names = _names(LANGUAGES[0])
    return {
        "kind": set(kinds()),
        "theme": set(names["theme"]),
        "borough": set(names["borough"]),
        "status": set(status_labels()),
        "stage": set(stage_labels()),
    }


def lower_first(label: str) -> str:
    """« croissance » inside a sentence, and TRL 4 as it is."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
