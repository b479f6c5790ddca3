"""An owner invites an address; whoever reads it there belongs, once they say yes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.domain.belonging import (
    OrganisationClosed,
    locked,
    locked_for,
    locked_person,
    record_change,
)
from core.accounts.domain.members import ROLES_TO_GIVE
from core.accounts.enums import INVITATION_TRANSITIONS, InvitationState
from core.accounts.links import invitation_link
from core.accounts.mail_domains import clean_address
from core.accounts.models import Invitation, Membership, Organisation, User
from core.accounts.people import confirmed_addresses
from core.audit import log
from core.exceptions import DomainError, NotAllowed
from core.links import LinkExpired, LinkOfAnother, LinkUsed
from core.notifications.models import Message
from core.notifications.outbox import queue_message
from core.states import change_state

if TYPE_CHECKING:
    from datetime import datetime

ANSWERED_WITHIN: Final = timedelta(days=14)
# Between two mails of the same invitation, and how many there may be: nobody is pestered.
AGAIN_AFTER: Final = timedelta(hours=1)
MOST_MAILS: Final = 5
# Where the address of an erased person leads (RFC 2606): nowhere.
NOWHERE: Final = "@efface.invalid"
# Invitations of one organisation that wait at the same time.
MOST_WAITING: Final = 50
# Invitations of one person in a day, in all their organisations.
MOST_A_DAY: Final = 100
EVENT: Final = "invitation"


class BelongsAlready(DomainError):
    """The address is that of a member."""

    code = "belongs_already"

    def __init__(self, membership: Membership) -> None:
        """``membership`` is the one that exists."""
        super().__init__(
            _("%(person)s belongs to the organisation already, as: %(role)s.")
            % {"person": membership.user, "role": membership.get_role_display()}
        )


class InvitedAlready(DomainError):
    """One invitation waits at a time."""

    code = "invited_already"
    default_message = _(
        "This address is invited already. Send the invitation again, or revoke it, in the list."
    )


class TooManyInvitations(DomainError):
    """More than a team."""

    code = "too_many_invitations"
    default_message = _(
        "Fifty invitations are waiting for an answer. Revoke some before you invite others."
    )


class InvitedEnough(DomainError):
    """The address has received enough for a day, or the person has invited enough people."""

    code = "invited_enough"
    default_message = _(
        "No more invitations leave today: this address has received several, or you have invited "
        "many people. Try again tomorrow."
    )


class MailedEnough(DomainError):
    """The link was sent a moment ago, or often enough."""

    code = "mailed_enough"
    default_message = _(
        "This invitation was sent less than an hour ago, or five times already. Tell the person "
        "to look among unwanted mail, or revoke it and invite another address."
    )


class InvitationOver(LinkUsed):
    """Used, declined or revoked."""

    code = "invitation_over"
    default_message = _(
        "This invitation has been used, declined or revoked. Ask an owner of the organisation for "
        "another one."
    )


class InvitationLapsed(LinkExpired):
    """Fourteen days have passed."""

    code = "invitation_lapsed"
    default_message = _(
        "This invitation served for 14 days, which are over. Ask an owner of the organisation to "
        "send it again."
    )


class InvitationOfAnother(LinkOfAnother):
    """The account has not confirmed the address that was invited."""

    code = "invitation_of_another"
    default_message = _(
        "This invitation was written to another address than those of your account. Sign in with "
        "that address, or ask for an invitation to yours."
    )


@transaction.atomic
def invite(
    *, organisation: Organisation, email: str, role: str, actor: User, now: datetime
) -> Invitation:
    """Write to ``email``; whether it has an account here changes nothing that ``actor`` sees.

    Raises ``NotAllowed``, ``OrganisationClosed``, ``TextRefused`` on an address that is none,
    ``BelongsAlready``, ``InvitedAlready`` and ``TooManyInvitations``.
    """
    if role not in ROLES_TO_GIVE:
        raise NotAllowed(_("A newcomer is a viewer, an editor or in charge of finance."))
    email = clean_address(email)
    organisation = locked_for("manage_members", organisation_pk=organisation.pk, actor=actor)
    _require_new(organisation, email, now)
    _require_may_write(email, actor, now)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        role=role,
        invited_by=actor,
        invited_at=now,
        answer_by=now + ANSWERED_WITHIN,
        last_mail_at=now,
    )
    _mail(invitation, actor, now)
    _record(invitation, "invited", actor, now, role=role)
    return invitation


def _require_new(organisation: Organisation, email: str, now: datetime) -> None:
    proved = Q(user__emailaddress__email__iexact=email, user__emailaddress__verified=True)
    members = organisation.memberships.select_related("user")
    belongs = members.filter(Q(user__email__iexact=email) | proved).first()
    if belongs is not None:
        raise BelongsAlready(belongs)
    waiting = organisation.invitations.filter(state=InvitationState.PENDING)
    earlier = waiting.filter(email=email).first()
    if earlier is not None and earlier.answer_by >= now:
        raise InvitedAlready
    if earlier is not None:
        _settle(earlier, InvitationState.LAPSED, None, now)
    if waiting.filter(answer_by__gte=now).count() >= MOST_WAITING:
        raise TooManyInvitations


def _require_may_write(email: str, actor: User, now: datetime) -> None:
    """Whoever invites, and however often they revoke: an address is not filled with our mail."""
    lately = now - timedelta(days=1)
    to_it = Message.objects.filter(event=EVENT, to_email=email, created_at__gt=lately)
    by_them = Invitation.objects.filter(invited_by=actor, invited_at__gt=lately)
    if to_it.count() >= MOST_MAILS or by_them.count() >= MOST_A_DAY:
        raise InvitedEnough


def may_resend(invitation: Invitation, now: datetime) -> bool:
    """Whether one more mail of this invitation may leave: for the button; the verb asks again."""
    return invitation.mails < MOST_MAILS and invitation.last_mail_at <= now - AGAIN_AFTER


@transaction.atomic
def resend_invitation(*, invitation: Invitation, actor: User, now: datetime) -> Invitation:
    """Send the link once more; its fourteen days begin again, also after they were over.

    Raises ``NotAllowed``, ``OrganisationClosed``, ``InvitationOver`` and ``MailedEnough``.
    """
    invitation = _locked_for(invitation, actor)
    if invitation.state != InvitationState.PENDING:
        raise InvitationOver
    if not may_resend(invitation, now):
        raise MailedEnough
    _require_may_write(invitation.email, actor, now)
    invitation.mails += 1
    invitation.last_mail_at = now
    invitation.answer_by = now + ANSWERED_WITHIN
    invitation.save(update_fields=["mails", "last_mail_at", "answer_by"])
    _mail(invitation, actor, now)
    _record(invitation, "resent", actor, now)
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, actor: User, now: datetime) -> Invitation:
    """Make the link worthless. A second click changes nothing.

    Raises ``NotAllowed``, ``OrganisationClosed`` and ``InvitationOver`` once it was answered.
    """
    invitation = _locked_for(invitation, actor)
    if invitation.state == InvitationState.REVOKED:
        return invitation
    if invitation.state != InvitationState.PENDING:
        raise InvitationOver
    _settle(invitation, InvitationState.REVOKED, actor, now)
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, actor: User, now: datetime) -> Membership:
    """Belong, with the role that was offered; whoever invited is told.

    One who belongs already keeps their role. A second click of the same person changes nothing.
    Raises ``InvitationOfAnother``, ``InvitationOver``, ``InvitationLapsed`` and
    ``OrganisationClosed``.
    """
    invitation = _mine_to_answer(invitation, actor)
    if invitation.state == InvitationState.ACCEPTED and invitation.settled_by_id == actor.pk:
        found = invitation.organisation.memberships.filter(user=actor).first()
        if found is not None:
            return found  # type: ignore[no-any-return]
    require_standing(invitation, now)
    locked_person(actor)
    membership, is_new = Membership.objects.get_or_create(
        user=actor, organisation=invitation.organisation, defaults={"role": invitation.role}
    )
    _settle(invitation, InvitationState.ACCEPTED, actor, now)
    _tell(invitation, actor, is_accepted=True, now=now)
    if is_new:
        record_change(membership, "joined", actor, now, role=membership.role)
    return membership


@transaction.atomic
def decline_invitation(*, invitation: Invitation, actor: User, now: datetime) -> Invitation:
    """Say no; whoever invited is told. A second click changes nothing.

    Raises ``InvitationOfAnother``, ``InvitationOver`` and ``InvitationLapsed``.
    """
    invitation = _mine_to_answer(invitation, actor)
    if invitation.state == InvitationState.DECLINED:
        return invitation
    require_standing(invitation, now)
    _settle(invitation, InvitationState.DECLINED, actor, now)
    _tell(invitation, actor, is_accepted=False, now=now)
    return invitation


def require_standing(invitation: Invitation, now: datetime) -> None:
    """Raises ``OrganisationClosed``, ``InvitationOver`` or ``InvitationLapsed``."""
    if invitation.organisation.closed_at is not None:
        raise OrganisationClosed
    if invitation.state == InvitationState.LAPSED:
        raise InvitationLapsed
    if invitation.state != InvitationState.PENDING:
        raise InvitationOver
    if invitation.answer_by < now:
        raise InvitationLapsed


def close_waiting(organisation: Organisation, actor: User, now: datetime) -> None:
    """Revoke all that wait, when the organisation closes."""
    for invitation in organisation.invitations.filter(state=InvitationState.PENDING):
        _settle(invitation, InvitationState.REVOKED, actor, now)


def forget_invitations(user: User, now: datetime) -> int:
    """Erasure: those that wait for ``user`` come to nothing, and no row keeps their address.

    How many rows. The caller holds the locks of these organisations.
    """
    count = 0
    for invitation in Invitation.objects.filter(email__in=confirmed_addresses(user)):
        forget_address(invitation, now)
        count += 1
    return count


def forget_address(invitation: Invitation, now: datetime) -> None:
    """Take the address out of one; what waited lapses. In the caller's transaction."""
    if invitation.state == InvitationState.PENDING:
        _settle(invitation, InvitationState.LAPSED, None, now)
    invitation.email = f"invitation-{invitation.pk}{NOWHERE}"
    invitation.save(update_fields=["email"])


