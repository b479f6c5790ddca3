"""The two page trees of a new installation: what is missing is made, what is there is kept."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import translation
from wagtail.models import Locale, Page, Site

from cms.pages.models import ArticlePage, HomePage, ListKind, ListPage
from core.languages import LANGUAGES

TEXTS = Path(__file__).parent / "data" / "articles.json"


@lru_cache(maxsize=1)
def texts() -> dict[str, Any]:
    """The texts a new site starts with, in both languages."""
    loaded: dict[str, Any] = json.loads(TEXTS.read_text(encoding="utf-8"))
    return loaded


def ensure_tree_after_migrate(**kwargs: Any) -> None:
    """Receiver of ``post_migrate``; the default database only."""
    if kwargs.get("using", "default") == "default":
        ensure_tree()


def ensure_tree() -> None:
    """Make the locales, homes, introductions and articles that are missing; change nothing else."""
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
    root = Page.get_first_root_node() or Page.add_root(
        instance=Page(title="Root", slug="root", locale=locales["fr"])
    )
    homes: dict[str, HomePage] = {}
    for code in LANGUAGES:
        homes[code] = _ensure_home(root, locales[code], homes.get("fr"))
    _point_site_at(homes["fr"])
    for code in LANGUAGES:
        _ensure_lists(homes, code)
        _ensure_articles(homes, code)


def _ensure_home(root: Page, locale: Locale, original: HomePage | None) -> HomePage:
    found: HomePage | None = HomePage.objects.filter(locale=locale).first()
    if found is not None:
        return found
    words = texts()["home"]
    home = HomePage(
        title=words[f"title_{locale.language_code}"],
        lead=words[f"intro_{locale.language_code}"],
        slug=f"home-{locale.language_code}",
        locale=locale,
    )
    if original is not None:
        home.translation_key = original.translation_key
    root.refresh_from_db()
    root.add_child(instance=home)
    return home


def _point_site_at(home: HomePage) -> None:
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
        return
    old = site.root_page
    if not isinstance(old.specific, HomePage):
        site.root_page = home
        site.save(update_fields=["root_page"])
        # Wagtail's own first migration leaves a welcome page nobody asked for.
        if old.depth > 1 and not old.get_children().exists():
            old.delete()


def _ensure_lists(homes: dict[str, HomePage], code: str) -> None:
    for kind in ListKind.values:
        if ListPage.objects.filter(kind=kind, locale=homes[code].locale).exists():
            continue
        words = texts()["lists"][kind]
        page = ListPage(
            kind=kind,
            title=words[f"title_{code}"],
            intro=words[f"intro_{code}"],
            slug=f"liste-{kind}" if code == "fr" else f"list-{kind}",
            locale=homes[code].locale,
        )
        _tie_to_french(page, ListPage.objects.filter(kind=kind, locale=homes["fr"].locale))
        _add(homes[code], page)


def _ensure_articles(homes: dict[str, HomePage], code: str) -> None:
    for words in texts()["articles"]:
        slug, locale = words[f"slug_{code}"], homes[code].locale
        if ArticlePage.objects.filter(slug=slug, locale=locale).exists():
            continue
        page = ArticlePage(
            title=words[f"title_{code}"],
            intro=words[f"intro_{code}"],
            body=words[f"body_{code}"],
            slug=slug,
            locale=locale,
        )
        french = ArticlePage.objects.filter(slug=words["slug_fr"], locale=homes["fr"].locale)
        _tie_to_french(page, french)
        _add(homes[code], page)


def _tie_to_french(page: Page, french: Any) -> None:
    original = french.first()
    if original is not None:
        page.translation_key = original.translation_key


def _add(parent: Page, page: Page) -> None:
    parent.refresh_from_db()
    with translation.override(page.locale.language_code):
        parent.add_child(instance=page)
