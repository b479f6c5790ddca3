"""To follow and to stop, with an account or with an address that answered a mail."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.audit import log
from core.exceptions import DomainError
from core.following import mails
from core.following.models import (
    Consent,
    ConsentAct,
    ConsentWay,
    Follow,
    Follower,
    FormerKey,
)
from core.following.targets import targets_of
from core.languages import active_language
from core.links import LinkUsed
from core.taxonomy.models import CitySettings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.following.targets import Target

# What nobody confirmed is forgotten after this long, its address too.
KEPT_UNCONFIRMED: Final = timedelta(days=7)
# Things that one follower follows or has asked to follow.
MOST_FOLLOWED: Final = 200


class TooManyFollowed(DomainError):
    """A list that nobody reads any more."""

    code = "too_many_followed"

    def __init__(self) -> None:
        """Its sentence in the active language."""
        super().__init__(
            _("You follow %(most)s things already. Stop some of them first.")
            % {"most": MOST_FOLLOWED}
        )


def consent_text(name: str) -> str:
    """The words one agrees to, in the active language: shown beside the button, then kept."""
    city = CitySettings.current()
    return _(
        "I agree that %(brand)s, of the city of %(city)s, writes to me about “%(name)s”. My "
        "address serves for nothing else, and each mail has a link to stop."
    ) % {"brand": city.brand_name, "city": city.city_name, "name": name}


@transaction.atomic
def ask_to_follow(*, email: str, target: Target, language: str, now: datetime) -> None:
    """Send a link to ``email``, which alone can confirm; nobody learns what was known of it.

    An address that follows ``target`` already receives where to see it. Beyond three mails a day
    to one address nothing is kept and nothing leaves, and so with one that follows too much. The
    page answers the same in every case. Up to those limits the work is the same too; past them it
    is less, which tells whoever measures it that the address was written to today, no more.
    """
    email = email.lower()
    if not mails.may_write(email, now):
        return
    follower, _made = Follower.objects.get_or_create(
        email=email, defaults={"language": language, "created_at": now}
    )
    follower = _locked(follower)
    if follower.follows.count() >= MOST_FOLLOWED:
        return
    follow, _made = Follow.objects.get_or_create(
        follower=follower, kind=target.kind, slug=target.slug, defaults={"asked_at": now}
    )
    if follow.confirmed_at is not None:
        mails.send_page(follower, language, now, target)
        return
    Follow.objects.filter(pk=follow.pk).update(asked_at=now)
    mails.ask_confirmation(follow, target, language, now)


def _locked(follower: Follower) -> Follower:
    return (
        Follower.objects.select_for_update(of=("self",)).select_related("user").get(pk=follower.pk)
    )


@transaction.atomic
def confirm_follow(*, follow: Follow, name: str, now: datetime) -> Follow:
    """The button behind the link of the mail: from now on one writes to this address.

    ``name`` is the thing as it was shown; the language of the page becomes the follower's. Raises
    ``LinkUsed`` when it was confirmed, or stopped, meanwhile.
    """
    follower = _locked(follow.follower)
    found: Follow | None = Follow.objects.filter(pk=follow.pk, confirmed_at__isnull=True).first()
    if found is None:
        raise LinkUsed(_("This link has served: you confirmed already, nothing is left to do."))
    found.confirmed_at = now
    found.save(update_fields=["confirmed_at"])
    follower.language = active_language()
    follower.save(update_fields=["language"])
    _keep([found], follower, ConsentAct.GIVEN, ConsentWay.MAIL_LINK, [consent_text(name)], now)
    return found


@transaction.atomic
def follow_signed_in(*, user: User, target: Target, now: datetime) -> Follow:
    """Follow with one's account, whose address was verified; a second click changes nothing.

    Raises ``TooManyFollowed``.
    """
    follower = follower_of(user=user, now=now)
    follow: Follow | None = follower.follows.on(target.kind, target.slug).first()
    if follow is not None and follow.confirmed_at is not None:
        return follow
    if follow is None:
        if follower.follows.count() >= MOST_FOLLOWED:
            raise TooManyFollowed
        follow = Follow(follower=follower, kind=target.kind, slug=target.slug, asked_at=now)
    follow.confirmed_at = now
    follow.save()
    text = consent_text(target.name)
    _keep([follow], follower, ConsentAct.GIVEN, ConsentWay.ACCOUNT, [text], now)
    return follow


@transaction.atomic
def follower_of(*, user: User, now: datetime) -> Follower:
    """The follower behind an account, locked; made when there is none.

    What the same address followed before it had an account becomes the account's: signing in
    proves the address as well as a link does.
    """
    User.objects.select_for_update().get(pk=user.pk)
    mine = Follower.objects.filter(user=user).first()
    before = Follower.objects.filter(email=user.email.lower()).first()
    if mine is None and before is not None:
        before.user, before.email = user, ""
        before.save(update_fields=["user", "email"])
        mine = before
    elif mine is None:
        mine = Follower.objects.create(user=user, language=user.language, created_at=now)
    elif before is not None:
        has = {(follow.kind, follow.slug) for follow in mine.follows.confirmed()}
        for follow in before.follows.confirmed():
            if (follow.kind, follow.slug) not in has:
                mine.follows.on(follow.kind, follow.slug).delete()
                Follow.objects.filter(pk=follow.pk).update(follower=mine)
        before.former_keys.update(follower=mine)
        FormerKey.objects.create(key=before.key, follower=mine)
        before.delete()
    return _locked(mine)


@transaction.atomic
def stop_following(
    *, follower: Follower, follows: Sequence[Follow], way: ConsentWay, now: datetime
) -> int:
    """Stop some of what ``follower`` follows, whatever else was asked; how many were stopped.

    Those of somebody else are left alone; a second click changes nothing.
    """
    follower = _locked(follower)
    mine = list(follower.follows.filter(pk__in=[follow.pk for follow in follows]))
    confirmed = [follow for follow in mine if follow.confirmed_at is not None]
    names = {(f.kind, f.slug): target.name or target.slug for f, target in targets_of(confirmed)}
    texts = [
        _("I stop following “%(name)s”.") % {"name": names[(follow.kind, follow.slug)]}
        for follow in confirmed
    ]
    Follow.objects.filter(pk__in=[follow.pk for follow in mine]).delete()
    _keep(confirmed, follower, ConsentAct.WITHDRAWN, way, texts, now)
    return len(confirmed)


def _keep(
    follows: Sequence[Follow],
    follower: Follower,
    act: ConsentAct,
    way: ConsentWay,
    texts: Sequence[str],
    now: datetime,
) -> None:
    """The proof, and a line of the audit that says neither who without an account, nor what."""
    for follow, text in zip(follows, texts, strict=True):
        proof = Consent.objects.create(
            email=follower.address,
            user=follower.user,
            act=act,
            way=way,
            kind=follow.kind,
            slug=follow.slug,
            text=text,
            language=active_language(),
            at=now,
        )
        log.record(
            actor=follower.user,
            action=f"consent.{act.value}",
            target=proof,
            public={"way": way.value},
            now=now,
        )


@transaction.atomic
def send_page_link(*, follower: Follower, language: str, now: datetime) -> None:
    """Write to an address where it sees what it follows, if it follows something.

    Three mails a day to one address at most.
    """
    if follower.follows.confirmed().exists() and mails.may_write(follower.email, now):
        mails.send_page(follower, language, now, None)


@transaction.atomic
def forget_unconfirmed(*, now: datetime) -> int:
    """Drop what nobody confirmed in time, and addresses that follow nothing; how many follows."""
    gone, _kinds = Follow.objects.filter(
        confirmed_at__isnull=True, asked_at__lt=now - KEPT_UNCONFIRMED
    ).delete()
    Follower.objects.filter(
        user__isnull=True, follows__isnull=True, created_at__lt=now - KEPT_UNCONFIRMED
    ).delete()
    return gone