def _locked_for(invitation: Invitation, actor: User) -> Invitation:
    organisation = locked_for(
        "manage_members", organisation_pk=invitation.organisation_id, actor=actor
    )
    found = organisation.invitations.get(pk=invitation.pk)
    found.organisation = organisation
    return found  # type: ignore[no-any-return]


def _mine_to_answer(invitation: Invitation, actor: User) -> Invitation:
    organisation = locked(invitation.organisation_id)
    found = organisation.invitations.select_related("invited_by").get(pk=invitation.pk)
    found.organisation = organisation
    if found.email not in confirmed_addresses(actor):
        raise InvitationOfAnother
    return found  # type: ignore[no-any-return]


def _settle(invitation: Invitation, to: InvitationState, actor: User | None, now: datetime) -> None:
    change_state(
        invitation,
        to,
        transitions=INVITATION_TRANSITIONS,
        now=now,
        also={"settled_at": now, "settled_by": actor},
    )
    _record(invitation, to.value, actor, now)


def _record(
    invitation: Invitation, action: str, actor: User | None, now: datetime, **public: str
) -> None:
    """Whom an organisation invites is its own business: the address is not in the public part."""
    log.record(
        actor=actor,
        action=f"invitation.{action}",
        target=invitation,
        public={"organisation": invitation.organisation_id, **public},
        now=now,
    )


