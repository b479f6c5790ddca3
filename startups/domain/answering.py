"""What an incubator makes of an interest, and what both sides say about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.accounts import rules
from core.accounts.domain.belonging import require_right
from core.exceptions import DomainError, NotAllowed
from core.limits import count
from core.states import change_state, change_states
from core.text import clean_text
from startups.domain.confirming import speaks_for
from startups.domain.interest import (
    LONGEST_WORD,
    locked_interest,
    note,
    received_facts,
    require_startup,
)
from startups.domain.letters import write_to_members
from startups.enums import INTEREST_TRANSITIONS, InterestSide, InterestState
from startups.models import Interest, InterestWord

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.accounts.models import Organisation, User

LONGEST_REASON: Final = 1000
MOST_WORDS_AN_HOUR: Final = 30
# What an incubator makes of an interest.
ANSWERS: Final = (
    InterestState.SEEN,
    InterestState.TALKING,
    InterestState.INVITED,
    InterestState.DECLINED,
)
# Nothing more is said then; a declined one may be taken up again by the incubator.
ENDED: Final = (InterestState.DECLINED, InterestState.WITHDRAWN)


class InterestEnded(DomainError):
    """Declined or withdrawn."""

    code = "interest_ended"
    default_message = _("This interest is settled: nothing more is said about it.")


class NoReason(DomainError):
    """Whoever is declined reads why."""

    code = "no_reason"
    default_message = _("Say why: the startup reads your reason.")


class NothingSaid(DomainError):
    """An empty word is none."""

    code = "nothing_said"
    default_message = _("Write something first.")


@transaction.atomic
def move_interest(
    *, interest: Interest, to: InterestState, actor: User, now: datetime, reason: str = ""
) -> Interest:
    """Say how far the incubator is; the startup is written to, except that it was seen.

    A second click changes nothing. Raises ``NotAllowed``, ``NoReason`` and ``IllegalMove``.
    """
    reason = clean_text(reason, most=LONGEST_REASON) if to == InterestState.DECLINED else ""
    interest = locked_interest(interest)
    _require_program(interest, actor)
    if to not in ANSWERS:
        raise NotAllowed(_("Only the startup that sent it withdraws an interest."))
    if interest.state == to:
        return interest
    if to == InterestState.DECLINED and not reason:
        raise NoReason
    tells = to != InterestState.SEEN
    change_state(
        interest,
        to,
        transitions=INTEREST_TRANSITIONS,
        now=now,
        also={
            "moved_at": now,
            "declined_reason": reason,
            "waits_for": InterestSide.STARTUP if tells else "",
        },
    )
    note(interest, to.value, actor, now)
    if tells:
        write_to_members(
            organisation=interest.organisation,
            event="interest_moved",
            key=f"interest:{interest.pk}:{to.value}:{int(now.timestamp())}",
            context=moved_facts(interest),
            now=now,
        )
    return interest


@transaction.atomic
def mark_seen(
    *, interests: Sequence[int], organisation: Organisation, actor: User, now: datetime
) -> int:
    """Say of several at once that they were seen; how many were new. Raises ``NotAllowed``.

    Those of other organisations, or moved meanwhile, are left as they are.
    """
    require_right("edit_content", organisation, actor)
    chosen = Interest.objects.received_by(organisation).filter(pk__in=interests)
    waiting = Interest.objects.filter(
        pk__in=list(chosen.filter(state=InterestState.NEW).values_list("pk", flat=True))
    )
    pks = list(waiting.values_list("pk", flat=True))
    moved = change_states(
        waiting,
        InterestState.SEEN,
        before=InterestState.NEW,
        transitions=INTEREST_TRANSITIONS,
        now=now,
        also={"moved_at": now, "waits_for": ""},
    )
    for interest in Interest.objects.filter(pk__in=pks, state=InterestState.SEEN):
        note(interest, InterestState.SEEN.value, actor, now)
    return moved


@transaction.atomic
def say(
    *, interest: Interest, side: InterestSide, text: str, actor: User, now: datetime
) -> InterestWord:
    """Say something to the other side, which is written to; no private address goes along.

    The first word of the incubator begins the talk. Raises ``NotAllowed``, ``NothingSaid``,
    ``InterestEnded`` and ``TooManyRequests``.
    """
    text = clean_text(text, most=LONGEST_WORD)
    if not text:
        raise NothingSaid
    interest = locked_interest(interest)
    is_program = side == InterestSide.PROGRAM
    (_require_program if is_program else require_startup)(interest, actor)
    if interest.state in ENDED:
        raise InterestEnded
    count("interest_word", str(actor.pk), most=MOST_WORDS_AN_HOUR, now=now)
    other = InterestSide.STARTUP if is_program else InterestSide.PROGRAM
    also = {"moved_at": now, "waits_for": other}
    if is_program and interest.state in (InterestState.NEW, InterestState.SEEN):
        change_state(
            interest, InterestState.TALKING, transitions=INTEREST_TRANSITIONS, now=now, also=also
        )
        note(interest, InterestState.TALKING.value, actor, now)
    else:
        Interest.objects.filter(pk=interest.pk).update(**also)
    word = InterestWord.objects.create(
        interest=interest, side=side, text=text, written_by=actor, at=now
    )
    reader = interest.organisation if is_program else speaks_for(interest.intake.program)
    if reader is not None:
        write_to_members(
            organisation=reader,
            event="interest_word" if is_program else "interest_reply",
            key=f"interest:word:{word.pk}",
            context=word_facts(word),
            now=now,
        )
    note(interest, "word", actor, now)
    return word


@transaction.atomic
def mark_read(*, interest: Interest, side: InterestSide, actor: User, now: datetime) -> Interest:
    """One side has read what was new for it: it waits in their workspace no more."""
    interest = locked_interest(interest)
    is_program = side == InterestSide.PROGRAM
    (_require_program if is_program else require_startup)(interest, actor)
    if interest.waits_for == side:
        interest.waits_for = ""
        interest.save(update_fields=["waits_for"])
        note(interest, "read", actor, now)
    return interest


def moved_facts(interest: Interest) -> dict[str, Any]:
    """What the startup's members read of where their interest stands."""
    program = interest.intake.program
    return {
        "program_fr": program.name_fr,
        "program_en": program.name_en or program.name_fr,
        "outcome": interest.state,
        "reason": interest.declined_reason,
        "interest_id": interest.pk,
    }


def word_facts(word: InterestWord) -> dict[str, Any]:
    """What the other side reads of a word."""
    return {
        **{k: v for k, v in received_facts(word.interest).items() if k != "words"},
        "words": word.text,
    }


def _require_program(interest: Interest, actor: User) -> None:
    organisation = speaks_for(interest.intake.program)
    if organisation is None or not rules.can(actor, "edit_content", organisation):
        raise NotAllowed(_("Only owners and editors of the incubator answer."))
