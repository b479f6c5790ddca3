"""What staff do with messages: hold, let go, call back, send again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.accounts.mail_events import CODES, DONE
from core.accounts.models import User
from core.audit.models import AuditEntry
from core.exceptions import IllegalMove
from core.notifications.enums import MessageState
from core.notifications.handling import (
    NothingLeftToSend,
    OpensAnAccount,
    StillUnderWay,
    WasCancelled,
    move_batch,
    move_message,
    send_again,
)
from core.notifications.models import Message
from core.notifications.outbox import queue_rendered
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture
def staff() -> User:
    return factories.make_user("Admin")


def write(key: str = "a", **fields: Any) -> Message:
    values = {"event": "e", "to_email": "a@b.ca", "language": "fr", "subject": "s", "text": "t"}
    message = queue_rendered(key=key, now=NOW, **{**values, **fields})
    return Message.objects.get(pk=message.pk)


def in_state(state: str, key: str = "a", **fields: Any) -> Message:
    message = write(key, **fields)
    more = {"sent_at": NOW} if state == "sent" else {}
    more |= {"claimed_at": NOW} if state == "sending" else {}
    Message.objects.filter(pk=message.pk).update(state=state, **more)
    return Message.objects.get(pk=message.pk)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True))


def test_held_then_let_go_it_is_not_late(staff: User) -> None:
    message, later = write(), NOW + timedelta(days=3)
    for _click in range(2):
        assert move_message(message=message, move="hold", actor=staff, now=NOW).state == "held"
    released = move_message(message=message, move="release", actor=staff, now=later)
    assert (released.state, released.next_attempt_at) == ("queued", later)
    assert actions() == ["message.hold", "message.release"]


@pytest.mark.parametrize("state", ["sending", "sent", "failed", "bounced"])
@pytest.mark.parametrize("move", ["hold", "cancel"])
def test_what_has_left_is_not_called_back(staff: User, state: str, move: str) -> None:
    message = in_state(state)
    with pytest.raises(IllegalMove):
        move_message(message=message, move=move, actor=staff, now=NOW)
    assert Message.objects.get().state == state
    assert actions() == []


def test_a_batch_moves_together_but_for_what_has_left(staff: User) -> None:
    first = write("a", batch="b")
    in_state("held", "b", batch="b")
    in_state("sent", "c", batch="b")
    write("d", batch="other")
    assert move_batch(message=first, move="cancel", actor=staff, now=NOW) == 2
    assert move_batch(message=first, move="cancel", actor=staff, now=NOW) == 0
    states = dict(Message.objects.values_list("key", "state"))
    assert states == {"a": "cancelled", "b": "cancelled", "c": "sent", "d": "queued"}
    line = AuditEntry.objects.get()
    assert (line.action, line.public) == ("batch.cancel", {"batch": "b", "messages": 2})
    assert move_batch(message=write("alone"), move="hold", actor=staff, now=NOW) == 0


@pytest.mark.parametrize("state", ["sent", "failed", "bounced", "suppressed"])
def test_sent_again_it_is_another_with_the_same_words(staff: User, state: str) -> None:
    person = factories.make_user("Di")
    message = in_state(state, user=person, to_email="ancienne@b.ca")
    again = send_again(message=message, actor=staff, now=NOW)
    assert send_again(message=message, actor=staff, now=NOW) == again
    assert (again.state, again.resent_from_id) == (MessageState.QUEUED, message.pk)
    assert (again.subject, again.text, again.to_email) == ("s", "t", person.email)
    assert again.key != message.key
    assert again.message_id != message.message_id
    assert Message.objects.get(pk=message.pk).state == state
    assert actions() == ["message.sent_again"]
    Message.objects.filter(pk=again.pk).update(state="failed")
    third = send_again(message=message, actor=staff, now=NOW)
    assert {third.key, again.key} == {"a:again:1", "a:again:2"}


def test_a_long_key_keeps_its_room(staff: User) -> None:
    message = in_state("failed", "k" * 160)
    assert len(send_again(message=message, actor=staff, now=NOW).key) <= 160


@pytest.mark.parametrize("state", ["held", "queued", "sending"])
def test_what_may_leave_yet_is_not_doubled(staff: User, state: str) -> None:
    with pytest.raises(StillUnderWay):
        send_again(message=in_state(state), actor=staff, now=NOW)
    assert Message.objects.count() == 1


def test_what_was_called_back_is_not_sent_again(staff: User) -> None:
    with pytest.raises(WasCancelled):
        send_again(message=in_state("cancelled"), actor=staff, now=NOW)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("event", sorted([*CODES, *DONE]))
def test_what_opens_an_account_is_sent_again_by_nobody(staff: User, event: str) -> None:
    with pytest.raises(OpensAnAccount):
        send_again(message=in_state("sent", event=event), actor=staff, now=NOW)


def test_what_has_no_words_is_not_sent(staff: User) -> None:
    with pytest.raises(NothingLeftToSend):
        send_again(message=in_state("sent", text=""), actor=staff, now=NOW)