def _mail(invitation: Invitation, actor: User, now: datetime) -> None:
    """In the person's language when they have an account, else in the organisation's."""
    person = User.objects.filter(email=invitation.email, is_active=True).first()
    queue_message(
        key=f"invitation:{invitation.pk}:{invitation.mails}",
        event=EVENT,
        to=person or invitation.email,
        organisation=invitation.organisation,
        context={
            **invited_facts(invitation, actor),
            "signed_link": invitation_link(invitation.pk),
        },
        now=now,
    )


def invited_facts(invitation: Invitation, host: User) -> dict[str, Any]:
    """What the person who is invited reads, the link apart: it is theirs alone."""
    return {
        "organisation": invitation.organisation.name,
        "invited_by": str(host),
        "role": invitation.role,
        "answer_by": invitation.answer_by,
    }


def answered_facts(
    invitation: Invitation, person: User | str, *, is_accepted: bool
) -> dict[str, Any]:
    """What the owner who invited reads of the answer."""
    return {
        "organisation": invitation.organisation.name,
        "organisation_id": invitation.organisation_id,
        "person": str(person),
        "is_accepted": is_accepted,
    }


def _tell(invitation: Invitation, actor: User, *, is_accepted: bool, now: datetime) -> None:
    host = invitation.invited_by
    if host is None or not host.is_active:
        return
    queue_message(
        key=f"invitation:{invitation.pk}:answered",
        event="invitation_answered",
        to=host,
        context=answered_facts(invitation, actor, is_accepted=is_accepted),
        now=now,
    )
