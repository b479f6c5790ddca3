"""Dated openings of programs: announced, changed, cancelled, and asked again every year.

Nothing is announced by itself: what comes back every year is proposed to those who speak for the
program, and a person confirms it with the dates they mean.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.accounts import rules
from core.audit import log
from core.clocks import same_day_of, settle
from core.deadlines import city_time
from core.exceptions import DomainError, NotAllowed
from core.freeze import plain
from core.text import TextRefused, clean_line
from startups.domain.confirming import speaks_for
from startups.domain.intake_rules import (
    KEPT_FROM_THE_CHAIN,
    NOTED_BY_CALENDARS,
    IntakeFacts,
    require_meant,
    require_possible,
)
from startups.enums import GONE, IntakeStatus
from startups.models import Intake, Program
from startups.signals import record_changed

if TYPE_CHECKING:
    from core.accounts.models import User

LONGEST_REASON: Final = 300
# How long before its opening next year's is asked about.
ASKED_BEFORE: Final = timedelta(days=120)


class ProgramGone(DomainError):
    """A closed program takes nobody any more."""

    code = "program_gone"
    default_message = _(
        "This program, or the organisation that runs it, is closed: it has no more intakes."
    )


class IntakeCancelled(DomainError):
    """What is cancelled stays so; another one is announced."""

    code = "intake_cancelled"
    default_message = _("This intake is cancelled: announce another one.")


class IntakeOver(DomainError):
    """What is past is not cancelled."""

    code = "intake_over"
    default_message = _("This intake is closed already: there is nothing left to cancel.")


class NextAnnounced(DomainError):
    """Each year's is confirmed once."""

    code = "next_announced"
    default_message = _("The next intake is announced already: somebody confirmed it before you.")


class ChangedSince(DomainError):
    """Somebody else wrote since the page was read; ``theirs`` is what stands now."""

    code = "changed_since"
    default_message = _(
        "Somebody changed this intake while you were writing. Yours is kept below, theirs stands "
        "beside it: send again what you mean."
    )

    def __init__(self, theirs: Intake) -> None:
        """``theirs`` as it is stored."""
        super().__init__()
        self.theirs = theirs


@transaction.atomic
def announce_intake(
    *, program: Program, facts: IntakeFacts, actor: User, now: datetime, sure: bool = False
) -> Intake:
    """Make an intake public with its program.

    Raises ``NotAllowed``, ``ProgramGone``, ``IntakeRefused`` and, unless ``sure``, ``AreYouSure``.
    """
    program = _locked(program.pk, actor)
    return _announce(program, facts, actor, now, sure)


@transaction.atomic
def change_intake(
    *,
    intake: Intake,
    facts: IntakeFacts,
    actor: User,
    now: datetime,
    read_at: datetime | None = None,
    sure: bool = False,
) -> Intake:
    """Say something else of an intake; saying the same changes nothing.

    ``read_at`` is the ``updated_at`` of what the person read. Raises what :func:`announce_intake`
    does, ``IntakeCancelled`` and ``ChangedSince``.
    """
    program = _locked(intake.program_id, actor)
    intake = _standing(intake.pk)
    before = IntakeFacts.of(intake)
    changed = before.differences(facts)
    if not changed:
        return intake
    if read_at is not None and read_at != intake.updated_at:
        raise ChangedSince(intake)
    require_possible(facts)
    if not sure:
        require_meant(facts, before, now)
    facts.write_to(intake)
    if NOTED_BY_CALENDARS & changed.keys():
        intake.sequence += 1
    intake.save()
    said = {name: pair for name, pair in changed.items() if name not in KEPT_FROM_THE_CHAIN}
    _note(
        intake,
        program,
        "changed",
        actor,
        now,
        fields=sorted(changed),
        before={name: old for name, (old, _new) in said.items()},
        after={name: new for name, (_old, new) in said.items()},
    )
    return intake


@transaction.atomic
def cancel_intake(
    *, intake: Intake, reason_fr: str, actor: User, now: datetime, reason_en: str = ""
) -> Intake:
    """Call it off, for a reason that its page, the calendars and its followers are told.

    Raises ``NotAllowed``, ``IntakeCancelled``, ``IntakeOver``; ``TextRefused`` without a reason.
    """
    reason_fr, reason_en = (
        clean_line(text, most=LONGEST_REASON) for text in (reason_fr, reason_en)
    )
    if not reason_fr:
        raise TextRefused(_("Say why, in a sentence: those who wait for it read it."))
    program = _locked(intake.program_id, actor, even_gone=True)
    intake = _standing(intake.pk)
    if intake.status(now) == IntakeStatus.CLOSED:
        raise IntakeOver
    intake.cancelled_reason_fr, intake.cancelled_reason_en = reason_fr, reason_en
    intake.cancelled_at = now
    intake.sequence += 1
    intake.save()
    _note(intake, program, "cancelled", actor, now, reason=intake.cancelled_reason_fr)
    return intake


