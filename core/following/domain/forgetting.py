"""An address without an account asks to be forgotten: the law's rights need no account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from core.audit import log
from core.exceptions import NotAllowed
from core.following.domain.following import stop_following
from core.following.models import Consent, ConsentWay, Follower
from core.notifications.enums import SETTLED
from core.notifications.erasing import cancel_unsent, empty_messages
from core.notifications.models import ClosedAddress, Message

if TYPE_CHECKING:
    from datetime import datetime

# Messages of this room; those of another one that have not left are that room's.
OURS = Q(event__startswith="follow_")


@transaction.atomic
def forget_address(*, follower: Follower, now: datetime) -> int:
    """Stop all that ``follower`` follows and take their address out; how many were stopped.

    The proofs stay, of nobody any more, until their rule removes them. Raises ``NotAllowed`` for
    an account's follower: an account is erased whole.
    """
    follower = Follower.objects.select_for_update().get(pk=follower.pk)
    if follower.user_id is not None:
        raise NotAllowed
    address = follower.email
    stopped = stop_following(
        follower=follower,
        follows=list(follower.follows.all()),
        way=ConsentWay.MAIL_LINK,
        now=now,
    )
    number = follower.pk
    follower.delete()
    proofs = Consent.objects.filter(email__iexact=address, user__isnull=True).update(email="")
    theirs = Message.objects.filter(user__isnull=True, to_email__iexact=address)
    cancel_unsent(theirs.filter(OURS))
    messages = empty_messages(theirs.filter(OURS | Q(state__in=SETTLED)))
    ClosedAddress.objects.filter(email=address).delete()
    follower.pk = number  # the line names it by number
    log.record(
        actor=None,
        action="follower.forgotten",
        target=follower,
        public={"stopped": stopped, "proofs": proofs, "messages": messages},
        now=now,
    )
    return stopped
