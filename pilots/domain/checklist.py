"""What a trial needs before it starts, item by item (promise 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core import dates
from pilots.enums import PermitState

if TYPE_CHECKING:
    from datetime import date

    from pilots.models import Permit, Pilot


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One thing to have; ``problems`` say what lacks, one sentence each, empty when done."""

    key: str
    label: str
    problems: tuple[str, ...]

    @property
    def is_done(self) -> bool:
        """Nothing lacks."""
        return not self.problems


def checklist(pilot: Pilot, *, today: date) -> list[CheckItem]:
    """Every item, done or not, in the order one fills them."""
    return [
        CheckItem("site", _("A test site"), tuple(_site_problems(pilot))),
        CheckItem("permits", _("Permits"), tuple(_permit_problems(pilot, today))),
        CheckItem("plan", _("Hypothesis and stop rule"), tuple(_plan_problems(pilot))),
        CheckItem("indicators", _("Indicators"), tuple(_indicator_problems(pilot))),
        CheckItem("milestones", _("Milestones"), tuple(_milestone_problems(pilot))),
        CheckItem("privacy", _("Privacy"), tuple(_privacy_problems(pilot))),
        CheckItem("verdict", _("Verdict"), tuple(_verdict_problems(pilot))),
    ]


def missing_before_start(pilot: Pilot, *, today: date) -> list[str]:
    """The whole list of what is missing, one sentence each."""
    missing = [problem for item in checklist(pilot, today=today) for problem in item.problems]
    # Not something to fill in: the hour has not come.
    return missing + [
        _("The booking of %(site)s begins on %(day)s: the trial starts from that day on.")
        % {"site": booking.site.name, "day": dates.day(booking.starts_on)}
        for booking in pilot.bookings.select_related("site")
        if booking.starts_on > today
    ]


def _site_problems(pilot: Pilot) -> list[str]:
    problems = []
    bookings = list(pilot.bookings.select_related("site"))
    if not bookings:
        problems.append(_("No site is booked: choose one in the catalogue."))
    if not pilot.starts_on or not pilot.ends_on:
        problems.append(_("The trial has no dates."))
        return problems
    problems += [
        _("The booking of %(site)s does not cover the whole trial.") % {"site": b.site.name}
        for b in bookings
        if b.starts_on > pilot.starts_on or b.ends_on < pilot.ends_on
    ]
    return problems


def _permit_problems(pilot: Pilot, today: date) -> list[str]:
    last_day = max(pilot.ends_on or today, today)
    # Those of a site given back are history: they say nothing about the others.
    booked = pilot.bookings.values("site")
    permits = pilot.permits.filter(site__in=booked).select_related("site")
    return [problem for p in permits if (problem := _permit_problem(p, last_day))]


def _permit_problem(permit: Permit, last_day: date) -> str:
    names = {"permit": permit.label, "site": permit.site.name}
    if permit.state != PermitState.GRANTED or permit.expires_on is None:
        state = permit.get_state_display().lower()
        return _("“%(permit)s” for %(site)s is not granted (%(state)s).") % {
            **names,
            "state": state,
        }
    if permit.expires_on < last_day:
        return _("“%(permit)s” for %(site)s expires before the end of the trial.") % names
    return ""


def _plan_problems(pilot: Pilot) -> list[str]:
    problems = []
    if not pilot.hypothesis_fr:
        problems.append(_("The hypothesis is missing."))
    if not pilot.stop_rule_fr:
        problems.append(_("The stop rule is missing."))
    return problems


def _indicator_problems(pilot: Pilot) -> list[str]:
    indicators = list(pilot.indicators.all())
    if not indicators:
        return [_("There is no indicator.")]
    problems = []
    for indicator in indicators:
        if indicator.baseline is None:
            problems.append(_("“%(indicator)s” has no baseline.") % {"indicator": indicator.label})
        if indicator.target is None:
            problems.append(_("“%(indicator)s” has no target.") % {"indicator": indicator.label})
    return problems


def _milestone_problems(pilot: Pilot) -> list[str]:
    return [] if pilot.milestones.all() else [_("There is no milestone.")]


def _privacy_problems(pilot: Pilot) -> list[str]:
    if pilot.may_identify_people and pilot.privacy_assessed_on is None:
        return [_("A reading can identify a person: the privacy assessment is not completed.")]
    return []


def _verdict_problems(pilot: Pilot) -> list[str]:
    problems = []
    if pilot.verdict_due_on is None:
        problems.append(_("The verdict has no date."))
    elif pilot.ends_on and pilot.verdict_due_on < pilot.ends_on:
        problems.append(_("The verdict is due before the end of the trial."))
    if not pilot.verdict_role_fr:
        problems.append(_("No role is named for the verdict."))
    return problems