def propose_next(intake: Intake, now: datetime) -> IntakeFacts | None:
    """The dates of the year after, on the same days of the week; None while nothing is to be asked.

    Nothing is stored: it is shown, and :func:`confirm_next` takes what the person makes of it.
    """
    if not intake.repeats or intake.is_rolling or intake.opens_at is None:
        return None
    if getattr(intake, "next_one", None) is not None:
        return None
    years = 1
    while (opens := _later(intake.opens_at, years)) <= now:
        years += 1
    if opens - now > ASKED_BEFORE:
        return None
    starts, ends = intake.cohort_starts_on, intake.cohort_ends_on
    return replace(
        IntakeFacts.of(intake),
        opens_at=opens,
        closes_at=_later(intake.closes_at, years, close=True) if intake.closes_at else None,
        cohort_starts_on=same_day_of(starts.year + years, starts) if starts else None,
        cohort_ends_on=same_day_of(ends.year + years, ends) if ends else None,
    )


@transaction.atomic
def confirm_next(
    *, intake: Intake, facts: IntakeFacts, actor: User, now: datetime, sure: bool = False
) -> Intake:
    """Announce what follows ``intake``, as the person says it: once.

    Raises ``NextAnnounced`` and what :func:`announce_intake` does.
    """
    program = _locked(intake.program_id, actor)
    if Intake.objects.filter(previous_id=intake.pk).exists():
        raise NextAnnounced
    return _announce(program, facts, actor, now, sure, previous=intake)


@transaction.atomic
def stop_repeating(*, intake: Intake, actor: User, now: datetime) -> Intake:
    """There is no next one: nobody is asked again. Raises ``NotAllowed``."""
    program = _locked(intake.program_id, actor, even_gone=True)
    intake = Intake.objects.select_for_update().get(pk=intake.pk)
    if not intake.repeats:
        return intake
    intake.repeats = False
    intake.save(update_fields=["repeats", "updated_at"])
    _note(intake, program, "stopped", actor, now)
    return intake


def may_keep(user: User, program: Program) -> bool:
    """Whether ``user`` writes the intakes of ``program``: its members, the city's moderators."""
    if rules.is_moderator(user):
        return True
    organisation = speaks_for(program)
    return organisation is not None and rules.can(user, "edit_content", organisation)


def _locked(program_pk: int, actor: User, *, even_gone: bool = False) -> Program:
    """The program, whose row is the lock of its intakes; refused to who may not write them."""
    program: Program = Program.objects.select_for_update(of=("self",)).get(pk=program_pk)
    if not may_keep(actor, program):
        raise NotAllowed(
            _("Only those who write the pages of the organisation do this. Ask one of its owners.")
        )
    if not even_gone and (program.state in GONE or program.incubator.state in GONE):
        raise ProgramGone
    return program


def _standing(pk: int) -> Intake:
    intake = Intake.objects.select_for_update().get(pk=pk)
    if intake.cancelled_at is not None:
        raise IntakeCancelled
    return intake


def _announce(
    program: Program,
    facts: IntakeFacts,
    actor: User,
    now: datetime,
    sure: bool,
    previous: Intake | None = None,
) -> Intake:
    require_possible(facts)
    if not sure:
        require_meant(facts, None, now)
    intake = Intake(program=program, previous=previous)
    facts.write_to(intake)
    intake.save()
    _note(
        intake,
        program,
        "announced",
        actor,
        now,
        opens_at=facts.opens_at,
        closes_at=facts.closes_at,
        is_rolling=facts.is_rolling,
        follows=previous.pk if previous else None,
    )
    return intake


def _note(
    intake: Intake, program: Program, act: str, actor: User, now: datetime, **public: Any
) -> None:
    """The floors above, then the chain."""
    record_changed.send(sender=Program, pk=program.pk)
    log.record(
        actor=actor,
        action=f"intake.{act}",
        target=intake,
        public=plain({"program": program.slug, "sequence": intake.sequence, **public}),
        now=now,
    )


def _later(instant: datetime, years: int, *, close: bool = False) -> datetime:
    """The same hour of the city's clocks, the same day of the week, ``years`` after."""
    local = city_time(instant)
    day = same_day_of(local.year + years, local.date())
    typed = datetime.combine(day, local.time())
    return settle(typed, later=close).instant.astimezone(UTC)
