"""The intake calendar: every dated opening and close of the next twelve months, and its feed."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.directories.facets import (
    borough_facet,
    equity_facet,
    language_facet,
    offer_facet,
    plain_facet,
    stage_facet,
)
from cms.directories.ics import IcsEvent
from cms.directories.listing import Directory, Entry, Facet, one_of, page_number
from cms.directories.narrowing import Narrowed, left_out, narrow, with_params
from cms.directories.options import theme_options
from core import dates
from core.addresses import site_url
from core.deadlines import city_time
from startups.enums import ApplyBy, IncubatorKind
from startups.models import Intake

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import QueryDict

MONTHS: Final = 12
# At first sight in a day of the grid; the others unfold.
MOST_IN_A_DAY: Final = 4
PAGE_SIZE: Final = 60
MOST_EVENTS: Final = 5000
# Of wide rows, what an event says.
FEED_COLUMNS: Final = (
    *("opens_at", "closes_at", "is_example", "cancelled_at", "sequence", "updated_at"),
    *("cancelled_reason_fr", "cancelled_reason_en", "how_fr", "how_en"),
    *("apply_by", "apply_url", "apply_email"),
    *("program__slug", "program__name_fr", "program__name_en", "program__place"),
    "program__incubator__name",
)


def intake_rows(user: Any, now: datetime) -> QuerySet[Any]:
    """Intakes of public programs that are not long over; cancelled ones stay for a time."""
    found: QuerySet[Any] = Intake.objects.of_public_programs().not_long_over(now)
    return found


def intake_facets() -> list[Facet]:
    """Those of the programs: who runs it, what about, for whom, what is given and taken, where."""
    kinds = [(k.value, str(k.label)) for k in IncubatorKind]
    at = "program__incubator"
    return [
        plain_facet("kind", _("Run by"), Intake, kinds, f"{at}__kind"),
        Facet("theme", _("Theme"), Intake, theme_options(), field="program__themes__slug"),
        stage_facet(Intake, "program__stages"),
        language_facet(Intake, "program__languages"),
        offer_facet(Intake, "program__offers"),
        equity_facet(Intake, "program__equity_percent"),
        borough_facet(Intake, f"{at}__borough"),
    ]


def _no_entry(intake: Any, now: datetime) -> Entry:
    return Entry(url=intake.program.get_absolute_url(), title=intake.program.name)


INTAKES = Directory(
    kind="intakes",
    search_kind="program",
    search_field="program",
    rows=intake_rows,
    prepare=lambda found: found.select_related("program__incubator"),
    entry=_no_entry,
    facets=intake_facets,
    sorts={"date": (gettext_lazy("by date"), ("opens_at", "pk"))},
)


@dataclass(frozen=True, slots=True)
class Date:
    """An opening or a close, as the calendar shows it."""

    at: datetime
    intake: Any
    is_opening: bool
    is_to_come: bool

    @property
    def what(self) -> str:
        """In a word."""
        return _("opens") if self.is_opening else _("closes")

    @property
    def program(self) -> Any:
        """Whose door it is."""
        return self.intake.program


@dataclass(frozen=True, slots=True)
class Day:
    """A cell of the grid; ``number`` is empty outside of the month."""

    on: date
    is_inside: bool
    is_today: bool
    dates: list[Date]

    @property
    def first(self) -> list[Date]:
        """What is seen at once."""
        return self.dates[:MOST_IN_A_DAY]

    @property
    def others(self) -> list[Date]:
        """What unfolds."""
        return self.dates[MOST_IN_A_DAY:]


@dataclass(slots=True)
class CalendarPage:
    """The calendar as one request asks for it."""

    asked: Narrowed
    view: str
    month: date
    previous_url: str
    next_url: str
    weeks: list[list[Day]]
    days: list[tuple[date, list[Date]]]
    page: Page[Any] | None
    rolling: list[Any]
    found: int

    @property
    def notes(self) -> list[str]:
        """What was left out."""
        return self.asked.notes

    @property
    def query(self) -> QueryDict:
        """What was asked."""
        return self.asked.params

    @property
    def grid_url(self) -> str:
        """The same, by month."""
        return with_params(self.query, view=None, page=None)

    @property
    def list_url(self) -> str:
        """The same, as a list of the twelve months."""
        return with_params(self.query, view="list", page=None, month=None)


def build_calendar(params: QueryDict, *, user: Any, now: datetime) -> CalendarPage:
    """The month asked for, or the list of the next twelve: a constant number of queries."""
    asked = narrow(INTAKES, params=params, user=user, now=now, also_known=("month",))
    today = city_time(now).date()
    first = today.replace(day=1)
    month = _month_asked(params, first, asked.notes)
    view = one_of(params, "view", ["calendar", "list"], asked.notes)
    since, until = (today, months_after(first, MONTHS)) if view == "list" else (month, None)
    ends = _ends(asked.rows, since, until or months_after(month, 1))
    page, shown = None, ends
    if view == "list":
        paginator = Paginator(ends, PAGE_SIZE)
        page = paginator.page(page_number(params, paginator.num_pages, asked.notes))
        shown = list(page.object_list)
    filled = _filled(_by_day(shown), now)
    earlier, later = months_after(month, -1), months_after(month, 1)
    rolling = asked.rows.filter(is_rolling=True, cancelled_at__isnull=True)
    return CalendarPage(
        asked=asked,
        view=view,
        month=month,
        previous_url=_month_url(params, earlier) if earlier >= first else "",
        next_url=_month_url(params, later) if later <= months_after(first, MONTHS) else "",
        weeks=_weeks(month, filled, today) if view == "calendar" else [],
        days=sorted(filled.items()),
        page=page,
        rolling=list(
            rolling.select_related("program__incubator").order_by("program__name_fr", "pk")[:20]
        ),
        found=len(ends),
    )


def months_after(month: date, count: int) -> date:
    """The first day ``count`` months after the one of ``month``."""
    years, index = divmod(month.month - 1 + count, 12)
    return date(month.year + years, index + 1, 1)


def _month_asked(params: QueryDict, first: date, notes: list[str]) -> date:
    text = params.get("month", "")
    if not text:
        return first
    try:
        found = date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        found = None
    if found is None:
        notes.append(left_out(text))
        return first
    if not first <= found <= months_after(first, MONTHS):
        notes.append(_("The calendar shows this month and the twelve that follow."))
        return first
    return found


def _month_url(params: QueryDict, month: date) -> str:
    return with_params(params, month=f"{month:%Y-%m}", page=None)


def _ends(rows: QuerySet[Any], since: date, until: date) -> list[tuple[datetime, int, bool]]:
    """Openings and closes from ``since``, included, to ``until``: instant, key, which."""
    zone = timezone.get_default_timezone()
    start, end = (datetime.combine(day, time.min, tzinfo=zone) for day in (since, until))
    inside = Q(opens_at__gte=start, opens_at__lt=end) | Q(closes_at__gte=start, closes_at__lt=end)
    found = rows.filter(inside, is_rolling=False).order_by()
    ends = [
        (at, pk, is_opening)
        for pk, opens, closes in found.values_list("pk", "opens_at", "closes_at")
        for at, is_opening in ((opens, True), (closes, False))
        if start <= at < end
    ]
    return sorted(ends)


def _by_day(
    ends: Iterable[tuple[datetime, int, bool]],
) -> dict[date, list[tuple[datetime, int, bool]]]:
    days: dict[date, list[tuple[datetime, int, bool]]] = {}
    for end in ends:
        days.setdefault(city_time(end[0]).date(), []).append(end)
    return days


def _filled(
    days: dict[date, list[tuple[datetime, int, bool]]], now: datetime
) -> dict[date, list[Date]]:
    """With the intakes, read for what is shown only."""
    keys = {pk for found in days.values() for _at, pk, _is_opening in found}
    read = {intake.pk: intake for intake in INTAKES.read(Intake.objects.filter(pk__in=keys))}
    return {
        day: [Date(at, read[pk], is_opening, at > now) for at, pk, is_opening in found]
        for day, found in days.items()
    }


def _weeks(month: date, days: dict[date, list[Date]], today: date) -> list[list[Day]]:
    weeks = calendar.Calendar(dates.locale().first_week_day).monthdatescalendar(
        month.year, month.month
    )
    return [
        [Day(on, on.month == month.month, on == today, days.get(on, [])) for on in week]
        for week in weeks
    ]


def week_days() -> list[tuple[str, str]]:
    """The heads of the grid: short and whole, in the reader's language and order."""
    reader = dates.locale()
    order = [(reader.first_week_day + n) % 7 for n in range(7)]
    short, whole = (reader.days["stand-alone"][width] for width in ("abbreviated", "wide"))
    return [(short[n], whole[n]) for n in order]


