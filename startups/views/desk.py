"""The incubator's own page: what its listing does for it, and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import dates
from core.accounts import rules
from core.accounts.acting import signed_in
from core.charts import Chart, Point, draw
from startups.completeness import completeness_of
from startups.domain.confirming import speaks_for
from startups.domain.viewing import week_of
from startups.enums import GONE, IntakeStatus, InterestState
from startups.models import AlumniTie, Incubator, Intake, Interest, Startup, WeeklyViews
from startups.querysets.speaking import spoken_for

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.http import HttpRequest, HttpResponse

    from startups.models import Program

WEEKS: Final = 26
A_WEEK: Final = timedelta(weeks=1)
NEXT: Final = (
    IntakeStatus.CLOSING,
    IntakeStatus.OPEN,
    IntakeStatus.ROLLING,
    IntakeStatus.UPCOMING,
)


@dataclass(frozen=True, slots=True)
class Views:
    """Views of the last weeks: the drawing, and the table behind it."""

    total: int
    this_week: int
    chart: Chart
    names: list[str]
    rows: list[tuple[date, list[int], int]]


@never_cache
@login_required
@require_safe
def incubator_desk(request: HttpRequest, pk: int) -> HttpResponse:
    """One page for those who belong to the incubator's organisation; 404 for any other."""
    user, now = signed_in(request), timezone.now()
    mine = Incubator.objects.filter(organisation__memberships__user=user)
    incubator: Incubator = get_object_or_404(
        mine.select_related("organisation").prefetch_related("themes"), pk=pk
    )
    programs = list(
        incubator.programs.public().exclude(state__in=GONE).prefetch_related("themes", "intakes")
    )
    for program in programs:
        program.incubator = incubator
    whose = incubator.organisation
    may_write = whose is not None and rules.can(user, "edit_content", whose)
    # Of another organisation's program, what waits is that one's business.
    ours = spoken_for([whose], to="program__")
    ties = AlumniTie.objects.filter(ours, program__incubator=incubator)
    views = views_of(incubator, programs, now)
    context = {
        "incubator": incubator,
        "organisation": incubator.organisation,
        "views": views,
        "chart_label": label_of_chart(views),
        "interests": _interests(incubator),
        "complete": [
            (completeness_of(each), may_write and speaks_for(each) == whose)
            for each in (incubator, *programs)
        ],
        "intakes": _next_intakes(programs, now),
        "silent": [
            (each, may_write and speaks_for(each) == whose)
            for each in programs
            if not _next_intakes([each], now)
        ],
        "may_write": may_write,
        "ties": _to_confirm(ties),
        "alumni_count": ties.confirmed().count(),
        "pilots": _pilots(ties),
    }
    return render(request, "startups/desk/incubator.html", context)


def views_of(incubator: Incubator, programs: list[Program], now: datetime) -> Views:
    """Of the incubator's page and of those of its programs, week by week, in one query."""
    last = week_of(now)
    weeks = [last - A_WEEK * n for n in reversed(range(WEEKS))]
    listings: list[Any] = [incubator, *programs]
    counted = {
        (row.kind, row.listing_pk, row.week): row.n
        for row in WeeklyViews.objects.filter(
            kind__in=["incubator", "program"],
            listing_pk__in={listing.pk for listing in listings},
            week__gte=weeks[0],
        )
    }
    rows = []
    for week in weeks:
        each = [counted.get((x._meta.model_name, x.pk, week), 0) for x in listings]
        rows.append((week, each, sum(each)))
    points = [
        Point(float(number * A_WEEK.total_seconds()), float(total))
        for number, (_week, _each, total) in enumerate(rows)
    ]
    return Views(
        total=sum(total for _week, _each, total in rows),
        this_week=rows[-1][2],
        chart=draw(
            points,
            unit="",
            target=None,
            baseline=None,
            step=A_WEEK.total_seconds(),
            first_label=dates.short_day(weeks[0]),
            last_label=dates.short_day(last),
        ),
        names=[str(listing) for listing in listings],
        rows=[row for row in reversed(rows) if row[2]],
    )


def _interests(incubator: Incubator) -> list[tuple[InterestState, str, int]]:
    """How many stand in each state, in the order of the states."""
    received = Interest.objects.received_by(incubator.organisation)
    found = received.filter(intake__program__incubator=incubator).order_by()
    counted = dict(found.values_list("state").annotate(n=Count("pk")))
    return [
        (state, str(state.label), counted[state]) for state in InterestState if state in counted
    ]


def _next_intakes(
    programs: list[Program], now: datetime
) -> list[tuple[Program, Intake, IntakeStatus]]:
    """What is open or comes, the soonest close first."""
    found = [
        (program, intake, status)
        for program in programs
        for intake in program.intakes.all()
        if (status := intake.status(now)) in NEXT
    ]
    return sorted(found, key=lambda row: (row[1].closes_at is None, row[1].closes_at or now))


def _to_confirm(ties: Any) -> list[AlumniTie]:
    """Said by the startup, and not answered by the program."""
    waiting = ties.filter(
        startup_said_at__isnull=False, program_said_at__isnull=True, refused_at__isnull=True
    )
    return list(waiting.select_related("startup", "program").order_by("startup_said_at", "pk"))


def _pilots(ties: Any) -> list[Any]:
    """Public trials in the city of its confirmed alumni; the floor above knows what is public."""
    pilots: Any = Startup._meta.get_field("pilots").related_model
    of = ties.confirmed().values("startup")
    found = pilots.objects.public().filter(startup__in=of).select_related("startup", "challenge")
    return list(found.order_by("startup__name", "pk"))


def label_of_chart(views: Views) -> str:
    """What the drawing says, for those who do not see it."""
    return _("Views per week, %(weeks)s weeks, %(total)s in all") % {
        "weeks": WEEKS,
        "total": views.total,
    }
