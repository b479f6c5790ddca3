"""A startup shows interest in an intake: its public profile, frozen, and a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import dates
from core.accounts import rules
from core.accounts.domain.belonging import OrganisationClosed
from core.audit import log
from core.exceptions import DomainError, NotAllowed
from core.limits import count
from core.states import change_state
from core.text import clean_text
from startups.domain.confirming import speaks_for
from startups.domain.letters import write_to_members
from startups.enums import (
    GONE,
    INTEREST_TRANSITIONS,
    ApplyBy,
    IntakeStatus,
    InterestSide,
    InterestState,
)
from startups.models import Intake, Interest, Startup
from startups.profile import frozen_profile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.accounts.models import Organisation, User
    from core.freeze import Frozen
    from startups.models import Solution

LONGEST_WORD: Final = 2000
MOST_SOLUTIONS: Final = 10
# Each writes to everybody of the other side.
MOST_SENT_AN_HOUR: Final = 20
TAKING: Final = (
    IntakeStatus.UPCOMING,
    IntakeStatus.OPEN,
    IntakeStatus.CLOSING,
    IntakeStatus.ROLLING,
)


class IntakeClosed(DomainError):
    """After the close nothing is sent; the sentence says when that was."""

    code = "intake_closed"
    default_message = _("This intake is closed. Nothing was sent.")


class NotTakenHere(DomainError):
    """Cancelled, of a program that ended, taken elsewhere, or read by nobody."""

    code = "not_taken_here"
    default_message = _(
        "This intake takes no interest here. Its program’s page says how one applies."
    )


class ProfileNotPublic(DomainError):
    """What is sent is the public profile."""

    code = "profile_not_public"
    default_message = _(
        "The profile of your startup is not public, or is closed: there is nothing to send yet."
    )


class ProfileChanged(DomainError):
    """Somebody changed the profile after it was read on the page."""

    code = "profile_changed"
    default_message = _(
        "The profile changed since you read it. Nothing was sent; here is how it reads now."
    )


def takes_interest(intake: Intake, now: datetime) -> bool:
    """Whether a startup may send its profile to ``intake`` at ``now``."""
    program, reader = intake.program, speaks_for(intake.program)
    return (
        intake.apply_by == ApplyBy.HERE
        and intake.status(now) in TAKING
        and all(whole.live and whole.state not in GONE for whole in (program, program.incubator))
        and reader is not None
        and reader.closed_at is None
    )


def profile_to_send(startup: Startup, solutions: Sequence[Solution]) -> Frozen:
    """What would be sent, for the page where it is read before. ``ProfileNotPublic``."""
    if not startup.live or startup.state in GONE:
        raise ProfileNotPublic
    return frozen_profile(startup, solutions)


@transaction.atomic
def show_interest(
    *,
    intake: Intake,
    startup: Startup,
    solutions: Sequence[Solution],
    word: str,
    actor: User,
    now: datetime,
    fingerprint: str = "",
) -> Interest:
    """Send the profile of ``startup`` with a word; a second click answers the one that stands.

    ``fingerprint`` is that of the copy the actor read. Raises ``NotAllowed``, ``IntakeClosed``,
    ``NotTakenHere``, ``ProfileNotPublic``, ``ProfileChanged`` and ``TooManyRequests``.
    """
    word = clean_text(word, most=LONGEST_WORD)
    intake = Intake.objects.select_for_update().get(pk=intake.pk)
    startup = Startup.objects.get(pk=startup.pk)
    organisation = _who_sends(startup, actor)
    standing: Interest | None = (
        Interest.objects.filter(intake=intake, startup=startup)
        .exclude(state=InterestState.WITHDRAWN)
        .first()
    )
    if standing is not None:
        return standing
    reader = _who_reads(intake, now)
    copy = profile_to_send(startup, _own(startup, solutions))
    if fingerprint and fingerprint != copy.fingerprint:
        raise ProfileChanged
    count("interest", str(organisation.pk), most=MOST_SENT_AN_HOUR, now=now)
    interest = Interest.objects.create(
        intake=intake,
        startup=startup,
        organisation=organisation,
        waits_for=InterestSide.PROGRAM,
        word=word,
        frozen=copy.payload,
        fingerprint=copy.fingerprint,
        sent_by=actor,
        sent_at=now,
        moved_at=now,
    )
    write_to_members(
        organisation=reader,
        event="interest_received",
        key=f"interest:{interest.pk}:received",
        context=received_facts(interest),
        now=now,
    )
    note(interest, "sent", actor, now)
    return interest


@transaction.atomic
def withdraw_interest(*, interest: Interest, actor: User, now: datetime) -> Interest:
    """The startup takes it back; it may send another one later. A second click changes nothing.

    Raises ``NotAllowed`` and ``IllegalMove``.
    """
    interest = locked_interest(interest)
    require_startup(interest, actor)
    if interest.state == InterestState.WITHDRAWN:
        return interest
    change_state(
        interest,
        InterestState.WITHDRAWN,
        transitions=INTEREST_TRANSITIONS,
        now=now,
        also={"moved_at": now, "waits_for": ""},
    )
    note(interest, "withdrawn", actor, now)
    return interest


def received_facts(interest: Interest) -> dict[str, Any]:
    """What the incubator's members read in the mail of a new interest."""
    program = interest.intake.program
    return {
        "startup": interest.startup.name,
        "program_fr": program.name_fr,
        "program_en": program.name_en or program.name_fr,
        "words": interest.word,
        "interest_id": interest.pk,
    }


def locked_interest(interest: Interest) -> Interest:
    """The row, whose lock every change of it takes."""
    return Interest.objects.select_for_update().get(pk=interest.pk)


def _who_sends(startup: Startup, actor: User) -> Organisation:
    organisation: Organisation | None = startup.organisation
    if organisation is None:
        raise NotAllowed(_("Nobody speaks for this startup yet."))
    if organisation.closed_at is not None:
        raise OrganisationClosed
    if not rules.can(actor, "apply", organisation):
        raise NotAllowed(_("Only owners and editors of the startup send its profile."))
    return organisation


def _who_reads(intake: Intake, now: datetime) -> Organisation:
    """The organisation that receives it. ``IntakeClosed`` says when; else ``NotTakenHere``."""
    if intake.closes_at is not None and intake.status(now) == IntakeStatus.CLOSED:
        raise IntakeClosed(
            _("This intake closed on %(when)s. Nothing was sent.")
            % {"when": dates.instant(intake.closes_at)}
        )
    reader = speaks_for(intake.program)
    if reader is None or not takes_interest(intake, now):
        raise NotTakenHere
    return reader


def _own(startup: Startup, solutions: Sequence[Solution]) -> list[Solution]:
    """Those of the chosen that are public and the startup's own, in its order."""
    chosen = [solution.pk for solution in solutions][:MOST_SOLUTIONS]
    return list(startup.solutions.current().filter(pk__in=chosen)) if chosen else []


def require_startup(interest: Interest, actor: User) -> None:
    """``NotAllowed`` unless ``actor`` may act for the startup that sent it."""
    if not rules.can(actor, "apply", interest.organisation):
        raise NotAllowed(_("Only owners and editors of the startup do this."))


def note(interest: Interest, action: str, actor: User, now: datetime) -> None:
    """That something happened; between whom is nobody's business: nothing of it is public."""
    log.record(actor=actor, action=f"interest.{action}", target=interest, public={}, now=now)
