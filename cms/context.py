"""What every page's frame needs: navigation, the twin in the other language, editorial pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import translation

from cms.pages.models import ArticlePage
from core.addresses import site_url
from core.languages import LANGUAGES, active_language

if TYPE_CHECKING:
    from django.http import HttpRequest

NAMES = {"fr": "Français", "en": "English"}
SECONDS = 60
# Small files, each under its own name: cached for good once served, nothing to build.
STYLESHEETS = tuple(
    f"css/{name}.css"
    for name in (
        "tokens",
        "base",
        *(
            f"components/{part}"
            for part in (
                "masthead",
                "buttons",
                "thread",
                "entries",
                "board",
                "sheet",
                "measure",
                "forms",
                "home",
                "map",
                "following",
                "editing",
                "notices",
                "records",
                "fit",
                "calendar",
                "search",
            )
        ),
    )
)


class Twin(NamedTuple):
    """This page in a language."""

    code: str
    label: str
    url: str
    is_current: bool


def site(request: HttpRequest) -> dict[str, Any]:
    """``twins`` for the language switch and hreflang; ``footer_pages`` from the page tree."""
    return {
        "twins": twins(request),
        "footer_pages": footer_pages(),
        "stylesheets": STYLESHEETS,
        "base_url": site_url(),
        "map_tiles_url": getattr(settings, "MAP_TILES_URL", ""),
    }


def twins(request: HttpRequest) -> list[Twin]:
    """The same page in each language; its home when the address has no twin."""
    current = active_language()
    return [
        Twin(code, NAMES[code], request.get_full_path(), True)
        if code == current
        else Twin(code, NAMES[code], _twin_url(request, code), False)
        for code in LANGUAGES
    ]


def _twin_url(request: HttpRequest, code: str) -> str:
    page = getattr(request, "wagtail_page", None)
    if page is not None:
        other = page.get_translations().live().filter(locale__language_code=code).first()
        return other.url if other is not None else f"/{code}/"
    try:
        match = request.resolver_match or resolve(request.path_info)
        with translation.override(code):
            url = reverse(match.view_name, args=match.args, kwargs=_url_kwargs(match))
    except (NoReverseMatch, Resolver404):
        return f"/{code}/"
    query = request.GET.urlencode()
    return f"{url}?{query}" if query else url


def _url_kwargs(match: Any) -> dict[str, Any]:
    # Values given by the pattern, not those that urls.py adds by itself.
    return dict(match.captured_kwargs or {})


def footer_pages() -> list[tuple[str, str]]:
    """Titles and addresses of the articles at the foot of every page."""
    language = active_language()
    key = f"footer:{language}"
    found: list[tuple[str, str]] | None = cache.get(key)
    if found is None:
        pages = ArticlePage.objects.live().filter(locale__language_code=language)
        found = [(page.title, page.url) for page in pages.order_by("path") if page.url]
        cache.set(key, found, SECONDS)
    return found
