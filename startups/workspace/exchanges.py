"""What waits for one side or the other between startups and programs: rows of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import dates
from core.accounts import rules
from core.deadlines import city_time, end_of_day
from core.languages import active_language
from core.registry import WorkspaceRow
from startups.domain.needs import REMINDED
from startups.domain.relaying import writer_name
from startups.enums import InterestSide, InterestState, RelaySide, RelayState
from startups.models import Interest, Need, Relay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.accounts.models import Organisation, User
    from startups.querysets import RelayQuerySet

MOST: Final = 10


def rows(user: User, organisation: Organisation | None, now: datetime) -> Iterator[WorkspaceRow]:
    """Reports for moderators; for members, interests, messages and needs."""
    yield from report_rows(user)
    yield from city_relay_rows(user)
    if organisation is None or not rules.can(user, "edit_content", organisation):
        return
    yield from interest_rows(organisation)
    yield from relay_rows(organisation)
    yield from need_rows(organisation, now)


def interest_rows(organisation: Organisation) -> Iterator[WorkspaceRow]:
    """New interests in one row, then each word to read; for a startup, each answer."""
    received = Interest.objects.received_by(organisation).filter(waits_for=InterestSide.PROGRAM)
    new = received.filter(state=InterestState.NEW)
    if count := new.count():
        first = new.order_by("sent_at").values_list("sent_at", flat=True)[0]
        yield WorkspaceRow(
            title=ngettext(
                "%(n)s startup is interested in your programs",
                "%(n)s startups are interested in your programs",
                count,
            )
            % {"n": count},
            detail=_("Read their profiles and say where it stands."),
            due=first,
            url_name="interest_inbox",
            url_kwargs={"pk": organisation.pk},
            button=_("Open the inbox"),
        )
    for interest in received.exclude(state=InterestState.NEW).for_pages()[:MOST]:
        yield WorkspaceRow(
            title=_("%(startup)s wrote to you") % {"startup": interest.startup},
            detail=str(interest.intake.program.name),
            due=interest.moved_at,
            url_name="interest_received",
            url_kwargs={"pk": interest.pk},
            button=_("Read and answer"),
        )
    answered = Interest.objects.sent_by(organisation).filter(waits_for=InterestSide.STARTUP)
    for interest in answered.for_pages()[:MOST]:
        yield WorkspaceRow(
            title=_("“%(program)s” answered") % {"program": interest.intake.program.name},
            detail=_("Your interest stands at: %(state)s.")
            % {"state": interest.get_state_display()},
            due=interest.moved_at,
            url_name="interest_sent",
            url_kwargs={"pk": interest.pk},
            button=_("Read the answer"),
        )


def relay_rows(organisation: Organisation) -> Iterator[WorkspaceRow]:
    """Messages to read, on either side of a relayed conversation."""
    to_startup = Relay.objects.filter(
        startup__organisation=organisation, waits_for=RelaySide.STARTUP
    )
    back = Relay.objects.filter(organisation=organisation, waits_for=RelaySide.WRITER)
    yield from _relays(to_startup)
    yield from _relays(back)


def city_relay_rows(user: User) -> Iterator[WorkspaceRow]:
    """Answers to what one wrote for the city."""
    mine = Relay.objects.filter(organisation__isnull=True, author=user)
    yield from _relays(mine.filter(waits_for=RelaySide.WRITER))


def _relays(found: RelayQuerySet) -> Iterator[WorkspaceRow]:
    for relay in found.for_pages()[:MOST]:
        is_first = relay.waits_for == RelaySide.STARTUP
        sender = writer_name(relay, active_language()) if is_first else relay.startup.name
        yield WorkspaceRow(
            title=_("%(sender)s wrote to you") % {"sender": sender},
            detail=str(relay.about),
            due=relay.moved_at,
            url_name="relay",
            url_kwargs={"pk": relay.pk},
            button=_("Read and answer"),
        )


def report_rows(user: User) -> Iterator[WorkspaceRow]:
    """Conversations that somebody reported, for moderators, in one row."""
    if not rules.is_moderator(user):
        return
    waiting = Relay.objects.reported().filter(state=RelayState.OPEN)
    if count := waiting.count():
        yield WorkspaceRow(
            title=ngettext(
                "%(n)s conversation is reported", "%(n)s conversations are reported", count
            )
            % {"n": count},
            detail=_("Read it, close it with a reason, or say that nothing is wrong."),
            due=waiting.order_by("reported_at").values_list("reported_at", flat=True)[0],
            url_name="moderation_relays",
            button=_("See what is reported"),
        )


def need_rows(organisation: Organisation, now: datetime) -> Iterator[WorkspaceRow]:
    """Needs that leave the board within two weeks; those that a moderator closed lately."""
    today = city_time(now).date()
    mine = Need.objects.filter(startup__organisation=organisation).select_related("startup")
    ending = mine.current(today).filter(expires_on__lte=today + REMINDED)
    for need in ending.order_by("expires_on", "pk")[:MOST]:
        last = need.expires_on or today
        yield WorkspaceRow(
            title=str(need.text),
            detail=_("This need leaves the board after %(day)s. Does it still hold?")
            % {"day": dates.day(last)},
            due=end_of_day(last),
            url_name="need_edit",
            url_kwargs={"pk": need.pk},
            button=_("Keep it or take it down"),
        )
    for need in mine.exclude(closed_reason="").filter(met_at__gt=now - REMINDED)[:MOST]:
        yield WorkspaceRow(
            title=_("A moderator closed your need"),
            detail=need.closed_reason,
            due=need.met_at,
            url_name="startup_needs",
            url_kwargs={"pk": need.startup_id},
            button=_("See your needs"),
        )
