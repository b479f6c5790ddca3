"""Signed links of mails: what is wrong with one, said once for every room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils.translation import gettext_lazy as _

from core.exceptions import DomainError


class LinkRefused(DomainError):
    """A link that does nothing; ``status`` is what its page answers."""

    status = 404


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


def read(text: str, *, salt: str, parts: int, serves_for: timedelta | None = None) -> list[Any]:
    """The ``parts`` that were signed with ``salt``. Raises ``LinkExpired`` or ``LinkForged``."""
    try:
        found = signing.loads(text, salt=salt, max_age=serves_for)
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except (signing.BadSignature, ValueError) as error:
        raise LinkForged from error
    if not isinstance(found, list) or len(found) != parts:
        raise LinkForged
    return found
