"""An organisation closes: it is read, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.accounts.domain import invitations, join_requests
from core.accounts.domain.belonging import locked_for
from core.accounts.domain.ownership import drop_all_offers
from core.accounts.signals import organisation_closed
from core.audit import log
from core.exceptions import Incomplete
from core.notifications.outbox import queue_message
from core.registry import reasons_to_stay_open

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import Organisation, User


def what_keeps_open(organisation: Organisation) -> list[str]:
    """What must end before the organisation may close, one sentence each; empty when nothing."""
    return [str(why) for ask in reasons_to_stay_open for why in ask(organisation)]


@transaction.atomic
def close_organisation(*, organisation: Organisation, actor: User, now: datetime) -> Organisation:
    """Close it for good; members are told and read it still. A second click changes nothing.

    Invitations, requests to join and offers that wait come to nothing. Raises ``NotAllowed``,
    and ``Incomplete`` with the reasons of :func:`what_keeps_open`.
    """
    organisation.refresh_from_db(fields=["closed_at"])
    if organisation.closed_at is not None:
        return organisation
    organisation = locked_for("close", organisation_pk=organisation.pk, actor=actor)
    reasons = what_keeps_open(organisation)
    if reasons:
        raise Incomplete(reasons)
    invitations.close_waiting(organisation, actor, now)
    join_requests.close_waiting(organisation, now)
    drop_all_offers(organisation, now)
    organisation.closed_at = now
    organisation.save(update_fields=["closed_at"])
    organisation_closed.send(sender=type(organisation), organisation=organisation, now=now)
    members = organisation.memberships.filter(user__is_active=True).exclude(user=actor)
    for member in members.select_related("user"):
        queue_message(
            key=f"member:{actor.pk}:closed:{organisation.pk}:{member.user_id}",
            event="organisation_closed",
            to=member.user,
            context={"organisation": organisation.name, "person": str(actor)},
            now=now,
        )
    log.record(
        actor=actor,
        action="organisation.closed",
        target=organisation,
        public={"kind": organisation.kind},
        now=now,
    )
    return organisation