def feed_events(asked: Narrowed, now: datetime) -> list[IcsEvent]:
    """What software that subscribed reads: also what is just past, and what is cancelled."""
    found = asked.rows.filter(is_rolling=False).select_related("program__incubator")
    ordered = found.only(*FEED_COLUMNS).order_by("opens_at", "pk")
    site = site_url()
    return [event for intake in ordered[: MOST_EVENTS // 2] for event in _events_of(intake, site)]


def _events_of(intake: Any, site: str) -> Sequence[IcsEvent]:
    program = intake.program
    is_cancelled = intake.cancelled_at is not None
    url = f"{site}{program.get_absolute_url()}"
    mark = f" ({_('example')})" if intake.is_example else ""
    if is_cancelled:
        mark += f" – {_('cancelled')}"
    described = "\n".join(filter(None, _described(intake)))
    return [
        IcsEvent(
            # As it was before: who subscribed keeps one event.
            uid=f"startups.intake-{intake.pk}-{n}@banc-dessai",
            at=at,
            summary=f"{program.name} : {what}{mark}",
            description=described,
            url=url,
            changed=intake.updated_at,
            sequence=intake.sequence,
            is_cancelled=is_cancelled,
            location=program.place,
        )
        for n, (at, what) in enumerate(
            ((intake.opens_at, _("opens")), (intake.closes_at, _("closes")))
        )
    ]


def _described(intake: Any) -> Iterable[str]:
    yield str(intake.program.incubator.name)
    yield str(intake.cancelled_reason)
    yield str(intake.how)
    if intake.apply_by == ApplyBy.WEB:
        yield str(intake.apply_url)
    elif intake.apply_by == ApplyBy.EMAIL:
        yield str(intake.apply_email)
