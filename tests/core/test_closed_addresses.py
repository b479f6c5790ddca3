"""Addresses that are not written to: what closes them, what their owner reads, what opens them."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core.accounts import roles
from core.accounts.models import User
from core.audit.models import AuditEntry
from core.notifications import closed_addresses as closing
from core.notifications import delivery, outbox
from core.notifications.enums import ClosedBecause, MessageState
from core.notifications.erasing import empty_messages
from core.notifications.models import NOWHERE, ClosedAddress, MailEvent, Message
from core.privacy.domain.erasure import forget_goodbyes
from core.privacy.events import GOODBYE
from core.registry import erasers, exporters, retained
from tests import factories
from tests.core.test_account_pages import PASSWORD, member
from tests.smtp import BadServer, listening

pytestmark = pytest.mark.django_db
HOOK = "/webhooks/mail/"
SECRET = "fournisseur:un-secret-assez-long"
GONE = "550 5.1.1 no such person here"


def write(to: User | str, **fields: Any) -> Message:
    address = to if isinstance(to, str) else to.email
    return outbox.queue_rendered(
        **{
            "key": f"essai:{Message.objects.count()}",
            "event": "application_receipt",
            "to_email": address,
            "language": "fr",
            "subject": "Objet",
            "text": "Bonjour.",
            **fields,
        }
    )


def sent_to(address: str) -> Message:
    message = write(address)
    delivery.deliver_due()
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    return message


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Nous n’écrivons plus à {email}. "),
        ("en", "We no longer write to {email}. "),
    ],
)
def test_the_next_sign_in_says_why(language: str, said: str) -> None:
    person, browser = member(language), Client()
    form = {"login": person.email, "password": PASSWORD}
    with translation.override(language):
        entering, address = reverse("account_login"), reverse("own_address")
        link = f'<a href="{address}">'
        reason = str(ClosedBecause.BOUNCE.label)
    first = Client().post(entering, form, follow=True)
    assert said.format(email=person.email) not in first.content.decode()
    closing.close_address(email=person.email, reason=ClosedBecause.BOUNCE, words=GONE)
    page = browser.post(entering, form, follow=True)
    (warning,) = [str(m) for m in page.context["messages"] if m.level_tag == "warning"]
    assert warning.startswith(f"{said.format(email=person.email)}{reason}. {link}")
    assert warning in page.content.decode()  # a link, not its marks
    assert GONE in browser.get(address).content.decode()
    browser.post(reverse("account_logout"))
    closing.open_own_address(actor=person)
    again = browser.post(entering, form, follow=True)
    assert link not in again.content.decode().partition("<h1")[0]


def actions() -> list[str]:
    found = AuditEntry.objects.filter(action__startswith="address.").order_by("sequence")
    return list(found.values_list("action", flat=True))


@pytest.fixture
def provider(settings: Any) -> None:
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


def tell(client: Client, news: Any, secret: str = SECRET) -> int:
    signed = {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}
    body = news if isinstance(news, str) else json.dumps(news)
    response = client.post(
        HOOK, body, content_type="application/json", headers=signed if secret else {}
    )
    return response.status_code


def bounce(message: Message, **fields: Any) -> dict[str, Any]:
    return {
        "RecordType": "Bounce",
        "ID": 42,
        "Type": "HardBounce",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Metadata": {"message": str(message.pk)},
        "Email": message.to_email,
        "Details": GONE,
        "Description": "The server was unable to deliver your message.",
        "BouncedAt": "2026-11-25T16:33:54.0-05:00",
        **fields,
    }


# ---- what closes ---------------------------------------------------------------------------------
def test_an_address_that_the_server_does_not_know_is_not_written_to_again(settings: Any) -> None:
    server = BadServer(at_rcpt={"partie": GONE})
    with listening(server) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        first = write("Partie@exemple.test")
        server.at_rcpt["Partie"] = GONE
        delivery.deliver_due()
        closed = ClosedAddress.objects.get()
        assert (closed.email, closed.reason, closed.words) == (
            "partie@exemple.test",
            ClosedBecause.BOUNCE,
            GONE,
        )
        server.at_rcpt.clear()
        second = write("partie@EXEMPLE.test")
        assert delivery.deliver_due() == 0
    assert server.taken == []
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.state == MessageState.BOUNCED
    assert (second.state, second.attempts) == (MessageState.SUPPRESSED, 0)
    assert second.last_error.endswith(f"bounce: {GONE}")
    assert actions() == ["address.closed"]


def test_a_hard_bounce_told_by_the_provider_closes_once(client: Client, provider: None) -> None:
    message = sent_to("partie@exemple.test")
    assert tell(client, bounce(message)) == 200
    message.refresh_from_db()
    assert (message.state, message.last_error) == (MessageState.BOUNCED, GONE)
    closed = ClosedAddress.objects.get()
    closing.open_address(closed=closed, actor=factories.make_user("admin"))
    # Told again, after staff opened the address: nothing changes.
    assert tell(client, bounce(message)) == 200
    assert MailEvent.objects.count() == 1
    assert not ClosedAddress.objects.filter(opened_at__isnull=True).exists()
    assert actions() == ["address.closed", "address.opened"]
    # Another bounce, later, is other news.
    assert tell(client, bounce(message, ID=43)) == 200
    assert ClosedAddress.objects.filter(opened_at__isnull=True).count() == 1


def test_a_message_is_found_by_its_identity_too(client: Client, provider: None) -> None:
    message = sent_to("partie@exemple.test")
    news = bounce(message, Metadata={}, MessageID=message.message_id.strip("<>"))
    assert tell(client, news) == 200
    message.refresh_from_db()
    assert message.state == MessageState.BOUNCED


def test_news_of_another_address_do_not_touch_the_message(client: Client, provider: None) -> None:
    message = sent_to("une@exemple.test")
    assert tell(client, bounce(message, Email="autre@exemple.test")) == 200
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    assert ClosedAddress.objects.get().email == "autre@exemple.test"


@pytest.mark.parametrize(
    "news",
    [
        {"Type": "SoftBounce", "Details": "mailbox full"},
        {"Details": "452 4.2.2 mailbox full"},
        {"Type": "Transient", "Details": "later"},
        {"Type": "AutoResponder"},
    ],
)
def test_what_passes_closes_nothing(client: Client, provider: None, news: dict[str, str]) -> None:
    message = sent_to("une@exemple.test")
    assert tell(client, bounce(message, **news)) == 200
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    assert not ClosedAddress.objects.exists()


def test_who_complains_still_gets_codes_to_log_in(client: Client, provider: None) -> None:
    message = sent_to("fachee@exemple.test")
    complaint = {**bounce(message), "RecordType": "SpamComplaint", "Type": "SpamComplaint"}
    assert tell(client, complaint) == 200
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    assert ClosedAddress.objects.get().reason == ClosedBecause.COMPLAINT
    letter = write("fachee@exemple.test")
    code = write("fachee@exemple.test", event="account_email_login_code")
    assert delivery.deliver_due() == 1
    letter.refresh_from_db()
    code.refresh_from_db()
    assert (letter.state, code.state) == (MessageState.SUPPRESSED, MessageState.SENT)


@pytest.mark.parametrize("secret", ["", "fournisseur:faux", ":"])
def test_unsigned_news_are_refused(client: Client, provider: None, secret: str) -> None:
    message = sent_to("une@exemple.test")
    assert tell(client, bounce(message), secret) == 400
    assert not MailEvent.objects.exists()
    assert not ClosedAddress.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "\0", '{"RecordType": 3}'])
def test_news_that_cannot_be_read_are_refused(client: Client, provider: None, body: str) -> None:
    assert tell(client, body) in {200, 400}
    assert not ClosedAddress.objects.exists()


@pytest.mark.parametrize(
    ("name", "secret"), [("", SECRET), ("postmark", ""), ("nobody", SECRET), ("console", SECRET)]
)
def test_without_a_provider_and_a_secret_the_address_is_closed(
    client: Client, settings: Any, name: str, secret: str
) -> None:
    settings.MAIL_PROVIDER = name
    settings.ANYMAIL = {"WEBHOOK_SECRET": secret}
    assert tell(client, {"RecordType": "Bounce"}) == 404


def test_an_address_is_closed_once_by_constraint() -> None:
    ClosedAddress.objects.create(email="une@exemple.test", reason=ClosedBecause.BOUNCE)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosedAddress.objects.create(email="une@exemple.test", reason=ClosedBecause.BY_HAND)


# ---- its owner -----------------------------------------------------------------------------------
def test_the_owner_reads_why_and_has_it_tried_again_once_a_day(client: Client) -> None:
    person = factories.make_user("membre")
    client.force_login(person)
    assert "Nous n’écrivons plus" not in client.get("/fr/espace/").content.decode()
    closing.close_address(email=person.email, reason=ClosedBecause.BOUNCE, words=GONE)
    html = client.get("/fr/espace/").content.decode()
    assert f"Nous n’écrivons plus à {person.email}" in html
    assert "/fr/espace/mon-adresse/" in html
    page = client.get("/fr/espace/mon-adresse/").content.decode()
    assert GONE in page
    done = client.post("/fr/espace/mon-adresse/", follow=True)
    assert f"Nous écrivons de nouveau à {person.email}." in done.content.decode()
    write(person)
    assert delivery.deliver_due() == 1
    assert [m.to for m in mail.outbox] == [[person.email]]
    closing.close_address(email=person.email, reason=ClosedBecause.BOUNCE, words=GONE)
    refused = client.post("/fr/espace/mon-adresse/")
    assert refused.status_code == 409
    assert "moins d’une journée" in refused.content.decode()
    assert closing.closed_of(person) is not None
    closing.open_own_address(actor=person, now=timezone.now() + timedelta(days=1, minutes=1))
    assert closing.closed_of(person) is None
    assert actions() == ["address.closed", "address.opened"] * 2


def test_one_opens_only_ones_own(client: Client) -> None:
    person, other = factories.make_user("membre"), factories.make_user("autre")
    closing.close_address(email=other.email, reason=ClosedBecause.BOUNCE)
    client.force_login(person)
    answer = client.post("/en/workspace/my-address/", follow=True)
    assert "This address is open" in answer.content.decode()
    assert closing.closed_of(other) is not None


def test_an_erasure_takes_the_address_out() -> None:
    person, other = factories.make_user("membre"), factories.make_user("autre")
    for somebody in (person, other):
        closing.close_address(email=somebody.email, reason=ClosedBecause.BOUNCE, words=GONE)
    erasers["messages"].erase(person, timezone.now())
    assert [row.email for row in ClosedAddress.objects.all()] == [other.email]


def test_every_confirmed_address_goes_with_its_person() -> None:
    person = factories.make_user("membre")
    EmailAddress.objects.create(user=person, email="autre@exemple.test", verified=True)
    closing.close_address(email="autre@exemple.test", reason=ClosedBecause.BOUNCE, words=GONE)
    given = list(exporters["closed_addresses"].rows(person))
    assert [(row["email"], row["words"]) for row in given] == [("autre@exemple.test", GONE)]
    erasers["messages"].erase(person, timezone.now())
    assert not ClosedAddress.objects.exists()


def test_a_goodbye_that_comes_back_writes_no_address_down(
    client: Client, provider: None, settings: Any
) -> None:
    other = sent_to("autre@exemple.test")
    empty_messages(Message.objects.filter(pk=other.pk))
    said = write("partie@exemple.test", event=GOODBYE)
    with listening(BadServer(at_rcpt={"partie": GONE})) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        delivery.deliver_due()
    said.refresh_from_db()
    assert said.state == MessageState.BOUNCED
    assert forget_goodbyes() == 1
    # Told later by a provider, of this message and of one that was emptied.
    for number, message in enumerate((said, other)):
        news = bounce(message, ID=number, Email="autre@exemple.test")
        assert tell(client, news) == 200
    assert not ClosedAddress.objects.exists()
    text = str(list(Message.objects.values())) + str(list(MailEvent.objects.values()))
    assert "autre@exemple.test" not in text
    assert "partie@exemple.test" not in text


def test_a_suppressed_message_is_forgotten_like_the_others() -> None:
    message = write("partie@exemple.test")
    closing.close_address(email=message.to_email, reason=ClosedBecause.BOUNCE, words=GONE)
    delivery.deliver_due()
    message.refresh_from_db()
    assert message.state == MessageState.SUPPRESSED
    for name in ("message_bodies", "closed_addresses"):
        assert retained[name].count(timezone.now()) == 1
        assert retained[name].apply(timezone.now(), 10) == 1
    message.refresh_from_db()
    assert (message.text, message.to_email) == ("", NOWHERE)
    assert not ClosedAddress.objects.exists()


# ---- staff ---------------------------------------------------------------------------------------
@pytest.fixture
def admin(client: Client, settings: Any) -> User:
    settings.DEBUG = True
    person = factories.make_user("admin", roles.ADMINISTRATORS, is_demo=True)
    client.force_login(person)
    return person


def test_staff_close_an_address_and_open_it(client: Client, admin: User) -> None:
    base = "/admin/closed_addresses/"
    assert client.get(base).status_code == 200
    made = client.post(f"{base}new/", {"email": "Une@Exemple.test", "words": "Demande écrite"})
    assert made.status_code == 302
    closed = ClosedAddress.objects.get()
    assert (closed.email, closed.reason, closed.words, closed.closed_by) == (
        "une@exemple.test",
        ClosedBecause.BY_HAND,
        "Demande écrite",
        admin,
    )
    again = client.post(f"{base}new/", {"email": "une@exemple.test", "words": ""})
    assert again.status_code == 302
    assert "une@exemple.test" in client.get(base).content.decode()
    assert "Demande écrite" in client.get(f"{base}delete/{closed.pk}/").content.decode()
    assert "Lui écrire de nouveau" in client.get(base).content.decode()
    assert client.post(f"{base}delete/{closed.pk}/").status_code == 302
    assert "Lui écrire de nouveau" not in client.get(base).content.decode()
    assert client.post(f"{base}delete/{closed.pk}/").status_code == 302
    closed.refresh_from_db()
    assert closed.opened_by == admin
    assert actions() == ["address.closed", "address.opened"]
