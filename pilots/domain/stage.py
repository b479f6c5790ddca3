"""Dates, questions and criteria of a call, until it is approved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.audit import log
from core.exceptions import DomainError
from pilots.domain.challenge import AlreadyPublished
from pilots.models import Call

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.accounts.models import User
    from pilots.models import Stage


class InApproval(DomainError):
    """What is approved is what was read: nothing moves meanwhile."""

    code = "in_approval"
    default_message = _(
        "This challenge is with its approvers or waits for its date: its dates, questions and "
        "criteria do not change meanwhile. Cancel the approval first."
    )


def refusal_of(call: Call) -> DomainError | None:
    """Why the call's stages cannot be written now; None when they can."""
    if call.frozen_at is not None:
        return AlreadyPublished()
    for challenge in call.challenges.all():
        if challenge.workflow_in_progress or challenge.approved_schedule:
            return InApproval()
    return None


@transaction.atomic
def write_stage(
    *, stage: Stage, save: Callable[[], None], actor: User | None, now: datetime
) -> None:
    """Write dates, questions and criteria; ``save`` writes the rows.

    Whoever does it has written the challenge: a revision says so, and that person will not be
    the one who approves. Raises ``AlreadyPublished`` or ``InApproval``.
    """
    call = Call.objects.select_for_update().get(pk=stage.call_id)
    if (refusal := refusal_of(call)) is not None:
        raise refusal
    save()
    for challenge in call.challenges.all():
        latest = challenge.get_latest_revision_as_object()
        latest.save_revision(user=actor, clean=False, log_action="wagtail.edit")
    log.record(
        actor=actor,
        action="stage.written",
        target=stage,
        public={
            "opens_at": stage.opens_at,
            "closes_at": stage.closes_at,
            "decision_by": stage.decision_by,
        },
        now=now,
    )
