"""The bell: what was written to a person, read once for all their devices."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.accounts.models import User
from core.notifications.erasing import empty_messages
from core.notifications.models import Message, Notice
from core.notifications.notices import mark_read, unread_count
from core.notifications.outbox import (
    cancel,
    queue_message,
    release_batch,
    stop_headers,
)
from tests import factories

pytestmark = pytest.mark.django_db


def write(person: User | str, name: str = "Atelier", **fields: Any) -> Message:
    """One message to somebody, of an event that exists."""
    return queue_message(
        key=f"{person}:{name}",
        event="join_answered",
        to=person,
        context={"organisation": name, "is_accepted": True},
        **fields,
    )


@pytest.fixture
def person() -> User:
    return factories.make_user("une")


def test_each_message_to_a_person_is_a_notice_once(person: User) -> None:
    for _n in range(2):
        write(person)
    write("sans-compte@maison.example")
    assert unread_count(person) == 1
    assert Notice.objects.count() == 1


def test_a_code_of_the_account_is_none(person: User) -> None:
    code = queue_message(
        key="code",
        event="account_email_login_code",
        to=person,
        context={"code": "ABCD-EFGH"},
    )
    assert code.user == person
    assert unread_count(person) == 0
    assert not Notice.objects.exists()


def test_a_held_letter_is_not_said_before_its_time(client: Client, person: User) -> None:
    held = write(person, "Retenue", hold=True, batch="b")
    client.force_login(person)
    assert unread_count(person) == 0
    assert held.subject not in client.get(reverse("notices")).content.decode()
    release_batch(batch="b")
    assert unread_count(person) == 1
    assert held.subject in client.get(reverse("notices")).content.decode()
    cancel(Message.objects.get())
    assert unread_count(person) == 0


def test_reading_one_then_all_on_two_devices(client: Client, person: User) -> None:
    first, *_rest = [write(person, f"Atelier {n}") for n in range(3)]
    client.force_login(person)
    phone = Client()
    phone.force_login(person)
    page = reverse("notices")
    assert "3 avis ne sont pas lus" in client.get(page).content.decode()
    assert phone.get(reverse("notice_count")).json() == {"unread": 3}
    html = client.post(page, {"read": str(first.pk)}, follow=True).content.decode()
    assert "1 avis est marqué comme lu" in html
    assert phone.get(reverse("notice_count")).json() == {"unread": 2}
    html = phone.post(page, {"read": "all"}, follow=True).content.decode()
    assert "2 avis sont marqués comme lus" in html
    assert client.get(reverse("notice_count")).json() == {"unread": 0}
    html = client.post(page, {"read": "all"}, follow=True).content.decode()
    assert "C’était déjà lu" in html


def test_nobody_reads_for_somebody_else(client: Client, person: User) -> None:
    message = write(person)
    other = factories.make_user("autre")
    client.force_login(other)
    client.post(reverse("notices"), {"read": str(message.pk)})
    client.post(reverse("notices"), {"read": "all"})
    assert unread_count(person) == 1
    assert message.text[:20] not in client.get(reverse("notices")).content.decode()
    assert mark_read(user=other, now=timezone.now(), message=message.pk) == 0


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 40, "1;2", "١"])
def test_an_odd_value_marks_nothing(client: Client, person: User, value: str) -> None:
    write(person)
    client.force_login(person)
    assert client.post(reverse("notices"), {"read": value}).status_code == 302
    assert unread_count(person) == 1


def test_an_empty_page_and_many(client: Client, person: User) -> None:
    client.force_login(person)
    page = reverse("notices")
    assert "Rien ne vous a encore été écrit" in client.get(page).content.decode()
    for n in range(21):
        write(person, f"Atelier {n}")
    assert client.get(page).content.decode().count("<details") == 20
    assert client.get(f"{page}?page=2").content.decode().count("<details") == 1
    assert client.get(f"{page}?page=%00").status_code == 200


def test_a_text_is_shown_as_it_was_sent_and_nothing_more(client: Client, person: User) -> None:
    write(person, "<script>alert(1)</script>")
    client.force_login(person)
    html = client.get(reverse("notices")).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_bell_costs_one_query_and_a_visitor_none(client: Client, person: User) -> None:
    address = reverse("follow_index")
    visitor = client.get(address).content.decode()
    assert "data-count" not in visitor
    assert "bell.js" not in visitor
    client.force_login(person)
    write(person)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        html = client.get(address).content.decode()
    assert sum("notifications_notice" in q["sql"] for q in queries) == 1
    assert "<span data-number>1</span>" in html
    mark_read(user=person, now=timezone.now())
    assert "data-unread hidden" in client.get(address).content.decode()


def test_the_page_asks_as_much_for_one_notice_as_for_three(client: Client, person: User) -> None:
    client.force_login(person)
    counts = []
    for more in (1, 2):
        for n in range(more):
            write(person, f"Atelier {more} {n}")
        client.get(reverse("notices"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("notices"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_number_is_asked_by_whom_is_signed_in(client: Client, person: User) -> None:
    assert client.get(reverse("notice_count")).status_code == 302
    client.force_login(person)
    response = client.get(reverse("notice_count"))
    assert "no-store" in response.headers["Cache-Control"]
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("notice_count"))
    # The session, the person, the number.
    assert len(queries) <= 3


def test_what_is_emptied_leaves_the_bell(client: Client, person: User) -> None:
    message, kept = write(person), write(person, "Autre")
    Message.objects.filter(pk=message.pk).update(headers=stop_headers("https://ville.example/x"))
    empty_messages(Message.objects.filter(pk=message.pk))
    client.force_login(person)
    assert list(Notice.objects.all()) == [kept.notice]
    assert client.get(reverse("notices")).content.decode().count("<details") == 1
    assert Message.objects.get(pk=message.pk).headers == {}
