"""A challenge from its first draft to the archive."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts import rules as people
from core.audit import log
from core.deadlines import city_time
from core.exceptions import DomainError, Incomplete, NotAllowed
from core.states import change_state
from pilots.domain.defaults import add_default_content
from pilots.enums import CHALLENGE_TRANSITIONS, ChallengeState
from pilots.models import Call, Challenge, Stage
from pilots.signals import record_changed

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.accounts.models import User

CALL_LENGTH = timedelta(weeks=5)
REVIEW_LENGTH = timedelta(weeks=2)
CLOSING_HOUR = time(17, 0)
WHOLE = 100


class AlreadyPublished(DomainError):
    """The call is frozen: dates, questions and criteria changed only by an addendum."""

    code = "call_frozen"
    default_message = gettext_lazy(
        "This call is published: its dates, questions and criteria no longer change."
    )


@transaction.atomic
def open_own_call(*, challenge: Challenge, actor: User | None, now: datetime) -> Stage:
    """Give the challenge a call of its own, with one stage and the usual content, once.

    Five weeks from a week ahead, closing at 17:00 on the city's clocks; four criteria of 25.
    """
    challenge = _locked(challenge)
    if challenge.call_id is not None:
        existing: Stage = Stage.objects.get(call_id=challenge.call_id, number=1)
        return existing
    call = Call.objects.create()
    opens = city_time(now + timedelta(weeks=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    closes = datetime.combine((opens + CALL_LENGTH).date(), CLOSING_HOUR, opens.tzinfo)
    stage: Stage = Stage.objects.create(
        call=call,
        number=1,
        opens_at=opens,
        questions_until=closes - timedelta(days=7),
        closes_at=closes,
        decision_by=(closes + REVIEW_LENGTH).date(),
    )
    add_default_content(stage)
    challenge.call = call
    challenge.save(update_fields=["call", "updated_at"])
    log.record(
        actor=actor, action="challenge.drafted", target=challenge, public={"call": call.pk}, now=now
    )
    return stage


def _locked(challenge: Challenge) -> Challenge:
    found: Challenge = Challenge.objects.select_for_update().get(pk=challenge.pk)
    return found


def readiness(challenge: Challenge, *, now: datetime) -> list[str]:
    """What keeps the challenge from being published, one sentence each; empty when ready."""
    problems = [
        _("“%(field)s” is empty in French.") % {"field": label}
        for stem, label in (
            ("title", _("Title")),
            ("summary", _("In one sentence")),
            ("problem", _("The problem")),
            ("wanted", _("What is wanted")),
        )
        if not getattr(challenge, f"{stem}_fr").strip()
    ]
    stage = challenge.stage
    if stage is None:
        return [*problems, _("Dates, questions and criteria are missing.")]
    return problems + _stage_problems(stage, now)


def _stage_problems(stage: Stage, now: datetime) -> list[str]:
    problems = []
    if stage.opens_at is None or stage.closes_at is None:
        problems.append(_("The call has no opening or closing date."))
    elif stage.closes_at <= now:
        problems.append(_("The call would be published after its closing date."))
    if stage.decision_by is None:
        problems.append(_("The date of the choice is missing."))
    elif stage.closes_at and stage.decision_by < city_time(stage.closes_at).date():
        problems.append(_("The choice is announced before the call closes."))
    weights = sum(c.weight for c in stage.criteria.all())
    if weights != WHOLE:
        problems.append(
            _("The weights of the criteria sum to %(sum)s, not 100.") % {"sum": weights}
        )
    if not stage.questions.all():
        problems.append(_("There is no question."))
    return problems


def publish_challenge(
    *,
    challenge: Challenge,
    actor: User | None,
    go_live: Callable[[], None],
    goes_live_at: datetime | None = None,
    now: datetime | None = None,
) -> None:
    """Publish what was approved: the verb of the button, the workflow and the schedule.

    ``go_live`` writes the content; with ``goes_live_at`` still to come it only schedules. The
    first publication freezes the call and gives the number. Raises ``Incomplete`` with all that
    lacks at the instant of publication.
    """
    moment = now or timezone.now()
    is_later = goes_live_at is not None and goes_live_at > moment
    with transaction.atomic():
        locked = _locked(challenge)
        is_first = locked.state == ChallengeState.DRAFT
        at = goes_live_at if goes_live_at is not None and is_later else moment
        if is_first and (problems := readiness(challenge, now=at)):
            raise Incomplete(problems)
        if is_first and not is_later:
            # Before the content: a live challenge is never a draft, not even for one statement.
            _first_publication(locked, moment)
            challenge.refresh_from_db(fields=Challenge.KEPT_FIELDS)
        go_live()
        locked.refresh_from_db()
        challenge.refresh_from_db()
        if not is_later:
            record_changed.send(sender=Challenge, pk=locked.pk)
        log.record(
            actor=actor,
            action=_publication(is_first=is_first, is_later=is_later),
            target=locked,
            public={"state": locked.state, "reference": locked.reference, "slug": locked.slug},
            now=moment,
        )


def _publication(*, is_first: bool, is_later: bool) -> str:
    """What the audit calls it."""
    if is_later:
        return "challenge.scheduled"
    return "challenge.published" if is_first else "challenge.revised"


def _first_publication(challenge: Challenge, now: datetime) -> None:
    assert challenge.call is not None
    challenge.reference = next_reference(city_time(now).year)
    challenge.published_at = now
    challenge.save(update_fields=["reference", "published_at", "updated_at"])
    change_state(challenge, ChallengeState.PUBLISHED, transitions=CHALLENGE_TRANSITIONS)
    Call.objects.filter(pk=challenge.call_id, frozen_at__isnull=True).update(frozen_at=now)


def next_reference(year: int) -> str:
    """« 2026-14 »: the next number of the year."""
    taken = Challenge.objects.filter(reference__startswith=f"{year}-").values_list(
        "reference", flat=True
    )
    return f"{year}-{max((int(r.rpartition('-')[2]) for r in taken), default=0) + 1:02d}"


@transaction.atomic
def cancel_challenge(
    *, challenge: Challenge, reason_fr: str, reason_en: str = "", actor: User, now: datetime
) -> Challenge:
    """Give the call up, saying why in public."""
    challenge = _for_manager(challenge, actor)
    if not reason_fr.strip():
        raise Incomplete([_("Say in French why the challenge is cancelled: the public reads it.")])
    challenge.cancelled_reason_fr, challenge.cancelled_reason_en = reason_fr, reason_en
    challenge.save(update_fields=["cancelled_reason_fr", "cancelled_reason_en", "updated_at"])
    return _move(challenge, ChallengeState.CANCELLED, actor, now, reason_fr=reason_fr)


@transaction.atomic
def archive_challenge(*, challenge: Challenge, actor: User, now: datetime) -> Challenge:
    """Put a decided challenge away; its page stays."""
    return _move(_for_manager(challenge, actor), ChallengeState.ARCHIVED, actor, now)


def _for_manager(challenge: Challenge, actor: User) -> Challenge:
    if not people.works_on_challenges(actor):
        raise NotAllowed(gettext_lazy("Only challenge managers do this. Ask the city's team."))
    return _locked(challenge)


def _move(
    challenge: Challenge, to: ChallengeState, actor: User, now: datetime, **public: Any
) -> Challenge:
    change_state(challenge, to, transitions=CHALLENGE_TRANSITIONS)
    record_changed.send(sender=Challenge, pk=challenge.pk)
    log.record(
        actor=actor,
        action=f"challenge.{to.value}",
        target=challenge,
        public={"state": to, **public},
        now=now,
    )
    return challenge
