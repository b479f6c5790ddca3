"""What a few letters may mean, in groups, as the box of search reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.languages import active_language
from search import finding, present
from search.asking import clean
from search.labels import kind_name

if TYPE_CHECKING:
    from search.finding import Named

# One person typing asks a dozen times for a word; an office shares one address.
MOST_AN_HOUR: Final = 3000
SHORTEST: Final = 2


def is_too_short(text: str) -> bool:
    """Whether ``text`` means too many things to be worth an answer."""
    return len(clean(text)) < SHORTEST


def suggested(text: str) -> dict[str, Any]:
    """Groups of options, each with its address, and how many there are in words."""
    if is_too_short(text):
        return {"groups": [], "said": ""}
    found = finding.suggest(clean(text), active_language())
    records = [
        {"text": hit.title, "detail": kind_name(hit.kind), "url": hit.url}
        for hit in present.public_now(found.records, timezone.now())
    ]
    groups = [
        {"label": _("Records"), "options": records},
        {"label": _("Themes"), "options": _named(found.named, "theme")},
        {"label": _("Boroughs"), "options": _named(found.named, "borough")},
    ]
    groups = [group for group in groups if group["options"]]
    count = sum(len(group["options"]) for group in groups)
    said = ngettext("%(n)s suggestion", "%(n)s suggestions", count) % {"n": count}
    return {"groups": groups, "said": said if count else _("No suggestion")}


def _named(named: list[Named], facet: str) -> list[dict[str, str]]:
    page = reverse("search")
    return [
        {"text": each.name, "detail": "", "url": f"{page}?{urlencode({facet: each.slug})}"}
        for each in named
        if each.facet == facet
    ]
