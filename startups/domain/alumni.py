"""A startup went through a program: one side says so, the other confirms, then anyone reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.accounts import rules
from core.accounts.models import User
from core.audit import log
from core.exceptions import DomainError, NotAllowed
from core.notifications.outbox import queue_message
from startups.domain.confirming import speaks_for
from startups.enums import AlumniSide
from startups.models import AlumniTie, Program, Startup

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import Organisation

# Said by one side and not answered yet: whoever says more writes to people who do not answer.
MOST_WAITING: Final = 20


class AlumniRefused(DomainError):
    """The other side said that it is not so."""

    code = "alumni_refused"
    default_message = _(
        "The other side said that it is not so. If that is a mistake, ask them to say it "
        "themselves."
    )


class NothingToAnswer(DomainError):
    """Both sides have answered already, or the one who said it took it back."""

    code = "nothing_to_answer"
    default_message = _("This waits for no answer any more. Reload the page.")


class TooManyWaiting(DomainError):
    """Wait for answers first."""

    code = "too_many_waiting"
    default_message = _("20 of these wait for an answer already. Say more once some have come.")


def side_of(side: AlumniSide, program: Program, startup: Startup) -> Organisation | None:
    """The organisation that speaks for a side; None while nobody does."""
    return speaks_for(program if side == AlumniSide.PROGRAM else startup)


def other(side: AlumniSide) -> AlumniSide:
    """The side across."""
    return AlumniSide.STARTUP if side == AlumniSide.PROGRAM else AlumniSide.PROGRAM


@transaction.atomic
def say_alumni(
    *,
    program: Program,
    startup: Startup,
    side: AlumniSide,
    year: int | None,
    actor: User,
    now: datetime,
) -> AlumniTie:
    """Say for ``side`` that ``startup`` went through ``program``; the other side is asked by mail.

    What the other side said already is confirmed by it; what this side said already stays as it
    is. Raises ``NotAllowed``, ``AlumniRefused`` and ``TooManyWaiting``.
    """
    # The row of the startup is the lock of its ties: two sides may say it at the same instant.
    startup = Startup.objects.select_for_update().get(pk=startup.pk)
    _require(side, program, startup, actor)
    tie = AlumniTie.objects.filter(program=program, startup=startup).first()
    if tie is None:
        return _begin(program, startup, side, year, actor, now)
    if tie.said_by(side):
        if tie.refused_at is not None:
            raise AlumniRefused
        return tie
    return _agree(tie, side, actor, now)


def _begin(
    program: Program,
    startup: Startup,
    side: AlumniSide,
    year: int | None,
    actor: User,
    now: datetime,
) -> AlumniTie:
    mine = startup.alumni_ties if side == AlumniSide.STARTUP else program.alumni
    if mine.waiting_for(other(side)).count() >= MOST_WAITING:
        raise TooManyWaiting
    tie: AlumniTie = AlumniTie.objects.create(
        program=program, startup=startup, year=year, **{f"{side}_said_at": now}
    )
    _tell(tie, other(side), "alumni_said", now)
    _noted(tie, "said", side, actor, now)
    return tie


@transaction.atomic
def confirm_alumni(*, tie: AlumniTie, actor: User, now: datetime) -> AlumniTie:
    """Say for the side that has not said it yet that it is so: from now on anyone reads it.

    A second click changes nothing. Raises ``NotAllowed`` and ``NothingToAnswer``.
    """
    tie = _locked(tie)
    side = tie.asked_side
    if side is None:
        _require_either(tie, actor)
        return tie
    _require(side, tie.program, tie.startup, actor)
    return _agree(tie, side, actor, now)


def _agree(tie: AlumniTie, side: AlumniSide, actor: User, now: datetime) -> AlumniTie:
    setattr(tie, f"{side}_said_at", now)
    tie.refused_at = None
    tie.save(update_fields=[f"{side}_said_at", "refused_at"])
    _tell(tie, other(side), "alumni_answered", now, is_confirmed=True)
    _noted(tie, "confirmed", side, actor, now)
    return tie


@transaction.atomic
def refuse_alumni(*, tie: AlumniTie, actor: User, now: datetime) -> AlumniTie:
    """Say that it is not so: nobody reads it, and it is not asked again.

    A second click changes nothing. Raises ``NotAllowed`` and ``NothingToAnswer``.
    """
    tie = _locked(tie)
    side = tie.asked_side
    if side is None:
        raise NothingToAnswer
    _require(side, tie.program, tie.startup, actor)
    if tie.refused_at is not None:
        return tie
    tie.refused_at = now
    tie.save(update_fields=["refused_at"])
    _tell(tie, other(side), "alumni_answered", now, is_confirmed=False)
    _noted(tie, "refused", side, actor, now)
    return tie


@transaction.atomic
def withdraw_alumni(*, tie: AlumniTie, side: AlumniSide, actor: User, now: datetime) -> None:
    """Take back what ``side`` said: nobody reads it any more.

    What the other side says as well stays theirs, refused; without it nothing is left. Raises
    ``NotAllowed`` and ``NothingToAnswer``.
    """
    tie = _locked(tie)
    _require(side, tie.program, tie.startup, actor)
    if not tie.said_by(side):
        raise NothingToAnswer
    facts = _public(tie, side)
    if tie.said_by(other(side)):
        setattr(tie, f"{side}_said_at", None)
        tie.refused_at = now
        tie.save(update_fields=[f"{side}_said_at", "refused_at"])
    else:
        tie.delete()
    log.record(actor=actor, action="alumni.withdrawn", target=tie.startup, public=facts, now=now)


def said_facts(tie: AlumniTie, to: Organisation) -> dict[str, Any]:
    """What the mail to those who are asked says, members of ``to``."""
    return {
        "startup": tie.startup.name,
        "program_fr": tie.program.name_fr,
        "program_en": tie.program.name_en or tie.program.name_fr,
        "incubator": tie.program.incubator.name,
        "year": str(tie.year or ""),
        "organisation_id": to.pk,
    }


def answered_facts(tie: AlumniTie, to: Organisation, *, is_confirmed: bool) -> dict[str, Any]:
    """What the mail to those who said it first says."""
    return {**said_facts(tie, to), "is_confirmed": is_confirmed}


def _locked(tie: AlumniTie) -> AlumniTie:
    Startup.objects.select_for_update().get(pk=tie.startup_id)
    found = AlumniTie.objects.filter(pk=tie.pk).with_sides().first()
    if found is None:
        raise NothingToAnswer
    return found  # type: ignore[no-any-return]


def _require(side: AlumniSide, program: Program, startup: Startup, actor: User) -> None:
    organisation = side_of(side, program, startup)
    if organisation is None or not rules.can(actor, "edit_content", organisation):
        raise NotAllowed(_("Only those who write the organisation’s profile say this for it."))


def _require_either(tie: AlumniTie, actor: User) -> None:
    """Whoever confirms what is confirmed already belongs to one of the two."""
    sides = (side_of(side, tie.program, tie.startup) for side in AlumniSide)
    if not any(found is not None and rules.can(actor, "edit_content", found) for found in sides):
        raise NotAllowed


def _tell(tie: AlumniTie, side: AlumniSide, event: str, now: datetime, **answer: bool) -> None:
    """Write to those who may answer for ``side``, once for what was said at this instant."""
    organisation = side_of(side, tie.program, tie.startup)
    if organisation is None:
        return
    writers = organisation.memberships.filter(role__in=rules.roles_with("edit_content"))
    for person in User.objects.filter(memberships__in=writers, is_active=True).order_by("pk"):
        queue_message(
            key=f"alumni:{tie.pk}:{event}:{now.timestamp():.0f}:{person.pk}",
            event=event,
            to=person,
            context={**said_facts(tie, organisation), **answer},
            organisation=organisation,
            now=now,
        )


def _public(tie: AlumniTie, side: AlumniSide) -> dict[str, Any]:
    return {"program": tie.program.slug, "startup": tie.startup.slug, "side": str(side)}


def _noted(tie: AlumniTie, action: str, side: AlumniSide, actor: User, now: datetime) -> None:
    log.record(
        actor=actor, action=f"alumni.{action}", target=tie, public=_public(tie, side), now=now
    )
