"""What the thread tells to those who follow it: looked for each minute, noted once.

Nothing is hung on a verb: what is to be told is read from the records, so that nothing is lost at
a crash, and what was told has its key.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from core import dates
from core.following import tellings
from core.following.domain.news import keys_noted_since, note_happening
from core.following.tellings import Line, Telling
from pilots.domain.status import CLOSING_SOON, challenge_status
from pilots.enums import ChallengeState, ChallengeStatus, PilotState
from pilots.models import Challenge, Pilot

if TYPE_CHECKING:
    from collections.abc import Iterator

# What happened longer ago is no news: it was there before the site could tell it.
FRESH: Final = timedelta(days=3)
TAKING: Final = (ChallengeStatus.OPEN, ChallengeStatus.CLOSING, ChallengeStatus.GRACE)
MEASURING: Final = (PilotState.RUNNING, PilotState.SUSPENDED, PilotState.COMPLETED)


def look() -> None:
    """Each minute: note what happened since the last time."""
    now = timezone.now()
    since = now - FRESH
    noted = keys_noted_since(now - FRESH - CLOSING_SOON)
    for key, event, challenge in (*_challenges(since), *_about_to_close(now)):
        if key not in noted:
            _note(key, event, challenge.pk, _about(challenge, event), now)
    for key, event, pilot in _pilots(since):
        if key not in noted:
            _note(key, event, pilot.pk, _about_pilot(pilot, event), now)


def _about_to_close(now: datetime) -> Iterator[tuple[str, str, Any]]:
    """Not those that were published since yesterday: their news says the date already."""
    rows = (
        Challenge.objects.public()
        .open(now)
        .filter(
            call__stages__number=1,
            call__stages__closes_at__lte=now + CLOSING_SOON,
            published_at__lt=now - timedelta(days=1),
        )
    )
    for challenge in rows.select_related("call").prefetch_related("call__stages"):
        # A date that was put off is told again.
        day = challenge.stage.closes_at.date().isoformat()
        yield f"challenge_closing:{challenge.pk}:{day}", "challenge_closing", challenge


def _challenges(since: datetime) -> Iterator[tuple[str, str, Challenge]]:
    public = Challenge.objects.public()
    found = (
        ("challenge_published", public.filter(published_at__gt=since)),
        ("challenge_decided", public.filter(decided_at__gt=since)),
        (
            "challenge_cancelled",
            public.filter(state=ChallengeState.CANCELLED, updated_at__gt=since),
        ),
    )
    for event, rows in found:
        for challenge in rows:
            yield f"{event}:{challenge.pk}", event, challenge


def _pilots(since: datetime) -> Iterator[tuple[str, str, Pilot]]:
    public = Pilot.objects.public().select_related("challenge")
    first = public.annotate(first=Min("indicators__readings__recorded_at"))
    found = (
        ("pilot_started", public.filter(started_at__gt=since)),
        ("pilot_measured", first.filter(first__gt=since)),
        ("pilot_verdict", public.filter(verdict__decided_at__gt=since)),
    )
    for event, rows in found:
        for pilot in rows:
            yield f"{event}:{pilot.pk}", event, pilot


def _note(key: str, event: str, pk: int, about: list[tuple[str, str]], now: datetime) -> None:
    note_happening(key=key, event=event, object_id=pk, about=about, now=now)


def _about(challenge: Challenge, event: str) -> list[tuple[str, str]]:
    """The challenge itself; its themes and boroughs too when it is new."""
    about = [("challenge", challenge.slug)]
    if event == "challenge_published":
        about += [("theme", theme.slug) for theme in challenge.themes.all()]
        about += [("borough", borough.slug) for borough in challenge.boroughs.all()]
    return about


def _about_pilot(pilot: Pilot, event: str) -> list[tuple[str, str]]:
    """The trial and its challenge; the boroughs of its public sites too when it begins."""
    about = [("pilot", pilot.slug), ("challenge", pilot.challenge.slug)]
    if event == "pilot_started":
        bookings = pilot.bookings.public().select_related("site__borough")
        about += [("borough", booking.site.borough.slug) for booking in bookings]
    return about


def _challenge(pk: int) -> Challenge | None:
    found: Challenge | None = (
        Challenge.objects.public()
        .select_related("call")
        .prefetch_related("call__stages")
        .filter(pk=pk)
        .first()
    )
    return found


def _line(record: Challenge | Pilot, sentence: str, detail: str) -> Line:
    return Line(sentence % {"title": record.title}, detail, record.get_absolute_url())


def published(pk: int, now: datetime) -> Line | None:
    """A call to come or open; one that is closed is not announced any more."""
    challenge = _challenge(pk)
    status = challenge_status(challenge, now) if challenge else None
    stage = challenge.stage if challenge else None
    if challenge is None or stage is None or status not in (*TAKING, ChallengeStatus.UPCOMING):
        return None
    detail = _("Opens on %(when)s.") if status == ChallengeStatus.UPCOMING else ""
    when = stage.opens_at
    if not detail and stage.closes_at is not None:
        detail, when = _("Closes on %(when)s."), stage.closes_at
    said = detail % {"when": dates.instant(when)} if detail and when else ""
    return _line(challenge, _("New challenge: %(title)s"), said)


def closing(pk: int, now: datetime) -> Line | None:
    """A call that still takes applications and is about to close."""
    challenge = _challenge(pk)
    if challenge is None or challenge_status(challenge, now) != ChallengeStatus.CLOSING:
        return None
    closes_at = challenge.stage.closes_at if challenge.stage else None
    if closes_at is None:
        return None
    said = _("Closes on %(when)s.") % {"when": dates.instant(closes_at)}
    return _line(challenge, _("Closing soon: %(title)s"), said)


def decided(pk: int, now: datetime) -> Line | None:
    """The choice is announced."""
    challenge = _challenge(pk)
    if challenge is None or challenge.decided_at is None:
        return None
    return _line(challenge, _("The choice is announced: %(title)s"), "")


def cancelled(pk: int, now: datetime) -> Line | None:
    """A call that was given up, and why."""
    challenge = _challenge(pk)
    if challenge is None or challenge.state != ChallengeState.CANCELLED:
        return None
    why = " ".join(str(challenge.cancelled_reason).split())
    return _line(challenge, _("Cancelled: %(title)s"), why)


def _pilot(pk: int) -> Pilot | None:
    found: Pilot | None = (
        Pilot.objects.public().select_related("startup", "verdict").filter(pk=pk).first()
    )
    return found


def started(pk: int, now: datetime) -> Line | None:
    """A trial that is in the street now."""
    pilot = _pilot(pk)
    if pilot is None or pilot.state != PilotState.RUNNING:
        return None
    said = _("With %(startup)s.") % {"startup": pilot.startup.name}
    return _line(pilot, _("The trial begins: %(title)s"), said)


def measured(pk: int, now: datetime) -> Line | None:
    """A trial whose measurements have begun."""
    pilot = _pilot(pk)
    if pilot is None or pilot.state not in MEASURING:
        return None
    return _line(pilot, _("First measurements: %(title)s"), "")


def judged(pk: int, now: datetime) -> Line | None:
    """What the city decided after a trial."""
    pilot = _pilot(pk)
    verdict = getattr(pilot, "verdict", None)
    if pilot is None or verdict is None:
        return None
    said = _("Verdict: %(outcome)s.") % {"outcome": verdict.get_outcome_display()}
    return _line(pilot, _("The verdict is given: %(title)s"), said)


def register_tellings() -> None:
    """Say to the room of those who follow what can be told."""
    for event, topic, describe in (
        ("challenge_published", tellings.NEW, published),
        ("challenge_closing", tellings.DEADLINES, closing),
        ("challenge_cancelled", tellings.DEADLINES, cancelled),
        ("challenge_decided", tellings.RESULTS, decided),
        ("pilot_started", tellings.TRIALS, started),
        ("pilot_measured", tellings.TRIALS, measured),
        ("pilot_verdict", tellings.RESULTS, judged),
    ):
        tellings.tellings.register(event, Telling(event, topic, describe))
