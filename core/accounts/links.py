"""The links that lead into an organisation: to ask to join it, to answer its invitation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.core import signing
from django.utils.translation import gettext_lazy as _

from core import links
from core.accounts.models import Invitation, Organisation
from core.links import LinkExpired, LinkForged, LinkOfAnother, LinkUsed

if TYPE_CHECKING:
    from core.accounts.models import User

JOINING: Final = "accounts.join"
INVITATION: Final = "accounts.invitation"
SERVES_FOR: Final = timedelta(days=1)
SERVED_ITS_DAY: Final = _(
    "This link has served its day. Write the name of your organisation again to get a new one."
)


def joining_link(user: User, organisation_pk: int) -> str:
    """What stands in the address where ``user`` asks to join: no key that one could count up."""
    return signing.dumps([user.pk, organisation_pk], salt=JOINING)


def organisation_to_join(user: User, text: str) -> Organisation:
    """The organisation of a link of :func:`joining_link`.

    Raises ``LinkExpired``, ``LinkForged`` or ``LinkOfAnother``.
    """
    try:
        person, organisation = links.read(text, salt=JOINING, parts=2, serves_for=SERVES_FOR)
    except LinkExpired as error:
        raise LinkExpired(SERVED_ITS_DAY) from error
    except LinkForged as error:
        raise LinkForged(
            _(
                "This link is incomplete, or this site did not write it. Write the name of your "
                "organisation to get a good one."
            )
        ) from error
    if person != user.pk:
        raise LinkOfAnother(
            _(
                "This link was made for another account. Sign in with that account, or write the "
                "name of your organisation to get your own."
            )
        )
    found = Organisation.objects.filter(pk=organisation).first()
    if found is None:
        raise LinkExpired(SERVED_ITS_DAY)
    return found


def invitation_link(invitation_pk: int) -> str:
    """What stands in the address of an invitation: whoever has it read the mail."""
    return signing.dumps([invitation_pk], salt=INVITATION)


def invitation_of(text: str) -> Invitation:
    """The invitation of a link of :func:`invitation_link`, however it stands by now.

    Raises ``LinkForged`` or ``LinkUsed``.
    """
    try:
        (pk,) = links.read(text, salt=INVITATION, parts=1)
    except LinkForged as error:
        raise LinkForged(
            _(
                "This link is incomplete, or this site did not write it. Open it again from the "
                "mail, or ask an owner of the organisation to send the invitation again."
            )
        ) from error
    found = Invitation.objects.select_related("organisation", "invited_by").filter(pk=pk).first()
    if found is None:
        raise LinkUsed(
            _("This invitation no longer exists. Ask an owner of the organisation for another one.")
        )
    return found  # type: ignore[no-any-return]
