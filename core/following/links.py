"""The links of the mails to those who follow: signed, and each good for one thing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.core import signing
from django.utils.translation import gettext_lazy as _

from core.exceptions import DomainError
from core.following.models import Follow, Follower

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User

CONFIRMING: Final = "following.confirm"
SEEING: Final = "following.see"
STOPPING: Final = "following.stop"
# As long as what was not confirmed is kept.
CONFIRMS_FOR: Final = timedelta(days=7)
SEES_FOR: Final = timedelta(days=90)


class LinkRefused(DomainError):
    """A link that does nothing; ``status`` is what the page answers."""

    status: int = 404


class LinkExpired(LinkRefused):
    """It served for a while, which is over."""

    code = "link_expired"
    status = 410
    default_message = _(
        "This link has expired. Ask for a new one: it comes by e-mail within minutes."
    )


class LinkForged(LinkRefused):
    """Nothing that this site wrote."""

    code = "link_forged"
    status = 404
    default_message = _(
        "This link is incomplete, or this site did not write it. Open it again from the mail, "
        "whole, or ask for a new one."
    )


class LinkUsed(LinkRefused):
    """It did its work already."""

    code = "link_used"
    status = 410
    default_message = _("This link has served already.")


class LinkOfAnother(LinkRefused):
    """Written for somebody else."""

    code = "link_of_another"
    status = 403
    default_message = _(
        "This link was made for another account. Sign out or sign in with that account, then open "
        "it again."
    )


def confirming(follow: Follow) -> str:
    """What stands in the address that confirms ``follow``."""
    return signing.dumps([follow.follower.key, follow.pk], salt=CONFIRMING)


def follow_to_confirm(text: str) -> Follow:
    """The follow of a link of :func:`confirming`, still to be confirmed.

    Raises ``LinkExpired``, ``LinkForged`` or ``LinkUsed``.
    """
    key, pk = _read(text, CONFIRMING, CONFIRMS_FOR, 2)
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
    (key,) = _read(text, SEEING, SEES_FOR, 1)
    follower = Follower.objects.select_related("user").filter(key=key).first()
    if follower is None:
        raise LinkUsed(_("With this link nothing is followed any more: everything is stopped."))
    refuse_other(follower, user)
    return follower


def stopping(follower_key: str, what: str, value: str) -> str:
    """What stands in the address that stops a letter, whoever opens it; it never expires.

    ``what`` is ``happening`` with its number (stop what it was about) or ``digest`` with its
    frequency (stop that letter).
    """
    return signing.dumps([follower_key, what, value], salt=STOPPING)


def letter_to_stop(text: str) -> tuple[Follower, str, str]:
    """Whose letter a link of :func:`stopping` stops, and which.

    Raises ``LinkForged``, or ``LinkUsed`` when nothing of theirs is left.
    """
    key, what, value = _read(text, STOPPING, None, 3)
    follower = Follower.objects.select_related("user").filter(key=key).first()
    if follower is None:
        raise LinkUsed(_("With this link nothing is followed any more: everything is stopped."))
    return follower, str(what), str(value)


def refuse_other(follower: Follower, user: User | AnonymousUser) -> None:
    """``LinkOfAnother`` when somebody else than the follower's account is signed in."""
    if follower.user_id is not None and user.is_authenticated and follower.user_id != user.pk:
        raise LinkOfAnother


def _read(text: str, salt: str, serves_for: timedelta | None, parts: int) -> list[Any]:
    try:
        found = signing.loads(text, salt=salt, max_age=serves_for)
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except (signing.BadSignature, ValueError) as error:
        raise LinkForged from error
    if not isinstance(found, list) or len(found) != parts:
        raise LinkForged
    return found
