"""The links of the mails to those who follow: signed, and each good for one thing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.core import signing
from django.utils.translation import gettext_lazy as _

from core import links
from core.following.models import Follow, Follower, FormerKey
from core.links import LinkOfAnother, LinkUsed

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User

CONFIRMING: Final = "following.confirm"
SEEING: Final = "following.see"
STOPPING: Final = "following.stop"
# As long as what was not confirmed is kept.
CONFIRMS_FOR: Final = timedelta(days=7)
SEES_FOR: Final = timedelta(days=90)


def confirming(follow: Follow) -> str:
    """What stands in the address that confirms ``follow``."""
    return signing.dumps([follow.follower.key, follow.pk], salt=CONFIRMING)


def follow_to_confirm(text: str) -> Follow:
    """The follow of a link of :func:`confirming`, still to be confirmed.

    Raises ``LinkExpired``, ``LinkForged`` or ``LinkUsed``.
    """
    key, pk = links.read(text, salt=CONFIRMING, parts=2, serves_for=CONFIRMS_FOR)
    follow = Follow.objects.select_related("follower").filter(pk=pk, follower__key=key).first()
    if follow is None:
        raise LinkUsed(
            _("This link has served: what it was made for was stopped since. Follow it again.")
        )
    if follow.confirmed_at is not None:
        raise LinkUsed(_("This link has served: you confirmed already, nothing is left to do."))
    return follow


def seeing(follower: Follower) -> str:
    """What stands in the address of the page of what ``follower`` follows."""
    return signing.dumps([follower.key], salt=SEEING)


def follower_of_link(text: str, user: User | AnonymousUser) -> Follower:
    """Whose page a link of :func:`seeing` opens.

    Raises ``LinkExpired``, ``LinkForged``, ``LinkUsed`` or, when the follower has an account and
    ``user`` another one, ``LinkOfAnother``.
    """
    (key,) = links.read(text, salt=SEEING, parts=1, serves_for=SEES_FOR)
    follower = _follower(key)
    refuse_other(follower, user)
    return follower


def stopping(follower_key: str, what: str, value: str) -> str:
    """What stands in the address that stops a letter, whoever opens it; it never expires.

    ``what`` is ``happening`` with its number (stop what it was about), ``digest`` with its
    frequency (stop that letter) or ``follow`` with its number (stop that one).
    """
    return signing.dumps([follower_key, what, value], salt=STOPPING)


def letter_to_stop(text: str) -> tuple[Follower, str, str]:
    """Whose letter a link of :func:`stopping` stops, and which.

    Raises ``LinkForged``, or ``LinkUsed`` when nothing of theirs is left.
    """
    key, what, value = links.read(text, salt=STOPPING, parts=3)
    return _follower(key), str(what), str(value)


def _follower(key: str) -> Follower:
    """Whose key it is, or was before the follower became an account's. Raises ``LinkUsed``."""
    follower = Follower.objects.select_related("user").filter(key=key).first()
    if follower is not None:
        return follower
    former = FormerKey.objects.select_related("follower__user").filter(key=key).first()
    if former is None:
        raise LinkUsed(_("With this link nothing is followed any more: everything is stopped."))
    return former.follower


def refuse_other(follower: Follower, user: User | AnonymousUser) -> None:
    """``LinkOfAnother`` when somebody else than the follower's account is signed in."""
    if follower.user_id is not None and user.is_authenticated and follower.user_id != user.pk:
        raise LinkOfAnother
