"""Instants and days in words, in the reader's language and the city's time.

Every page, mail and file says a date through here, so that « ferme le 29 novembre à 17 h, heure de
Montréal » is written the same everywhere. Formats come from the CLDR by Babel.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.deadlines import city_time
from core.languages import active_language

LOCALES = {"fr": Locale("fr", "CA"), "en": Locale("en", "CA")}
NBSP = "\u00a0"


def locale() -> Locale:
    """Babel's locale of the reader."""
    return LOCALES[active_language()]


def _first(text: str, day: date) -> str:
    # French writes the first of the month as an ordinal; CLDR does not.
    return text.replace("1 ", "1er ", 1) if active_language() == "fr" and day.day == 1 else text


@lru_cache(maxsize=4096)
def _format(on: date, pattern: str, reader: Locale) -> str:
    return format_date(on, pattern, locale=reader)


def day(value: date | datetime) -> str:
    """« 29 novembre 2026 » · “November 29, 2026”; an instant is read on the city's clocks."""
    on = _as_day(value)
    pattern = "d MMMM y" if active_language() == "fr" else "MMMM d, y"
    return _first(_format(on, pattern, locale()), on)


def short_day(value: date | datetime) -> str:
    """« 29 nov. » · “Nov 29”; the year only when it is not the current one of the city."""
    on = _as_day(value)
    pattern = "d MMM" if active_language() == "fr" else "MMM d"
    if on.year != city_time(timezone.now()).year:
        pattern += " y" if active_language() == "fr" else ", y"
    return _first(_format(on, pattern, locale()), on)


def weekday_and_day(value: date | datetime) -> str:
    """« samedi 29 novembre 2026 » · “Saturday, November 29, 2026”."""
    on = _as_day(value)
    pattern = "EEEE d MMMM y" if active_language() == "fr" else "EEEE, MMMM d, y"
    text = _format(on, pattern, locale())
    return text.replace(" 1 ", " 1er ", 1) if active_language() == "fr" else text


def month_of(value: date | datetime) -> str:
    """« novembre 2026 » · “November 2026”, within a sentence."""
    return _format(_as_day(value), "LLLL y", locale())


def month(value: date | datetime) -> str:
    """« mars 2027 » · “March 2027”."""
    return _format(_as_day(value).replace(day=1), "LLLL y", locale()).capitalize()


def hour(value: datetime) -> str:
    """« 17 h », « 17 h 30 » · “5 p.m.”, “5:30 p.m.”, on the city's clocks."""
    local = city_time(value)
    if active_language() == "fr":
        minutes = f"{NBSP}{local.minute:02d}" if local.minute else ""
        return f"{local.hour}{NBSP}h{minutes}"
    suffix = "a.m." if local.hour < 12 else "p.m."
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{NBSP}{suffix}"


def instant(value: datetime) -> str:
    """Day and hour: « 29 novembre 2026 à 17 h » · “November 29, 2026 at 5 p.m.”."""
    return _("%(day)s at %(hour)s") % {"day": day(value), "hour": hour(value)}


def city_instant(value: datetime, city: str) -> str:
    """The same, saying whose clocks: « …, heure de Montréal »."""
    return _("%(instant)s, %(city)s time") % {"instant": instant(value), "city": city}


def countdown(until: datetime, now: datetime) -> str:
    """How long is left, in its largest unit: « 6 jours », « 5 heures », « 12 minutes »."""
    left = max(until - now, timedelta(0))
    if left >= timedelta(days=1):
        days = left.days
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    hours = int(left.total_seconds() // 3600)
    if hours:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    minutes = int(left.total_seconds() // 60)
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def days_from(value: date | datetime, today: date) -> str:
    """« aujourd’hui », « dans 6 jours », « il y a 3 jours »."""
    days = (_as_day(value) - today).days
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
    return ngettext("%(n)s day ago", "%(n)s days ago", -days) % {"n": -days}


def due(at: datetime, now: datetime) -> str:
    """« 6 jours » while time is left; « il y a 3 jours » afterwards."""
    return countdown(at, now) if at > now else days_from(at, city_time(now).date())


def _as_day(value: date | datetime) -> date:
    return city_time(value).date() if isinstance(value, datetime) else value
