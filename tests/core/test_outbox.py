"""Putting messages in the outbox: many at once, each once, with nothing hidden in them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core import queue
from core.exceptions import IllegalMove
from core.notifications import delivery, outbox
from core.notifications.enums import MESSAGE_TRANSITIONS, MessageState
from core.notifications.events import catalogue
from core.notifications.models import Message
from core.states import change_states
from tests import factories

pytestmark = pytest.mark.django_db
EVENT = "application_receipt"


def letters(count: int, **fields: Any) -> list[outbox.Letter]:
    context = {k: v for k, v in catalogue[EVENT].example().items() if k != "user_name"}
    return [
        outbox.Letter(
            **{"key": f"essai:{n}", "to": f"p{n}@exemple.test", "context": context, **fields}
        )
        for n in range(count)
    ]


def write(**fields: Any) -> Message:
    return outbox.queue_rendered(
        **{
            "key": "essai",
            "event": EVENT,
            "to_email": "une@exemple.test",
            "language": "fr",
            "subject": "Objet",
            "text": "Bonjour.",
            **fields,
        }
    )


def test_many_messages_are_those_that_one_call_each_would_write() -> None:
    person = factories.make_user("Une personne")
    (letter,) = letters(1, to=person, language="en", headers={"X-Essai": "oui"})
    now = timezone.now()
    outbox.queue_messages(event=EVENT, letters=[letter], batch="lot", hold=True, now=now)
    many = Message.objects.get()
    many.delete()
    one = outbox.queue_message(
        key=letter.key,
        event=EVENT,
        to=person,
        context=letter.context,
        language="en",
        headers={"X-Essai": "oui"},
        batch="lot",
        hold=True,
        now=now,
    )
    kept = [f.attname for f in Message._meta.concrete_fields if f.attname != "id"]
    assert {name: getattr(many, name) for name in kept} == {
        name: getattr(one, name) for name in kept
    }


def test_each_key_is_written_once() -> None:
    assert outbox.queue_messages(event=EVENT, letters=letters(3)) == 3
    assert outbox.queue_messages(event=EVENT, letters=[*letters(5), *letters(5)]) == 2
    assert Message.objects.count() == 5


def test_the_statements_do_not_grow_with_the_letters(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    outbox.queue_messages(event=EVENT, letters=letters(1), batch="avant")
    Message.objects.all().delete()
    few, many = letters(2, language="fr"), letters(200, language="fr")
    # A savepoint opened and closed, the keys looked up; an insert for each hundred on SQLite.
    with django_assert_num_queries(4):
        outbox.queue_messages(event=EVENT, letters=few, batch="lot", hold=True)
    with django_assert_num_queries(1):
        assert outbox.release_batch(batch="lot") == 2
    with django_assert_num_queries(1):
        assert outbox.release_batch(batch="lot") == 0
    outbox.queue_messages(event=EVENT, letters=many, batch="lot", hold=True)
    with django_assert_num_queries(1):
        assert outbox.release_batch(batch="lot") == 198


def test_a_released_batch_is_not_late() -> None:
    long_ago = timezone.now() - timedelta(days=3)
    outbox.queue_messages(event=EVENT, letters=letters(2), batch="lot", hold=True, now=long_ago)
    assert delivery.deliver_due() == 0
    outbox.release_batch(batch="lot")
    assert outbox.backlog() == {"ok": True, "waiting": 2, "late": 0}
    assert delivery.deliver_due() == 2


def test_what_is_undone_leaves_no_letter() -> None:
    with transaction.atomic():
        assert outbox.queue_messages(event=EVENT, letters=letters(2)) == 2
        transaction.set_rollback(True)
    assert delivery.deliver_due() == 0
    assert not Message.objects.exists()


def test_many_move_as_the_table_says_and_the_others_stay() -> None:
    outbox.queue_messages(event=EVENT, letters=letters(3), batch="lot", hold=True)
    outbox.cancel(Message.objects.order_by("pk")[0])
    moved = change_states(
        Message.objects.all(),
        MessageState.QUEUED,
        before=MessageState.HELD,
        transitions=MESSAGE_TRANSITIONS,
    )
    assert moved == 2
    states = list(Message.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["cancelled", "queued", "queued"]
    with pytest.raises(IllegalMove, match="Message"):
        change_states(
            Message.objects.all(),
            MessageState.QUEUED,
            before=MessageState.CANCELLED,
            transitions=MESSAGE_TRANSITIONS,
        )
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == states


# ---- what people type ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Objet\r\nBcc: autre@exemple.test", "Objet Bcc: autre@exemple.test"),
        ("Objet\n\nUn corps", "Objet Un corps"),
        ("Ob\0jet\x1b[2J\x7f", "Objet[2J"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("Mon\u200btré\u2060al\ufeff", "Montréal"),
        ("\ud800Objet", "Objet"),
        ("Z" + "\u0301" * 40, "Ź" + "\u0301" * 3),
        ("a" * 300, "a" * 300),
        ("a" * 10_000, "a" * 299 + "…"),
    ],
)
def test_a_subject_is_one_line_with_nothing_hidden(typed: str, kept: str) -> None:
    assert write(subject=typed).subject == kept
    assert delivery.deliver_due() == 1
    (sent,) = mail.outbox
    assert sent.message()["Bcc"] is None
    assert sent.recipients() == ["une@exemple.test"]
    assert sent.message().as_bytes()


def test_a_text_keeps_its_lines_and_loses_what_hides() -> None:
    message = write(
        text="Bonjour\0,\r\n\r\n\u202eegnarté\u202c \u200bici\ud83d.",
        html="<p>Bon\0jour\u2066</p>",
    )
    assert message.text == "Bonjour,\n\negnarté ici."
    assert message.html == "<p>Bonjour</p>"
    message.refresh_from_db()
    assert message.text == "Bonjour,\n\negnarté ici."


@pytest.mark.parametrize("text", ["👩\u200d💻 est là", "می\u200cخواهم", "Œuvre\u00a0: « été »"])
def test_what_languages_and_pictures_need_stays(text: str) -> None:
    assert write(text=text).text == text


def test_a_very_long_line_can_be_sent() -> None:
    write(text="mot " * 20_000, html=f"<p>{'x' * 50_000}</p>")
    assert delivery.deliver_due() == 1
    (sent,) = mail.outbox
    assert max(len(line) for line in sent.message().as_bytes().splitlines()) <= 998


def test_a_header_cannot_add_another() -> None:
    message = write(headers={"List-Unsubscribe": "<https://ici.test>\r\nBcc: autre@exemple.test"})
    assert message.headers == {"List-Unsubscribe": "<https://ici.test> Bcc: autre@exemple.test"}
    assert delivery.deliver_due() == 1
    assert mail.outbox[0].message()["Bcc"] is None


@pytest.mark.parametrize(
    "address",
    [
        "une@exemple.test\r\nBcc: autre@exemple.test",
        "une@exemple.test, autre@exemple.test",
        "une",
        "",
        "une\0@exemple.test",
        "x" * 300 + "@exemple.test",
    ],
)
def test_what_is_no_address_is_kept_as_failed_and_undoes_nothing(address: str) -> None:
    message = write(to_email=address)
    message.refresh_from_db()
    assert (message.state, message.last_error) == (MessageState.FAILED, outbox.NOT_AN_ADDRESS)
    assert len(message.to_email) <= 254
    assert "\n" not in message.to_email
    assert delivery.deliver_due() == 0
    assert mail.outbox == []


def test_a_message_gives_the_queue_nothing_to_do(client: Client) -> None:
    client.get("/admin/")  # whose lists Wagtail looks through, once they are loaded
    waiting = queue.health()["waiting"]
    outbox.queue_rendered(
        key="a", event="e", to_email="a@b.ca", language="fr", subject="s", text="t"
    )
    assert queue.health()["waiting"] == waiting
