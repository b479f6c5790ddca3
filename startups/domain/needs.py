"""What a startup looks for: posted with an expiry, changed, taken down, closed by a moderator."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.accounts import rules
from core.accounts.domain.belonging import OrganisationClosed
from core.audit import log
from core.deadlines import city_time
from core.exceptions import DomainError, NotAllowed
from core.limits import count
from core.text import clean_line
from startups.enums import GONE, NeedKind
from startups.models import Need, Startup
from startups.signals import record_changed

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.accounts.models import User

LONGEST_TEXT: Final = 300
LONGEST_REASON: Final = 300
MOST_CURRENT: Final = 12
MOST_AN_HOUR: Final = 20
USUAL: Final = timedelta(days=183)
LONGEST: Final = timedelta(days=366)
# From then on the workspace asks whether it still holds.
REMINDED: Final = timedelta(days=14)


class TooManyNeeds(DomainError):
    """A board of everything says nothing."""

    code = "too_many_needs"
    default_message = _(
        "Twelve needs of this startup are current already. Take one down before you post another."
    )


class WrongExpiry(DomainError):
    """Past, or further than a year away."""

    code = "wrong_expiry"
    default_message = _("A need lasts until a day to come, within twelve months.")


class NoWords(DomainError):
    """French is required to publish (promise 10)."""

    code = "no_words"
    default_message = _("Say in French what you look for; English may follow.")


class NeedOver(DomainError):
    """Taken down, closed or past its day."""

    code = "need_over"
    default_message = _("This need is over. Post it again if it still holds.")


class StartupNotPublic(DomainError):
    """A need stands beside a public profile."""

    code = "startup_not_public"
    default_message = _("The profile of this startup is not public: its needs would not be read.")


class ReasonNeeded(DomainError):
    """Who posted it reads why it was closed."""

    code = "reason_needed"
    default_message = _("Say why: the startup reads your reason.")


def usual_expiry(today: date) -> date:
    """Six months away: what a form proposes."""
    return today + USUAL


def is_current(need: Need, today: date) -> bool:
    """Whether it stands on the board on ``today``."""
    return need.met_at is None and (need.expires_on is None or need.expires_on >= today)


@transaction.atomic
def post_need(
    *,
    startup: Startup,
    kind: NeedKind,
    text_fr: str,
    text_en: str,
    expires_on: date,
    actor: User,
    now: datetime,
) -> Need:
    """Post a need until the end of ``expires_on``; the same one posted twice stands once.

    Raises ``NotAllowed``, ``StartupNotPublic``, ``NoWords``, ``WrongExpiry``, ``TooManyNeeds`` and
    ``TooManyRequests``.
    """
    startup = _locked(startup, actor)
    words = _words(text_fr, text_en)
    today = city_time(now).date()
    _require_expiry(expires_on, today)
    current = startup.needs.current(today)
    same: Need | None = current.filter(kind=kind, text_fr=words["text_fr"]).first()
    if same is not None:
        return same
    if current.count() >= MOST_CURRENT:
        raise TooManyNeeds
    count("need", str(startup.pk), most=MOST_AN_HOUR, now=now)
    need = Need.objects.create(startup=startup, kind=kind, expires_on=expires_on, **words)
    _noted(need, "posted", actor, now)
    return need


@transaction.atomic
def change_need(
    *,
    need: Need,
    kind: NeedKind,
    text_fr: str,
    text_en: str,
    expires_on: date,
    actor: User,
    now: datetime,
) -> Need:
    """Change a need that is current, or let it last longer.

    Raises ``NotAllowed``, ``NeedOver``, ``NoWords`` and ``WrongExpiry``.
    """
    _locked(need.startup, actor)
    need = Need.objects.select_for_update().get(pk=need.pk)
    today = city_time(now).date()
    if not is_current(need, today):
        raise NeedOver
    words = _words(text_fr, text_en)
    _require_expiry(expires_on, today)
    asked = {"kind": kind.value, "expires_on": expires_on, **words}
    changed = [name for name, value in asked.items() if getattr(need, name) != value]
    if changed:
        for name in changed:
            setattr(need, name, asked[name])
        need.save(update_fields=[*changed, "updated_at"])
        _noted(need, "changed", actor, now)
    return need


@transaction.atomic
def take_down_need(*, need: Need, actor: User, now: datetime) -> Need:
    """Met, or given up: it leaves the board. A second click changes nothing. ``NotAllowed``."""
    _locked(need.startup, actor)
    need = Need.objects.select_for_update().get(pk=need.pk)
    if need.met_at is None:
        need.met_at = now
        need.save(update_fields=["met_at", "updated_at"])
        _noted(need, "taken_down", actor, now)
    return need


@transaction.atomic
def close_need(*, need: Need, reason: str, actor: User, now: datetime) -> Need:
    """A moderator takes it off the board; the startup reads why in its workspace.

    Raises ``NotAllowed``, ``ReasonNeeded`` and ``NeedOver``.
    """
    if not rules.is_moderator(actor):
        raise NotAllowed(_("Only moderators close somebody else’s need."))
    reason = clean_line(reason, most=LONGEST_REASON)
    if not reason:
        raise ReasonNeeded
    need = Need.objects.select_for_update().get(pk=need.pk)
    if need.closed_reason:
        return need
    if need.met_at is not None:
        raise NeedOver
    need.met_at, need.closed_reason = now, reason
    need.save(update_fields=["met_at", "closed_reason", "updated_at"])
    _noted(need, "closed", actor, now)
    return need


def _locked(startup: Startup, actor: User) -> Startup:
    """The startup, whose row is the lock of its needs, for those who may write its profile."""
    startup = Startup.objects.select_for_update().get(pk=startup.pk)
    organisation = startup.organisation
    if organisation is None:
        raise NotAllowed(_("Nobody speaks for this startup yet."))
    if organisation.closed_at is not None:
        raise OrganisationClosed
    if not rules.can(actor, "edit_content", organisation):
        raise NotAllowed(_("Only owners and editors of the startup do this."))
    if not startup.live or startup.state in GONE:
        raise StartupNotPublic
    return startup


def _words(text_fr: str, text_en: str) -> dict[str, str]:
    french, english = (clean_line(text, most=LONGEST_TEXT) for text in (text_fr, text_en))
    if not french:
        raise NoWords
    return {"text_fr": french, "text_en": english}


def _require_expiry(expires_on: date, today: date) -> None:
    if not today <= expires_on <= today + LONGEST:
        raise WrongExpiry


def _noted(need: Need, action: str, actor: User, now: datetime) -> None:
    record_changed.send(sender=Startup, pk=need.startup_id)
    log.record(
        actor=actor,
        action=f"need.{action}",
        target=need,
        public={"startup": need.startup.slug, "kind": need.kind},
        now=now,
    )
