"""Delivery to a real mail server that hangs, refuses, puts off or hangs up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.notifications import delivery, outbox
from core.notifications.enums import MessageState
from core.notifications.events import catalogue
from core.notifications.models import Message
from tests.e2e.conftest import free_port
from tests.smtp import DROP, HANG, BadServer, listening

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Any) -> Iterator[BadServer]:
    found = BadServer()
    with listening(found) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = port
        settings.EMAIL_TIMEOUT = 20
        yield found


def write(who: str, **fields: Any) -> Message:
    return outbox.queue_rendered(
        **{
            "key": f"faults:{who}",
            "event": "application_receipt",
            "to_email": f"{who}@exemple.test",
            "language": "fr",
            "subject": f"Pour {who}",
            "text": "Bonjour.",
            **fields,
        }
    )


def receipt() -> dict[str, Any]:
    """What a receipt says."""
    given = catalogue["application_receipt"].example()
    return {name: value for name, value in given.items() if name != "user_name"}


def fresh(message: Message) -> Message:
    message.refresh_from_db()
    return message


def let_the_wait_pass(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(next_attempt_at=timezone.now())


def test_a_mail_arrives_once_with_its_identity(server: BadServer) -> None:
    message = write("une", html="<p>Bonjour.</p>", headers={"X-Essai": "oui"})
    assert delivery.deliver_due() == 1
    assert delivery.deliver_due() == 0
    (mail,) = server.mails()
    assert mail["Message-ID"] == message.message_id
    assert (mail["To"], mail["Subject"]) == ("une@exemple.test", "Pour une")
    assert (mail["Content-Language"], mail["X-Essai"]) == ("fr", "oui")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    fresh(message)
    assert (message.state, message.attempts, message.last_error) == ("sent", 1, "")
    assert message.sent_at is not None


def test_a_mail_in_both_languages_names_them(server: BadServer) -> None:
    write("deux", language="both")
    delivery.deliver_due()
    assert server.mails()[0]["Content-Language"] == "fr, en"


RCPT, DATA = "at_rcpt", "at_data"


@pytest.mark.parametrize(
    ("when", "answer", "state"),
    [
        (RCPT, "550 5.1.1 no such person here", "bounced"),
        (RCPT, "550 no such person here", "bounced"),
        (RCPT, "550 5.2.1 mailbox disabled", "bounced"),
        (RCPT, "550 5.7.1 we do not want your mail", "failed"),
        (RCPT, "554 refused", "failed"),
        (RCPT, "552 5.2.2 mailbox full", "failed"),
        (DATA, "554 5.6.0 this text is refused", "failed"),
        (RCPT, "451 4.7.1 come back later", "queued"),
        (RCPT, "452 4.2.2 mailbox full for now", "queued"),
        (DATA, "451 4.3.0 try again", "queued"),
        (DATA, "421 4.3.2 closing", "queued"),
        (RCPT, "421 4.3.2 closing", "queued"),
    ],
)
def test_what_the_server_answers_decides(
    server: BadServer, when: str, answer: str, state: str
) -> None:
    getattr(server, when)["une"] = answer
    message, other = write("une"), write("autre")
    before = timezone.now()
    assert delivery.deliver_due() == 1
    fresh(message)
    assert (message.state, message.attempts, message.last_error) == (state, 1, answer)
    if state == "queued":
        assert message.next_attempt_at >= before + timedelta(minutes=1)
    assert fresh(other).state == "sent"
    assert [mail["To"] for mail in server.mails()] == ["autre@exemple.test"]


def test_a_connection_dropped_after_data_is_tried_again_with_the_same_identity(
    server: BadServer,
) -> None:
    server.at_data["une"] = DROP
    message, other = write("une"), write("autre")
    assert delivery.deliver_due() == 1
    assert fresh(message).state == MessageState.QUEUED
    assert message.attempts == 1
    assert "closed" in message.last_error
    assert fresh(other).state == MessageState.SENT
    server.at_data.clear()
    let_the_wait_pass(message)
    assert delivery.deliver_due() == 1
    assert fresh(message).state == MessageState.SENT
    assert server.ids().count(message.message_id) == 2
    assert server.ids().count(other.message_id) == 1


@pytest.mark.parametrize("when", [RCPT, DATA])
def test_a_server_that_hangs_is_left_and_the_others_leave(
    server: BadServer, when: str, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 4
    getattr(server, when)["une"] = HANG
    message = write("une")
    others = [write(f"autre{number}") for number in range(5)]
    began = time.monotonic()
    assert delivery.deliver_due() == 5
    assert time.monotonic() - began < 40
    assert fresh(message).state == MessageState.QUEUED
    assert "timed out" in message.last_error
    assert {fresh(other).state for other in others} == {MessageState.SENT}


def test_eight_tries_with_growing_waits_then_given_up_with_the_servers_words(
    server: BadServer,
) -> None:
    server.at_rcpt["une"] = "451 4.7.1 come back later"
    message = write("une")
    waits = []
    for _n in range(delivery.MOST_ATTEMPTS):
        before = timezone.now()
        delivery.deliver_due()
        waits.append(round((fresh(message).next_attempt_at - before) / timedelta(minutes=1)))
        assert delivery.deliver_due() == 0
        let_the_wait_pass(message)
    assert (message.state, message.attempts) == (MessageState.FAILED, 8)
    assert message.last_error == "451 4.7.1 come back later"
    assert waits[:7] == [1, 5, 15, 60, 180, 360, 720]
    server.at_rcpt.clear()
    assert delivery.deliver_due() == 0
    assert server.mails() == []


def test_a_server_that_is_away_keeps_everything_until_it_is_back(
    settings: Any,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    messages = [write(f"p{number}") for number in range(delivery.CLAIM_SIZE + 5)]
    assert delivery.deliver_due() == 0
    tried = Message.objects.filter(attempts=1, state=MessageState.QUEUED)
    assert tried.count() == delivery.CLAIM_SIZE
    assert {m.last_error.partition(":")[0] for m in tried} == {"ConnectionRefusedError"}
    server = BadServer()
    with listening(server, settings.EMAIL_PORT):
        assert delivery.deliver_due() == 5
        Message.objects.update(next_attempt_at=timezone.now())
        assert delivery.deliver_due() == delivery.CLAIM_SIZE
    assert sorted(server.ids()) == sorted(message.message_id for message in messages)


def test_a_refused_sender_is_not_the_messages_fault(
    server: BadServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_args: Any) -> str:
        return "550 5.7.1 we do not know this sender"

    monkeypatch.setattr(BadServer, "handle_MAIL", refuse, raising=False)
    message = write("une")
    delivery.deliver_due()
    assert (fresh(message).state, message.attempts) == (MessageState.QUEUED, 1)
    assert message.last_error == "550 5.7.1 we do not know this sender"


def test_one_connection_carries_a_hundred_mails(server: BadServer) -> None:
    outbox.queue_messages(
        event="application_receipt",
        letters=[
            outbox.Letter(key=f"cent:{n}", to=f"p{n}@exemple.test", context=receipt())
            for n in range(101)
        ],
    )
    assert delivery.deliver_due() == 101
    assert server.sessions == 2


def test_a_code_to_log_in_does_not_wait_behind_an_envelope(server: BadServer) -> None:
    letters = [
        outbox.Letter(key=f"lettre:{n}", to=f"p{n}@exemple.test", context=receipt())
        for n in range(delivery.CLAIM_SIZE * 2)
    ]
    outbox.queue_messages(event="application_receipt", letters=letters, batch="enveloppe")
    write("code")
    delivery.deliver_due()
    assert server.mails()[0]["To"] == "code@exemple.test"
    assert len(server.taken) == delivery.CLAIM_SIZE * 2 + 1


def test_a_worker_that_is_asked_to_stop_gives_back_what_it_did_not_begin(
    server: BadServer,
) -> None:
    messages = [write(f"p{number}") for number in range(6)]
    assert delivery.deliver_due(lambda: len(server.taken) >= 2) == 2
    states = [(fresh(m).state, m.attempts, m.claimed_at is None) for m in messages[2:]]
    assert states == [("queued", 0, True)] * 4
    assert delivery.deliver_due() == 4


def test_the_claim_of_a_dead_worker_is_taken_up_and_counts_a_try(server: BadServer) -> None:
    message = write("une")
    assert [m.pk for m in delivery._claim()] == [message.pk]
    assert delivery.deliver_due() == 0
    assert delivery.sweep() == 0
    later = timezone.now() + delivery.CLAIM_HOLDS + timedelta(seconds=1)
    assert delivery.sweep(later) == 1
    assert (fresh(message).state, message.attempts) == (MessageState.QUEUED, 1)
    let_the_wait_pass(message)
    assert delivery.deliver_due() == 1
    assert server.ids() == [message.message_id]


def test_a_message_that_kills_its_worker_is_given_up(server: BadServer) -> None:
    message = write("une")
    Message.objects.filter(pk=message.pk).update(attempts=delivery.MOST_ATTEMPTS - 1)
    delivery._claim()
    delivery.sweep(timezone.now() + delivery.CLAIM_HOLDS + timedelta(seconds=1))
    assert fresh(message).state == MessageState.FAILED
    assert message.last_error == delivery.INTERRUPTED


def test_a_claim_that_lapsed_is_somebody_elses(server: BadServer) -> None:
    message = write("une")
    (mine,) = delivery._claim()
    delivery.sweep(timezone.now() + delivery.CLAIM_HOLDS + timedelta(seconds=1))
    let_the_wait_pass(message)
    (theirs,) = delivery._claim()
    delivery._note(mine, delivery.Answer(delivery.Fate.WAITS, "451 later"))
    assert fresh(message).state == MessageState.SENDING
    assert (message.claimed_at, message.last_error) == (theirs.claimed_at, delivery.INTERRUPTED)
