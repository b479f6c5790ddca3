"""Staff's outbox: what waits and what failed, read as sent, and acted upon."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.pages.models import HomePage
from core.accounts import roles
from core.accounts.mail_events import CODES
from core.notifications.models import Message
from core.notifications.outbox import queue_rendered
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client, settings: Any) -> Client:
    settings.DEBUG = True  # a demonstration account needs no second factor there
    client.force_login(factories.make_user("Admin", roles.ADMINISTRATORS, is_demo=True))
    return client


def write(key: str, state: str = "queued", **fields: Any) -> Message:
    values = {"event": "invitation", "to_email": f"{key}@b.ca", "language": "fr"}
    texts = {"subject": f"Objet {key}", "text": "Mots", "html": "<p>Mots</p><script>x</script>"}
    message = queue_rendered(key=key, **{**values, **texts, **fields})
    sent = {"sent_at": timezone.now()} if state == "sent" else {}
    Message.objects.filter(pk=message.pk).update(state=state, **sent)
    return Message.objects.get(pk=message.pk)


def said(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))


def page(message: Message) -> str:
    return reverse("outbox:inspect", args=[message.pk])


def act(client: Client, message: Message, name: str) -> Any:
    return client.post(reverse("outbox:act", args=[message.pk, name]), follow=True)


def test_counts_filters_and_search(admin: Client) -> None:
    old = write("ancien", "failed")
    Message.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=3))
    write("neuf")
    index = reverse("outbox:index")
    text = said(admin.get(index))
    assert "Objet ancien" in text
    assert "Objet neuf" in text
    # State, all, then each age from the newest to the oldest.
    assert re.search(r"En file\s+1\s+1\s+0\s+0\s+0\s+0\sminute", text)
    assert re.search(r"En échec\s+1\s+0\s+0\s+1\s+0", text)
    for query, seen, hidden in (
        ("state=failed", "ancien", "neuf"),
        ("age=hour", "neuf", "ancien"),
        ("age=week", "ancien", "neuf"),
        ("q=neuf@b.ca", "neuf", "ancien"),
        ("event=invitation&state=queued", "neuf", "ancien"),
    ):
        text = said(admin.get(f"{index}?{query}"))
        assert f"Objet {seen}" in text
        assert f"Objet {hidden}" not in text


def test_a_message_is_read_as_sent_and_runs_nothing(admin: Client) -> None:
    message = write("a", "failed", html='<p>Mots</p><img src="https://x.ca/y">')
    Message.objects.update(last_error="550 no such user")
    html = admin.get(page(message)).content.decode()
    assert re.search(r'<iframe[^>]*\ssandbox=""', html)
    assert "&lt;img src=&quot;https://x.ca/y&quot;&gt;" in html
    assert "550 no such user" in html


@pytest.mark.parametrize("event", sorted(CODES))
def test_a_code_is_read_by_nobody_else(admin: Client, event: str) -> None:
    message = write("a", "sent", event=event, text="Code : ABCD-EFGH")
    text = said(admin.get(page(message)))
    assert "sa personne seule le lit" in text
    assert "ABCD" not in text
    assert "Mots" not in text
    assert "Envoyer de nouveau" not in text
    assert "la sécurité d’un compte" in said(act(admin, message, "again"))
    assert Message.objects.count() == 1


def test_buttons_are_those_that_serve(admin: Client) -> None:
    waiting = write("a")
    text = said(admin.get(page(waiting)))
    assert "Retenir" in text
    assert "Annuler" in text
    assert "Envoyer de nouveau" not in text
    assert "Maintenant : Retenu." in said(act(admin, waiting, "hold"))
    assert "Maintenant : " in said(act(admin, waiting, "release"))
    assert "Maintenant : Annulé." in said(act(admin, waiting, "cancel"))
    assert "Envoyer de nouveau" not in said(admin.get(page(waiting)))
    assert "a été annulé" in said(act(admin, waiting, "again"))
    Message.objects.update(state="failed")
    again = act(admin, waiting, "again")
    assert "Il est écrit de nouveau, à a@b.ca." in said(again)
    assert "Envoyé de nouveau à partir de" in said(again)
    assert Message.objects.count() == 2


def test_a_refusal_is_said_and_changes_nothing(admin: Client) -> None:
    left = write("a", "sent")
    assert "n’est pas permis" in said(act(admin, left, "cancel"))
    assert Message.objects.get().state == "sent"
    assert admin.post(reverse("outbox:act", args=[left.pk, "burn"])).status_code == 404
    assert admin.get(reverse("outbox:act", args=[left.pk, "again"])).status_code == 405


def test_a_batch_is_held_as_one(admin: Client) -> None:
    first = write("a", batch="lot")
    write("b", batch="lot")
    assert "Retenir tout l’envoi (2)" in said(admin.get(page(first)))
    assert "2 messages déplacés." in said(act(admin, first, "batch-hold"))
    assert set(Message.objects.values_list("state", flat=True)) == {"held"}


@pytest.mark.parametrize("role", [roles.EDITORS, roles.MODERATORS, roles.CHALLENGE_MANAGERS])
def test_others_neither_read_nor_act(client: Client, settings: Any, role: str) -> None:
    settings.DEBUG = True
    client.force_login(factories.make_user("Autre", role, is_demo=True))
    message = write("a")
    for answer in (
        client.get(reverse("outbox:index")),
        client.get(page(message)),
        client.post(reverse("outbox:act", args=[message.pk, "cancel"])),
    ):
        assert answer.status_code == 302
        assert answer["Location"] == reverse("wagtailadmin_home")
    assert Message.objects.get().state == "queued"


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_asks_the_same_number_of_questions(
    admin: Client, many: int, django_assert_num_queries: Any
) -> None:
    for number in range(many):
        write(f"m{number}")
    index = reverse("outbox:index")
    admin.get(index)  # what is kept for the next pages
    with django_assert_num_queries(INDEX_QUERIES):
        assert said(admin.get(index)).count("Objet m") == many


INDEX_QUERIES = 14


@pytest.mark.parametrize("is_on", [True, False])
def test_wagtail_writes_no_mail_about_comments_beside_the_outbox(
    client: Client, settings: Any, is_on: bool
) -> None:
    """As the site is set, a page has no comments; with Wagtail's own setting it would."""
    if is_on:
        settings.WAGTAILADMIN_COMMENTS_ENABLED = True
    settings.DEBUG = True
    client.force_login(factories.make_user("redaction", roles.EDITORS, is_demo=True))
    home = HomePage.objects.get(locale__language_code="fr")
    page = client.get(reverse("wagtailadmin_pages:edit", args=[home.pk]))
    assert page.status_code == 200
    assert ("comments" in page.context["form"].formsets) is is_on
    assert ("w-comments:init" in page.content.decode()) is is_on
