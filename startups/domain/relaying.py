"""Messages to a startup that the site relays: neither side reads the other's address."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.accounts import rules
from core.accounts.domain.belonging import OrganisationClosed
from core.audit import log
from core.deadlines import city_time
from core.exceptions import DomainError, NotAllowed
from core.languages import LANGUAGES, text_in
from core.limits import count
from core.notifications.outbox import queue_message
from core.states import change_state
from core.taxonomy.models import CitySettings
from core.text import clean_text
from startups.domain.letters import write_to_members
from startups.domain.needs import NeedOver, is_current
from startups.enums import GONE, RELAY_TRANSITIONS, RelaySide, RelayState
from startups.models import Relay, RelayWord, Startup

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import Organisation, User
    from startups.models import Deployment, Need

LONGEST_WORD: Final = 2000
LONGEST_REPORT: Final = 1000
# Conversations that one person begins in a day, and words that they write in an hour.
MOST_A_DAY: Final = 10
MOST_WORDS_AN_HOUR: Final = 30
A_DAY: Final = timedelta(days=1)


class NothingWritten(DomainError):
    """An empty message is none."""

    code = "nothing_written"
    default_message = _("Write something first.")


class EnoughToday(DomainError):
    """Whoever writes to everybody writes to nobody."""

    code = "enough_today"
    default_message = _(
        "You have begun ten conversations since yesterday. Go on with those, or come back tomorrow."
    )


class NobodyReads(DomainError):
    """The startup has no member here, is closed, or puts nobody in touch."""

    code = "nobody_reads"
    default_message = _("Nobody of this startup receives messages here.")


class RelayClosed(DomainError):
    """A moderator ended it."""

    code = "relay_closed"
    default_message = _("A moderator closed this conversation: nothing more is relayed.")


class NoReasonGiven(DomainError):
    """Both sides read why a moderator closed it; moderators read what is wrong."""

    code = "no_reason_given"
    default_message = _("Say why.")


@transaction.atomic
def answer_need(
    *, need: Need, organisation: Organisation | None, text: str, actor: User, now: datetime
) -> Relay:
    """Write to a startup about its need, in the name of ``organisation``, or of the city if None.

    Who wrote about it already goes on in the same conversation. Raises ``NeedOver``,
    ``NobodyReads``, ``NotAllowed``, ``NothingWritten``, ``EnoughToday`` and ``RelayClosed``.
    """
    if not is_current(need, city_time(now).date()):
        raise NeedOver
    about = {
        f"about_{code}": f"{_label(need, code)} · {text_in(need, 'text', code)}"
        for code in LANGUAGES
    }
    return _begin_or_go_on(
        need.startup, {"need": need}, about, organisation, text=text, actor=actor, now=now
    )


@transaction.atomic
def ask_contact(
    *,
    deployment: Deployment,
    organisation: Organisation | None,
    text: str,
    actor: User,
    now: datetime,
) -> Relay:
    """Ask a startup to be put in touch with a place where its solution runs.

    Raises what :func:`answer_need` raises; ``NobodyReads`` where no contact is offered.
    """
    solution = deployment.solution
    if not deployment.has_contact or not solution.live or solution.state in GONE:
        raise NobodyReads
    about = {
        f"about_{code}": f"{text_in(solution, 'name', code)} · {deployment}" for code in LANGUAGES
    }
    return _begin_or_go_on(
        solution.startup,
        {"deployment": deployment},
        about,
        organisation,
        text=text,
        actor=actor,
        now=now,
    )


def _begin_or_go_on(
    startup: Startup,
    subject: dict[str, Any],
    about: dict[str, str],
    organisation: Organisation | None,
    *,
    text: str,
    actor: User,
    now: datetime,
) -> Relay:
    """One conversation of a person about one thing: a second click adds nothing."""
    text = _cleaned(text)
    startup = Startup.objects.select_for_update().get(pk=startup.pk)
    _require_reader(startup)
    _require_may_write(startup, organisation, actor)
    begun: Relay | None = Relay.objects.filter(author=actor, **subject).first()
    if begun is not None:
        last = begun.words.order_by("pk").last()
        if last is None or (last.side, last.text) != (RelaySide.WRITER, text):
            say_in_relay(relay=begun, side=RelaySide.WRITER, text=text, actor=actor, now=now)
        return begun
    if Relay.objects.filter(author=actor, began_at__gt=now - A_DAY).count() >= MOST_A_DAY:
        raise EnoughToday
    relay = Relay.objects.create(
        startup=startup,
        organisation=organisation,
        author=actor,
        began_at=now,
        moved_at=now,
        **subject,
        **about,
    )
    _note(relay, "began", actor, now)
    say_in_relay(relay=relay, side=RelaySide.WRITER, text=text, actor=actor, now=now)
    return relay


@transaction.atomic
def say_in_relay(
    *, relay: Relay, side: RelaySide, text: str, actor: User, now: datetime
) -> RelayWord:
    """Say something to the other side, which is written to by the site.

    Raises ``NotAllowed``, ``NothingWritten``, ``RelayClosed`` and ``TooManyRequests``.
    """
    text = _cleaned(text)
    relay = _locked(relay)
    require_side(relay, side, actor)
    if relay.state == RelayState.CLOSED:
        raise RelayClosed
    count("relay", str(actor.pk), most=MOST_WORDS_AN_HOUR, now=now)
    other = RelaySide.WRITER if side == RelaySide.STARTUP else RelaySide.STARTUP
    Relay.objects.filter(pk=relay.pk).update(waits_for=other, moved_at=now)
    word = RelayWord.objects.create(relay=relay, side=side, text=text, written_by=actor, at=now)
    _write_to(other, word, now)
    _note(relay, "word", actor, now)
    return word


@transaction.atomic
def mark_relay_read(*, relay: Relay, side: RelaySide, actor: User, now: datetime) -> Relay:
    """One side has read what was new for it."""
    relay = _locked(relay)
    require_side(relay, side, actor)
    if relay.waits_for == side:
        relay.waits_for = ""
        relay.save(update_fields=["waits_for"])
        _note(relay, "read", actor, now)
    return relay


@transaction.atomic
def report_relay(
    *, relay: Relay, side: RelaySide, reason: str, actor: User, now: datetime
) -> Relay:
    """Tell the moderators that the other side misuses it: they read it from then on.

    A second click changes nothing. Raises ``NotAllowed`` and ``NoReasonGiven``.
    """
    reason = clean_text(reason, most=LONGEST_REPORT)
    if not reason:
        raise NoReasonGiven
    relay = _locked(relay)
    require_side(relay, side, actor)
    if relay.reported_at is None:
        relay.reported_at, relay.reported_by, relay.report = now, side, reason
        relay.save(update_fields=["reported_at", "reported_by", "report"])
        _note(relay, "reported", actor, now)
    return relay


@transaction.atomic
def close_relay(*, relay: Relay, reason: str, actor: User, now: datetime) -> Relay:
    """A moderator ends a conversation that was reported; both sides read why.

    Raises ``NotAllowed`` and ``NoReasonGiven``.
    """
    reason = clean_text(reason, most=LONGEST_REPORT)
    relay = _reported(relay, actor)
    if relay.state == RelayState.CLOSED:
        return relay
    if not reason:
        raise NoReasonGiven
    change_state(
        relay,
        RelayState.CLOSED,
        transitions=RELAY_TRANSITIONS,
        now=now,
        also={"closed_reason": reason, "moved_at": now, "waits_for": ""},
    )
    _note(relay, "closed", actor, now)
    return relay


@transaction.atomic
def dismiss_report(*, relay: Relay, actor: User, now: datetime) -> Relay:
    """A moderator found nothing wrong: they read the conversation no more. ``NotAllowed``."""
    relay = _reported(relay, actor)
    if relay.reported_at is not None and relay.state == RelayState.OPEN:
        relay.reported_at, relay.reported_by, relay.report = None, "", ""
        relay.save(update_fields=["reported_at", "reported_by", "report"])
        _note(relay, "report_dismissed", actor, now)
    return relay


def side_of(relay: Relay, user: User) -> RelaySide:
    """The side on which a person who sees ``relay`` stands."""
    organisation = relay.startup.organisation
    is_startup = organisation is not None and rules.role_in(user, organisation) is not None
    return RelaySide.STARTUP if is_startup else RelaySide.WRITER


def may_speak(relay: Relay, side: RelaySide, user: User) -> bool:
    """Whether ``user`` may write on ``side``: its owners and editors; for the city, who began."""
    if side == RelaySide.WRITER and relay.organisation_id is None:
        return relay.author_id == user.pk and rules.is_city_staff(user)
    organisation = relay.startup.organisation if side == RelaySide.STARTUP else relay.organisation
    return organisation is not None and rules.can(user, "edit_content", organisation)


def require_side(relay: Relay, side: RelaySide, actor: User) -> None:
    """``NotAllowed`` unless :func:`may_speak`."""
    if not may_speak(relay, side, actor):
        raise NotAllowed(_("Only owners and editors of the organisation answer."))


def writer_name(relay: Relay, language: str) -> str:
    """Who wrote first, as the other side reads it: an organisation or the city, never a person."""
    if relay.organisation is not None:
        return relay.organisation.name
    with translation.override(language):
        city = text_in(CitySettings.current(), "city_name", language)
        return _now("City of %(city)s") % {"city": city}


def word_facts(word: RelayWord) -> dict[str, Any]:
    """What the mail of a word says: organisations, what it is about, the words."""
    relay = word.relay
    is_startup = word.side == RelaySide.STARTUP
    return {
        **{
            f"sender_{code}": relay.startup.name if is_startup else writer_name(relay, code)
            for code in LANGUAGES
        },
        "about_fr": relay.about_fr,
        "about_en": relay.about_en,
        "words": word.text,
        "relay_id": relay.pk,
    }


def _label(need: Need, code: str) -> str:
    with translation.override(code):
        return str(need.get_kind_display())


def _cleaned(text: str) -> str:
    text = clean_text(text, most=LONGEST_WORD)
    if not text:
        raise NothingWritten
    return text


def _locked(relay: Relay) -> Relay:
    return Relay.objects.select_for_update().get(pk=relay.pk)


def _reported(relay: Relay, actor: User) -> Relay:
    if not rules.is_moderator(actor):
        raise NotAllowed(_("Only moderators look after reported conversations."))
    return _locked(relay)


def _require_reader(startup: Startup) -> None:
    organisation = startup.organisation
    if (
        organisation is None
        or organisation.closed_at is not None
        or not startup.live
        or startup.state in GONE
    ):
        raise NobodyReads


def _require_may_write(startup: Startup, organisation: Organisation | None, actor: User) -> None:
    if organisation is None:
        if not rules.is_city_staff(actor):
            raise NotAllowed(_("One answers in the name of an organisation, or of the city."))
        return
    if organisation.closed_at is not None:
        raise OrganisationClosed
    if organisation.pk == startup.organisation_id:
        raise NotAllowed(_("This is your own startup."))
    if not rules.can(actor, "edit_content", organisation):
        raise NotAllowed(_("Only owners and editors of the organisation answer."))


def _write_to(side: RelaySide, word: RelayWord, now: datetime) -> None:
    """The mail of ``word`` to the people of ``side``."""
    relay, key, facts = word.relay, f"relay:word:{word.pk}", word_facts(word)
    if side == RelaySide.STARTUP:
        organisation = relay.startup.organisation
        if organisation is not None:
            write_to_members(
                organisation=organisation, event="relay_word", key=key, context=facts, now=now
            )
    elif relay.author is not None and may_speak(relay, side, relay.author):
        queue_message(
            key=f"{key}:{relay.author_id}",
            event="relay_word",
            to=relay.author,
            context=facts,
            now=now,
        )
    elif relay.organisation is not None:
        write_to_members(
            organisation=relay.organisation, event="relay_word", key=key, context=facts, now=now
        )


def _note(relay: Relay, action: str, actor: User, now: datetime) -> None:
    """That something happened; between whom is nobody's business: nothing of it is public."""
    log.record(actor=actor, action=f"relay.{action}", target=relay, public={}, now=now)
