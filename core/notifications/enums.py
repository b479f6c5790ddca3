"""The states of a message and the one table of allowed moves."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    """Where a message stands."""

    HELD = "held", _("Held")
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    BOUNCED = "bounced", _("Bounced")
    SUPPRESSED = "suppressed", _("Not sent, closed address")
    CANCELLED = "cancelled", _("Cancelled")


# Nothing more happens to these by themselves.
SETTLED: Final = (
    MessageState.SENT,
    MessageState.FAILED,
    MessageState.BOUNCED,
    MessageState.SUPPRESSED,
    MessageState.CANCELLED,
)
# Nothing of these has left.
UNSENT: Final = (MessageState.HELD, MessageState.QUEUED)


class ClosedBecause(models.TextChoices):
    """Why an address is not written to."""

    BOUNCE = "bounce", _("Mail to it came back")
    COMPLAINT = "complaint", _("Mail to it was reported as unwanted")
    BY_HAND = "by_hand", _("Closed by staff")


class Audience(models.TextChoices):
    """To whom an event writes."""

    APPLICANT = "applicant", _("Startup that applies")
    JURY = "jury", _("Member of a jury")
    CITY = "city", _("City staff")
    OWNER = "owner", _("Owner of an organisation")
    MEMBER = "member", _("Member of an organisation")
    PERSON = "person", _("Person with an account")
    FOLLOWER = "follower", _("Person who follows")
    INVITED = "invited", _("Person invited")
    NOBODY_YET = "nobody_yet", _("Person without an account")


MESSAGE_TRANSITIONS: Final = {
    MessageState.HELD: frozenset({MessageState.QUEUED, MessageState.CANCELLED}),
    MessageState.QUEUED: frozenset(
        {MessageState.SENDING, MessageState.HELD, MessageState.CANCELLED}
    ),
    MessageState.SENDING: frozenset(
        {
            MessageState.SENT,
            MessageState.FAILED,
            MessageState.BOUNCED,
            MessageState.SUPPRESSED,
            MessageState.QUEUED,
        }
    ),
    MessageState.SENT: frozenset({MessageState.BOUNCED}),
    MessageState.FAILED: frozenset[MessageState](),
    MessageState.BOUNCED: frozenset[MessageState](),
    MessageState.SUPPRESSED: frozenset[MessageState](),
    MessageState.CANCELLED: frozenset[MessageState](),
}
