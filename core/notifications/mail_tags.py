"""All that a message's template may use: two tags and these filters. Nothing else is loaded."""

from __future__ import annotations

from collections.abc import Callable, Sized
from datetime import date, datetime
from typing import Any

from django import template
from django.template import defaultfilters, defaulttags

from core import dates
from core.notifications.values import SaidDate

register = template.Library()
register.tag("if", defaulttags.do_if)
register.tag("for", defaulttags.do_for)
register.filter("linebreaksbr", defaultfilters.linebreaksbr)


@register.filter
def default(value: Any, otherwise: Any) -> Any:
    """``otherwise`` where there is nothing to say."""
    return value or otherwise


@register.filter
def length(value: Any) -> int:
    """How many rows a list has."""
    return len(value) if isinstance(value, Sized) else 0


def _dated(say: Callable[[Any], str], *, needs_hour: bool) -> Callable[[Any], str]:
    def said(value: Any) -> str:
        at: date | datetime | None = value.at if isinstance(value, SaidDate) else None
        if at is None or (needs_hour and not isinstance(at, datetime)):
            return ""
        return say(at)

    return said


for _name, _needs_hour in (
    ("day", False),
    ("short_day", False),
    ("weekday_and_day", False),
    ("instant", True),
    ("hour", True),
):
    register.filter(_name, _dated(getattr(dates, _name), needs_hour=_needs_hour))
