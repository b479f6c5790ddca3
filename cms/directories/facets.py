"""Questions that several lists ask: what is in a JSON list, equity, open doors, freshness."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence, Set
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    ExpressionWrapper,
    F,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.db.models.lookups import Contains
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cms.directories.listing import Facet, Tag
from cms.directories.options import borough_options, slugs_of, theme_options
from core import dates
from core.deadlines import city_time
from core.taxonomy.models import Borough, Theme
from startups.enums import GONE, IntakeStatus, Offer, Stage
from startups.freshness import is_stale, stale
from startups.models import CLOSING_SOON, Intake

if TYPE_CHECKING:
    from django.db.models import Model


def holds(field: str) -> Callable[[str, datetime], Q]:
    """Rows whose JSON list ``field`` has a value; the same on both databases."""

    def condition(value: str, now: datetime) -> Q:
        return Q(Contains(Cast(F(field), TextField()), f'"{value}"'))

    return condition


def _json(field: str) -> Any:
    # As text: each distinct list is parsed once, not each row's.
    return Cast(F(field), TextField())


def _listed(text: str | None) -> list[str]:
    found = json.loads(text) if text else []
    return list(dict.fromkeys(found)) if isinstance(found, list) else []


def _one(value: Any) -> tuple[str, ...]:
    return () if value is None else (value,)


def plain_facet(
    param: str, label: str, model: type[Model], options: Sequence[tuple[str, str]], field: str
) -> Facet:
    """A column of which a row has one value."""
    return Facet(param, label, model, options, field=field, column=field, reads=_one)


def borough_facet(model: type[Model], path: str) -> Facet:
    """Where it is: ``path`` leads to the borough, of which the key is read."""
    slugs: dict[int, str] = {}

    def slug(key: int | None) -> tuple[str, ...]:
        if not slugs:
            # Read when it counts: who only narrows by it asks nothing.
            slugs.update(slugs_of(Borough))
        return _one(slugs.get(key)) if key is not None else ()

    options = borough_options()
    label, field, column = _("Borough"), f"{path}__slug", f"{path}_id"
    return Facet("borough", label, model, options, field=field, column=column, reads=slug)


def theme_facet(model: type[Any]) -> Facet:
    """What about; a row has several, so the pairs of row and theme are read, each as two keys."""
    pairs, whose = model.themes.through.objects, f"{model._meta.model_name}_id"

    def tally(keys: Set[int], now: datetime) -> dict[str, int]:
        found = pairs.order_by().values_list("theme_id", whose)
        counts = Counter(theme for theme, key in found if key in keys)
        return {slug: counts[theme] for theme, slug in slugs_of(Theme).items()}

    return Facet("theme", _("Theme"), model, theme_options(), field="themes__slug", tally=tally)


def _list_facet(
    param: str, label: str, model: type[Model], options: Sequence[tuple[str, str]], field: str
) -> Facet:
    return Facet(
        param, label, model, options, where=holds(field), column=_json(field), reads=_listed
    )


def stage_facet(model: type[Model], field: str) -> Facet:
    """How far along a startup may be."""
    stages = [(s.value, str(s.label)) for s in Stage]
    return _list_facet("stage", _("Stage"), model, stages, field)


def language_facet(model: type[Model], field: str) -> Facet:
    """French, English."""
    spoken = [("fr", capfirst(_("French"))), ("en", capfirst(_("English")))]
    return _list_facet("language", _("Language"), model, spoken, field)


def offer_facet(model: type[Model], field: str) -> Facet:
    """What is given."""
    offers = [(o.value, str(o.label)) for o in Offer]
    return _list_facet("offer", _("Offers"), model, offers, field)


def equity_facet(model: type[Model], field: str) -> Facet:
    """With or without; a program that does not say is neither."""
    shares = [("none", _("No equity taken")), ("some", _("Equity taken"))]
    conditions = {"none": Q(**{field: 0}), "some": Q(**{f"{field}__gt": 0})}
    return Facet(
        "equity",
        _("Equity"),
        model,
        shares,
        where=lambda value, now: conditions[value],
        # In the database: eight thousand decimals are a third of the page's time.
        column=Case(
            *(When(condition, then=Value(value)) for value, condition in conditions.items()),
            output_field=CharField(),
        ),
        reads=_one,
    )


def intakes_with(status: str, now: datetime) -> Any:
    """The intakes that have ``status`` at ``now``: the database's side of ``Intake.status``."""
    intakes = Intake.objects.standing()
    dated = intakes.filter(is_rolling=False)
    match status:
        case IntakeStatus.CANCELLED:
            return Intake.objects.filter(cancelled_at__isnull=False)
        case IntakeStatus.ROLLING:
            return intakes.filter(is_rolling=True)
        case IntakeStatus.UPCOMING:
            return dated.filter(opens_at__gt=now)
        case IntakeStatus.CLOSING:
            return dated.filter(
                opens_at__lte=now, closes_at__gte=now, closes_at__lte=now + CLOSING_SOON
            )
        case IntakeStatus.CLOSED:
            return dated.filter(closes_at__lt=now)
        case _:
            return intakes.accepting(now)


def with_gone(rows: Any, whole: str = "") -> Any:
    """``rows`` with ``is_gone``, that puts them last; ``whole`` runs a part."""
    gone = Q(state__in=GONE)
    if whole:
        gone |= Q(**{f"{whole}__state__in": GONE})
    return rows.annotate(is_gone=gone)


def by(*fields: Any, first: Sequence[str] = ("is_gone",)) -> Callable[[datetime], Sequence[Any]]:
    """An order in which what nobody confirms stands lower, after what ``first`` says."""

    def order(now: datetime) -> Sequence[Any]:
        is_stale = ExpressionWrapper(stale(city_time(now).date()), output_field=BooleanField())
        return (*first, is_stale.asc(), *fields)

    return order


def standing_tags(record: Any, now: datetime, *, whole: Any = None) -> Sequence[Tag]:
    """Closed or merged; else since when nobody has confirmed it; and whether it is invented."""
    tags = []
    gone = next((r for r in (record, whole) if r is not None and r.state in GONE), None)
    if gone is not None:
        tags.append(Tag(gone.get_state_display(), "late"))
    elif is_stale(record, city_time(now).date()):
        since = record.verified_on
        label = (
            _("not confirmed since %(day)s") % {"day": dates.day(since)}
            if since
            else _("never confirmed")
        )
        tags.append(Tag(label, "hold"))
    if record.is_example:
        tags.append(Tag(_("Example"), "hold"))
    return tags
