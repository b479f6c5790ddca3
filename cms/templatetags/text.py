"""Words, dates and numbers in templates; loaded everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core import dates, numbers
from core.deadlines import city_time
from core.languages import CANONICAL, active_language, missing_in
from core.taxonomy.models import CitySettings
from core.thread import Thread
from pilots.enums import VerdictOutcome

register = template.Library()


def _said(say: Callable[[Any], str]) -> Callable[[Any], str]:
    """A date that is not known yet is nothing to say, not an error."""
    return lambda value: say(value) if value is not None and value != "" else ""


for _name in ("day", "short_day", "weekday_and_day", "month", "instant", "hour"):
    register.filter(_name, _said(getattr(dates, _name)))
register.filter("money", numbers.money)


@register.simple_tag
def colon() -> str:
    """Between a label and what follows: French sets a hard space before the sign."""
    return ": " if active_language() == "en" else "\u00a0: "


@register.filter
def number(value: int | float | Decimal) -> str:
    """A number with at most two decimals."""
    return numbers.number(value)


@register.filter
def quantity(value: Decimal, unit: str) -> str:
    """A number with its unit."""
    return numbers.quantity(value, unit)


@register.filter
def city_instant(value: datetime) -> str:
    """Day and hour, saying whose clocks."""
    return dates.city_instant(value, str(CitySettings.current().city_name))


@register.filter
def verdict_label(code: str) -> str:
    """The words of a verdict, in the active language."""
    return str(VerdictOutcome(code).label)


@register.filter
def countdown(value: datetime) -> str:
    """How long is left."""
    return dates.countdown(value, timezone.now())


@register.filter
def due(value: datetime) -> str:
    """How long is left, or since when it is over."""
    return dates.due(value, timezone.now())


@register.filter
def days_from_today(value: date) -> str:
    """« dans 6 jours »."""
    return dates.days_from(value, city_time(timezone.now()).date())


@register.filter
def field_rows(form: BaseForm) -> list[tuple[BoundField, str]]:
    """The visible fields with their errors, as a form's own template receives them."""
    return [(field, str(field.errors)) for field in form.visible_fields()]


@register.simple_tag
def lang_of(text: Any) -> str:
    """A ``lang`` attribute when the words are not in the page's language."""
    if getattr(text, "is_fallback", False) and text:
        return format_html(' lang="{}"', text.lang)
    return ""


@register.filter
def paragraphs(text: Any) -> SafeString:
    """Plain text whose blank lines part paragraphs; everything is escaped."""
    attribute = lang_of(text)
    parts = [part.strip() for part in str(text).replace("\r\n", "\n").split("\n\n")]
    return format_html_join("\n", "<p{}>{}</p>", ((attribute, part) for part in parts if part))


@register.inclusion_tag("components/translation_notice.html")
def translation_notice(record: Any) -> dict[str, bool]:
    """Says that parts of the record are not translated yet (promise 10)."""
    language = active_language()
    return {"is_missing": language != CANONICAL and bool(missing_in(record, language))}


@register.simple_tag
def thread_mark(thread: Thread) -> SafeString:
    """The small thread of a list row. Few threads differ, so each is drawn once per language."""
    return _drawn(thread, active_language())


@lru_cache(maxsize=512)
def _drawn(thread: Thread, language: str) -> SafeString:
    # ``language`` is part of the key: the sentence for those who do not see the mark is in it.
    return SafeString(render_to_string("components/thread_small.html", {"thread": thread}))


@register.simple_tag(takes_context=True)
def nav_current(context: dict[str, Any], url: str) -> str:
    """``aria-current`` for the section that the reader is in."""
    request = context.get("request")
    return SafeString('aria-current="page"') if request and request.path.startswith(url) else ""
