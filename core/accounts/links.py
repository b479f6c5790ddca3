"""Links that serve one person: signed, dated, and worth nothing to anybody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.core import signing
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Invitation, Organisation
from core.exceptions import DomainError

if TYPE_CHECKING:
    from core.accounts.models import User

JOINING: Final = "accounts.join"
INVITATION: Final = "accounts.invitation"
SERVES_FOR: Final = timedelta(days=1)


class LinkExpired(DomainError):
    """It served for a while, which is over."""

    code = "link_expired"
    default_message = _(
        "This link has served its day. Write the name of your organisation again to get a new one."
    )


class LinkForged(DomainError):
    """Nothing that this site wrote."""

    code = "link_forged"
    default_message = _(
        "This link is incomplete, or this site did not write it. Write the name of your "
        "organisation to get a good one."
    )


class LinkOfAnother(DomainError):
    """Written for somebody else."""

    code = "link_of_another"
    default_message = _(
        "This link was made for another account. Sign in with that account, or write the name of "
        "your organisation to get your own."
    )


def joining_link(user: User, organisation_pk: int) -> str:
    """What stands in the address where ``user`` asks to join: no key that one could count up."""
    return signing.dumps([user.pk, organisation_pk], salt=JOINING)


def organisation_to_join(user: User, text: str) -> Organisation:
    """The organisation of a link of :func:`joining_link`.

    Raises ``LinkExpired``, ``LinkForged`` or ``LinkOfAnother``.
    """
    try:
        person, organisation = signing.loads(text, salt=JOINING, max_age=SERVES_FOR)
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except signing.BadSignature as error:
        raise LinkForged from error
    if person != user.pk:
        raise LinkOfAnother
    found = Organisation.objects.filter(pk=organisation).first()
    if found is None:
        raise LinkExpired
    return found


def invitation_link(invitation_pk: int) -> str:
    """What stands in the address of an invitation: whoever has it read the mail."""
    return signing.dumps(invitation_pk, salt=INVITATION)


def invitation_of(text: str) -> Invitation:
    """The invitation of a link of :func:`invitation_link`, however it stands by now.

    Raises ``LinkForged``.
    """
    try:
        pk = signing.loads(text, salt=INVITATION)
    except signing.BadSignature as error:
        raise LinkForged(
            _(
                "This link is incomplete, or this site did not write it. Open it again from the "
                "mail, or ask an owner of the organisation to send the invitation again."
            )
        ) from error
    found = Invitation.objects.select_related("organisation", "invited_by").filter(pk=pk).first()
    if found is None:
        raise LinkExpired(
            _("This invitation no longer exists. Ask an owner of the organisation for another one.")
        )
    return found  # type: ignore[no-any-return]
